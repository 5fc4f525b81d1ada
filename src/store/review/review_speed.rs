//! How fast people decide, and what they said of audit items.

use crate::domain::review::decision::split_ids;
use crate::domain::{IntentId, Kind};
use crate::store::decisions::reviewers::IMPORTER;
use crate::store::{DoingWhat, Result, Store};
use rusqlite::params;

/// A longer gap is a break, milliseconds.
const BREAK: i64 = 5 * 60 * 1_000;

/// How fast people decide.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ReviewPace {
    /// Steps that people took: what one key press or one command decides counts once. Undos are steps, too.
    pub decisions: u64,
    /// Median of the gaps between one person's consecutive steps, seconds; breaks of five minutes and more are left out.
    /// `None` without two steps close together.
    pub seconds: Option<f64>,
}

/// What people said of audit items: a random sample of the traffic of test groups.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AuditedItems {
    /// The primary intent of each labelled item.
    pub intents: Vec<IntentId>,
    /// The cause of each item that has one.
    pub causes: Vec<String>,
}

impl Store {
    /// How fast people decide. Imports and the program itself are no people.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn pace(&self) -> Result<ReviewPace> {
        let decisions = self.ids(
            &format!("SELECT count(*) FROM step s JOIN reviewer r ON r.id = s.reviewer WHERE r.role < {IMPORTER}"),
            &[],
        )?;
        let sql = format!(
            "SELECT gap FROM (
                SELECT s.at - lag(s.at) OVER (PARTITION BY s.reviewer ORDER BY s.id) AS gap
                FROM step s JOIN reviewer r ON r.id = s.reviewer WHERE r.role < {IMPORTER})
            WHERE gap > 0 AND gap < ? ORDER BY gap"
        );
        let gaps = self.ids(&sql, &[&BREAK])?;
        let middle = |at: usize| gaps[at] as f64 / 1_000.0;
        let seconds = (!gaps.is_empty()).then(|| 0.5 * (middle((gaps.len() - 1) / 2) + middle(gaps.len() / 2)));
        Ok(ReviewPace { decisions: decisions.first().copied().unwrap_or(0) as u64, seconds })
    }

    /// What people said of audit items, each item once.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn audited(&self) -> Result<AuditedItems> {
        let names = self.intent_names()?;
        let sql = format!(
            "SELECT DISTINCT i.conversation, i.turn, l.value, c.value FROM cycle_item i
            JOIN current l ON l.subject = i.conversation AND l.kind = ?1 AND l.turn = i.turn
            JOIN reviewer r ON r.id = l.reviewer AND r.role < {IMPORTER}
            LEFT JOIN current c ON c.subject = i.conversation AND c.kind = ?2 AND c.turn = -1
            WHERE i.audit = 1 ORDER BY 1, 2"
        );
        let rows: Vec<(String, Option<String>)> = self
            .conn
            .prepare_cached(&sql)
            .and_then(|mut s| {
                s.query_map(params![Kind::Intent.code(), Kind::Cause.code()], |r| Ok((r.get(2)?, r.get(3)?)))
                    .and_then(Iterator::collect)
            })
            .doing("reading the audit items")?;
        let mut out = AuditedItems::default();
        for (label, cause) in rows {
            out.intents.extend(split_ids(&label).first().map(|&i| names.today(i)));
            out.causes.extend(cause);
        }
        Ok(out)
    }
}
