//! The business owner's page: this cycle, the last one and day one beside each other, the weeks, what fails most, and
//! what fine-tuning cannot repair (rules 4, 8, 9).

use super::columns::{Chunk, Column, Field, Set, Test, Wanted};
use super::{CycleRow, Doing, Result, Store};
use crate::domain::time::DAY;
use crate::domain::{Cause, IntentId, Kind, Outcome, ReleaseId, Timestamp};
use rayon::prelude::*;
use rusqlite::{Row, params};
use std::collections::BTreeMap;

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
const FAILING: usize = 30;
/// The setting that holds day one's first moment.
const DAY_ONE: &str = "day_one";

/// The columns that these figures are computed from.
const READ: Set = Set::of(&[Column::LastAt, Column::State, Column::Csat, Column::Matter]);

/// Real traffic with the AI in a range of moments.
fn traffic(from: i64, to: i64) -> Wanted {
    let mut wanted = Wanted::default();
    wanted.and(Test::Active(from..to), false);
    wanted.and(Test::codes(Field::TRAFFIC, [1]), false);
    wanted.and(Test::codes(Field::HAS_AI, [1]), false);
    wanted
}

/// Of that, what has ended in a known way.
fn finished(from: i64, to: i64) -> Wanted {
    let mut wanted = traffic(from, to);
    wanted.and(Test::codes(Field::OUTCOME, [1, 2, 3, 4]), false);
    wanted
}

/// Resolved and all conversations by week, and which week was seen last.
#[derive(Default)]
struct Weeks {
    counts: Vec<(u64, u64)>,
    now: usize,
    lasts: std::ops::Range<i64>,
}

impl Weeks {
    fn and(self, other: Self) -> Self {
        let (mut most, least) = if self.counts.len() >= other.counts.len() { (self, other) } else { (other, self) };
        for (one, more) in most.counts.iter_mut().zip(least.counts) {
            *one = (one.0 + more.0, one.1 + more.1);
        }
        most
    }
}

/// Counts of two parts together.
fn joined<K: Ord, const N: usize>(mut one: BTreeMap<K, [u64; N]>, other: BTreeMap<K, [u64; N]>) -> BTreeMap<K, [u64; N]>
where
    [u64; N]: Default,
{
    for (key, counts) in other {
        one.entry(key).or_default().iter_mut().zip(counts).for_each(|(count, more)| *count += more);
    }
    one
}

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
    pub(super) fn newest_activity(&self) -> Result<Option<i64>> {
        let columns = self.columns(Set::of(&[Column::LastAt]))?;
        let newest = columns.chunks().par_iter().map(|c| c.last_at.iter().fold(0, |most, &t| t.max(most))).max();
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
        let mut wanted = traffic(from, to);
        wanted.and(Test::codes(Field::OUTCOME, [1, 2, 3, 4, Outcome::Unknown.code()]), false);
        let look = |p: &mut Period, chunk: &Chunk, at: usize| {
            let outcome = Outcome::from_code(i64::from(Field::OUTCOME.of(chunk.state[at])));
            match outcome.unwrap_or(Outcome::Unknown) {
                Outcome::Resolved => p.resolved += 1,
                Outcome::Escalated => p.escalated += 1,
                Outcome::Failed => p.failed += 1,
                Outcome::Abandoned => p.abandoned += 1,
                Outcome::Pending | Outcome::Unknown => return p.unknown += 1,
            }
            p.rated += u64::from(!chunk.csat[at].is_nan());
            p.satisfied += u64::from(chunk.csat[at] >= 4.0);
        };
        Ok(Period { from, to, ..wanted.fold(&*self.columns(READ)?, look, Period::and) })
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
        let look = |days: &mut BTreeMap<i64, [u64; 1]>, chunk: &Chunk, at: usize| {
            days.entry(chunk.last_at[at] / DAY).or_default()[0] += 1;
        };
        let days = finished(1, i64::MAX).fold(&*self.columns(READ)?, look, joined);
        let held = |first: i64| -> u64 { days.range(first..first + 7).map(|d| d.1[0]).sum() };
        Ok(days.keys().find(|&&d| held(d) >= ENOUGH_FOR_DAY_ONE).map(|d| d * DAY))
    }

    fn weeks(&self, newest: Option<i64>) -> Result<Vec<WeekPoint>> {
        let Some(newest) = newest else { return Ok(Vec::new()) };
        // 1970-01-01 was a Thursday.
        let week_of = |t: i64| (t / DAY + 3) / 7;
        let from = (newest - TREND_WEEKS * WEEK).max(1);
        let first = week_of(from);
        let count = (week_of(newest) - first + 1) as usize;
        let look = |seen: &mut Weeks, chunk: &Chunk, at: usize| {
            let t = chunk.last_at[at];
            // Logs go on week after week: dividing for each row would cost more than all the rest.
            if !seen.lasts.contains(&t) {
                let monday = (week_of(t) * 7 - 3) * DAY;
                (seen.now, seen.lasts) = ((week_of(t) - first) as usize, monday..monday + WEEK);
                seen.counts.resize(count, (0, 0));
            }
            // Something newer may have come since.
            let Some(week) = seen.counts.get_mut(seen.now) else { return };
            week.0 += u64::from(i64::from(Field::OUTCOME.of(chunk.state[at])) == Outcome::Resolved.code());
            week.1 += 1;
        };
        let weeks = finished(from, i64::MAX).fold(&*self.columns(READ)?, look, Weeks::and).counts;
        let monday = |i: usize| Timestamp(((first + i as i64) * 7 - 3) * DAY);
        let point = |(i, (resolved, n))| WeekPoint { monday: monday(i), resolved, n };
        Ok(weeks.into_iter().enumerate().filter(|(_, (_, n))| *n > 0).map(point).collect())
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
        let look = |by_row: &mut BTreeMap<u32, [u64; 5]>, chunk: &Chunk, at: usize| {
            let counts = by_row.entry(chunk.matter[at]).or_default();
            let state = chunk.state[at];
            let is = |o: Outcome| u64::from(i64::from(Field::OUTCOME.of(state)) == o.code());
            let labelled = u64::from(Field::MATTER_LABELLED.of(state));
            let add = [1, is(Outcome::Resolved), is(Outcome::Failed), is(Outcome::Escalated), labelled];
            counts.iter_mut().zip(add).for_each(|(count, add)| *count += add);
        };
        let by_row = finished(period.from, period.to).fold(&*self.columns(READ)?, look, joined);
        let names = self.intent_names()?;
        let mut by_name: BTreeMap<Option<String>, FailingIntent> = BTreeMap::new();
        for (row, [n, resolved, failed, escalated, labelled]) in by_row {
            let intent = (row > 0).then(|| names.name(names.today(IntentId(row.into()))));
            let empty =
                || FailingIntent { intent: intent.clone(), n: 0, resolved: 0, failed: 0, escalated: 0, labelled: 0 };
            let all = by_name.entry(intent.clone()).or_insert_with(empty);
            all.n += n;
            all.resolved += resolved;
            all.failed += failed;
            all.escalated += escalated;
            all.labelled += labelled;
        }
        let failures = |f: &FailingIntent| f.failed + f.escalated;
        let mut out: Vec<FailingIntent> = by_name.into_values().filter(|f| failures(f) > 0).collect();
        out.sort_by_key(|f| std::cmp::Reverse(failures(f)));
        out.truncate(FAILING);
        Ok(out)
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
