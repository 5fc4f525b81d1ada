//! The intent classifier: n-grams and one linear SVM an intent, with calibrated confidences.
//!
//! Training also predicts every example out of fold, by a model that knew neither its group nor its text. Those
//! predictions are what a screen may show for labelled data (rule 18) and what temperature and threshold come from
//! (rule 12).

mod calibrate;
mod codec;
mod corpus;
mod model;
#[cfg(test)]
mod public_data;
#[cfg(test)]
mod tests;

use crate::domain::{Cancelled, IntentId, Reporter};
use crate::learn::embed::Embedder;
use crate::learn::rng::Rng;
use corpus::{Corpus, Part};
pub use model::{IntentModel, Prediction, WrongEmbedder};
use rayon::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

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

/// How many folds: many where labels are few, since each model then lacks little and the time is short anyway.
fn folds(distinct_texts: usize) -> usize {
    match distinct_texts {
        0..2_000 => 10,
        2_000..8_000 => 5,
        _ => 3,
    }
}

/// Trains on `examples`. Same examples in the same order and same seed: same model bytes, whatever the number of
/// threads. Memory: about 5 bytes a feature and intent, and 4 bytes a distinct text and intent.
///
/// # Errors
/// [`TrainError::NothingToLearn`] without a usable example, [`TrainError::Cancelled`] when the reporter says so.
pub fn train(examples: &[Example], recipe: &Recipe, reporter: &dyn Reporter) -> Result<Trained, TrainError> {
    let seed = recipe.seed;
    reporter.step(STAGE, 0, 0)?;
    let corpus = Corpus::new(examples, folds, seed);
    if corpus.items.iter().all(|i| i.weight == 0.0) {
        return Err(TrainError::NothingToLearn);
    }
    let folds = corpus.items.iter().map(|i| i.fold + 1).max().unwrap_or(0);
    let steps =
        Steps { reporter, done: AtomicU64::new(0), total: (u64::from(folds) + 1) * corpus.intents.len() as u64 };
    let held: Vec<Held> = (0..folds).map(|f| Held::new(&corpus, f, seed, &steps)).collect::<Result<_, _>>()?;
    let mut model = steps.fit(corpus.without(None), &corpus.intents, seed)?;

    let mut scored = Vec::new();
    for item in corpus.items.iter().filter(|i| i.weight > 0.0) {
        if let Some(scores) = held[usize::from(item.fold)].scores(item.text) {
            scored.push(calibrate::Scored { scores, class: item.class as usize, weight: item.weight });
        }
    }
    model.calibrate(calibrate::temperature(&scored), calibrate::threshold(&scored));
    let judged = corpus.items.par_iter().map(|item| match held[usize::from(item.fold)].scores(item.text) {
        Some(scores) => (model.judge(scores), Some(model.confidence(scores, item.class as usize))),
        None => (Prediction::unknown(), None),
    });
    let (out_of_fold, given) = judged.unzip();
    Ok(Trained { out_of_fold, given, model })
}

/// Trains on all examples and predicts none of them out of fold, several times faster than [`train`]: for curves and
/// simulations. Guesses and their order are those of the model that `train` makes; confidences stand at the usual
/// temperature, and nothing counts as out of scope.
///
/// # Errors
/// As [`train`].
pub fn fit(examples: &[Example], recipe: &Recipe, reporter: &dyn Reporter) -> Result<IntentModel, TrainError> {
    reporter.step(STAGE, 0, 0)?;
    let corpus = Corpus::new(examples, |_| 1, recipe.seed);
    if corpus.items.iter().all(|i| i.weight == 0.0) {
        return Err(TrainError::NothingToLearn);
    }
    let steps = Steps { reporter, done: AtomicU64::new(0), total: corpus.intents.len() as u64 };
    let mut model = steps.fit(corpus.without(None), &corpus.intents, recipe.seed)?;
    model.calibrate(calibrate::temperature(&[]), calibrate::threshold(&[]));
    Ok(model)
}

/// What the reporter calls this work.
const STAGE: &str = "train";

/// Progress over all classes of all models.
struct Steps<'a> {
    reporter: &'a dyn Reporter,
    done: AtomicU64,
    total: u64,
}

impl Steps<'_> {
    /// Trains one model, its classes in parallel.
    fn fit(&self, part: Part, intents: &[IntentId], seed: u64) -> Result<IntentModel, Cancelled> {
        let planes = part.own.par_iter().enumerate().map(|(class, own)| {
            let seed = Rng::part(seed, class as u64).next_u64();
            let column = model::Column::new(crate::learn::svm::train(&part.rows, &part.totals, own, seed));
            self.reporter.step(STAGE, self.done.fetch_add(1, Ordering::Relaxed) + 1, self.total)?;
            Ok(column)
        });
        let columns = planes.collect::<Result<Vec<_>, Cancelled>>()?;
        Ok(IntentModel::new(part.vocabulary, intents.to_vec(), columns))
    }
}

/// The texts of one fold as scored by the model that does not know the fold.
struct Held {
    /// Distinct texts, ascending.
    texts: Vec<u32>,
    /// For each text the scores of all classes; empty when there was nothing to train on.
    scores: Vec<f32>,
    classes: usize,
}

impl Held {
    fn new(corpus: &Corpus, fold: u8, seed: u64, steps: &Steps) -> Result<Self, Cancelled> {
        let mut texts: Vec<u32> = corpus.items.iter().filter(|i| i.fold == fold).map(|i| i.text).collect();
        texts.sort_unstable();
        texts.dedup();
        let (part, classes) = (corpus.without(Some(fold)), corpus.intents.len());
        if part.rows.is_empty() {
            return Ok(Self { texts, scores: Vec::new(), classes });
        }
        let model = steps.fit(part, &corpus.intents, seed)?;
        let mut scores = vec![0.0; texts.len() * classes];
        scores.par_chunks_mut(classes).zip(&texts).for_each(|(out, &t)| model.scores(&corpus.grams[t as usize], out));
        Ok(Self { texts, scores, classes })
    }

    fn scores(&self, text: u32) -> Option<&[f32]> {
        let at = self.texts.binary_search(&text).ok()?;
        self.scores.chunks_exact(self.classes).nth(at)
    }
}
