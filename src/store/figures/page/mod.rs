//! The business owner's page: the last seven days, the seven before and day one beside each other, the weeks, what fails most,
//! and what fine-tuning cannot repair (rules 4, 8, 9). Days and weeks are those of the store's zone.

use crate::domain::time::DAY;
use crate::domain::zone::shifted;
use crate::domain::{BeforeIs, Kind, Outcome, ReleaseId, Timestamp, Zone};
use crate::store::base::clock::ahead_of;
use crate::store::codes::RUNNING;
use crate::store::queue::columns::{Chunk, ColumnSet, PackedColumn, StateField, Test};
use crate::store::{DoingWhat, Result, Store};
use chrono::NaiveDate;
use rusqlite::params;

mod counted;
mod felt;
mod figures;
mod holds;
#[cfg(test)]
mod kept_tests;
mod repair;
mod sampled;
mod segmented;
#[cfg(test)]
mod tests;

use counted::{finished, traffic};
pub use felt::{SignalRate, SignalRates};
pub use figures::{
    Accuracies, DefinitionMark, InLanguage, MovedTo, OverviewPage, Period, PeriodBasis, Promotion, SegmentKind,
    SegmentLine, SegmentPage, StoreHoldings, WeekPoint,
};
pub use repair::{FailingIntent, RepairableFailures, ReviewedCauses};

/// A period of seven days.
const WEEK: i64 = 7 * DAY;
/// Day one is the first week that holds so many finished conversations (rule 8).
const ENOUGH_FOR_DAY_ONE: u64 = 200;
/// The trend goes back so many weeks.
const TREND_WEEKS: i64 = 60;
/// The setting that holds day one's first day.
const DAY_ONE: &str = "day_one";

/// A day as the setting holds it. Versions before zones kept its first moment, in UTC.
fn date_of(kept: &str) -> Option<NaiveDate> {
    let moment = || kept.parse().ok().map(|ms| Zone::default().day(Timestamp(ms)));
    kept.parse().ok().or_else(moment)
}

/// The earliest moment so far.
struct EarliestMoment(i64);

impl Default for EarliestMoment {
    fn default() -> Self {
        Self(i64::MAX)
    }
}

/// The columns that these figures are computed from.
const READ: ColumnSet = ColumnSet::of(&[PackedColumn::LastAt, PackedColumn::State, PackedColumn::Csat]);

/// Counts between edges of time, and between which of them one was seen last.
#[derive(Default)]
struct Bins {
    counts: Vec<[u64; 2]>,
    now: usize,
    lasts: std::ops::Range<i64>,
}

impl Bins {
    /// The counts that a moment belongs to; `None` outside all edges.
    fn at(&mut self, t: i64, edges: &[i64]) -> Option<&mut [u64; 2]> {
        // Logs go on day after day: searching for each row would cost more than all the rest.
        if !self.lasts.contains(&t) {
            let next = edges.partition_point(|&edge| edge <= t);
            let (from, to) = (*edges.get(next.checked_sub(1)?)?, *edges.get(next)?);
            (self.now, self.lasts) = (next - 1, from..to);
            self.counts.resize(edges.len() - 1, [0; 2]);
        }
        self.counts.get_mut(self.now)
    }

    fn and(self, other: Self) -> Self {
        let (mut most, least) = if self.counts.len() >= other.counts.len() { (self, other) } else { (other, self) };
        for (one, more) in most.counts.iter_mut().zip(least.counts) {
            *one = [one[0] + more[0], one[1] + more[1]];
        }
        most
    }
}

