//! Which labels are probably wrong: those that a model which has not seen them does not believe.
//!
//! Confident learning (Northcutt, Jiang, Chuang 2021, "Confident learning: estimating uncertainty in dataset labels",
//! Journal of Artificial Intelligence Research 70), with the scores of its package Cleanlab. Needs nothing but out-of-fold
//! confidences; on training confidences it would find nothing, since a model believes what it was told.

use crate::domain::IntentId;
use std::collections::{HashMap, HashSet};

/// A label as a model sees it that knew neither its text nor its group.
#[derive(Clone, Copy, Debug)]
pub struct JudgedLabel<'a> {
    /// The label.
    pub given: IntentId,
    /// The model's confidence in it.
    pub confidence: f32,
    /// The model's best intents with their confidences, best first.
    pub ranking: &'a [(IntentId, f32)],
}

/// How a label is scored: from 0, certainly wrong, to 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Score {
    /// The confidence in the label.
    SelfConfidence,
    /// (confidence in the label - highest confidence in another intent + 1) / 2.
    NormalisedMargin,
    /// Self-confidence after [`UsualConfidence`] was taken from all confidences.
    AdjustedSelfConfidence,
    /// Normalised margin after [`UsualConfidence`] was taken from all confidences. The other intent is the best of those that the
    /// prediction ranks.
    AdjustedNormalisedMargin,
}

impl Score {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::SelfConfidence, Self::NormalisedMargin, Self::AdjustedSelfConfidence, Self::AdjustedNormalisedMargin];

    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SelfConfidence => "self_confidence",
            Self::NormalisedMargin => "normalised_margin",
            Self::AdjustedSelfConfidence => "adjusted_self_confidence",
            Self::AdjustedNormalisedMargin => "adjusted_normalised_margin",
        }
    }
}

/// How sure the model usually is of each intent: its mean confidence in the labels of that intent. Some intents are
/// hard to tell from their neighbours; a low confidence says less about their labels.
#[derive(Clone, Debug, Default)]
pub struct UsualConfidence {
    mean: HashMap<IntentId, f64>,
    most: f64,
    /// What adjusted confidences add up to before they are made to add up to 1.
    total: f64,
}

impl UsualConfidence {
    /// Of these labels.
    pub fn of(labels: &[JudgedLabel]) -> Self {
        let mut sums: HashMap<IntentId, (f64, f64)> = HashMap::new();
        for l in labels {
            let sum = sums.entry(l.given).or_default();
            *sum = (sum.0 + f64::from(l.confidence), sum.1 + 1.0);
        }
        let mean: HashMap<IntentId, f64> = sums.into_iter().map(|(i, (sum, n))| (i, sum / n)).collect();
        let most = mean.values().fold(0.0_f64, |a, &b| a.max(b));
        // In the order of the intents, so that the sum has the same bits each time.
        let mut all: Vec<_> = mean.iter().collect();
        all.sort_by_key(|(i, _)| **i);
        let total = all.iter().fold(1.0, |sum, (_, m)| sum + most - **m);
        Self { mean, most, total }
    }

    fn mean(&self, intent: IntentId) -> f64 {
        self.mean.get(&intent).copied().unwrap_or(0.0)
    }

    /// A confidence less what is usual for its intent, shifted and scaled so that a prediction's still add up to 1.
    fn adjust(&self, intent: IntentId, confidence: f64) -> f64 {
        (confidence - self.mean(intent) + self.most) / self.total
    }

    /// The score of a label.
    pub fn score(&self, score: Score, label: &JudgedLabel) -> f64 {
        let own = f64::from(label.confidence);
        let others = label.ranking.iter().filter(|(i, _)| *i != label.given);
        match score {
            Score::SelfConfidence => own,
            Score::NormalisedMargin => margin(own, others.map(|&(_, c)| f64::from(c))),
            Score::AdjustedSelfConfidence => self.adjust(label.given, own),
            Score::AdjustedNormalisedMargin => {
                let others = others.map(|&(i, c)| self.adjust(i, f64::from(c)));
                margin(self.adjust(label.given, own), others)
            }
        }
    }
}

fn margin(own: f64, others: impl Iterator<Item = f64>) -> f64 {
    (own - others.fold(0.0, f64::max) + 1.0) / 2.0
}

/// A label that the model disputes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LabelDispute {
    /// Which of the labels.
    pub at: usize,
    /// What the model says instead.
    pub says: IntentId,
    /// Its confidence in that.
    pub confidence: f32,
    /// Its confidence in the label: by this [`Score::SelfConfidence`] disputes are chosen and ordered, since of labels
    /// that were changed at random it finds far more than the other scores do.
    pub given: f32,
}

