//! The trained classifier: what it holds and how it predicts.

use crate::domain::{IntentId, SilentReporter};
use crate::learn::contract::Predict;
use crate::learn::vectors::built_in;
use crate::learn::vectors::embed::Embedder;
use crate::learn::vectors::grams::{GramRules, Grams, Vocabulary};
use crate::text::has_content;
use rayon::prelude::*;
use std::sync::Arc;

/// How many intents a prediction ranks at most.
pub const RANKED: usize = 9;

/// Below this share of known character n-grams, a text is told by its vector alone.
const HARDLY: f32 = 0.3;

/// A guess.
#[derive(Clone, Debug, PartialEq)]
pub struct IntentPrediction {
    /// The best intents with their confidence, best first, at most five. Over all intents the confidences add up to 1.
    pub ranking: Vec<(IntentId, f32)>,
    /// Confidence of the first minus that of the second; 1 when there is one intent.
    pub margin: f32,
    /// The best score before the softmax: high for a text like the training texts, low for one like none of them. Tells
    /// out of scope better than the confidence does. Its unit is the model's own.
    pub score: f32,
    /// Whether `score` is below the model's threshold, lower than 97 % of the training texts score out of fold, or the
    /// best intent is the reserved one for what is out of scope.
    pub out_of_scope: bool,
}

impl IntentPrediction {
    /// The guess of no model at all: no intent, like nothing.
    pub fn unknown() -> Self {
        Self { ranking: Vec::new(), margin: 0.0, score: f32::MIN, out_of_scope: true }
    }

    /// The best intent and its confidence.
    pub fn best(&self) -> Option<(IntentId, f32)> {
        self.ranking.first().copied()
    }
}

/// One linear score a class, with weights in 8 bits: `score = bias + scale * sum(level * value)`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Linear {
    /// One a class.
    pub bias: Vec<f32>,
    /// What the levels of each class are multiplied with.
    pub scale: Vec<f32>,
    /// The levels, one row of classes a feature.
    pub levels: Vec<i8>,
}

impl Linear {
    /// Rounds each class's weights, a list each, to 255 levels between its greatest ones. (Measured: costs no
    /// accuracy.)
    pub fn new(columns: &[&[f32]], bias: Vec<f32>) -> Self {
        let most = |column: &&[f32]| column.iter().fold(0.0f32, |m, w| m.max(w.abs()));
        let scale: Vec<f32> = columns.iter().map(most).map(|m| if m > 0.0 { m / 127.0 } else { 1.0 }).collect();
        let classes = columns.len();
        let mut levels = vec![0; columns.first().map_or(0, |c| c.len()) * classes];
        // Row by row, so that each row is written once while it is in the cache.
        levels.par_chunks_mut(classes.max(1)).enumerate().for_each(|(feature, row)| {
            let cells = row.iter_mut().zip(columns).zip(&scale);
            cells.for_each(|((cell, column), scale)| *cell = (column[feature] / scale).round() as i8);
        });
        Self { bias, scale, levels }
    }

    /// The scores of all classes; none where the head is not there.
    pub fn scores(&self, vector: impl Iterator<Item = (u32, f32)>) -> Vec<f32> {
        let classes = self.bias.len();
        let mut sums = vec![0.0f32; classes];
        for (id, x) in vector {
            let row = &self.levels[id as usize * classes..][..classes];
            sums.iter_mut().zip(row).for_each(|(sum, &level)| *sum += x * f32::from(level));
        }
        sums.iter_mut().zip(&self.scale).zip(&self.bias).for_each(|((sum, scale), bias)| *sum = *sum * scale + bias);
        sums
    }

    /// The weights of one class.
    pub fn column(&self, class: usize) -> impl Iterator<Item = f32> {
        let scale = self.scale[class];
        self.levels.chunks_exact(self.bias.len()).map(move |row| f32::from(row[class]) * scale)
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
pub(super) struct VectorSource {
    /// [`Embedder::key`] of what the model was trained with.
    pub key: String,
    /// [`Embedder::width`] of it.
    pub width: usize,
    /// `None` until attached.
    pub embedder: Option<Arc<dyn Embedder>>,
}

impl VectorSource {
    pub fn of(embedder: Arc<dyn Embedder>) -> Self {
        Self { key: embedder.key().to_owned(), width: embedder.width(), embedder: Some(embedder) }
    }

    /// As a stored model names it: the built-in ones are at hand, anything else has to be attached.
    pub fn stored(key: &str, width: usize) -> Self {
        let named = Self { key: key.to_owned(), width, embedder: None };
        let found = built_in::of_key(key).map(Self::of).filter(|s| *s == named);
        found.unwrap_or(named)
    }
}

/// Two sources are equal when they give the same vectors; whether one is attached is no part of a model.
impl PartialEq for VectorSource {
    fn eq(&self, other: &Self) -> bool {
        (&self.key, self.width) == (&other.key, other.width)
    }
}

impl std::fmt::Debug for VectorSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({}, attached: {})", self.key, self.width, self.embedder.is_some())
    }
}

/// An intent classifier. What it is made of is what is served: weights are rounded before anything is scored.
#[derive(Clone, Debug, PartialEq)]
pub struct IntentModel {
    /// How texts become n-grams.
    pub(super) rules: GramRules,
    pub(super) vocabulary: Vocabulary,
    /// Class `k` is `intents[k]`; ascending.
    pub(super) intents: Vec<IntentId>,
    /// One SVM an intent on the n-grams.
    pub(super) sparse: Linear,
    /// A softmax on the embedder's numbers; empty for n-grams alone.
    pub(super) dense: Linear,
    /// What the two heads' scores are multiplied with before they are added up.
    pub(super) pool: [f32; 2],
    /// What the first head's scores are multiplied with where the second says nothing.
    pub(super) alone: f32,
    /// What the second head's scores are multiplied with where the first hardly knows anything.
    pub(super) vectors_alone: f32,
    /// The intent that stands for "none of these", where the training examples have it.
    pub(super) reserved: Option<IntentId>,
    /// Best scores below it count as out of scope.
    pub(super) threshold: f32,
    /// Where dense vectors come from; `None` for n-grams alone.
    pub(super) source: Option<VectorSource>,
}

