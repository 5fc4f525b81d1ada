//! What judges a model of how customers feel: what test groups rated, which taught nobody.

use super::judged::{Judged, JudgedGain, judge, worth_of};
use crate::domain::LearnedFigures;
use crate::learn::contract::Predict;
use crate::learn::judge::binary::{Weighed, auc_error, weighed_auc};
use crate::learn::sentiment::heard::HeardTurn;
use crate::learn::sentiment::{CLASSES, Feeling, SentimentModel};

/// Rated turns of test groups.
pub(super) struct SentimentExam<'a> {
    turns: Vec<(&'a HeardTurn, Feeling)>,
    /// The shares of what training groups said.
    base: [f64; CLASSES],
}

impl<'a> SentimentExam<'a> {
    /// Of turns that were read.
    pub fn of(turns: &'a [HeardTurn]) -> Self {
        let taught = turns.iter().filter(|t| !t.is_test);
        Self {
            turns: turns.iter().filter(|t| t.is_test).filter_map(|t| Some((t, t.feeling()?))).collect(),
            base: shares(taught.filter_map(|t| Some((t.feeling()?, t.weight)))),
        }
    }

    /// What a model says of each; where there is none, how often each was said by those who teach.
    pub fn said(&self, model: Option<&SentimentModel>) -> Vec<TurnSentiment> {
        let one = |t: &HeardTurn| model.map_or(TurnSentiment::always(self.base), |m| TurnSentiment::of(m, t));
        self.turns.iter().map(|(t, _)| one(t)).collect()
    }

    /// What the difference of two losses says. `seed` moves the interval alone.
    pub fn judge(&self, was: &[TurnSentiment], is: &[TurnSentiment], seed: u64) -> Judged {
        let gains = self.turns.iter().zip(was.iter().zip(is)).map(|((t, truth), (was, is))| JudgedGain {
            customer: t.group,
            gain: was.loss(*truth) - is.loss(*truth),
            weight: t.weight,
        });
        judge(&gains.collect::<Vec<_>>(), seed)
    }

    /// The figures of what was said.
    pub fn figures(&self, said: &[TurnSentiment]) -> LearnedFigures {
        let truth: Vec<(Feeling, f64)> = self.turns.iter().map(|(t, feeling)| (*feeling, t.weight)).collect();
        let customers: Vec<i64> = self.turns.iter().map(|(t, _)| t.group).collect();
        let (mut there, mut named, mut right) = ([0.0f64; CLASSES], [0.0f64; CLASSES], [0.0f64; CLASSES]);
        for (said, (truth, weight)) in said.iter().zip(&truth) {
            there[*truth as usize] += weight;
            named[said.feeling as usize] += weight;
            right[*truth as usize] += if said.feeling == *truth { *weight } else { 0.0 };
        }
        let f1 = |k: usize| 2.0 * right[k] / (there[k] + named[k]);
        let occurring: Vec<f64> = (0..CLASSES).filter(|&k| there[k] > 0.0).map(f1).collect();
        let negative: Vec<Weighed> = said
            .iter()
            .zip(&truth)
            .map(|(s, (t, w))| (s.shares[Feeling::Negative as usize], *t == Feeling::Negative, *w))
            .collect();
        let all: f64 = truth.iter().map(|t| t.1).sum();
        let loss: f64 = said.iter().zip(&truth).map(|(s, (t, w))| w * s.loss(*t)).sum();
        LearnedFigures {
            auc: weighed_auc(&negative),
            auc_error: Some(auc_error(&negative, &customers)),
            log_loss: if all > 0.0 { loss / all } else { 0.0 },
            macro_f1: Some(occurring.iter().sum::<f64>() / occurring.len().max(1) as f64),
            ece: None,
            n: said.len() as u64,
            positives: Some(negative.iter().filter(|s| s.1).count() as u64),
            worth: worth_of(truth.iter().map(|t| t.1)),
        }
    }
}

/// What is said of a turn.
pub(super) struct TurnSentiment {
    shares: [f64; CLASSES],
    feeling: Feeling,
}

impl TurnSentiment {
    fn of(model: &SentimentModel, turn: &HeardTurn) -> Self {
        let guess = model.predict(turn.turn());
        Self { shares: guess.shares.map(f64::from), feeling: guess.feeling }
    }

    /// The same of every turn.
    fn always(shares: [f64; CLASSES]) -> Self {
        let best = (0..CLASSES).max_by(|&a, &b| shares[a].total_cmp(&shares[b])).unwrap_or(1);
        Self { shares, feeling: Feeling::ALL[best] }
    }

    fn loss(&self, truth: Feeling) -> f64 {
        -self.shares[truth as usize].max(1e-6).ln()
    }
}

fn shares(feelings: impl Iterator<Item = (Feeling, f64)> + Clone) -> [f64; CLASSES] {
    let mut counts = [1.0; CLASSES];
    let mean = feelings.clone().map(|f| f.1).sum::<f64>() / feelings.clone().count().max(1) as f64;
    feelings.for_each(|(f, weight)| counts[f as usize] += weight / mean);
    let all: f64 = counts.iter().sum();
    counts.map(|c| c / all)
}
