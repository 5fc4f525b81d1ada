//! Fitting an intent model: both heads on all examples and without each fold, pooled by what the folds say.

mod calibrate;
mod corpus;
mod heads;
mod names;
mod out_of_fold;
mod pool;
mod scored;

use super::model::{IntentModel, IntentPrediction};
use super::recipe::{IntentExample, IntentRecipe};
use crate::domain::Reporter;
use crate::learn::contract::{FitError, Fitted, LearnerRecipe};
use crate::learn::vectors::grams::GramRules;
use corpus::Corpus;
use heads::FittedHeads;
use pool::PooledHeads;
use rayon::prelude::*;
use scored::Scored;

/// An intent model and what it is known to do.
#[derive(Clone, Debug)]
pub struct FittedIntents {
    /// FittedIntents on all examples.
    pub model: IntentModel,
    /// For each example, in order, the prediction of a model that saw neither its group nor its text (nor that text
    /// in other punctuation or case). [`IntentPrediction::unknown`] where nothing would be left to train on.
    pub out_of_fold: Vec<IntentPrediction>,
    /// For each example, in order, the confidence that the same prediction has in the example's own intent, which it
    /// need not rank among its best. `None` where the prediction is unknown.
    pub given: Vec<Option<f32>>,
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

/// Examples come oldest first: a newer label outweighs older ones of the same text that it contradicts. With a start, the same
/// start too gives the same bytes: a chain of fine-tuned models is reproducible link by link (rule 20).
///
/// From a start, both heads go on from its weights to the minimum of the new examples' loss, which is one point: the
/// result is as if from scratch, within the solvers' tolerance, and only the time differs. Folds are never started from
/// a model that knew them (rule 18); the SVMs' folds go on from the full solution with the fold's part taken out.
///
/// Memory: about 5 bytes a feature and intent, and 8 bytes a distinct text and intent.
impl LearnerRecipe<IntentExample> for IntentRecipe<'_> {
    type Fitted = FittedIntents;

    fn fit(&self, examples: &[IntentExample], reporter: &dyn Reporter) -> Result<FittedIntents, FitError> {
        let recipe = self;
        let corpus = read(examples, recipe, folds(examples.len(), recipe.start.is_some()))?;
        let heads = FittedHeads::fit(&corpus, recipe, reporter)?;
        let places = out_of_fold::places(&corpus);
        let held =
            |place: usize| [heads.sparse.held.row(place), heads.dense.as_ref().map_or(&[][..], |d| d.held.row(place))];
        let scored =
            corpus.items.iter().zip(&places).filter(|(item, _)| item.weight > 0.0).filter_map(|(item, place)| {
                Some(Scored { heads: held((*place)?), class: item.class as usize, weight: item.weight })
            });
        let scored: Vec<Scored> = scored.collect();
        let pool = pool::pool(&scored, side(&heads));
        reporter.loss(pool.loss);
        let mut model = heads.model(&corpus, recipe, &pool);
        let sparse = scored.iter().map(|s| Scored { heads: [s.heads[0], &[]], ..*s });
        model.alone = pool::pool(&sparse.collect::<Vec<_>>(), PooledHeads::Words).weights[0] as f32;
        if heads.dense.is_some() && recipe.rules != GramRules::AsWritten {
            model.vectors_alone = pool::pool(&scored, PooledHeads::Vectors).weights[1] as f32;
        }
        model.threshold = calibrate::threshold(&model, &scored);
        let judged = corpus.items.par_iter().zip(&places).map(|(item, place)| match place {
            Some(place) => {
                let scores = model.pooled(held(*place));
                (model.judge(&scores), Some(model.confidence(&scores, item.class as usize)))
            }
            None => (IntentPrediction::unknown(), None),
        });
        let (out_of_fold, given) = judged.unzip();
        Ok(FittedIntents { out_of_fold, given, model })
    }
}

impl Fitted for FittedIntents {
    type Model = IntentModel;
    type Answer = IntentPrediction;

    fn unseen(&self, example: usize) -> Option<IntentPrediction> {
        let known = self.given.get(example)?.is_some();
        self.out_of_fold.get(example).filter(|_| known).cloned()
    }

    fn into_model(self) -> IntentModel {
        self.model
    }
}

/// Fits to all examples and predicts none of them out of fold, several times faster than [`LearnerRecipe::fit`]: for
/// simulations. The heads are those of the model that `fit` makes; they are pooled with the usual weights, those of
/// the start where there is one, and nothing counts as out of scope.
///
/// # Errors
/// As [`LearnerRecipe::fit`].
pub fn fit_without_folds(
    examples: &[IntentExample],
    recipe: &IntentRecipe,
    reporter: &dyn Reporter,
) -> Result<IntentModel, FitError> {
    let corpus = Corpus { hidden: Vec::new(), ..read(examples, recipe, 1)? };
    let heads = FittedHeads::fit(&corpus, recipe, reporter)?;
    let mut pool = pool::pool(&[], side(&heads));
    if let Some(start) = recipe.start.filter(|m| m.embedder_key().is_some() == heads.dense.is_some()) {
        pool.weights = start.pool.map(f64::from);
    }
    Ok(heads.model(&corpus, recipe, &pool))
}

fn side(heads: &FittedHeads) -> PooledHeads {
    if heads.dense.is_some() { PooledHeads::Both } else { PooledHeads::Words }
}

fn read(examples: &[IntentExample], recipe: &IntentRecipe, folds: usize) -> Result<Corpus, FitError> {
    let corpus = Corpus::new(examples, &names::examples(recipe.names), folds, recipe.seed, recipe.rules);
    let something = corpus.items.iter().any(|i| i.weight > 0.0);
    if something { Ok(corpus) } else { Err(FitError::NothingToLearn) }
}
