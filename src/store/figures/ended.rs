//! Finished conversations one by one, for what needs customers: a change between two periods, a check that is looked at every day.

use super::span::Span;
use crate::domain::{Outcome, PeriodName, Timestamp};
use crate::store::base::clock::ahead_of;
use crate::store::codes::{ABANDONED, RESOLVED};
use crate::store::{DoingWhat, Result, Store, StoreError, StoreFigures};
use rusqlite::{Row, params};

/// The setting that holds what a check began with.
const CHECK: &str = "check";
/// Rows that are read at a time.
const BATCH: i64 = 20_000;

/// What conversations are put into strata by; never the log's intents nor labels (rule 45).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StratumKey {
    /// The words of the first request, for a release to tell its intent.
    Request,
    /// The channel.
    Channel,
    /// The language that is written.
    Language,
}

/// A conversation of N.
#[derive(Clone, Debug, PartialEq)]
pub struct EndedRow {
    /// Its row.
    pub row: i64,
    /// The customer, else the conversation, as the hash that keeps groups together.
    pub group: u64,
    /// Last activity.
    pub at: Timestamp,
    /// How it ended.
    pub outcome: Outcome,
    /// How many conversations it stands for: more than one in a sample (rule 52).
    pub weight: f64,
    /// What it is put into a stratum by. Hostile. `None`: it has none.
    pub key: Option<String>,
}

impl StoreFigures<'_> {
    /// The first moment of a named period and the first after it.
    ///
    /// # Errors
    /// The store has no such period: no times, no day one.
    pub fn period(self, name: PeriodName, now: Timestamp) -> Result<(Timestamp, Timestamp)> {
        let (zone, newest) = (self.0.zone()?, self.0.newest(now)?);
        let newest = newest.ok_or_else(|| {
            StoreError::refused("no finished conversation has a time: there are no periods to compare")
        })?;
        if let Some((from, to)) = name.span(zone, newest) {
            return Ok((from, Timestamp(to.0.min(ahead_of(now)))));
        }
        let day_one = self.overview(now)?.day_one.ok_or_else(|| {
            StoreError::refused(
                "there is no day one yet: no seven days hold 200 finished conversations; name the days instead",
            )
        })?;
        Ok((Timestamp(day_one.from), Timestamp(day_one.to)))
    }

    /// The next conversations of N between two moments, by row, after one; none are left when it is empty. Reads rows: a second a million.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn ended(self, between: (Timestamp, Timestamp), key: Option<StratumKey>, after: i64) -> Result<Vec<EndedRow>> {
        self.0.read_ended(Span { from: between.0.0, to: between.1.0 }, key, after)
    }

    /// Whether conversations of a sample are stored, or weeks that were only counted.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn is_part_of_a_log(self) -> Result<bool> {
        Ok(!self.0.weighing(Span { from: i64::MIN, to: i64::MAX })?.is_plain())
    }

    /// What the check began with, as it was kept.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn check_state(self) -> Result<Option<String>> {
        self.0.setting(CHECK)
    }
}

impl Store {
    /// Keeps what a check began with.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn keep_check_state(&self, state: &str) -> Result<()> {
        self.immediate("keeping the beginning of a check", |store| {
            let sql = "INSERT OR REPLACE INTO setting(key, value) VALUES (?, ?)";
            store.conn.execute(sql, [CHECK, state]).map(drop).doing("keeping the beginning of a check")
        })
    }

    fn read_ended(&self, within: Span, key: Option<StratumKey>, after: i64) -> Result<Vec<EndedRow>> {
        let sampled = self.weighing(within)?.of_rows();
        let key = match key {
            None => "NULL",
            Some(StratumKey::Request) => "(SELECT t.text FROM turn t WHERE t.id = c.id << 20 | c.first_turn)",
            Some(StratumKey::Channel) => "(SELECT text FROM term WHERE id = c.channel)",
            Some(StratumKey::Language) => {
                "(SELECT text FROM term WHERE id = coalesce(nullif(c.written, 0), c.language))"
            }
        };
        let sql = format!(
            "SELECT c.id, c.grp, c.last_at, c.outcome, {}, {key} FROM conversation c{} WHERE c.id > ? AND c.traffic = 1 AND c.has_ai = 1
                AND c.outcome BETWEEN {RESOLVED} AND {ABANDONED} AND c.last_at >= ? AND c.last_at < ? ORDER BY c.id LIMIT ?",
            sampled.weight(),
            sampled.join(),
        );
        let row = |r: &Row<'_>| {
            Ok(EndedRow {
                row: r.get(0)?,
                group: r.get::<_, i64>(1)?.cast_unsigned(),
                at: Timestamp(r.get(2)?),
                outcome: Outcome::from_code(r.get(3)?).unwrap_or(Outcome::Unknown),
                weight: r.get(4)?,
                key: r.get(5)?,
            })
        };
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut s| {
                s.query_map(params![after, within.from, within.to, BATCH], row).and_then(Iterator::collect)
            })
            .doing("reading how conversations ended")
    }
}
