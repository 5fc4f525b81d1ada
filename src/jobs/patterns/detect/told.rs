//! What a detector reads of a conversation, and what it tells.

use crate::domain::{Ai, Conversation, SecretKey, TurnKey};
use crate::jobs::JobError;
use crate::store::{ModeCase, Store};
use serde::Serialize;
use std::collections::BTreeMap;

/// Letters of a turn that a detector reads.
const LETTERS: usize = 600;

/// What a detector found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Detection {
    /// The mode.
    pub mode: String,
    /// Conversations of N that it looked at.
    pub n: u64,
    /// The share of them that it takes to be in the mode; `None`: it could not be taught.
    pub raw: Option<f64>,
    /// The share that are in it, by detector and people together; `None`: too few audit items.
    pub prevalence: Option<f64>,
    /// Lower end of its 95 % interval.
    pub lo: Option<f64>,
    /// Upper end.
    pub hi: Option<f64>,
    /// Of audit failures in the mode, the share that it finds.
    pub tpr: Option<f64>,
    /// Of audit failures in no or another mode, the share that it leaves alone.
    pub tnr: Option<f64>,
    /// Audit items of which a person said it.
    pub audit_n: u64,
    /// Of these, in the mode.
    pub audit_positive: u64,
    /// A prevalence can be told.
    pub enough: bool,
    /// What is missing, or how the prevalence was told.
    pub says: String,
    /// Training labels in and not in the mode.
    pub lessons: [u64; 2],
    /// What the audit items alone say, as rule 23 does.
    pub audit_rate: Option<f64>,
    /// Audit items that would be as sure without a detector.
    pub effective_labels: Option<f64>,
    /// The AI that was asked, and how often it agrees with people on audit items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ai: Option<AskedDetector>,
}

/// What asking an AI came to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AskedDetector {
    /// Its name in the configuration.
    pub name: String,
    /// Conversations it was asked about.
    pub asked: u64,
    /// Audit items on which it says what people say, of those it was asked about.
    pub agrees: u64,
    /// Those it was asked about.
    pub of: u64,
}

/// An AI to be asked in place of a trained detector.
pub struct AskAi<'a> {
    /// Which.
    pub ai: &'a Ai,
    /// Its key.
    pub key: Option<&'a SecretKey>,
    /// Conversations it is asked about at most.
    pub limit: usize,
}

/// What is said of a conversation: the probability that it is in the mode.
pub type Said = BTreeMap<i64, f64>;

/// What went wrong, as a detector reads it: the turn to judge and what followed.
pub(super) fn gist(store: &Store, case: &ModeCase) -> Result<String, JobError> {
    Ok(gist_of(&store.conversation(case.id)?, case.turn))
}

fn gist_of(c: &Conversation, turn: Option<TurnKey>) -> String {
    let from = turn.and_then(|key| c.turns.iter().position(|t| t.key == key)).unwrap_or(0);
    let said = c.turns[from.min(c.turns.len())..].iter().take(4);
    said.map(|t| t.text.chars().take(LETTERS).collect::<String>()).collect::<Vec<_>>().join("\n")
}
