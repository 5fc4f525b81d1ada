//! Every rate and trend that is shown, read from the store with its denominator. No other room counts.

pub(in crate::store) mod answers;
mod counts;
pub(in crate::store) mod ended;
pub(in crate::store) mod frame;
pub(in crate::store) mod page;
pub(in crate::store) mod patterns;
#[cfg(test)]
mod sampled_tests;
pub(in crate::store) mod segments;
mod span;
pub(in crate::store) mod stats;
mod tally;
pub(in crate::store) mod time;
pub(in crate::store) mod traffic;
mod weighing;

use crate::domain::{PatternView, Rate, Timestamp, When, Zone};
use crate::store::{
    ActionEffect, AnswerPage, By, ModesPage, Overview, OverviewPage, PatternPage, Result, Stats, Store,
};

/// The figures of a store: what a screen, a command, a report or JSON shows comes from here.
#[derive(Clone, Copy)]
pub struct Figures<'a>(&'a Store);

impl Store {
    /// The store's figures.
    pub fn figures(&self) -> Figures<'_> {
        Figures(self)
    }
}

impl Figures<'_> {
    /// Counts for the header and the first-run screens.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn frame(self) -> Result<Overview> {
        self.0.read_frame()
    }

    /// The owner's page: the last seven days, the seven before and day one, the weeks, what fails most. Fixes day one when it
    /// is first seen whole.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn overview(self, now: Timestamp) -> Result<OverviewPage> {
        self.0.read_page(now)
    }

    /// What fails, in patterns, intents, causes and segments, of the calendar days that a period counts.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn patterns(self, view: PatternView, days: i64, now: Timestamp) -> Result<PatternPage> {
        self.0.read_patterns(view, days, now)
    }

    /// What was handed out, and whether it fell: four weeks after against four before.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn actions(self, now: Timestamp) -> Result<Vec<ActionEffect>> {
        self.0.read_actions(now)
    }

    /// Failure modes with their counts, what notes propose, and whether there are more to find.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn modes(self) -> Result<ModesPage> {
        self.0.read_modes()
    }

    /// Resolutions since a moment that are seven days old and held so long: the customer did not come back on the same matter
    /// (rule 7). `None` without customer ids. Reads the rows of those days, a second a million.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn durable(self, since: When, now: Timestamp) -> Result<Option<Rate>> {
        self.0.read_durable(since, now)
    }

    /// Rates since a moment, in segments, in a zone (the store's where none is given).
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn stats(self, since: Option<When>, by: By, zone: Option<Zone>, now: Timestamp) -> Result<Stats> {
        self.0.read_stats(since, by, zone, now)
    }

    /// What followed each answer, by intent and stage, in a period: association, never cause. `None`: answers were not counted yet
    /// (`jobs::count_answers`).
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn answers(self, since: Option<When>, now: Timestamp) -> Result<Option<AnswerPage>> {
        self.0.read_answers(since, now)
    }
}
