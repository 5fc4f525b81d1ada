//! What the last frame showed where: the mouse and paging need it.

use crate::action::Action;
use crate::domain::query::sort::OrderBy;
use crate::domain::{ConversationId, Outcome, Timestamp};
use ratatui::layout::{Position, Rect};

/// What lies under a place on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScreenHit {
    /// A hint, a tab, a key in a panel: asks for this.
    Act(Action),
    /// A row of the queue.
    Row(ConversationId),
    /// A failing intent of the overview.
    Failing(usize),
    /// A row of the table of rates, of those that open what they count.
    Measure(usize),
    /// Those of the last seven days that ended so, on the overview.
    Ended(Outcome),
    /// A week of the trend, by its Monday.
    Week(Timestamp),
    /// An intent of the comparison.
    Intent(usize),
    /// A flip of the comparison.
    Flip(usize),
    /// A pair of intents that are mistaken.
    Pair(usize),
    /// Answers that differ, or were corrected.
    Response(usize),
    /// A list of the registry or of what is to blame, by its place among the tabs.
    List(usize),
    /// A row of such a list, or of a replay.
    Listed(usize),
    /// A row of the list that floats on top.
    Entry(usize),
    /// The query bar.
    Query,
    /// A heading of the queue: sorts by this.
    Sort(OrderBy),
    /// A saved view, by its place among all.
    View(usize),
    /// Something that floats: clicks here do not reach what is below.
    Float,
}

/// What the last frame showed: the mouse and paging need it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeenFrame {
    /// Places and what lies there; later ones lie on top.
    pub hits: Vec<(Rect, ScreenHit)>,
    /// Rows of the terminal.
    pub height: u16,
    /// Rows of the list that has the focus.
    pub rows: usize,
    /// Lines of the scrolled text that are in view, and in all.
    pub lines: (usize, usize),
    /// The first line of the scrolled text in view.
    pub first: usize,
    /// Lines of the scrolled text where something shows that it went wrong.
    pub signs: Vec<usize>,
    /// The scrolled text.
    pub scrolled: Rect,
}

impl SeenFrame {
    /// The highest digit that has been drawn with what it picks; 0 where there is none.
    pub fn digits(&self) -> u8 {
        let digit = |hit: &ScreenHit| match hit {
            ScreenHit::Act(Action::Pick(digit)) => Some(*digit),
            _ => None,
        };
        self.hits.iter().filter_map(|(_, hit)| digit(hit)).max().unwrap_or(0)
    }

    /// What lies at a place.
    pub fn at(&self, column: u16, row: u16) -> Option<ScreenHit> {
        let place = Position::new(column, row);
        self.hits.iter().rev().find(|(area, _)| area.contains(place)).map(|(_, hit)| *hit)
    }
}
