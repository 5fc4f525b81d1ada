//! The business owner's page: this cycle, the last one and day one beside each other, the weeks, what fails most, and
//! what fine-tuning cannot repair (rules 4, 8, 9).

use super::{By, CycleRow, Doing, Result, Store};
use crate::domain::time::DAY;
use crate::domain::{Cause, Kind, ReleaseId, Timestamp};
use rusqlite::{Row, params};

mod figures;
#[cfg(test)]
mod tests;

pub use figures::{Accuracies, Basis, Ceiling, FailingIntent, OverviewPage, Period, Promotion, WeekPoint};

/// A period of seven days.
const WEEK: i64 = 7 * DAY;
/// Day one is the first week that holds so many finished conversations (rule 8).
const ENOUGH_FOR_DAY_ONE: u64 = 200;
/// The trend goes back so many weeks.
const TREND_WEEKS: i64 = 60;
/// A cycle that opened longer than this after the one before covers only the week before it.
const LONGEST_CYCLE: i64 = 35 * DAY;
/// Failing intents that are listed.
const FAILING: i64 = 30;
/// The setting that holds day one's first moment.
const DAY_ONE: &str = "day_one";

/// Conversations that count, beside a condition on the outcome.
const TRAFFIC: &str = "c.traffic = 1 AND c.has_ai = 1";

