//! Saved views and how much is in each.

use crate::domain::query::views;
use crate::domain::query::views::SavedView;
use crate::tui::widgets::numbers;
use std::collections::HashMap;

/// Views and how much is in each.
#[derive(Clone, Debug, Default)]
pub struct SavedViews {
    /// One's own.
    pub saved: Vec<SavedView>,
    /// The name of the one that was chosen last.
    pub chosen: Option<String>,
    /// How many conversations each has, by name; `None`: it has no data yet.
    counts: HashMap<String, Option<u64>>,
    /// Those that were asked for last.
    pub(in crate::tui::screens::queue) asked: Vec<String>,
    pub(in crate::tui::screens::queue) generation: u64,
}

impl SavedViews {
    /// What the store remembers.
    pub fn recalled(&mut self, kept: Option<&str>) {
        self.saved = kept.map(views::read_saved).unwrap_or_default();
    }

    /// The views of another store.
    pub fn after(before: &Self) -> Self {
        Self { generation: before.generation + 1, ..Self::default() }
    }

    /// How many conversations a view has, as it is shown; empty while nobody knows.
    pub fn count(&self, name: &str) -> String {
        match self.counts.get(name) {
            Some(Some(n)) => numbers::count(*n),
            Some(None) => "–".to_owned(),
            None => String::new(),
        }
    }

    /// Takes counts; older ones are dropped.
    pub fn take(&mut self, counts: Vec<Result<u64, String>>, generation: u64) {
        if generation == self.generation {
            self.counts = std::mem::take(&mut self.asked).into_iter().zip(counts.into_iter().map(Result::ok)).collect();
        }
    }
}