impl IntentModel {
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
        let offered = VectorSource::of(embedder);
        if self.source.as_ref() != Some(&offered) {
            let needed = self.embedder_key().unwrap_or_default().to_owned();
            return Err(WrongEmbedder { needed, offered: offered.key });
        }
        self.source = Some(offered);
        Ok(())
    }

    /// How it reads texts.
    pub fn rules(&self) -> GramRules {
        self.rules
    }

    /// The intents it knows, ascending.
    pub fn intents(&self) -> &[IntentId] {
        &self.intents
    }

    /// What the SVMs say about a text.
    pub(super) fn sparse_scores(&self, grams: &Grams) -> Vec<f32> {
        self.sparse.scores(self.vocabulary.vector(grams).into_iter())
    }

    /// What both heads say about a text.
    pub(super) fn scores(&self, text: &str, vector: &[f32]) -> Vec<f32> {
        let known = vector.iter().any(|&x| x != 0.0);
        // A vector of zeros says nothing, and its head's biases would only say which intents are frequent.
        let grams = Grams::of(text, self.rules);
        if !known {
            return self.pooled([&self.sparse_scores(&grams), &[]]);
        }
        let dense = self.dense.scores((0..).zip(vector.iter().copied()));
        if self.hardly_knows(&grams) {
            return dense.into_iter().map(|score| self.vectors_alone * score).collect();
        }
        self.pooled([&self.sparse_scores(&grams), &dense])
    }

    /// Whether the n-grams of a text are so foreign to the model that they say nothing: a customer writes in a language that no label is
    /// in. What few of them it knows would outweigh what the vectors say.
    pub(super) fn hardly_knows(&self, grams: &Grams) -> bool {
        self.rules.greek().is_some() && self.vocabulary.known(grams) < HARDLY
    }

    /// The heads' scores in one: the logarithm of each class's probability, but for a constant. A head that is not
    /// there, or has no vector to judge by, has no scores or only zeros.
    pub(super) fn pooled(&self, heads: [&[f32]; 2]) -> Vec<f32> {
        let mut out = vec![0.0; self.intents.len()];
        let silent = heads[1].iter().all(|&x| x == 0.0);
        for (scores, weight) in heads.into_iter().zip(if silent { [self.alone, 0.0] } else { self.pool }) {
            out.iter_mut().zip(scores).for_each(|(sum, score)| *sum += weight * score);
        }
        out
    }

    /// The vectors of some texts; none without an embedder.
    pub(super) fn vectors(&self, texts: &[&str]) -> Vec<f32> {
        let embedder = self.source.as_ref().and_then(|s| s.embedder.as_ref());
        embedder.and_then(|e| e.embed(texts, &SilentReporter).ok()).unwrap_or_default()
    }

    /// Turns scores of all classes into a prediction. Equal scores rank by intent number.
    pub(super) fn judge(&self, scores: &[f32]) -> IntentPrediction {
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
        let best = order.first().map_or(0.0, |&k| scores[k]);
        let weight = |k: usize| (scores[k] - best).exp();
        let total: f32 = order.iter().map(|&k| weight(k)).sum();
        let ranking: Vec<_> = order.iter().take(RANKED).map(|&k| (self.intents[k], weight(k) / total)).collect();
        let margin = ranking.first().map_or(0.0, |a| a.1) - ranking.get(1).map_or(0.0, |b| b.1);
        let score = self.scope(scores);
        let none_of_these = self.reserved.is_some() && ranking.first().map(|r| r.0) == self.reserved;
        IntentPrediction { ranking, margin, score, out_of_scope: none_of_these || score < self.threshold }
    }

    /// The confidence of one class: its share of the softmax of the scores.
    pub(super) fn confidence(&self, scores: &[f32], class: usize) -> f32 {
        1.0 / scores.iter().map(|s| (s - scores[class]).exp()).sum::<f32>()
    }

    /// The best score of an intent that is in scope.
    pub(super) fn scope(&self, scores: &[f32]) -> f32 {
        let inside = scores.iter().zip(&self.intents).filter(|(_, i)| Some(**i) != self.reserved);
        inside.fold(f32::MIN, |best, (&score, _)| best.max(score))
    }

    fn judge_text(&self, text: &str, vector: &[f32]) -> IntentPrediction {
        // Without features the biases would only say which intents are frequent.
        if has_content(text) { self.judge(&self.scores(text, vector)) } else { IntentPrediction::unknown() }
    }

    /// [`Predict::predict`] for many texts, in parallel, in order.
    pub fn predict_batch<T: AsRef<str> + Sync>(&self, texts: &[T]) -> Vec<IntentPrediction> {
        let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
        let vectors = self.vectors(&texts);
        let width = vectors.len() / texts.len().max(1);
        let one = |(i, text): (usize, &&str)| self.judge_text(text, &vectors[i * width..][..width]);
        texts.par_iter().enumerate().map(one).collect()
    }
}

/// Predicts the intent of a text. A text that shares nothing with the training texts gets the intents' biases and a low `score`;
/// one without a letter or a digit no intent at all.
impl Predict<&str> for IntentModel {
    type Answer<'m> = IntentPrediction;

    fn predict(&self, text: &str) -> IntentPrediction {
        self.judge_text(text, &self.vectors(&[text]))
    }
}
