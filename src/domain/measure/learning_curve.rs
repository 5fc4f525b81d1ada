//! The learning curve: how right models are that learnt from more and more of the labels.

use crate::domain::{DecisionId, GoldVersion};
use serde::{Deserialize, Serialize};

/// A model that learnt from a prefix of the labels.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// Labels on turns that it learnt from; base examples come on top.
    pub labels: u64,
    /// Share of sealed gold turns that it gets right, 0 to 1.
    pub accuracy: f64,
    /// Lower end of the 95 % interval of the accuracy, by bootstrap of sealed conversations.
    pub lo: f64,
    /// Upper end.
    pub hi: f64,
    /// Sealed gold turns.
    pub n: u64,
}

/// Right answers behind the points of a curve, by sealed conversation: what resampling works on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CurveHits {
    /// Gold turns of each conversation.
    pub sizes: Vec<u64>,
    /// For each point, right turns of each conversation.
    pub right: Vec<Vec<u64>>,
}

/// Accuracy over prefixes of the labels, in the order in which they were decided: labels were picked, not drawn (rule 22).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LearningCurve {
    /// The last decision of the longest prefix.
    pub decision: DecisionId,
    /// What all points were scored on.
    pub gold_version: GoldVersion,
    /// Seed of training and bootstrap.
    pub seed: u64,
    /// What the models read beside n-grams: the name of the vectors.
    pub vectors: String,
    /// Fewest labels first.
    pub points: Vec<CurvePoint>,
}
