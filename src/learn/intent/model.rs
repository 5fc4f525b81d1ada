//! The trained classifier: what it holds and how it predicts.

use crate::domain::IntentId;
use crate::learn::embed::Embedder;
use crate::learn::features::{Grams, Vocabulary};
use crate::learn::svm::Plane;
use rayon::prelude::*;
use std::sync::Arc;

/// How many intents a prediction ranks at most.
pub const RANKED: usize = 5;

/// A guess.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// The best intents with their confidence, best first, at most five. Over all intents the confidences add up to 1.
    pub ranking: Vec<(IntentId, f32)>,
    /// Confidence of the first minus that of the second; 1 when there is one intent.
    pub margin: f32,
    /// The best raw score: about 1 for a text like the training texts, about -1 for one like none of them. Tells out
    /// of scope better than the confidence does.
    pub score: f32,
    /// Whether `score` is below the model's threshold: lower than 97 % of the training texts score out of fold.
    pub out_of_scope: bool,
}

impl Prediction {
    /// The guess of no model at all: no intent, like nothing.
    pub fn unknown() -> Self {
        Self { ranking: Vec::new(), margin: 0.0, score: -1.0, out_of_scope: true }
    }

    /// The best intent and its confidence.
    pub fn best(&self) -> Option<(IntentId, f32)> {
        self.ranking.first().copied()
    }
}

/// The weights of one class in 8 bits: `weight = scale * level`.
pub struct Column {
    levels: Vec<i8>,
    scale: f32,
    bias: f32,
}

impl Column {
    /// Rounds a plane to 255 levels between its greatest weights. (Measured: costs no accuracy.)
    pub fn new(plane: Plane) -> Self {
        let most = plane.weights.iter().fold(0.0f32, |m, w| m.max(w.abs()));
        let scale = if most > 0.0 { most / 127.0 } else { 1.0 };
        let levels = plane.weights.iter().map(|w| (w / scale).round() as i8).collect();
        Self { levels, scale, bias: plane.bias }
    }
}

/// An embedder was offered to a model that was not trained with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this model works with the encoder {needed:?}, not with {offered:?}")]
pub struct WrongEmbedder {
    /// Key of the embedder that the model was trained with; empty for none.
    pub needed: String,
    /// Key of the one offered.
    pub offered: String,
}

/// Where a model's dense vectors come from. A model knows which ones it needs; who loads it brings them.
#[derive(Clone)]
pub(super) struct Source {
    /// [`Embedder::key`] of what the model was trained with.
    pub key: String,
    /// [`Embedder::width`] of it.
    pub width: usize,
    /// `None` until attached.
    pub embedder: Option<Arc<dyn Embedder>>,
}

impl Source {
    pub fn of(embedder: Arc<dyn Embedder>) -> Self {
        Self { key: embedder.key().to_owned(), width: embedder.width(), embedder: Some(embedder) }
    }
}

/// Two sources are equal when they give the same vectors; whether one is attached is no part of a model.
impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        (&self.key, self.width) == (&other.key, other.width)
    }
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({}, attached: {})", self.key, self.width, self.embedder.is_some())
    }
}

/// An intent classifier. What it is made of is what is served: weights are rounded before anything is scored.
#[derive(Clone, Debug, PartialEq)]
pub struct IntentModel {
    pub(super) vocabulary: Vocabulary,
    /// Class `k` is `intents[k]`; ascending.
    pub(super) intents: Vec<IntentId>,
    /// Bias of each class.
    pub(super) bias: Vec<f32>,
    /// What the levels of each class are multiplied with.
    pub(super) scale: Vec<f32>,
    /// The levels, one row of classes a feature.
    pub(super) weights: Vec<i8>,
    /// Scores are divided by it before the softmax.
    pub(super) temperature: f32,
    /// Best scores below it count as out of scope.
    pub(super) threshold: f32,
    /// Where dense vectors come from; `None` for n-grams alone.
    pub(super) source: Option<Source>,
}

