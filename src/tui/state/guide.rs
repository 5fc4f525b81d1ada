//! What a newcomer has seen: hints that are done, and where the tour is.

use crate::domain::ConversationId;
use std::collections::BTreeSet;

/// Which hints are done.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    /// Names of hints that are done.
    pub done: BTreeSet<String>,
    /// Whether the store has said which.
    pub known: bool,
}

impl Hints {
    /// What the store remembers.
    pub fn recalled(&mut self, kept: Option<&str>) {
        self.known = true;
        self.done.extend(kept.unwrap_or_default().split(' ').filter(|n| !n.is_empty()).map(str::to_owned));
    }

    /// The names, to keep them.
    pub fn words(&self) -> String {
        self.done.iter().cloned().collect::<Vec<_>>().join(" ")
    }
}

/// Where the tour is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tour {
    /// The step, counted from 0.
    pub step: usize,
    /// The conversation on the screen when the step began.
    pub item: Option<ConversationId>,
    /// An act was taken back in this step.
    pub undone: bool,
    /// A candidate was trained in this step.
    pub tuned: bool,
}
