//! The state of the Overview screen.

use crate::store::OverviewPage;
use crate::tui::state::shared::Load;

/// The Overview screen.
#[derive(Debug, Default)]
pub struct OverviewScreen {
    /// The figures.
    pub page: Load<Box<OverviewPage>>,
    /// Intervals are shown beside the rates.
    pub intervals: bool,
    /// The selected failing intent.
    pub selected: usize,
}

impl OverviewScreen {
    /// The overview of another store.
    pub fn after(before: &Self) -> Self {
        Self { intervals: before.intervals, ..Self::default() }
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

    /// Selects another failing intent.
    pub fn step(&mut self, by: isize) {
        let failing = self.page.ready().map_or(0, |p| p.failing.len());
        self.selected = self.selected.saturating_add_signed(by).min(failing.saturating_sub(1));
    }
}
