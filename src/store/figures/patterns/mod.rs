//! What fails and where: lists whose every line is a query, and counts exactly what the query finds.

pub(in crate::store) mod effects;
mod failed;
mod listed;
pub(in crate::store) mod modes;
mod segments;
mod tables;
pub(in crate::store) mod types;

use crate::domain::{PatternView, Timestamp};
use crate::store::{PatternPage, Result, Store};
use listed::Listed;

impl Store {
    pub(in crate::store) fn read_patterns(&self, view: PatternView, days: i64, now: Timestamp) -> Result<PatternPage> {
        let list = Listed { store: self, days, now };
        match view {
            PatternView::Failed => list.failed(),
            PatternView::Intents => list.intents(),
            PatternView::Confused => list.confused(),
            PatternView::Causes => list.causes(),
            PatternView::Segments => list.segments(),
            PatternView::Handovers => list.handovers(),
            PatternView::Returned => list.returned(),
        }
    }
}
