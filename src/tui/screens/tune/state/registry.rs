//! What the registry knows.

use super::front::TuneFront;
use crate::domain::ReleaseId;
use crate::jobs::{HeldOut, Verification};
use crate::store::{GoldRow, Registry, ReleaseRow, ShownRollback};
use crate::tui::state::shared::StoreRead;
use crate::tui::state::work::GoldTurn;

/// What the registry lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RegistryList {
    /// All releases, newest first.
    #[default]
    Releases,
    /// What was live from when to when, newest first.
    Live,
    /// The open half of the newest gold version.
    Gold,
    /// What a run did not learn from because it repeats gold.
    LeftOut,
}

impl RegistryList {
    /// All, in the order of their tabs.
    pub const ALL: [Self; 4] = [Self::Releases, Self::Live, Self::Gold, Self::LeftOut];

    /// The words on its tab.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Releases => "releases",
            Self::Live => "live when",
            Self::Gold => "gold",
            Self::LeftOut => "left out",
        }
    }
}

/// State of the registry.
#[derive(Debug, Default)]
pub struct RegistryView {
    /// What is listed.
    pub list: RegistryList,
    /// The selected row of each list.
    rows: [usize; RegistryList::ALL.len()],
    /// Releases that are marked to be compared, the one before first; two at most.
    pub marked: Vec<ReleaseId>,
    /// What the store knows beside the releases.
    pub facts: StoreRead<Box<Registry>>,
    /// The open half of the newest gold version.
    pub open_half: StoreRead<Vec<GoldRow>>,
    /// What a release did not learn from, once somebody has asked.
    pub left_out: Option<(ReleaseId, Vec<HeldOut>)>,
    /// What training a release again came to, once somebody has asked.
    pub verified: Option<Verification>,
    /// Where it was opened from.
    pub(in crate::tui::screens::tune) came_from: TuneFront,
}

impl RegistryView {
    /// The selected row of a list.
    pub fn row_of(&self, list: RegistryList) -> usize {
        self.rows[list as usize]
    }

    /// The selected row of the list that is shown.
    pub fn row(&self) -> usize {
        self.row_of(self.list)
    }

    /// Selects a row of the list that is shown.
    pub fn select(&mut self, row: usize) {
        self.rows[self.list as usize] = row;
        if self.list != RegistryList::LeftOut {
            // It may be another release that is selected now.
            self.rows[RegistryList::LeftOut as usize] = 0;
        }
    }

    /// What a roll-back would do.
    pub fn back(&self) -> Option<ShownRollback> {
        self.facts.ready()?.rollback
    }

    /// Takes what a release did not learn from.
    pub fn take_left_out(&mut self, release: ReleaseId, rows: Vec<HeldOut>) {
        self.left_out = Some((release, rows));
        self.rows[RegistryList::LeftOut as usize] = 0;
    }

    /// Takes the open half; the selected turn stays selected.
    pub fn take_open_half(&mut self, rows: Result<Vec<GoldRow>, String>) -> Result<(), String> {
        let selected = self.gold().get(self.row_of(RegistryList::Gold)).map(|g| (g.n, g.turn));
        self.open_half.take(rows)?;
        if let Some(at) = selected.and_then(|turn| self.gold().iter().position(|g| (g.n, g.turn) == turn)) {
            self.rows[RegistryList::Gold as usize] = at;
        }
        Ok(())
    }

    /// Takes which turns are pinned now.
    pub fn take_pins(&mut self, pins: &[GoldTurn]) {
        if let StoreRead::Ready(rows) = &mut self.open_half {
            rows.iter_mut().for_each(|g| g.pinned = pins.contains(&(g.n, g.turn)));
        }
    }

    /// The release whose training the list of what was left out is about: what a learner made carries the intents of an earlier one on.
    pub fn trained(&self) -> Option<&ReleaseRow> {
        let rows = &self.facts.ready()?.releases;
        let mut row = self.selected()?;
        while row.learned.is_some()
            && let Some(parent) = rows.iter().find(|r| Some(r.release) == row.parent && r.release < row.release)
        {
            row = parent;
        }
        Some(row)
    }

    /// What was left out of a release, where it was looked for.
    pub fn left_out_of(&self, release: ReleaseId) -> Option<&[HeldOut]> {
        self.left_out.as_ref().filter(|(r, _)| *r == release).map(|(_, rows)| rows.as_slice())
    }

    /// The gold turns of the open half, as far as they are here.
    pub(in crate::tui::screens::tune) fn gold(&self) -> &[GoldRow] {
        self.open_half.ready().map_or(&[], Vec::as_slice)
    }

    /// Takes what the store knows; what is selected stays selected.
    pub fn take(&mut self, facts: Result<Box<Registry>, String>) -> Result<(), String> {
        let before = self.facts.ready();
        let release = before.and_then(|f| f.releases.get(self.row_of(RegistryList::Releases))).map(|r| r.release);
        let span =
            before.and_then(|f| f.live.iter().rev().nth(self.row_of(RegistryList::Live))).map(|s| (s.release, s.from));
        self.facts.take(facts)?;
        let Some(facts) = self.facts.ready() else { return Ok(()) };
        if let Some(at) = release.and_then(|id| facts.releases.iter().position(|r| r.release == id)) {
            self.rows[RegistryList::Releases as usize] = at;
        }
        if let Some(at) = span.and_then(|span| facts.live.iter().rev().position(|s| (s.release, s.from) == span)) {
            self.rows[RegistryList::Live as usize] = at;
        }
        self.marked.retain(|m| facts.releases.iter().any(|r| r.release == *m));
        Ok(())
    }

    /// The release that an action is about: the selected one, also where it is listed by when it was live.
    pub fn selected(&self) -> Option<&ReleaseRow> {
        let facts = self.facts.ready()?;
        match self.list {
            RegistryList::Live => {
                let span = facts.live.iter().rev().nth(self.row())?;
                facts.releases.iter().find(|r| r.release == span.release)
            }
            RegistryList::Releases | RegistryList::Gold | RegistryList::LeftOut => {
                facts.releases.get(self.row_of(RegistryList::Releases))
            }
        }
    }

    /// How many rows the list has.
    pub fn count(&self) -> usize {
        let facts = self.facts.ready();
        match self.list {
            RegistryList::Releases => facts.map_or(0, |f| f.releases.len()),
            RegistryList::Live => facts.map_or(0, |f| f.live.len()),
            RegistryList::Gold => self.gold().len(),
            RegistryList::LeftOut => {
                self.trained().and_then(|r| self.left_out_of(r.release)).map_or(0, <[HeldOut]>::len)
            }
        }
    }

    /// Whether opening looks for what a run left out.
    pub fn opening_works(&self) -> bool {
        self.list == RegistryList::LeftOut && self.trained().is_some_and(|r| self.left_out_of(r.release).is_none())
    }

    /// What is selected as it can be copied: a release's name and digest, or a turn's conversation and words.
    pub fn selected_words(&self) -> Option<(String, String)> {
        match self.list {
            RegistryList::Releases | RegistryList::Live => {
                self.selected().map(|r| (format!("v{}", r.release.0), r.sha256.clone()))
            }
            RegistryList::Gold => self.gold().get(self.row()).map(|g| (g.id.clone(), g.text.clone())),
            RegistryList::LeftOut => {
                let row = self.left_out_of(self.trained()?.release)?.get(self.row())?;
                Some((row.id.clone()?, row.text.clone()))
            }
        }
    }
}
