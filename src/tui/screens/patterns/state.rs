//! The state of the Patterns screen.

use super::matrix::{ConfusionMatrix, MatrixCell};
use crate::domain::{Filter, PatternView, Query, QueryTerm};
use crate::store::{ConfusedBy, PatternLine, PatternPage};
use crate::tui::state::effect::{Effect, ask, decided, or_complain};
use crate::tui::state::request::patterns::{LabelPreview, PatternsRequest};
use crate::tui::state::shared::StoreRead;
use crate::tui::widgets::numbers;

/// Calendar days that can be counted: four weeks, a quarter of a year, a week.
const PERIODS: [i64; 3] = [28, 91, 7];

/// What a line is about that people named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineMatter {
    /// A topic, by name.
    Topic(String),
    /// A failure mode, by name.
    Mode(String),
}

/// The Patterns screen.
#[derive(Debug, Default)]
pub struct PatternsScreen {
    /// Which list is shown.
    pub view: PatternView,
    /// The list.
    pub page: StoreRead<Box<PatternPage>>,
    /// The selected line.
    pub selected: usize,
    /// Which of the periods is counted.
    period: usize,
    /// Of "taken for": whose matrix stands in place of the list.
    pub matrix: Option<ConfusedBy>,
    /// The selected cell of the matrix.
    pub cell: MatrixCell,
    /// A list of topics was accepted, and is not shown yet.
    pub accepting: bool,
    /// Patterns were looked for since the program began, or since an import.
    pub looked: bool,
    /// What labelling all of a line is about, while somebody is asked what it is to be.
    pub preview: Option<Box<LabelPreview>>,
}

impl PatternsScreen {
    /// Takes a list; one that was left meanwhile is none of it.
    pub fn take_page(&mut self, view: PatternView, page: Result<Box<PatternPage>, String>) -> Vec<Effect> {
        let is_other = page.as_ref().is_ok_and(|p| p.days.is_some_and(|days| days != self.days()));
        if view != self.view || is_other {
            return Vec::new();
        }
        let key = |l: &PatternLine| if l.query.is_empty() { l.name.clone() } else { l.query.clone() };
        let before = self.line().map(key);
        let mut told = or_complain("the list could not be read anew", self.page.take(page));
        if let Some(page) =
            self.page.ready().filter(|p| self.accepting && view == PatternView::Topics && !p.is_proposed)
        {
            let topics = page.lines.iter().filter(|l| l.example.is_some()).count() as u64;
            // What was read before it was counted is not what was accepted.
            if topics > 0 {
                told.extend(decided(format!("the list of {} is accepted", numbers::plural(topics, "topic", "topics"))));
                self.accepting = false;
            }
        }
        // Who looks at a line stays on it, wherever it stands now.
        let place = self.page.ready().and_then(|p| p.lines.iter().position(|l| Some(key(l)) == before));
        self.selected = place.unwrap_or(self.selected);
        // What a matrix was about may be gone.
        self.matrix = self.matrix.filter(|_| self.shown_matrix().is_some());
        self.step(0);
        told
    }

    /// Asks for the list.
    pub fn read(&self) -> Vec<Effect> {
        vec![ask(PatternsRequest::Page(self.view, self.days()))]
    }

    /// Calendar days that are counted.
    pub fn days(&self) -> i64 {
        PERIODS[self.period]
    }

    /// Counts another period.
    pub fn other_time(&mut self) -> Vec<Effect> {
        self.period = (self.period + 1) % PERIODS.len();
        self.read()
    }

    /// What the selected line is about, where people named it.
    pub fn matter(&self) -> Option<LineMatter> {
        let query = Query::parse(&self.line()?.query).ok()?;
        let named = |term: &QueryTerm| match &term.filter {
            Filter::Mode(names) if names.len() == 1 && !term.negated => Some(LineMatter::Mode(names[0].clone())),
            Filter::Topic(names) if names.len() == 1 && names[0] != "none" => Some(LineMatter::Topic(names[0].clone())),
            _ => None,
        };
        query.terms.iter().find_map(named)
    }

    /// Shows another list.
    pub fn show(&mut self, view: PatternView) -> Vec<Effect> {
        if view != self.view {
            (self.view, self.page, self.selected) = (view, StoreRead::Waiting, 0);
            (self.matrix, self.cell) = (None, (0, 0));
        }
        self.read()
    }

    /// Selects another line.
    pub fn step(&mut self, by: isize) {
        if self.matrix.is_some() {
            return self.step_cell(by, 0);
        }
        let lines = self.page.ready().map_or(0, |p| p.lines.len());
        self.selected = self.selected.saturating_add_signed(by).min(lines.saturating_sub(1));
    }

    /// Selects another cell of the matrix.
    pub fn step_cell(&mut self, down: isize, right: isize) {
        let place = self.shown_matrix().map(|m| m.step(self.cell, (down, right)));
        self.cell = place.unwrap_or_default();
    }

    /// The matrix in place of the list.
    pub fn shown_matrix(&self) -> Option<ConfusionMatrix<'_>> {
        ConfusionMatrix::of(self.page.ready()?, self.matrix?)
    }

    /// From the list to the matrix of reviewers, from there to that of the live release, and back; what tells of nothing is left out.
    pub fn next_matrix(&mut self) {
        let Some(page) = self.page.ready() else { return };
        let after = match self.matrix {
            None => [ConfusedBy::Reviewers, ConfusedBy::LiveRelease].as_slice(),
            Some(ConfusedBy::Reviewers) => &[ConfusedBy::LiveRelease],
            Some(ConfusedBy::LiveRelease) => &[],
        };
        let next = after.iter().find_map(|by| Some((*by, ConfusionMatrix::of(page, *by)?.largest())));
        self.matrix = next.map(|(by, _)| by);
        self.cell = next.map(|(_, cell)| cell).unwrap_or_default();
    }

    /// The selected line; of a matrix that of the selected cell.
    pub fn line(&self) -> Option<&PatternLine> {
        match self.matrix {
            Some(_) => self.shown_matrix()?.line(self.cell),
            None => self.page.ready()?.lines.get(self.selected),
        }
    }
}
