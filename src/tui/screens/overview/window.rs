//! Which weeks of the trend are in view, and which one is selected.

use crate::domain::Timestamp;
use crate::store::{OverviewPage, WeekPoint};

/// Weeks with fewer conversations are left out where others hold more: they say next to nothing, and would bend the line.
const HEAVY: u64 = 20;
/// Fewest weeks in view.
const FEWEST: usize = 6;

/// The part of the trend that is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrendWindow {
    /// The selected week's Monday.
    pub week: Option<Timestamp>,
    /// How many weeks are in view; `None`: all.
    weeks: Option<usize>,
}

/// The weeks that are drawn at all.
fn heavy(page: &OverviewPage) -> Vec<WeekPoint> {
    let heavy = page.weeks.iter().filter(|w| w.n >= HEAVY).count() >= 2;
    page.weeks.iter().filter(|w| !heavy || w.n >= HEAVY).copied().collect()
}

impl TrendWindow {
    /// The weeks in view, oldest first; the selected one is among them.
    pub fn weeks(&self, page: &OverviewPage) -> Vec<WeekPoint> {
        let all = heavy(page);
        let fits = self.weeks.unwrap_or(all.len()).min(all.len());
        let at = all.iter().position(|w| Some(w.monday) == self.week);
        let end = at.map_or(all.len(), |at| (at + fits / 2 + 1).clamp(fits, all.len()));
        all[end - fits..end].to_vec()
    }

    /// The selected week, if it is still there.
    pub fn selected(&self, page: &OverviewPage) -> Option<WeekPoint> {
        heavy(page).into_iter().find(|w| Some(w.monday) == self.week)
    }

    /// Selects another week: the newest at first.
    pub fn step(&mut self, page: &OverviewPage, by: isize) {
        let all = heavy(page);
        let now = all.iter().position(|w| Some(w.monday) == self.week);
        let next = now.map_or(all.len().saturating_sub(1), |at| at.saturating_add_signed(by));
        self.week = all.get(next.min(all.len().saturating_sub(1))).map(|w| w.monday);
    }

    /// Shows half as many weeks, or twice as many; false: it goes no further.
    pub fn zoom(&mut self, page: &OverviewPage, closer: bool) -> bool {
        let all = heavy(page).len();
        let now = self.weeks.unwrap_or(all).min(all);
        let next = if closer { (now / 2).max(FEWEST.min(all)) } else { now * 2 };
        self.weeks = (next < all).then_some(next);
        next.min(all) != now
    }

    /// Whether only a part of the weeks is in view.
    pub const fn is_part(&self) -> bool {
        self.weeks.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_selected_week_stays_in_view_and_zooming_comes_back() {
        let weeks = (0..40).map(|i| WeekPoint { monday: Timestamp(i * 7), resolved: 30, n: 60 }).collect();
        let page = OverviewPage { weeks, ..OverviewPage::default() };
        let mut window = TrendWindow::default();
        assert_eq!(window.weeks(&page).len(), 40);
        window.step(&page, -1);
        assert_eq!(window.selected(&page).map(|w| w.monday), Some(Timestamp(39 * 7)), "the newest at first");
        assert!(window.zoom(&page, true) && window.zoom(&page, true));
        for _ in 0..60 {
            let shown = window.weeks(&page);
            assert_eq!(shown.len(), 10);
            assert!(shown.iter().any(|w| Some(w.monday) == window.week));
            window.step(&page, -1);
        }
        assert_eq!(window.week, Some(Timestamp(0)));
        (0..9).for_each(|_| {
            window.zoom(&page, true);
        });
        assert!(!window.zoom(&page, true), "it says that it goes no further");
        assert_eq!(window.weeks(&page).len(), FEWEST);
        (0..9).for_each(|_| {
            window.zoom(&page, false);
        });
        assert!(!window.zoom(&page, false));
        assert!(!window.is_part() && window.weeks(&page).len() == 40);
        let mut none = TrendWindow::default();
        none.step(&OverviewPage::default(), 1);
        assert_eq!(none.week, None);
    }
}
