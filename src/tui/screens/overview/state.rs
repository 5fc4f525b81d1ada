//! The state of the Overview screen.

use crate::domain::Rate;
use crate::store::OverviewPage;
use crate::tui::state::shared::Load;

/// The Overview screen.
#[derive(Debug, Default)]
pub struct OverviewScreen {
    /// The figures.
    pub page: Load<Box<OverviewPage>>,
    /// The table of rates is shown in place of the bars.
    pub table: bool,
    /// Resolutions of the last four weeks that held for seven days; `None` inside: the log names no customers. Read when the
    /// table is first shown: it is the one figure that no column in memory holds.
    pub durable: Load<Option<Rate>>,
    /// The selected row of what would help most.
    pub selected: usize,
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
        self.step(0);
        Ok(())
    }

    /// Selects another row.
    pub fn step(&mut self, by: isize) {
        let rows = self.page.ready().map_or(0, |p| p.repair.failing.len());
        self.selected = self.selected.saturating_add_signed(by).min(rows.saturating_sub(1));
    }
}
