//! What fails and where: lists whose every line is a query, and counts exactly what the query finds.

mod acted;
mod confused;
pub(in crate::store) mod effects;
mod failed;
mod listed;
pub(in crate::store) mod modes;
mod segments;
mod tables;
pub(in crate::store) mod types;

use crate::domain::{PatternView, Query, Timestamp};
use crate::store::{PatternPage, Result, Store};
use listed::Listed;

impl Store {
    pub(in crate::store) fn read_patterns(&self, view: PatternView, days: i64, now: Timestamp) -> Result<PatternPage> {
        let list = self.listed(days, now, true)?;
        let mut page = match view {
            PatternView::Failed => list.failed(),
            PatternView::Intents => list.intents(),
            PatternView::Confused => list.confused(),
            PatternView::Causes => list.causes(),
            PatternView::Segments => list.segments(),
            PatternView::Handovers => list.handovers(),
            PatternView::Returned => list.returned(),
            PatternView::Topics => list.topics(),
            PatternView::Actions => return list.acted(),
        }?;
        self.put_actions(&mut page, now)?;
        Ok(page)
    }

    /// What failed alike, with who has it, and nothing over time: for the Overview, which is read at every start.
    pub(in crate::store::figures) fn read_failed_now(&self, days: i64, now: Timestamp) -> Result<PatternPage> {
        let mut page = self.listed(days, now, false)?.failed()?;
        self.put_actions(&mut page, now)?;
        Ok(page)
    }

    /// As the Overview: of a log without times everything is one period.
    fn listed(&self, days: i64, now: Timestamp, over_time: bool) -> Result<Listed<'_>> {
        let days = self.newest(now)?.map(|_| days);
        Ok(Listed { store: self, days, now, over_time, one_kind: self.read_one_kind_of_end()? })
    }

    /// Who was given which line: the newest action about the same matter.
    fn put_actions(&self, page: &mut PatternPage, now: Timestamp) -> Result<()> {
        let actions = self.actions(now)?;
        if actions.is_empty() {
            return Ok(());
        }
        for line in &mut page.lines {
            let Ok(query) = Query::parse(&line.query) else { continue };
            let about = query.matter().to_string();
            line.action = actions.iter().find(|a| a.about == about).cloned();
        }
        Ok(())
    }
}
