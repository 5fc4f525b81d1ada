//! A window of queue rows. The queue may hold millions; the program holds the rows around the one selected. Selection
//! is by conversation, so that rows which come and go do not move it to another one.

use crate::domain::ConversationId;
use crate::store::{Page, PageStart, QueueRow};

/// Rows that a page asks for.
pub const PAGE: usize = 120;
/// Rows kept at most.
const KEPT: usize = 600;
/// The next page is asked for when so few rows are left on that side.
const AHEAD: usize = 80;

/// Which row to select once new rows are here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LandAt {
    /// The selected conversation, else whatever stands in its place.
    #[default]
    Keep,
    /// The first row.
    First,
    /// The last row.
    Last,
}

/// Rows around the selected one.
#[derive(Clone, Debug, Default)]
pub struct QueueWindow {
    rows: Vec<QueueRow>,
    before: bool,
    after: bool,
    selected: usize,
    top: usize,
    land: LandAt,
    /// A page is on its way: at the front (`Some(true)`) or the back.
    extending: Option<bool>,
}

impl QueueWindow {
    /// The rows at hand, in queue order.
    pub fn rows(&self) -> &[QueueRow] {
        &self.rows
    }

    /// The selected row.
    pub fn selected(&self) -> Option<&QueueRow> {
        self.rows.get(self.selected)
    }

    /// Rows in view, given how many fit, and where the selected one stands among them.
    pub fn view(&self, fits: usize) -> (&[QueueRow], Option<usize>) {
        let top = self.top_for(fits);
        let end = (top + fits).min(self.rows.len());
        let shown = self.rows.get(top..end).unwrap_or_default();
        (shown, (!shown.is_empty()).then(|| self.selected - top))
    }

    /// The first row in view, moved as little as needed to keep the selected row in view.
    fn top_for(&self, fits: usize) -> usize {
        let fits = fits.max(1);
        let lowest = (self.selected + 1).saturating_sub(fits);
        let last = self.rows.len().saturating_sub(fits);
        self.top.clamp(lowest, self.selected.max(lowest)).min(last.max(lowest))
    }

    /// Selects a conversation if its row is here.
    pub fn select(&mut self, id: ConversationId) -> bool {
        let found = self.rows.iter().position(|r| r.n == id);
        if let Some(i) = found {
            self.selected = i;
        }
        found.is_some()
    }

    /// Moves the selection by so many rows; says which page to ask for, if one is needed now.
    pub fn step(&mut self, by: isize, fits: usize) -> Option<PageStart> {
        self.top = self.top_for(fits);
        let last = self.rows.len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(by).min(last);
        self.top = self.top_for(fits);
        self.wanted()
    }

    /// To the first row; says which page to ask for when it is not here.
    pub fn first(&mut self) -> Option<PageStart> {
        if self.before {
            self.land = LandAt::First;
            return Some(PageStart::Start);
        }
        self.selected = 0;
        self.top = 0;
        None
    }

    /// To the last row; says which page to ask for when it is not here.
    pub fn last(&mut self) -> Option<PageStart> {
        if self.after {
            self.land = LandAt::Last;
            return Some(PageStart::End);
        }
        self.selected = self.rows.len().saturating_sub(1);
        None
    }

    /// A new queue will come: where to land in it. Pages on their way are of the old one.
    pub fn expect(&mut self, land: LandAt) {
        self.land = land;
        // Cursors of the old queue mean nothing in the new one: no page is asked for until it is here.
        self.extending = Some(false);
    }

    /// From where to read the same rows anew.
    pub fn same_place(&self) -> PageStart {
        match self.rows.first() {
            Some(row) if self.before => PageStart::From(row.cursor),
            _ => PageStart::Start,
        }
    }

    fn wanted(&mut self) -> Option<PageStart> {
        if self.extending.is_some() {
            return None;
        }
        if self.after && self.selected + AHEAD >= self.rows.len() {
            self.extending = Some(false);
            return self.rows.last().map(|r| PageStart::After(r.cursor));
        }
        if self.before && self.selected < AHEAD {
            self.extending = Some(true);
            return self.rows.first().map(|r| PageStart::Before(r.cursor));
        }
        None
    }

    /// Takes a page that was asked for; says which page to ask for next, if one is needed now.
    pub fn take(&mut self, place: PageStart, page: Page) -> Option<PageStart> {
        match place {
            PageStart::After(_) => {
                self.rows.extend(page.rows);
                self.after = page.after;
                self.extending = None;
                let extra = self.rows.len().saturating_sub(KEPT).min(self.selected);
                self.drop_front(extra);
            }
            PageStart::Before(_) => {
                let added = page.rows.len();
                self.rows.splice(0..0, page.rows);
                (self.selected, self.top) = (self.selected + added, self.top + added);
                self.before = page.before;
                self.extending = None;
                if self.rows.len() > KEPT {
                    self.rows.truncate(KEPT.max(self.selected + 1));
                    self.after = true;
                }
            }
            PageStart::Start | PageStart::End | PageStart::From(_) => self.replace(page),
        }
        self.wanted()
    }

    /// A page that was asked for will not come.
    pub fn give_up(&mut self) {
        self.extending = None;
    }

    fn drop_front(&mut self, n: usize) {
        if n > 0 {
            self.rows.drain(..n);
            self.selected -= n;
            self.top = self.top.saturating_sub(n);
            self.before = true;
        }
    }

    fn replace(&mut self, page: Page) {
        let kept = self.selected().map(|r| r.n);
        let place = self.selected;
        *self = Self { rows: page.rows, before: page.before, after: page.after, top: self.top, ..Self::default() };
        let last = self.rows.len().saturating_sub(1);
        // `land` was reset above on purpose: it serves once.
        self.selected = place.min(last);
        if let Some(id) = kept {
            self.select(id);
        }
    }

    /// Takes what there is of the first page; the whole page lands as if this one had never been.
    pub fn begin_with(&mut self, page: Page) {
        let land = self.land;
        self.begin(PageStart::Start, Page { before: false, after: false, ..page });
        self.expect(land);
    }

    /// Takes the first page of a new queue.
    pub fn begin(&mut self, place: PageStart, page: Page) -> Option<PageStart> {
        let land = std::mem::take(&mut self.land);
        let next = self.take(place, page);
        match land {
            LandAt::Keep => {}
            LandAt::First => (self.selected, self.top) = (0, 0),
            LandAt::Last => self.selected = self.rows.len().saturating_sub(1),
        }
        next
    }
}
