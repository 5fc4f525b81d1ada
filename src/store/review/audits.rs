//! Audit items with the odds of their draw: what rates that need people are told from (rule 23).

use crate::domain::review::decision::split_ids;
use crate::domain::{Cause, ConversationId, IntentId, Outcome, TurnKey};
use crate::store::codes::{ABANDONED, CUSTOMER, LABEL, RESOLVED, SKIPPED};
use crate::store::conversations::sampling::{JOIN_SAMPLED, STANDS_FOR};
use crate::store::decisions::reviewers::IMPORTER;
use crate::store::review::cycles::WORKED;
use crate::store::{DoingWhat, Result, Store, turn_id};
use rusqlite::Row;

/// A rate is told from so many cycles on.
pub(in crate::store) const CYCLES: usize = 4;

/// An audit item of a cycle that kept its odds.
#[derive(Clone, Debug)]
pub(in crate::store) struct AuditItem {
    pub conversation: ConversationId,
    pub turn: TurnKey,
    /// Whose it is.
    pub group: u64,
    /// 1 / the probability with which the conversation was drawn: into the store where that holds a part of a log (rule 52), and from it.
    pub weight: f64,
    /// Turns of which one was drawn.
    pub turns: u64,
    /// What people say that the customer wanted in the drawn turn; empty: nobody has said.
    pub label: Vec<IntentId>,
    /// Somebody has worked it, and could tell.
    pub worked: bool,
    pub cause: Option<Cause>,
    pub outcome: Outcome,
    pub logged_outcome: Outcome,
}

/// The items of all cycles that kept their odds.
#[derive(Clone, Debug, Default)]
pub(in crate::store) struct Audits {
    pub items: Vec<AuditItem>,
    /// Cycles that they are of.
    pub cycles: usize,
    /// First and last activity of the conversations that they were drawn from.
    pub span: (i64, i64),
}

impl Store {
    /// The audit items of closed cycles, in the order in which they were drawn. Only those of N: real traffic with the AI, ended
    /// in a known way.
    pub(in crate::store) fn audits(&self) -> Result<Audits> {
        let cycles = "SELECT count(*), coalesce(min(audit_from), 0), coalesce(max(audit_to), 0) FROM cycle
            WHERE audit_drawn > 0 AND closed_at IS NOT NULL";
        let read = |r: &Row<'_>| Ok((r.get::<_, usize>(0)?, r.get(1)?, r.get(2)?));
        let (cycles, from, to) =
            self.conn.prepare_cached(cycles).and_then(|mut s| s.query_row([], read)).doing("counting cycles")?;
        let sql = format!(
            "SELECT i.conversation, i.turn, c.grp, CAST(y.audit_of AS REAL) / y.audit_drawn * {STANDS_FOR},
                (SELECT count(*) FROM turn t WHERE t.id >= c.id << 20 AND t.id < (c.id + 1) << 20 AND t.role = {CUSTOMER} AND t.payload = 0),
                (SELECT l.value FROM current l JOIN reviewer r ON r.id = l.reviewer
                    WHERE l.subject = c.id AND l.kind = {LABEL} AND l.turn = i.turn AND r.role < {IMPORTER}),
                c.review <> {SKIPPED} AND {WORKED}, c.cause, c.outcome, c.logged_outcome
             FROM cycle_item i JOIN cycle y ON y.id = i.cycle JOIN conversation c ON c.id = i.conversation
                {JOIN_SAMPLED}
             WHERE i.audit = 1 AND i.turn IS NOT NULL AND y.audit_drawn > 0 AND y.closed_at IS NOT NULL
                AND c.traffic = 1 AND c.has_ai = 1 AND c.outcome BETWEEN {RESOLVED} AND {ABANDONED} ORDER BY i.cycle, i.place",
            WORKED = *WORKED
        );
        let names = self.intent_names()?;
        let outcome = |code: i64| Outcome::from_code(code).unwrap_or(Outcome::Unknown);
        let item = |r: &Row<'_>| {
            let label: Option<String> = r.get(5)?;
            Ok(AuditItem {
                conversation: ConversationId(r.get(0)?),
                turn: TurnKey(r.get(1)?),
                group: r.get::<_, i64>(2)?.cast_unsigned(),
                weight: r.get(3)?,
                turns: r.get(4)?,
                label: label.map_or_else(Vec::new, |l| split_ids(&l).iter().map(|&i| names.today(i)).collect()),
                worked: r.get(6)?,
                cause: r.get::<_, Option<i64>>(7)?.and_then(Cause::from_code),
                outcome: outcome(r.get(8)?),
                logged_outcome: outcome(r.get(9)?),
            })
        };
        let items = self
            .conn
            .prepare_cached(&sql)
            .and_then(|mut s| s.query_map([], item)?.collect())
            .doing("reading the audit items")?;
        Ok(Audits { items, cycles, span: (from, to) })
    }
}

impl AuditItem {
    /// The row of the drawn turn.
    pub fn turn_row(&self) -> i64 {
        turn_id(self.conversation, self.turn)
    }
}
