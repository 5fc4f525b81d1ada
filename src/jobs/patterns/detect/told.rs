//! What a detector reads of a conversation, and what it tells.

use crate::domain::{Ai, Conversation, SecretKey, TurnKey};
use crate::jobs::JobError;
use crate::store::{ModeCase, Store};
use std::collections::BTreeMap;

/// Letters of a turn that a detector reads.
const LETTERS: usize = 600;

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
