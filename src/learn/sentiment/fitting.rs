//! From turns, few of them labelled, to a classifier.

use super::calibration::Calibration;
use super::features::{ReadTurn, TurnBlocks};
use super::model::{SentimentGuess, SentimentModel, guess};
use super::offsets::{limit, offsets};
use super::rules::SentimentRules;
use super::signs::SIGNS;
use super::vote::Vote;
use super::{CLASSES, Feeling, SentimentExample};
use crate::base::progress::TRAINING;
use crate::base::rng::mix;
use crate::domain::{Cancelled, Reporter};
use crate::learn::contract::{FitError, Fitted, LearnerRecipe};
use crate::learn::solver::sparse::Sparse;
use crate::learn::solver::sparse_softmax::{SparseData, train};

/// Human labels that all votes together are worth, a vote each: 12 / k, at most 1.
const VOTES: f32 = 12.0;
/// Parts for what is said out of fold.
const FOLDS: u64 = 5;
/// With more turns than this, two parts do: each half knows enough to speak for the whole.
const MANY: usize = 10_000;
/// Steps of the solver.
const STEPS: usize = 60;
/// How far classes are brought to equal weight: 0 not, 1 wholly.
const BALANCE: f32 = 0.5;
/// How little weights are held down.
const C: f32 = 1.0;

/// How sentiment is learnt.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SentimentRecipe {
    /// Which turns share a fold.
    pub seed: u64,
    /// How turns are read.
    pub rules: SentimentRules,
}

/// A classifier with what it says of each turn without knowing its customer.
#[derive(Clone, Debug)]
pub struct FittedSentiment {
    model: SentimentModel,
    unseen: Vec<SentimentGuess>,
}

impl SentimentRecipe {
    /// A model whose scores are those of [`LearnerRecipe::fit`] before they are calibrated, and which knows no offsets: a third of the work,
    /// where only the order of turns is asked for.
    ///
    /// # Errors
    /// [`FitError::NothingToLearn`] without examples; [`FitError::Cancelled`].
    pub fn fit_probabilities(
        &self,
        examples: &[SentimentExample<'_>],
        reporter: &dyn Reporter,
    ) -> Result<SentimentModel, FitError> {
        if examples.is_empty() {
            return Err(FitError::NothingToLearn);
        }
        reporter.step(TRAINING, 0, 1)?;
        let read = ReadTurn::all(examples.iter().map(|e| e.turn).collect::<Vec<_>>(), self.rules);
        let lesson = SentimentExamples { examples, read: &read, rules: self.rules };
        Ok(lesson.fit(&(0..examples.len()).collect::<Vec<_>>(), &|_| reporter.step(TRAINING, 0, 1))?)
    }
}

impl<'a> LearnerRecipe<SentimentExample<'a>> for SentimentRecipe {
    type Fitted = FittedSentiment;

    fn fit(&self, examples: &[SentimentExample<'a>], reporter: &dyn Reporter) -> Result<FittedSentiment, FitError> {
        if examples.is_empty() {
            return Err(FitError::NothingToLearn);
        }
        let folds = if examples.len() > MANY { 2 } else { FOLDS };
        reporter.step(TRAINING, 0, folds + 1)?;
        let read = ReadTurn::all(examples.iter().map(|e| e.turn).collect::<Vec<_>>(), self.rules);
        let fold: Vec<u64> = examples.iter().map(|e| mix(self.seed ^ mix(e.group)) % folds).collect();
        let lesson = SentimentExamples { examples, read: &read, rules: self.rules };
        let mut said = vec![[0.0; CLASSES]; examples.len()];
        let mut truth = said.clone();
        for hidden in 0..folds {
            reporter.step(TRAINING, hidden, folds + 1)?;
            let (mine, others): (Vec<usize>, Vec<usize>) = (0..examples.len()).partition(|&i| fold[i] == hidden);
            if mine.is_empty() {
                continue;
            }
            // Of one customer alone nothing is left: then the vote is all there is.
            let used = if others.is_empty() { &mine } else { &others };
            let model = lesson.fit(used, &|_| reporter.step(TRAINING, hidden, folds + 1))?;
            let worth = lesson.worth(used.iter().copied());
            for i in mine {
                said[i] = model.shares(&read[i]);
                truth[i] = lesson.target(i, &model.vote, worth);
            }
        }
        let mut model =
            lesson.fit(&(0..examples.len()).collect::<Vec<_>>(), &|_| reporter.step(TRAINING, folds, folds + 1))?;
        if self.rules.is_calibrated() {
            let mut labels: Vec<([f32; CLASSES], Feeling, f32)> =
                examples.iter().zip(&said).filter_map(|(e, said)| Some((*said, e.feeling?, e.weight))).collect();
            let calibration = Calibration::fit(&labels);
            calibration.put_into(&mut model.weights);
            said.iter_mut()
                .chain(labels.iter_mut().map(|l| &mut l.0))
                .for_each(|shares| *shares = calibration.of(*shares));
            model.limit = if self.rules.is_counted() {
                let labelled = examples.iter().filter(|e| e.feeling.is_some());
                // As in `heard::end_of`.
                let is_plain = |e: &SentimentExample| e.is_answered && model.takes_at_word(e.turn.text);
                let plain: Vec<bool> = labelled.map(is_plain).collect();
                limit(&labels, &plain)
            } else {
                None
            };
        }
        model.offsets = offsets(&said, &truth);
        let unseen = said.into_iter().map(|shares| guess(shares, model.offsets)).collect();
        Ok(FittedSentiment { model, unseen })
    }
}

impl Fitted for FittedSentiment {
    type Model = SentimentModel;
    type Answer = SentimentGuess;