/// A label is listed where the model believes it less than this share of what a blind guess among the intents would be
/// worth. Not a fixed confidence: where some labels are wrong, a calibrated model leaves every intent a little, and the
/// fewer intents there are, the more. Chosen on training files with 5 % of the labels changed at random: from ten
/// examples an intent to thousands of labels, a half to four fifths of what is listed had been changed, and 80 to 93 % of
/// what had been changed are listed. As many as the confident joint estimates to be wrong would be too many where labels
/// are few.
const BELIEVED: f32 = 0.5;

/// The labels that are probably wrong, the most doubtful first.
pub fn disputes(labels: &[Option<JudgedLabel>]) -> Vec<LabelDispute> {
    let intents: HashSet<IntentId> = labels.iter().flatten().map(|l| l.given).collect();
    let least = BELIEVED / intents.len() as f32;
    let found = labels.iter().enumerate().filter_map(|(at, label)| {
        let label = label.as_ref().filter(|l| l.confidence < least)?;
        let &(says, confidence) = label.ranking.first().filter(|(i, _)| *i != label.given)?;
        Some(LabelDispute { at, says, confidence, given: label.confidence })
    });
    let mut out: Vec<LabelDispute> = found.collect();
    out.sort_by(|a, b| a.given.total_cmp(&b.given));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Labels and confidences in three intents.
    const TABLE: [(i64, [f32; 3]); 8] = [
        (0, [0.9, 0.05, 0.05]),
        (0, [0.7, 0.2, 0.1]),
        (0, [0.2, 0.7, 0.1]),
        (1, [0.1, 0.8, 0.1]),
        (1, [0.5, 0.3, 0.2]),
        (1, [0.1, 0.2, 0.7]),
        (2, [0.1, 0.1, 0.8]),
        (2, [0.3, 0.3, 0.4]),
    ];

    fn rankings() -> Vec<Vec<(IntentId, f32)>> {
        let ranked = |row: &[f32; 3]| {
            let mut r: Vec<_> = row.iter().enumerate().map(|(i, &c)| (IntentId(i as i64), c)).collect();
            r.sort_by(|a, b| b.1.total_cmp(&a.1));
            r
        };
        TABLE.iter().map(|(_, row)| ranked(row)).collect()
    }

    fn judged(rankings: &[Vec<(IntentId, f32)>]) -> Vec<JudgedLabel<'_>> {
        TABLE
            .iter()
            .zip(rankings)
            .map(|((given, row), ranking)| JudgedLabel {
                given: IntentId(*given),
                confidence: row[*given as usize],
                ranking,
            })
            .collect()
    }

    #[test]
    fn scores_are_those_of_cleanlab() {
        // cleanlab 2.9.0: get_label_quality_scores(labels, pred_probs, method=…, adjust_pred_probs=…) of TABLE.
        let expected = [
            (Score::SelfConfidence, [0.9, 0.7, 0.2, 0.8, 0.3, 0.2, 0.8, 0.4]),
            (Score::NormalisedMargin, [0.925, 0.75, 0.25, 0.85, 0.4, 0.25, 0.85, 0.55]),
            (Score::AdjustedSelfConfidence, [0.771429, 0.6, 0.171429, 0.828571, 0.4, 0.314286, 0.685714, 0.342857]),
            (
                Score::AdjustedNormalisedMargin,
                [0.792857, 0.642857, 0.214286, 0.871429, 0.485714, 0.357143, 0.728571, 0.471429],
            ),
        ];
        let rankings = rankings();
        let labels = judged(&rankings);
        let usual = UsualConfidence::of(&labels);
        for (score, expected) in expected {
            for (label, expected) in labels.iter().zip(expected) {
                let got = usual.score(score, label);
                assert!((got - expected).abs() < 1e-5, "{score:?}: {got} is not {expected}");
            }
        }
    }

    #[test]
    fn disputed_are_labels_that_are_hardly_believed() {
        let to = |intent| vec![(IntentId(intent), 0.6), (IntentId(9), 0.2)];
        let rankings = [to(0), to(1), to(2), to(1)];
        let label = |at: usize, given, confidence| {
            Some(JudgedLabel { given: IntentId(given), confidence, ranking: &rankings[at] })
        };
        // Two intents are given: a blind guess would be worth a half.
        let labels = [label(0, 0, 0.2), label(1, 0, 0.24), None, label(2, 1, 0.1), label(3, 0, 0.26)];
        let found: Vec<_> = disputes(&labels).iter().map(|d| (d.at, d.says, d.confidence, d.given)).collect();
        assert_eq!(found, [(3, IntentId(2), 0.6, 0.1), (1, IntentId(1), 0.6, 0.24)]);
        assert_eq!(disputes(&[]), []);
    }
}