impl Store {
    /// The figures of the overview. Fixes day one when it is first seen whole.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn overview_page(&self, now: Timestamp) -> Result<OverviewPage> {
        let newest = self.newest_activity()?;
        let cycle = self.open_cycle_row()?;
        let (basis, this, last) = self.periods(newest, cycle.as_ref(), now)?;
        let day_one = self.day_one(now)?;
        Ok(OverviewPage {
            basis,
            accuracy: self.accuracies(Timestamp(this.from))?,
            failing: self.failing(&this)?,
            this,
            last,
            day_one,
            weeks: self.weeks(newest)?,
            promotions: self.promotions()?,
            ceiling: self.ceiling(cycle.as_ref())?,
        })
    }

    /// Last activity of the newest conversation; `None` when the log has no times.
    fn newest_activity(&self) -> Result<Option<i64>> {
        let newest: Option<i64> = self
            .conn
            .query_row("SELECT max(last_at) FROM conversation", [], |r| r.get(0))
            .doing("looking for the newest conversation")?;
        Ok(newest.filter(|&t| t > 0))
    }

    fn periods(
        &self,
        newest: Option<i64>,
        cycle: Option<&CycleRow>,
        now: Timestamp,
    ) -> Result<(Basis, Period, Option<Period>)> {
        let Some(newest) = newest else {
            return Ok((Basis::All, self.period(i64::MIN, i64::MAX)?, None));
        };
        if let Some(cycle) = cycle {
            let (from, before) = self.covered(cycle)?;
            let this = self.period(from, cycle.opened_at.0)?;
            // A cycle over a log that ended long before it opened covers no week of its own.
            if this.n() > 0 {
                return Ok((Basis::Cycle(cycle.name.clone()), this, Some(self.period(before, from)?)));
            }
        }
        let old = newest < now.0.saturating_sub(WEEK);
        // Whole days, today's included.
        let midnight = |t: i64| (t.div_euclid(DAY) + 1) * DAY;
        let (basis, to) = if old { (Basis::OldWeek, midnight(newest)) } else { (Basis::Week, midnight(now.0)) };
        Ok((basis, self.period(to - WEEK, to)?, Some(self.period(to - 2 * WEEK, to - WEEK)?)))
    }

    /// Where the weeks of a cycle begin, and those of the one before.
    fn covered(&self, cycle: &CycleRow) -> Result<(i64, i64)> {
        let sql = "SELECT opened_at FROM cycle WHERE id < ? ORDER BY id DESC LIMIT 2";
        let openings = self.ids(sql, &[&cycle.id.0])?;
        let begin = |end: i64, before: Option<&i64>| match before {
            Some(&b) if (DAY..=LONGEST_CYCLE).contains(&(end - b)) => b,
            _ => end - WEEK,
        };
        let from = begin(cycle.opened_at.0, openings.first());
        Ok((from, begin(from, openings.get(1))))
    }

    fn period(&self, from: i64, to: i64) -> Result<Period> {
        let sql = format!(
            "SELECT sum(c.outcome = 1), sum(c.outcome = 2), sum(c.outcome = 3), sum(c.outcome = 4), sum(c.outcome = 6),
                sum(c.outcome < 5 AND c.csat IS NOT NULL), sum(c.outcome < 5 AND coalesce(c.csat >= 4, 0))
             FROM conversation c INDEXED BY conversation_last WHERE c.last_at >= ? AND c.last_at < ? AND {TRAFFIC}"
        );
        let n = |r: &Row<'_>, i: usize| r.get::<_, Option<u64>>(i).map(Option::unwrap_or_default);
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut s| {
                s.query_row([from, to], |r| {
                    Ok(Period {
                        from,
                        to,
                        resolved: n(r, 0)?,
                        escalated: n(r, 1)?,
                        failed: n(r, 2)?,
                        abandoned: n(r, 3)?,
                        unknown: n(r, 4)?,
                        rated: n(r, 5)?,
                        satisfied: n(r, 6)?,
                    })
                })
            })
            .doing("counting outcomes")
    }

    /// The first seven days that hold enough finished conversations. Kept from its first use on, so that a later import
    /// does not move it; not while an import runs.
    fn day_one(&self, now: Timestamp) -> Result<Option<Period>> {
        if let Some(from) = self.setting(DAY_ONE)?.and_then(|v| v.parse::<i64>().ok()) {
            return self.period(from, from + WEEK).map(Some);
        }
        let Some(from) = self.find_day_one()? else { return Ok(None) };
        let importing: bool = self
            .conn
            .query_row("SELECT EXISTS(SELECT 1 FROM import WHERE state = 'running' AND at > ?)", [now.0 - DAY], |r| {
                r.get(0)
            })
            .doing("looking for imports")?;
        if self.access != super::Access::ReadOnly && !importing {
            self.conn
                .execute("INSERT OR IGNORE INTO setting(key, value) VALUES (?, ?)", params![DAY_ONE, from.to_string()])
                .doing("fixing day one")?;
        }
        self.period(from, from + WEEK).map(Some)
    }

    fn find_day_one(&self) -> Result<Option<i64>> {
        let sql = format!(
            "SELECT c.last_at / {DAY}, count(*) FROM conversation c NOT INDEXED
             WHERE c.last_at > 0 AND {TRAFFIC} AND c.outcome BETWEEN 1 AND 4 GROUP BY 1 ORDER BY 1"
        );
        let days: Vec<(i64, u64)> = self
            .conn
            .prepare_cached(&sql)
            .and_then(|mut s| s.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).and_then(Iterator::collect))
            .doing("looking for day one")?;
        let held = |first: i64| -> u64 {
            days.iter().skip_while(|d| d.0 < first).take_while(|d| d.0 < first + 7).map(|d| d.1).sum()
        };
        Ok(days.iter().find(|d| held(d.0) >= ENOUGH_FOR_DAY_ONE).map(|d| d.0 * DAY))
    }

    fn weeks(&self, newest: Option<i64>) -> Result<Vec<WeekPoint>> {
        let Some(newest) = newest else { return Ok(Vec::new()) };
        // 1970-01-01 was a Thursday.
        let sql = format!(
            "SELECT (c.last_at / {DAY} + 3) / 7, sum(c.outcome = 1), count(*) FROM conversation c NOT INDEXED
             WHERE c.last_at >= ? AND c.last_at > 0 AND {TRAFFIC} AND c.outcome BETWEEN 1 AND 4 GROUP BY 1 ORDER BY 1"
        );
        let week = |r: &Row<'_>| {
            let monday = Timestamp((r.get::<_, i64>(0)? * 7 - 3) * DAY);
            Ok(WeekPoint { monday, resolved: r.get(1)?, n: r.get(2)? })
        };
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut s| s.query_map([newest - TREND_WEEKS * WEEK], week).and_then(Iterator::collect))
            .doing("counting outcomes by week")
    }

    fn promotions(&self) -> Result<Vec<Promotion>> {
        let sql = "SELECT at, CAST(after AS INTEGER) FROM decision WHERE kind = ? AND after IS NOT NULL ORDER BY id";
        let promotion = |r: &Row<'_>| Ok(Promotion { at: Timestamp(r.get(0)?), release: ReleaseId(r.get(1)?) });
        self.conn
            .prepare_cached(sql)
            .and_then(|mut s| s.query_map([Kind::Live.code()], promotion).and_then(Iterator::collect))
            .doing("reading the promotions")
    }

    fn failing(&self, period: &Period) -> Result<Vec<FailingIntent>> {
        let sql = format!(
            "SELECT {}, count(*), sum(c.outcome = 1), sum(c.outcome = 3), sum(c.outcome = 2),
                sum(EXISTS(SELECT 1 FROM current l WHERE l.subject = c.id AND l.kind = 1 AND l.turn = c.first_turn))
             FROM conversation c INDEXED BY conversation_last
             WHERE c.last_at >= ? AND c.last_at < ? AND {TRAFFIC} AND c.outcome BETWEEN 1 AND 4
             GROUP BY 1 HAVING sum(c.outcome IN (2, 3)) > 0 ORDER BY sum(c.outcome IN (2, 3)) DESC, 1 LIMIT {FAILING}",
            By::Intent.sql()
        );
        let row = |r: &Row<'_>| {
            Ok(FailingIntent {
                intent: r.get(0)?,
                n: r.get(1)?,
                resolved: r.get(2)?,
                failed: r.get(3)?,
                escalated: r.get(4)?,
                labelled: r.get(5)?,
            })
        };
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut s| s.query_map([period.from, period.to], row).and_then(Iterator::collect))
            .doing("counting what fails most")
    }

    /// Accuracy of the live release, of the one that was live when this period began, and of day one (rule 8), all on
    /// today's gold. Day one is the log's where a log predicted, else the first release that went live.
    fn accuracies(&self, from: Timestamp) -> Result<Accuracies> {
        let of = |id: Option<ReleaseId>| id.map(|i| self.sealed_accuracy(i)).transpose().map(Option::flatten);
        let first = self.ids(
            "SELECT CAST(after AS INTEGER) FROM decision WHERE kind = ? AND after IS NOT NULL ORDER BY id LIMIT 1",
            &[&Kind::Live.code()],
        )?;
        // The first comparison says whether an AI had answered before: then its log is what day one was like.
        let from_log = !self
            .ids(
                "SELECT 1 FROM (SELECT report FROM comparison WHERE gold_version IS NOT NULL ORDER BY id LIMIT 1)
                 WHERE json_extract(report, '$.before_is') = 'log'",
                &[],
            )?
            .is_empty();
        let day_one = if from_log { self.sealed_accuracy_of_log()? } else { of(first.first().map(|&i| ReleaseId(i)))? };
        Ok(Accuracies { live: of(self.live()?)?, before: of(self.live_at(from)?)?, day_one })
    }

    fn ceiling(&self, cycle: Option<&CycleRow>) -> Result<Ceiling> {
        let all = format!(
            "SELECT c.cause, count(*) FROM current k JOIN conversation c ON c.id = k.subject
             WHERE k.kind = {} AND c.cause IS NOT NULL AND c.traffic = 1 GROUP BY 1 ORDER BY 2 DESC, 1",
            Kind::Cause.code()
        );
        let of_cycle = "SELECT c.cause, count(*) FROM cycle_item i JOIN conversation c ON c.id = i.conversation
             WHERE i.cycle = ? AND i.audit = 0 AND c.cause IS NOT NULL AND c.traffic = 1 GROUP BY 1 ORDER BY 2 DESC, 1";
        let read = |sql: &str, p: &[&dyn rusqlite::ToSql]| -> Result<Vec<(Cause, u64)>> {
            let rows: Vec<(i64, u64)> = self
                .conn
                .prepare_cached(sql)
                .and_then(|mut s| s.query_map(p, |r| Ok((r.get(0)?, r.get(1)?))).and_then(Iterator::collect))
                .doing("counting causes")?;
            Ok(rows.into_iter().filter_map(|(code, n)| Some((Cause::from_code(code)?, n))).collect())
        };
        if let Some(cycle) = cycle {
            let causes = read(of_cycle, &[&cycle.id.0])?;
            if !causes.is_empty() {
                return Ok(Ceiling { of_cycle: true, causes });
            }
        }
        Ok(Ceiling { of_cycle: false, causes: read(&all, &[])? })
    }
}
