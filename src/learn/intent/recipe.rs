//! What an intent model is fitted to, and how.

use super::model::IntentModel;
use crate::domain::IntentId;
use crate::learn::vectors::embed::Embedder;
use crate::learn::vectors::grams::GramRules;
use std::sync::Arc;

/// A labelled text.
#[derive(Clone, Debug, PartialEq)]
pub struct IntentExample {
    /// What the customer said.
    pub text: String,
    /// What it means.
    pub intent: IntentId,
    /// Customer, else conversation: examples of one group are never split between training and prediction.
    pub group: u64,
    /// How much it counts; 1 for an ordinary label. Not above 0, or not a number: predicted but not trained on.
    pub weight: f32,
}

/// How to train.
#[derive(Clone, Default)]
pub struct IntentRecipe<'a> {
    /// Deals examples into folds and orders the solver's steps.
    pub seed: u64,
    /// Names of intents; each is one more example of its intent ("card_arrival": "card arrival").
    pub names: &'a [(IntentId, String)],
    /// Where dense vectors come from; `None`: n-grams alone.
    pub embedder: Option<Arc<dyn Embedder>>,
    /// How texts become n-grams; those of a former program where its release is made again.
    pub rules: GramRules,
    /// The model to start from (fine-tuning); `None`: from scratch.
    pub start: Option<&'a IntentModel>,
}

impl IntentRecipe<'_> {
    /// n-grams alone, from scratch.
    pub fn plain(seed: u64) -> Self {
        Self { seed, ..Self::default() }
    }
}
