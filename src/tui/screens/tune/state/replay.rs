//! A replay of failures, and what people have judged of it meanwhile.

use super::front::TuneFront;
use crate::jobs::{Replay, ReplayedChange};
use crate::tui::state::work::GoldTurn;

/// State of the replay.
#[derive(Debug, Default)]
pub struct ReplayView {
    /// What was found last, if anything was.
    pub found: Option<FoundReplay>,
    /// The selected change.
    pub selected: usize,
    /// The window that is being asked about.
    pub asked: usize,
    /// It was found while somebody looked elsewhere, and nobody has seen it yet.
    pub unseen: bool,
    /// Where it was opened from.
    pub back: TuneFront,
}

/// What a replay found.
#[derive(Debug)]
pub struct FoundReplay {
    /// The figures and the changes.
    pub replay: Box<Replay>,
    /// Which window.
    pub window: usize,
    /// What people have labelled the changed turns by now.
    pub labels: Vec<Option<String>>,
}

impl FoundReplay {
    /// What was found just now.
    pub fn new(replay: Box<Replay>, window: usize) -> Self {
        let labels = replay.changes.iter().map(|c| c.label.clone()).collect();
        Self { replay, window, labels }
    }

    /// Changes that are still to be judged.
    pub fn to_judge(&self) -> u64 {
        let judged =
            |(c, label): (&ReplayedChange, &Option<String>)| c.label.is_none() && !c.test_group && label.is_some();
        let judged = self.replay.changes.iter().zip(&self.labels).filter(|&pair| judged(pair)).count();
        self.replay.to_judge.saturating_sub(judged as u64)
    }

    /// The turns that changed.
    pub fn turns(&self) -> Vec<GoldTurn> {
        self.replay.changes.iter().map(|c| (c.n, c.turn)).collect()
    }
}

impl ReplayView {
    /// The selected change.
    pub fn change(&self) -> Option<&ReplayedChange> {
        self.found.as_ref()?.replay.changes.get(self.selected)
    }

    /// Selects a row.
    pub fn step(&mut self, by: isize) {
        let last = self.found.as_ref().map_or(0, |f| f.replay.changes.len().saturating_sub(1));
        self.selected = self.selected.saturating_add_signed(by).min(last);
    }

    /// Takes what people have labelled by now.
    pub fn take_labels(&mut self, turns: &[GoldTurn], labels: Vec<Option<String>>) {
        if let Some(found) = self.found.as_mut().filter(|f| f.turns() == turns) {
            found.labels = labels;
        }
    }
}