impl Store {
    /// The figures of the overview. Fixes day one when it is first seen whole.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(in crate::store::figures) fn read_page(&self, now: Timestamp) -> Result<OverviewPage> {
        let (zone, times) = (self.zone()?, self.times(now)?);
        let newest = times.newest();
        let (basis, this, last) = self.periods(zone, newest, now)?;
        let one_kind = self.read_one_kind_of_end()?;
        let told = |p: Period| p.of_one_kind(one_kind);
        let (this, last, day_one) = (told(this), last.map(told), self.day_one(zone, now)?.map(told));
        let (then, end) = if one_kind.is_none() { (day_one.as_ref(), newest) } else { (None, None) };
        let weeks = end.map_or(Ok(Vec::new()), |newest| self.weeks(zone, newest))?;
        Ok(OverviewPage {
            basis,
            accuracy: self.accuracies(Timestamp(this.from))?,
            languages: self.languages(then, &this)?,
            languages_unread: self.languages_unread()?,
            repair: self.repairable(zone, newest, now)?,
            holds: self.holds()?,
            all_traffic: self.rests_on(&this)?,
            this,
            last,
            day_one,
            begins_within: weeks.first().map_or(Ok(false), |first| self.begins_within(zone, first.monday))?,
            weeks,
            promotions: self.promotions()?,
            marks: self.definition_marks()?,
            ahead: times.ahead,
            zone,
        })
    }

    /// The last seven calendar days up to the newest finished conversation, and the seven before them (rule 8).
    fn periods(
        &self,
        zone: Zone,
        newest: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(PeriodBasis, Period, Option<Period>)> {
        let Some(newest) = newest else {
            return Ok((PeriodBasis::All, self.period(i64::MIN, ahead_of(now))?, None));
        };
        let basis = if newest.plus(WEEK) < now { PeriodBasis::OldWeek } else { PeriodBasis::Week };
        let [before, from, to] = [-13, -6, 1].map(|days| zone.days_after(newest, days).0);
        Ok((basis, self.period(from, to)?, Some(self.period(before, from)?)))
    }

    fn period(&self, from: i64, to: i64) -> Result<Period> {
        if let Some(period) = self.period_weighed(from, to)? {
            return Ok(period);
        }
        let basis = self.day_basis()?;
        let days = self.counted_days(&basis)?;
        if let Some(range) = days.day_range(&basis, from, to) {
            let [resolved, confirmed, escalated, failed, abandoned, unknown, rated, satisfied] = days.ends(&range);
            let ended = Period { resolved, confirmed, escalated, failed, abandoned, ..Period::default() };
            return Ok(Period { from, to, unknown, rated, satisfied, ..ended });
        }
        let mut wanted = traffic(from, to);
        wanted.and(Test::codes(StateField::OUTCOME, [1, 2, 3, 4, Outcome::Unknown.code()]), false);
        let look = |p: &mut Period, chunk: &Chunk, at: usize| {
            let outcome = Outcome::from_code(i64::from(StateField::OUTCOME.of(chunk.state[at])));
            match outcome.unwrap_or(Outcome::Unknown) {
                Outcome::Resolved => {
                    p.resolved += 1;
                    p.confirmed += u64::from(StateField::CONFIRMED.of(chunk.state[at]));
                }
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
    /// does not move it; not while an import runs. It is a date: in another zone the same days begin at another moment.
    fn day_one(&self, zone: Zone, now: Timestamp) -> Result<Option<Period>> {
        let week = |first: NaiveDate| self.period(zone.midnight(first).0, zone.midnight(shifted(first, 7)).0).map(Some);
        if let Some(first) = self.setting(DAY_ONE)?.as_deref().and_then(date_of) {
            return week(first);
        }
        let Some(first) = self.find_day_one(zone, now)? else { return Ok(None) };
        let importing: bool = self
            .conn
            .query_row(
                &format!("SELECT EXISTS(SELECT 1 FROM import WHERE state = '{RUNNING}' AND at > ?)"),
                [now.0 - DAY],
                |r| r.get(0),
            )
            .doing("looking for imports")?;
        if self.access != crate::store::Access::ReadOnly && !importing {
            self.conn
                .execute("INSERT OR IGNORE INTO setting(key, value) VALUES (?, ?)", params![DAY_ONE, first.to_string()])
                .doing("fixing day one")?;
        }
        week(first)
    }

    fn find_day_one(&self, zone: Zone, now: Timestamp) -> Result<Option<NaiveDate>> {
        let basis = self.day_basis()?;
        let counts = self.counted_days(&basis)?;
        if let Some(range) = counts.day_range(&basis, i64::MIN, ahead_of(now)) {
            let days = counts.finished(&range);
            let held = |first: i32| days.range(first..first.saturating_add(7)).map(|(_, n)| n).sum::<u64>();
            let first = days.keys().find(|&&day| held(day) >= ENOUGH_FOR_DAY_ONE);
            return Ok(first.and_then(|&day| NaiveDate::from_num_days_from_ce_opt(day)));
        }
        let columns = self.columns(READ)?;
        let wanted = finished(1, ahead_of(now));
        let earliest = |least: &mut EarliestMoment, chunk: &Chunk, at: usize| least.0 = least.0.min(chunk.last_at[at]);
        let EarliestMoment(first) =
            wanted.fold(&columns, earliest, |a: EarliestMoment, b| EarliestMoment(a.0.min(b.0)));
        if first == i64::MAX {
            return Ok(None);
        }
        let edges = zone.days(Timestamp(first), now.plus(DAY));
        let look = |days: &mut Bins, chunk: &Chunk, at: usize| {
            if let Some(day) = days.at(chunk.last_at[at], &edges) {
                day[0] += 1;
            }
        };
        let days = wanted.fold(&columns, look, Bins::and).counts;
        let held = |first: usize| days[first..days.len().min(first + 7)].iter().map(|d| d[0]).sum::<u64>();
        let found = (0..days.len()).find(|&d| days[d][0] > 0 && held(d) >= ENOUGH_FOR_DAY_ONE);
        Ok(found.map(|d| zone.day(Timestamp(edges[d]))))
    }

    fn weeks(&self, zone: Zone, newest: Timestamp) -> Result<Vec<WeekPoint>> {
        let edges = zone.weeks(Timestamp((newest.0 - TREND_WEEKS * WEEK).max(1)), newest);
        let (Some(first), Some(end)) = (edges.first(), edges.last()) else { return Ok(Vec::new()) };
        if let Some(weeks) = self.weeks_weighed(zone, *first, *end)? {
            return Ok(weeks);
        }
        let basis = self.day_basis()?;
        let days = self.counted_days(&basis)?;
        let point = |week: &[i64]| {
            // Weeks begin where days do.
            let range = days.day_range(&basis, week[0], week[1])?;
            let [resolved, _, escalated, failed, abandoned, ..] = days.ends(&range);
            let n = resolved + escalated + failed + abandoned;
            (n > 0).then_some(WeekPoint { monday: Timestamp(week[0]), resolved, n })
        };
        Ok(edges.windows(2).filter_map(point).collect())
    }

    /// Whether nothing ended on a week's Monday, or in the week before.
    fn begins_within(&self, zone: Zone, monday: Timestamp) -> Result<bool> {
        let [from, to] = [-7, 1].map(|days| zone.days_after(monday, days).0);
        Ok(self.period(from, to)?.n() == 0)
    }

    fn promotions(&self) -> Result<Vec<Promotion>> {
        Ok(self.answering_history()?.into_iter().map(|(at, release)| Promotion { at, release }).collect())
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
                &format!(
                    "SELECT 1 FROM (SELECT report FROM comparison WHERE gold_version IS NOT NULL ORDER BY id LIMIT 1)
                 WHERE json_extract(report, '$.before_is') = '{}'",
                    BeforeIs::Log.name()
                ),
                &[],
            )?
            .is_empty();
        let day_one = if from_log { self.sealed_accuracy_of_log()? } else { of(first.first().map(|&i| ReleaseId(i)))? };
        Ok(Accuracies { live: of(self.live()?)?, before: of(self.live_at(from)?)?, day_one })
    }
}
