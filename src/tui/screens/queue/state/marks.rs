//! What is marked in the queue. A mark is on a conversation, not on a row.

use crate::domain::{ConversationId, DecisionId};
use crate::store::QueueRow;
use std::collections::BTreeMap;

/// What is marked.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// Conversations, and whether each belongs to a test group.
    pub(in crate::tui::screens::queue) rows: BTreeMap<ConversationId, bool>,
    /// Up to which decision the log was known when the first of them was marked.
    pub(in crate::tui::screens::queue) seen: Option<DecisionId>,
    /// The last one that was marked by itself.
    pub(in crate::tui::screens::queue) anchor: Option<ConversationId>,
}

impl Marks {
    /// How many.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether nothing is marked.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether a conversation is marked.
    pub fn has(&self, id: ConversationId) -> bool {
        self.rows.contains_key(&id)
    }

    /// How many belong to test groups: labels there count for nothing.
    pub fn of_test_groups(&self) -> usize {
        self.rows.values().filter(|test| **test).count()
    }

    /// Unmarks everything.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// What is marked now is judged by what is on the screen now.
    pub(in crate::tui::screens::queue) fn begin(&mut self, seen: Option<DecisionId>) {
        if self.rows.is_empty() {
            self.seen = seen;
        }
    }

    pub(in crate::tui::screens::queue) fn toggle(&mut self, row: &QueueRow) {
        if self.rows.remove(&row.n).is_none() {
            self.rows.insert(row.n, row.test_group);
        }
        self.anchor = Some(row.n);
    }

    pub(in crate::tui::screens::queue) fn add(&mut self, rows: &[QueueRow]) {
        self.rows.extend(rows.iter().map(|r| (r.n, r.test_group)));
    }
}
