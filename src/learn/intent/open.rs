//! The model as arrays that others can read; assets/model/README.md says what they mean.

use super::model::IntentModel;
use crate::base::npy::Array;
use crate::domain::IntentId;
use crate::learn::vectors::grams::GramRules;
use serde::Serialize;

/// The numbers of a model that are no arrays.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ModelFigures {
    /// Training texts, repeats counted.
    pub texts: u64,
    /// What the scores of words and of vectors are multiplied with.
    pub pool: [f32; 2],
    /// What the scores of words are multiplied with where there is no vector.
    pub alone: f32,
    /// What the scores of vectors are multiplied with where fewer than three in ten character n-grams are known; `None` for a model of
    /// before there was such a rule.
    pub vectors_alone: Option<f32>,
    /// Best scores below it are out of scope; `None` where nothing is.
    pub threshold: Option<f32>,
    /// The class that stands for what is out of scope, counted from 0.
    pub reserved: Option<usize>,
    /// Numbers in a vector; 0 for words alone.
    pub width: usize,
}

impl IntentModel {
    /// The numbers that are no arrays.
    pub fn figures(&self) -> ModelFigures {
        let class = |i: IntentId| self.intents.binary_search(&i).ok();
        ModelFigures {
            texts: self.vocabulary.texts(),
            pool: self.pool,
            alone: self.alone,
            vectors_alone: (self.rules != GramRules::AsWritten).then_some(self.vectors_alone),
            threshold: Some(self.threshold).filter(|&t| t > f32::MIN),
            reserved: self.reserved.and_then(class),
            width: self.source.as_ref().map_or(0, |s| s.width),
        }
    }

    /// Everything that is learned, as arrays.
    pub fn arrays(&self) -> Vec<Array> {
        let [(words, word_df), (chars, char_df)] = self.vocabulary.blocks();
        let classes = self.intents.len();
        let mut out = vec![
            Array::counts("word_keys", words),
            Array::counts("word_texts", word_df),
            Array::counts("char_keys", chars),
            Array::counts("char_texts", char_df),
            Array::floats("sparse_bias", &self.sparse.bias),
            Array::floats("sparse_scale", &self.sparse.scale),
            Array::levels("sparse_levels", self.sparse.levels.iter().copied(), classes),
        ];
        if self.source.is_some() {
            out.extend([
                Array::floats("dense_bias", &self.dense.bias),
                Array::floats("dense_scale", &self.dense.scale),
                Array::levels("dense_levels", self.dense.levels.iter().copied(), classes),
            ]);
        }
        out
    }
}
