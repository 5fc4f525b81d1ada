//! What is marked in the queue. A mark is on a conversation, not on a row.

use crate::domain::{ConversationId, DecisionId};
use crate::store::QueueRow;
use crate::tui::widgets::words;
use std::collections::BTreeMap;

/// How many of what is marked are shown before all of it is judged.
const SAMPLES: usize = 5;
/// Columns of what a customer said among them.
const LONGEST_SAMPLE: usize = 60;

/// What is marked.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    pub(in crate::tui::screens::queue) rows: BTreeMap<ConversationId, MarkedRow>,
    /// Up to which decision the log was known when the first of them was marked.
    pub(in crate::tui::screens::queue) seen: Option<DecisionId>,
    /// The last one that was marked by itself.
    pub(in crate::tui::screens::queue) anchor: Option<ConversationId>,
}

/// A conversation that is marked.
#[derive(Clone, Debug)]
pub(in crate::tui::screens::queue) struct MarkedRow {
    test_group: bool,
    /// What it is about, clean and cut.
    told: String,
}

impl MarkedRow {
    fn of(row: &QueueRow) -> Self {
        // What was understood of the words that stand beside it: that is stored where the AI had understood it.
        let understood = match (&row.label, &row.logged) {
            (Some(label), _) => format!("✓ {}  ", words::line(label)),
            (None, _) if row.fallback => "fallback  ".to_owned(),
            (None, Some(logged)) => format!("{}  ", words::line(logged)),
            (None, None) => String::new(),
        };
        let said = words::fit(&words::line(&row.text), LONGEST_SAMPLE);
        Self { test_group: row.test_group, told: format!("#{}  {understood}“{said}”", row.n.0) }
    }
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
        self.rows.values().filter(|row| row.test_group).count()
    }

    /// A few of them in words, evenly from all, the first and the last with them.
    pub fn samples(&self) -> Vec<String> {
        let (n, shown) = (self.rows.len(), self.rows.len().min(SAMPLES));
        let place = |i: usize| i * (n - 1) / (shown - 1).max(1);
        let places: Vec<usize> = (0..shown).map(place).collect();
        self.rows.values().enumerate().filter(|(i, _)| places.contains(i)).map(|(_, row)| row.told.clone()).collect()
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
            self.rows.insert(row.n, MarkedRow::of(row));
        }
        self.anchor = Some(row.n);
    }

    /// What is told of those that are marked, from rows that were read anew.
    pub(in crate::tui::screens::queue) fn renew(&mut self, rows: &[QueueRow]) {
        for row in rows {
            if let Some(marked) = self.rows.get_mut(&row.n) {
                *marked = MarkedRow::of(row);
            }
        }
    }

    pub(in crate::tui::screens::queue) fn add(&mut self, rows: &[QueueRow]) {
        self.rows.extend(rows.iter().map(|r| (r.n, MarkedRow::of(r))));
    }
}
