//! Taking in the true counts of whole weeks (`import --traffic`).

use crate::domain::{AuditSplit, IsoWeek, Outcome, Timestamp, TrafficRow};
use crate::store::{DoingWhat, Result, Store};
use rusqlite::params;
use serde::Serialize;
use std::collections::BTreeMap;

/// A week that was taken in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TakenWeek {
    /// The source.
    pub source: String,
    /// The ISO week.
    pub week: String,
    /// Conversations, whatever their outcome.
    pub n: u64,
    /// Of these, finished in a known way.
    pub finished: u64,
    /// It was there already: these counts stand in the place of those.
    pub replaced: bool,
    /// Conversations of it that are stored, with the AI and real traffic: no more than there were.
    pub stored: u64,
}

impl Store {
    /// What a job needs to draw audits in this store's test groups.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn audit_split(&self) -> Result<AuditSplit> {
        let salt = self.group_seed.to_le_bytes().iter().map(|b| format!("{b:02x}")).collect();
        Ok(AuditSplit { salt, share: self.test_share, zone: self.zone()?.to_string() })
    }

    /// Takes in whole counts: of each source and week that they name, in the place of what is there. With `dry_run` nothing is
    /// kept. Weeks in the order of source and week.
    ///
    /// # Errors
    /// The store cannot be written. Then nothing has changed.
    pub fn take_traffic(&mut self, rows: &[TrafficRow], dry_run: bool) -> Result<Vec<TakenWeek>> {
        let zone = self.zone()?;
        self.batch(dry_run, |store| {
            let mut weeks: BTreeMap<(String, IsoWeek), TakenWeek> = BTreeMap::new();
            for row in rows {
                let week = weeks.entry((row.source.clone(), row.week)).or_default();
                week.n += row.n;
                week.finished += if matches!(row.outcome, Outcome::Pending | Outcome::Unknown) { 0 } else { row.n };
            }
            for ((source, iso), week) in &mut weeks {
                (week.source, week.week) = (source.clone(), iso.to_string());
                let gone =
                    store.conn.execute("DELETE FROM traffic WHERE source = ? AND week = ?", [source, &week.week]);
                week.replaced = gone.doing("replacing a counted week")? > 0;
                week.stored = store.stored_in(source, iso.span(zone))?;
            }
            rows.iter().try_for_each(|row| store.put_traffic(row))?;
            Ok(weeks.into_values().collect())
        })
    }

    fn put_traffic(&self, row: &TrafficRow) -> Result<()> {
        self.conn
            .prepare_cached("INSERT INTO traffic VALUES (?,?,?,?,?,?,?,?,?,?,?,?)")
            .and_then(|mut s| {
                s.execute(params![
                    row.source,
                    row.week.to_string(),
                    row.intent,
                    row.channel,
                    row.language,
                    row.outcome.code(),
                    row.resolution.map(|r| r.code()),
                    row.n,
                    row.csat_n,
                    row.csat_good,
                    row.user_turns,
                    row.fallback_turns,
                ])
            })
            .map(drop)
            .doing("writing a counted week")
    }

    fn stored_in(&self, source: &str, (from, to): (Timestamp, Timestamp)) -> Result<u64> {
        self.conn
            .prepare_cached(
                "SELECT count(*) FROM conversation c JOIN term t ON t.id = c.source WHERE t.text = ? AND c.last_at >= ? AND c.last_at < ?
                    AND c.traffic = 1 AND c.has_ai = 1",
            )
            .and_then(|mut s| s.query_row(params![source, from.0, to.0], |r| r.get(0)))
            .doing("counting what is stored of a week")
    }
}
