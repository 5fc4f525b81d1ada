//! The audit items of a cycle: drawn at random from test groups, with how many of how many (rules 11 and 23).

use super::cycles::CycleItem;
use crate::base::rng::Rng;
use crate::domain::{ConversationId, Filter, Query, QueueOrder, Role, Timestamp};
use crate::store::codes::{LABEL, PENDING, TRAINING};
use crate::store::decisions::reviewers::IMPORTER;
use crate::store::{PageStart, Result, Store};
use std::collections::BTreeSet;

/// What was drawn.
pub(super) struct Drawn {
    pub items: Vec<CycleItem>,
    /// Conversations that could have been.
    pub of: usize,
    /// First and last activity of these; `None` where there are none.
    pub times: (Option<i64>, Option<i64>),
}

impl Store {
    /// Audit items: conversations of test groups of the days that the scope names, labelled by people or not, and a user turn of
    /// each, drawn at random. Those whose log brought labels stay out: these are gold already.
    pub(super) fn draw_audit(
        &self,
        query: &Query,
        n: u64,
        (seed, cycle): (u64, &str),
        now: Timestamp,
    ) -> Result<Drawn> {
        let in_time = self.in_the_time_of(query, now)?;
        let mut pool = self.ids(
            &format!(
                "SELECT c.id FROM conversation c WHERE c.part > {TRAINING} AND c.traffic = 1 AND c.failing_turn IS NOT NULL
                    AND c.outcome <> {PENDING} AND NOT EXISTS(SELECT 1 FROM current l JOIN reviewer r ON r.id = l.reviewer
                        WHERE l.subject = c.id AND l.kind = {LABEL} AND r.role = {IMPORTER})
                 ORDER BY c.id"
            ),
            &[],
        )?;
        pool.retain(|id| in_time.as_ref().is_none_or(|rows| rows.contains(id)));
        let listed = serde_json::json!(pool).to_string();
        let edge = |which: &str| -> Result<Option<i64>> {
            let sql = format!(
                "SELECT c.last_at FROM conversation c WHERE c.id IN (SELECT value FROM json_each(?)) ORDER BY 1 {which} LIMIT 1"
            );
            Ok(self.ids(&sql, &[&listed])?.first().copied())
        };
        let (of, times) = (pool.len(), (edge("ASC")?, edge("DESC")?));
        let mut rng = Rng::new(cycle.bytes().fold(seed, |h, b| h.wrapping_mul(31).wrapping_add(u64::from(b))));
        rng.shuffle(&mut pool);
        let mut items = Vec::new();
        for id in pool {
            if items.len() as u64 >= n {
                break;
            }
            let sql =
                "SELECT id & 1048575 FROM turn WHERE id >= ? AND id < ? AND role = ? AND payload = 0 ORDER BY place";
            let (first, end) = crate::store::turn_range(ConversationId(id));
            let turns = self.ids(sql, &[&first, &end, &Role::User.code()])?;
            if !turns.is_empty() {
                items.push(CycleItem { conversation: id, audit: true, turn: Some(turns[rng.below(turns.len())]) });
            }
        }
        Ok(Drawn { items, of, times })
    }

    /// The conversations of the days that a scope names; `None`: it names none. What else it asks for stays out: an audit item must
    /// not be chosen because the AI failed on it.
    fn in_the_time_of(&self, query: &Query, now: Timestamp) -> Result<Option<BTreeSet<i64>>> {
        let mut days = query.clone();
        days.terms.retain(|t| matches!(t.filter, Filter::Since(_) | Filter::Before(_)));
        if days.terms.is_empty() {
            return Ok(None);
        }
        let wanted = self.wanted(&days, now)?;
        let found = self.first_of(
            &wanted,
            &days,
            QueueOrder::NEWEST,
            PageStart::Start,
            self.queue_count(&days, now)? as usize,
        )?;
        Ok(Some(found.into_iter().map(|c| c.0).collect()))
    }
}
