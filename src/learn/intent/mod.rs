//! The intent classifier: one linear SVM an intent on n-grams and a softmax on an embedder's vectors, pooled into
//! calibrated confidences.
//!
//! Training also predicts every example out of fold, by a model that knew neither its group nor its text. Those
//! predictions are what a screen may show for labelled data (rule 18) and what the pool and the threshold come from
//! (rule 12).

mod calibrate;
mod codec;
mod corpus;
pub mod features;
mod heads;
mod influence;
mod model;
mod names;
mod open;
mod out_of_fold;
mod pool;
#[cfg(test)]
mod public_data;
pub mod sampling;
pub mod self_training;
#[cfg(test)]
mod tests;

use crate::domain::{Cancelled, IntentId, Reporter};
use crate::learn::vectors::embed::Embedder;
use corpus::Corpus;
use heads::Heads;
pub use influence::Lesson;
pub use model::{IntentModel, Prediction, WrongEmbedder};
use out_of_fold::Scored;
use rayon::prelude::*;
use std::sync::Arc;

/// A labelled text.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
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
pub struct Recipe<'a> {
    /// Deals examples into folds and orders the solver's steps.
    pub seed: u64,
    /// Names of intents; each is one more example of its intent ("card_arrival": "card arrival").
    pub names: &'a [(IntentId, String)],
    /// Where dense vectors come from; `None`: n-grams alone.
    pub embedder: Option<Arc<dyn Embedder>>,
    /// The model to start from (fine-tuning); `None`: from scratch.
    pub start: Option<&'a IntentModel>,
}

impl Recipe<'_> {
    /// n-grams alone, from scratch.
    pub fn plain(seed: u64) -> Self {
        Self { seed, ..Self::default() }
    }
}

/// A model and what it is known to do.
#[derive(Clone, Debug)]
pub struct Trained {
    /// Trained on all examples.
    pub model: IntentModel,
    /// For each example, in order, the prediction of a model that saw neither its group nor its text (nor that text
    /// in other punctuation or case). [`Prediction::unknown`] where nothing would be left to train on.
    pub out_of_fold: Vec<Prediction>,
    /// For each example, in order, the confidence that the same prediction has in the example's own intent, which it
    /// need not rank among its best. `None` where the prediction is unknown.
    pub given: Vec<Option<f32>>,
}

/// Why nothing was trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrainError {
    /// There is no example, or none with a weight.
    #[error("there are no labelled examples to learn from")]
    NothingToLearn,
    /// Stopped by the person who started it.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// How many folds: many where labels are few, since each model then lacks little and the time is short anyway. Going
/// on from a model is meant to be quick.
fn folds(examples: usize, warm: bool) -> usize {
    match examples {
        0..500 => 10,
        500..1_000 => 5,
        1_000..8_000 if !warm => 5,
        _ => 3,
    }
}

/// Trains on `examples`, which come oldest first: a newer label outweighs older ones of the same text that it
/// contradicts. Same examples in the same order, same recipe: same model bytes, whatever the number of threads. With a
/// start, the same start too: a chain of fine-tuned models is reproducible link by link (rule 20).
///
/// From a start, both heads go on from its weights to the minimum of the new examples' loss, which is one point: the
/// result is as if from scratch, within the solvers' tolerance, and only the time differs. Folds are never started from
/// a model that knew them (rule 18); the SVMs' folds go on from the full solution with the fold's part taken out.
///
/// Memory: about 5 bytes a feature and intent, and 8 bytes a distinct text and intent.
///
/// # Errors
/// [`TrainError::NothingToLearn`] without a usable example, [`TrainError::Cancelled`] when the reporter says so.
pub fn train(examples: &[Example], recipe: &Recipe, reporter: &dyn Reporter) -> Result<Trained, TrainError> {
    let corpus = read(examples, recipe, folds(examples.len(), recipe.start.is_some()))?;
    let heads = Heads::train(&corpus, recipe, reporter)?;
    let places = out_of_fold::places(&corpus);
    let held =
        |place: usize| [heads.sparse.held.row(place), heads.dense.as_ref().map_or(&[][..], |d| d.held.row(place))];
    let scored = corpus.items.iter().zip(&places).filter(|(item, _)| item.weight > 0.0).filter_map(|(item, place)| {
        Some(Scored { heads: held((*place)?), class: item.class as usize, weight: item.weight })
    });
    let scored: Vec<Scored> = scored.collect();
    let pool = pool::pool(&scored, heads.dense.is_some());
    reporter.loss(pool.loss);
    let mut model = heads.model(&corpus, recipe, &pool);
    let sparse = scored.iter().map(|s| Scored { heads: [s.heads[0], &[]], ..*s });
    model.alone = pool::pool(&sparse.collect::<Vec<_>>(), false).weights[0] as f32;
    model.threshold = calibrate::threshold(&model, &scored);
    let judged = corpus.items.par_iter().zip(&places).map(|(item, place)| match place {
        Some(place) => {
            let scores = model.pooled(held(*place));
            (model.judge(&scores), Some(model.confidence(&scores, item.class as usize)))
        }
        None => (Prediction::unknown(), None),
    });
    let (out_of_fold, given) = judged.unzip();
    Ok(Trained { out_of_fold, given, model })
}

/// Trains on all examples and predicts none of them out of fold, several times faster than [`train`]: for
/// simulations. The heads are those of the model that `train` makes; they are pooled with the usual weights, those of
/// the start where there is one, and nothing counts as out of scope.
///
/// # Errors
/// As [`train`].
pub fn fit(examples: &[Example], recipe: &Recipe, reporter: &dyn Reporter) -> Result<IntentModel, TrainError> {
    let corpus = Corpus { hidden: Vec::new(), ..read(examples, recipe, 1)? };
    let heads = Heads::train(&corpus, recipe, reporter)?;
    let mut pool = pool::pool(&[], heads.dense.is_some());
    if let Some(start) = recipe.start.filter(|m| m.embedder_key().is_some() == heads.dense.is_some()) {
        pool.weights = start.pool.map(f64::from);
    }
    Ok(heads.model(&corpus, recipe, &pool))
}

fn read(examples: &[Example], recipe: &Recipe, folds: usize) -> Result<Corpus, TrainError> {
    let corpus = Corpus::new(examples, &names::examples(recipe.names), folds, recipe.seed);
    let something = corpus.items.iter().any(|i| i.weight > 0.0);
    if something { Ok(corpus) } else { Err(TrainError::NothingToLearn) }
}

/// What the reporter calls this work.
const STAGE: &str = "train";
