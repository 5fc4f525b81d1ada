//! What an intent model is fitted to, and how.

use super::model::IntentModel;
use crate::domain::IntentId;
use crate::learn::vectors::built_in;
use crate::learn::vectors::embed::Embedder;
use crate::learn::vectors::grams::GramRules;
use std::sync::Arc;

/// How little the softmax's weights are held down, on vectors of an embedder: larger fits closer. On the built-in vectors 30 is as good as
/// 10 for English (-0.4 to 0.4 points at five and ten labels an intent, -0.1 and 0.2 on 8,500 and 7,500 texts; held-out training texts) and
/// better for Greek: 95.8 instead of 94.7 %, in Latin letters 93.8 instead of 92.7 (home_el's training file, four times five folds).
pub(super) fn closeness(rules: GramRules, embedder: &str) -> f32 {
    if rules == GramRules::GreekCloser && built_in::of_key(embedder).is_some() { 30.0 } else { 10.0 }
}

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