impl IntentModel {
    pub(super) fn new(vocabulary: Vocabulary, intents: Vec<IntentId>, columns: Vec<Column>) -> Self {
        let classes = columns.len();
        let mut weights = vec![0; vocabulary.width() * classes];
        // Row by row, so that each row is written once while it is in the cache.
        weights.par_chunks_mut(classes.max(1)).enumerate().for_each(|(feature, row)| {
            row.iter_mut().zip(&columns).for_each(|(cell, column)| *cell = column.levels[feature]);
        });
        let (bias, scale) = columns.iter().map(|c| (c.bias, c.scale)).unzip();
        Self { vocabulary, intents, bias, scale, weights, temperature: 1.0, threshold: f32::MIN, source: None }
    }

    pub(super) fn calibrate(&mut self, temperature: f32, threshold: f32) {
        self.temperature = temperature;
        self.threshold = threshold;
    }

    /// The key of the embedder that it was trained with; `None` for n-grams alone.
    pub fn embedder_key(&self) -> Option<&str> {
        self.source.as_ref().map(|s| s.key.as_str())
    }

    /// The key of the embedder that it still needs before it may predict; `None` when it is complete. A model that has
    /// just been read needs its encoder again; the built-in table is there by itself.
    pub fn needs(&self) -> Option<&str> {
        self.source.as_ref().filter(|s| s.embedder.is_none()).map(|s| s.key.as_str())
    }

    /// Gives it the embedder that it [needs](Self::needs).
    ///
    /// # Errors
    /// [`WrongEmbedder`] when it was trained with another one, or with none.
    pub fn attach(&mut self, embedder: Arc<dyn Embedder>) -> Result<(), WrongEmbedder> {
        let offered = Source::of(embedder);
        if self.source.as_ref() != Some(&offered) {
            let needed = self.embedder_key().unwrap_or_default().to_owned();
            return Err(WrongEmbedder { needed, offered: offered.key });
        }
        self.source = Some(offered);
        Ok(())
    }

    /// The intents it knows, ascending.
    pub fn intents(&self) -> &[IntentId] {
        &self.intents
    }

    /// Writes the raw score of each class into `out`.
    pub(super) fn scores(&self, grams: &Grams, out: &mut [f32]) {
        out.fill(0.0);
        let classes = self.intents.len();
        for (id, x) in self.vocabulary.vector(grams) {
            let row = &self.weights[id as usize * classes..][..classes];
            out.iter_mut().zip(row).for_each(|(sum, &level)| *sum += x * f32::from(level));
        }
        out.iter_mut().zip(&self.scale).zip(&self.bias).for_each(|((sum, scale), bias)| *sum = *sum * scale + bias);
    }

    /// Turns raw scores of all classes into a prediction. Equal scores rank by intent number.
    pub(super) fn judge(&self, scores: &[f32]) -> Prediction {
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
        let best = order.first().map_or(-1.0, |&k| scores[k]);
        let weight = |k: usize| ((scores[k] - best) / self.temperature).exp();
        let total: f32 = order.iter().map(|&k| weight(k)).sum();
        let ranking: Vec<_> = order.iter().take(RANKED).map(|&k| (self.intents[k], weight(k) / total)).collect();
        let margin = ranking.first().map_or(0.0, |a| a.1) - ranking.get(1).map_or(0.0, |b| b.1);
        Prediction { ranking, margin, score: best, out_of_scope: best < self.threshold }
    }

    /// The confidence of one class: its share of the softmax of the raw scores over the temperature.
    pub(super) fn confidence(&self, scores: &[f32], class: usize) -> f32 {
        1.0 / scores.iter().map(|s| ((s - scores[class]) / self.temperature).exp()).sum::<f32>()
    }

    /// Predicts the intent of a text. A text that shares nothing with the training texts gets the intents' biases and
    /// a low `score`.
    pub fn predict(&self, text: &str) -> Prediction {
        let mut scores = vec![0.0; self.intents.len()];
        self.scores(&Grams::of(text), &mut scores);
        self.judge(&scores)
    }

    /// [`Self::predict`] for many texts, in parallel, in order.
    pub fn predict_batch<T: AsRef<str> + Sync>(&self, texts: &[T]) -> Vec<Prediction> {
        texts.par_iter().map(|t| self.predict(t.as_ref())).collect()
    }
}