    fn unseen(&self, example: usize) -> Option<SentimentGuess> {
        self.unseen.get(example).copied()
    }

    fn into_model(self) -> SentimentModel {
        self.model
    }
}

/// All turns, as read.
struct SentimentExamples<'a> {
    examples: &'a [SentimentExample<'a>],
    read: &'a [ReadTurn],
    rules: SentimentRules,
}

impl SentimentExamples<'_> {
    /// What a turn is, as shares times its weight; `worth`: as many plain labels all labels are worth.
    fn target(&self, at: usize, vote: &Vote, worth: f32) -> [f32; CLASSES] {
        let SentimentExample { feeling, weight, .. } = self.examples[at];
        match feeling {
            Some(feeling) => std::array::from_fn(|k| weight * f32::from(u8::from(feeling as usize == k))),
            None => vote.shares(&self.read[at].signs).map(|p| weight * p * (VOTES / worth.max(1.0)).min(1.0)),
        }
    }

    /// As many plain labels those of some turns are worth: the square of the sum of their weights by the sum of squares (Kish).
    fn worth(&self, used: impl Iterator<Item = usize>) -> f32 {
        let labelled = used.filter(|&i| self.examples[i].feeling.is_some()).map(|i| f64::from(self.examples[i].weight));
        let (sum, squares) = labelled.fold((0.0, 0.0), |(a, b), w| (a + w, b + w * w));
        if squares > 0.0 { (sum * sum / squares) as f32 } else { 0.0 }
    }

    fn fit(&self, used: &[usize], tell: &dyn Fn(f64) -> Result<(), Cancelled>) -> Result<SentimentModel, Cancelled> {
        let label = |&i: &usize| Some((self.read[i].signs, self.examples[i].feeling?, self.examples[i].weight));
        let labels: Vec<([f32; SIGNS], Feeling, f32)> = used.iter().filter_map(label).collect();
        let (human, worth) = (labels.len() as u64, self.worth(used.iter().copied()));
        let vote = Vote::default().corrected(&labels);
        let blocks = TurnBlocks::fit(used.iter().map(|&i| &self.read[i]));
        let rows: Vec<Sparse> = used.iter().map(|&i| blocks.row(&self.read[i], &vote)).collect();
        let mut targets: Vec<[f32; CLASSES]> = used.iter().map(|&i| self.target(i, &vote, worth)).collect();
        let scales = balance(&mut targets);
        let data =
            SparseData { rows: &rows, width: blocks.width(), targets: &targets, c: C, patience: self.rules.patience() };
        let mut weights = train(&data, STEPS, tell)?;
        // Probabilities are those of the classes as they occur.
        if let Some(biases) = weights.weights.last_mut() {
            biases.iter_mut().zip(scales).for_each(|(b, s)| *b -= s.ln());
        }
        Ok(SentimentModel {
            blocks,
            vote,
            weights,
            offsets: [0.0; 2],
            limit: None,
            human,
            turns: used.len() as u64,
            rules: self.rules,
        })
    }
}

/// Brings the classes' sums nearer to each other; says by how much each was multiplied.
fn balance(targets: &mut [[f32; CLASSES]]) -> [f32; CLASSES] {
    let mut sums = [0.0f32; CLASSES];
    targets.iter().for_each(|t| sums.iter_mut().zip(t).for_each(|(s, x)| *s += x));
    let mean = sums.iter().sum::<f32>() / CLASSES as f32;
    let scales = sums.map(|s| if s > 0.0 { (mean / s).powf(BALANCE) } else { 1.0 });
    targets.iter_mut().for_each(|t| t.iter_mut().zip(scales).for_each(|(x, s)| *x *= s));
    scales
}
