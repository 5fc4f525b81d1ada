//! The state of the Overview screen.

use super::repair::{self, RepairLine};
use super::window::TrendWindow;
use crate::domain::Rate;
use crate::store::{AuditedFigures, CycleRow, CycleStory, DurableFigures, OverviewPage, SegmentPage, SignalRates};
use crate::tui::state::shared::StoreRead;

/// What the Overview shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OverviewFront {
    /// The figures.
    #[default]
    Figures,
    /// The last seven days by language, channel and intent.
    Segments,
    /// The review cycles.
    Cycles,
}

/// The Overview screen.
#[derive(Debug, Default)]
pub struct OverviewScreen {
    /// The figures.
    pub page: StoreRead<Box<OverviewPage>>,
    /// The table of rates is shown in place of the bars.
    pub table: bool,
    /// Resolutions of the last four weeks that held for seven days; `None` inside: the log names no customers. Read when the
    /// table is first shown: it is the one figure that no column in memory holds.
    pub durable: StoreRead<Option<DurableFigures>>,
    /// Customers' turns of the last seven days that the AI did not understand; read with the table.
    pub fallback: StoreRead<Option<Rate>>,
    /// How customers felt and what they took; read with the table.
    pub felt: StoreRead<Box<SignalRates>>,
    /// The selected row of the table, of those that open what they count; `None`: the list below has the focus.
    pub measure: Option<usize>,
    /// Rates that need people; read with the table, since the live release is asked for them.
    pub audited: StoreRead<Box<AuditedFigures>>,
    /// The selected row of what would help most.
    pub selected: usize,
    /// Which weeks of the trend are in view; where one is selected, Enter opens it.
    pub trend: TrendWindow,
    /// What is shown.
    pub front: OverviewFront,
    /// The last seven days in segments.
    pub segments: StoreRead<Box<SegmentPage>>,
    /// The selected segment.
    pub line: usize,
    /// All cycles, newest first.
    pub cycles: StoreRead<Vec<CycleRow>>,
    /// The selected cycle.
    pub cycle: usize,
    /// What it came to.
    pub story: StoreRead<Box<CycleStory>>,
    /// The selected line of what it came to; `None`: the list of cycles has the focus.
    pub inside: Option<usize>,
}

impl OverviewScreen {
    /// The overview of another store.
    pub fn after(before: &Self) -> Self {
        Self { table: before.table, ..Self::default() }
    }

    /// Takes the figures.
    ///
    /// # Errors
    /// They could not be read, and those that are here stay.
    pub fn take(&mut self, page: Result<Box<OverviewPage>, String>) -> Result<(), String> {
        self.page.take(page)?;
        let rows = self.page.ready().map_or(0, |p| repair::length(p));
        self.selected = self.selected.min(rows.saturating_sub(1));
        Ok(())
    }

    /// What would help most.
    pub fn repair_lines(&self) -> Vec<RepairLine> {
        self.page.ready().map_or_else(Vec::new, |page| repair::lines(page))
    }

    /// Selects another row of what is shown.
    pub fn step(&mut self, by: isize) {
        let step = |at: usize, rows: usize| at.saturating_add_signed(by).min(rows.saturating_sub(1));
        match (self.front, self.inside) {
            (OverviewFront::Segments, _) => {
                self.line = step(self.line, self.segments.ready().map_or(0, |p| p.lines.len()));
            }
            (OverviewFront::Cycles, Some(at)) => {
                self.inside = Some(step(at, self.story.ready().map_or(0, |s| s.items.len() + s.found.len())));
            }
            (OverviewFront::Cycles, None) => self.cycle = step(self.cycle, self.cycles.ready().map_or(0, Vec::len)),
            (OverviewFront::Figures, _) => self.step_failing(by),
        }
    }

    /// Rows of the table that open something stand above those of the list.
    fn step_failing(&mut self, by: isize) {
        self.trend.week = None;
        let measures = self.measures().len();
        let at = self.measure.unwrap_or(measures + self.selected).saturating_add_signed(by);
        self.measure = (at < measures).then_some(at);
        if self.measure.is_none() {
            let rows = self.page.ready().map_or(0, |p| repair::length(p));
            self.selected = (at - measures).min(rows.saturating_sub(1));
        }
    }
}
