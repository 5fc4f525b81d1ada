//! Corrections as they were written.

use crate::domain::{ConversationId, Kind, Timestamp, TurnKey};
use crate::store::codes::TRAINING;
use crate::store::conversations::again::is_stale;
use crate::store::{DoingWhat, Result, Store};
use crate::text::language::answered_in;
use rusqlite::Row;

/// A correction as the log has it.
pub(in crate::store) struct Written {
    pub(in crate::store) n: ConversationId,
    pub(in crate::store) turn: TurnKey,
    pub(in crate::store) text: String,
    pub(in crate::store) by: String,
    pub(in crate::store) at: Timestamp,
    pub(in crate::store) state: Option<String>,
    pub(in crate::store) settled: i64,
    pub(in crate::store) reason: Option<String>,
    pub(in crate::store) lang: String,
    /// Its customer is in a test group, which teaches nothing.
    pub(in crate::store) is_test: bool,
    /// It is real traffic.
    pub(in crate::store) is_traffic: bool,
    /// The words that it corrects are others now, and nobody has confirmed it.
    pub(in crate::store) stale: bool,
}

impl Store {
    /// The corrections in the order of the log.
    pub(in crate::store) fn written(&self) -> Result<Vec<Written>> {
        let stale = is_stale("c.subject", "c.kind", "c.turn", "c.value", "c.decision", &i64::MAX.to_string());
        let sql = format!("SELECT c.subject, c.turn, c.value, r.name, d.at, s.value, coalesce(s.decision, 0), e.reason, t.text,
                v.part <> {TRAINING}, v.traffic = 1, {stale}
            FROM current c JOIN decision d ON d.id = c.decision JOIN reviewer r ON r.id = c.reviewer
            JOIN conversation v ON v.id = c.subject LEFT JOIN term t ON t.id = v.language
            LEFT JOIN current s ON s.subject = c.subject AND s.kind = ?2 AND s.turn = c.turn LEFT JOIN decision e ON e.id = s.decision
            WHERE c.kind = ?1 ORDER BY c.decision");
        let read = |r: &Row<'_>| {
            let (text, logged): (String, Option<String>) = (r.get(2)?, r.get(8)?);
            Ok(Written {
                n: ConversationId(r.get(0)?),
                turn: r.get(1)?,
                lang: answered_in(&text, logged.as_deref()),
                text,
                by: r.get(3)?,
                at: Timestamp(r.get(4)?),
                state: r.get(5)?,
                settled: r.get(6)?,
                reason: r.get(7)?,
                is_test: r.get(9)?,
                is_traffic: r.get(10)?,
                stale: r.get(11)?,
            })
        };
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut s| {
                s.query_map([Kind::Response.code(), Kind::ResponseState.code()], read).and_then(Iterator::collect)
            })
            .doing("reading the corrections")
    }
}
