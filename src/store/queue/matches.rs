//! Where in a conversation the words stand that were searched for.

use crate::domain::{ConversationId, Query, Role};
use crate::store::codes::{AGENT, AI, CUSTOMER};
use crate::store::{DoingWhat, Page, Result, Store, turn_range};
use crate::text::{Needles, matches};

impl Store {
    /// Adds to the rows of a page whose failing turn has nothing of what a query searches for the first turn that has.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn find_elsewhere(&self, mut page: Page, query: &Query) -> Result<Page> {
        let needles = Needles::of(query);
        if !needles.is_empty() {
            for row in page.rows.iter_mut().filter(|row| matches(&row.text, &needles).is_empty()) {
                row.found = self.first_said(row.n, &needles)?;
            }
        }
        Ok(page)
    }

    fn first_said(&self, id: ConversationId, needles: &Needles) -> Result<Option<(Role, String)>> {
        let sql = format!(
            "SELECT role, text FROM turn WHERE id >= ? AND id < ? AND role IN ({CUSTOMER}, {AI}, {AGENT}) ORDER BY place"
        );
        let mut s = self.conn.prepare_cached(&sql).doing("looking for what was said")?;
        let ends = <[i64; 2]>::from(turn_range(id));
        let turns = s.query_map(ends, |r| Ok((r.get(0)?, r.get(1)?))).doing("looking for what was said")?;
        for turn in turns {
            let (role, text): (i64, String) = turn.doing("looking for what was said")?;
            if !matches(&text, needles).is_empty() {
                return Ok(Role::from_code(role).map(|role| (role, text)));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Conversation, QueueOrder, Timestamp, Turn};
    use crate::store::{Founding, OnDuplicate, PageStart};

    #[test]
    fn a_row_shows_the_turn_that_matches_where_its_own_does_not() {
        let now = Timestamp(1_790_000_000_000);
        let store = Store::in_memory(Founding { seed: 1, test_share: 0.0, now }).unwrap();
        let turns = vec![
            Turn::new(Role::User, "where is my parcel"),
            Turn::new(Role::Bot, "Your Παραγγελία is on its way."),
            Turn::new(Role::User, "no it is not"),
        ];
        let c = Conversation::new("shop", "1", turns);
        store.immediate("test", |s| s.put(&c, b"1", now, OnDuplicate::Update, &mut None)).unwrap();
        crate::store::tests::search_all(&store);
        let found = |query: &str| {
            let query = Query::parse(query).unwrap();
            let page = store.queue_page(&query, QueueOrder::NEWEST, PageStart::Start, 5, now).unwrap();
            store.find_elsewhere(page, &query).unwrap().rows.remove(0).found
        };
        assert_eq!(found("παραγγ"), Some((Role::Bot, "Your Παραγγελία is on its way.".to_owned())));
        assert_eq!(found("not"), Some((Role::User, "no it is not".to_owned())));
        assert_eq!(found("parcel"), None, "the turn to judge has it");
        assert_eq!(found(""), None, "nothing is searched for");
    }
}
