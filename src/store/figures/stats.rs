//! Rates over the conversations, each with numerator, denominator and interval (rule 4, product definitions).

use super::counts::total_of;
use super::segments::{ExcludedCounts, Segment, SegmentBy};
use super::span::{Span, ahead_of_utc};
use super::tally::{CountedGroups, OF_ENDS};
use super::weighing::Weighing;
use crate::domain::time::{DAY, HOUR};
use crate::domain::{OneKindOfEnd, QueryMoment, Rate, ReleaseId, Review, StayedPoint, Timestamp, Zone, stayed};
use crate::store::base::clock::ahead_of;
use crate::store::codes::{ABANDONED, LABEL, RESOLVED};
use crate::store::patterns::topics::TOPIC_OF;
use crate::store::{DoingWhat, Result, Store};
use rusqlite::params;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A customer who comes back on the same matter within this time has not been helped (rule 7).
pub(in crate::store) const RETURN_WITHIN: i64 = 168 * HOUR;

/// Accuracy of a release that went live, on the sealed half of today's gold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AccuracyPoint {
    /// Which release.
    pub release: ReleaseId,
    /// The ISO week in which it first went live.
    pub week: String,
    /// Accuracy on the sealed half.
    pub accuracy: f64,
    /// Gold turns.
    pub n: u64,
}

/// The whole answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StoreStats {
    /// Everything together.
    pub all: Segment,
    /// What does not count.
    pub excluded: ExcludedCounts,
    /// What cannot be said, and why.
    pub needs: BTreeMap<&'static str, &'static str>,
    /// The only kind of end that is told: then nothing here is a rate of how conversations ended.
    pub one_kind: Option<OneKindOfEnd>,
    /// Accuracy by release, oldest first.
    pub accuracy: Vec<AccuracyPoint>,
    /// By week, or whatever was asked for.
    pub segments: Vec<Segment>,
    /// The zone of days, weeks and months.
    pub zone: Zone,
    /// The first moment that counts; `None`: everything does.
    pub since: Option<Timestamp>,
    /// All of it lies ahead of now, and is counted all the same.
    pub all_ahead: bool,
    /// Where not every conversation of the period is stored: what the figures rest on.
    pub all_traffic: Option<AllTraffic>,
}

/// What the figures rest on beside conversations that were all imported (rule 52).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AllTraffic {
    /// Weeks that were counted whole, with their source: `import --traffic`.
    pub weeks: Vec<CountedWeek>,
    /// Such weeks of which the period holds a part: their stored conversations are counted instead.
    pub cut: Vec<CountedWeek>,
    /// Stored conversations of the period that count: imported whole, drawn, or from a counted week.
    pub stored: u64,
    /// Of these, reviewed.
    pub reviewed: u64,
    /// Figures that are of the stored conversations all the same.
    pub of_the_sample: Vec<&'static str>,
}

/// A week of a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CountedWeek {
    /// The source.
    pub source: String,
    /// The ISO week.
    pub week: String,
}

/// Over how long staying helped is looked at.
const STAYED_OVER: QueryMoment = QueryMoment::Days(56);
/// Answers that are told one by one: an AI that words each of its answers anew says as many as there are conversations.
const MOST_ANSWERS: usize = 1_000;
/// Days up to which it is told.
const STAYED_FOR: [u32; 3] = [7, 14, 30];

/// Conversations that are somebody's, in a stretch of time (`?1` to `?2`), with how long after each the same customer came with the same
/// matter again (rule 7).
static NEXT_OF: LazyLock<String> = LazyLock::new(|| {
    let topic = &*TOPIC_OF;
    format!(
        "WITH matter AS (
            SELECT customer, (SELECT coalesce(i.stands, i.id) FROM intent i WHERE i.id = coalesce((SELECT CAST(value AS INTEGER)
                FROM current l WHERE l.subject = c.id AND l.kind = {LABEL} AND l.turn = c.first_turn), c.first_intent, {topic})) AS intent,
                coalesce(started_at, last_at) AS begun, last_at, outcome
            FROM conversation c WHERE customer IS NOT NULL AND traffic = 1 AND has_ai = 1 AND last_at >= ?1 AND last_at > 0
                AND last_at < ?2),
        next AS (SELECT outcome, last_at, intent,
            lead(begun) OVER (PARTITION BY customer, intent ORDER BY begun) - last_at AS gap FROM matter) "
    )
});

/// Who was helped for good.
#[derive(Clone, Debug, PartialEq)]
pub struct DurableFigures {
    /// Resolutions that held for seven days, of those that are as old.
    pub held: Rate,
    /// How many of eight weeks stayed helped up to some days (Kaplan and Meier).
    pub stayed: Vec<StayedPoint>,
}

impl Store {
    /// The figures since a moment, in segments, in a zone (the store's where none is given).
    ///
    /// # Errors
    /// The store cannot be read.
    pub(in crate::store::figures) fn read_stats(
        &self,
        since: Option<QueryMoment>,
        by: SegmentBy,
        zone: Option<Zone>,
        now: Timestamp,
    ) -> Result<StoreStats> {
        let zone = zone.map_or_else(|| self.zone(), Ok)?;
        let from = since.map(|when| self.when_in(zone, when, now)).transpose()?;
        let all_ahead = from.is_none() && self.newest(now)?.is_none();
        // Where nothing is older than now it is the clock that is doubtful, not the log: all of it is told, as all of it.
        let to = if all_ahead { self.latest_time()?.saturating_add(1).max(ahead_of(now)) } else { ahead_of(now) };
        let since = Span { from: from.map_or(i64::MIN, |t| t.0), to };
        let ahead = ahead_of_utc(zone, to);
        let weighing = self.weighing(since)?;
        let apart = by.knows_whole_counts(zone == self.zone()?);
        let mut segments =
            self.segments(since, by, &ahead, &if apart { weighing.clone() } else { weighing.of_rows() })?;
        let mut total = match apart || weighing.is_plain() {
            true => total_of(&segments),
            false => total_of(&self.segments(since, SegmentBy::Channel, &ahead, &weighing)?),
        };
        // What is known of a counted week beside its finished conversations is in none of the segments that were kept.
        for counted in self.counted_weeks(&weighing, SegmentBy::Cause)?.values() {
            total.whole.add_rest(&counted.whole);
        }
        if matches!(by, SegmentBy::Week | SegmentBy::Month) {
            // Conversations without times belong to no week.
            segments.retain(|(name, _)| name.is_some());
        }
        if by == SegmentBy::Response {
            fold_rest(&mut segments, MOST_ANSWERS);
        }
        let excluded = self.excluded(since, &weighing, &mut total)?;
        self.count_turns(since, &weighing, &mut total)?;
        let mut all = total.total();
        let mut segments: Vec<Segment> =
            segments.into_iter().map(|(name, t)| t.segment(name.unwrap_or_else(|| "none".to_owned()))).collect();
        let mut needs = BTreeMap::new();
        let one_kind = self.read_one_kind_of_end()?;
        if let Some(kind) = one_kind {
            needs.extend(OF_ENDS.map(|rate| (rate, kind.needs())));
            for segment in segments.iter_mut().chain([&mut all]) {
                segment.rates.retain(|name, _| !OF_ENDS.contains(name));
            }
        }
        match self.returns(since, now)? {
            Some((durable, reopened)) => {
                all.rates.insert("durable_resolution", durable);
                all.rates.insert("reopen", reopened);
            }
            None => {
                needs.insert("durable_resolution", "needs customer ids");
                needs.insert("reopen", "needs customer ids");
            }
        }
        Ok(StoreStats {
            all,
            excluded,
            needs,
            one_kind,
            accuracy: self.accuracy_points(zone)?,
            segments,
            zone,
            since: from,
            all_ahead: all_ahead && to > ahead_of(now),
            all_traffic: self.all_traffic(since, &weighing, by, apart)?,
        })
    }

    /// The latest time of all, 0 without one.
    fn latest_time(&self) -> Result<i64> {
        Ok(self.ids("SELECT coalesce(max(last_at), 0) FROM conversation", &[])?.first().copied().unwrap_or(0))
    }

    /// What the figures rest on; `None` where each stored conversation stands for itself and there are no others.
    pub(in crate::store::figures) fn all_traffic(
        &self,
        within: Span,
        weighing: &Weighing,
        by: SegmentBy,
        apart: bool,
    ) -> Result<Option<AllTraffic>> {
        if weighing.is_plain() {
            return Ok(None);
        }
        let sql = format!(
            "SELECT count(*), coalesce(sum(c.review = {}), 0){} FROM conversation c{} WHERE c.traffic = 1 AND c.has_ai = 1
                AND c.outcome BETWEEN {RESOLVED} AND {ABANDONED} AND c.last_at >= ? AND c.last_at < ?",
            Review::Done.code(),
            if weighing.sampled { ", count(w.conversation)" } else { ", 0" },
            weighing.join(),
        );
        let (stored, reviewed, drawn): (u64, u64, u64) = self
            .conn
            .prepare_cached(&sql)
            .and_then(|mut s| s.query_row([within.from, within.to], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))))
            .doing("counting what is reviewed")?;
        if weighing.weeks.is_empty() && drawn == 0 {
            return Ok(None);
        }
        let named = |weeks: &std::collections::BTreeSet<(String, String)>| {
            let week = |(source, week): &(String, String)| CountedWeek { source: source.clone(), week: week.clone() };
            weeks.iter().map(week).collect()
        };
        let mut of_the_sample = vec!["durable_resolution", "reopen"];
        if !apart && !weighing.weeks.is_empty() {
            of_the_sample.push(by.plural());
        }
        Ok(Some(AllTraffic {
            weeks: named(&weighing.weeks),
            cut: named(&weighing.cut),
            stored,
            reviewed,
            of_the_sample,
        }))
    }

    /// Durable resolutions since a moment.
    pub(in crate::store::figures) fn read_durable(
        &self,
        since: QueryMoment,
        now: Timestamp,
    ) -> Result<Option<DurableFigures>> {
        let within = Span { from: self.when(since, now)?.0, to: ahead_of(now) };
        let Some((held, _)) = self.returns(within, now)? else { return Ok(None) };
        let from = self.when(STAYED_OVER, now)?.0;
        Ok(Some(DurableFigures { held, stayed: self.read_stayed(Span { from, ..within }, now)? }))
    }

    /// How many of those who were helped stayed so, young ones counted for as long as they have been seen.
    fn read_stayed(&self, within: Span, now: Timestamp) -> Result<Vec<StayedPoint>> {
        let sql = format!(
            "{}SELECT max(coalesce(gap, ?3 - last_at), 0), gap IS NOT NULL FROM next WHERE intent IS NOT NULL AND outcome = {RESOLVED}",
            *NEXT_OF
        );
        let mut seen: Vec<(f64, bool)> = self
            .conn
            .prepare_cached(&sql)
            .and_then(|mut s| {
                s.query_map(params![within.from, within.to, now.0], |r| {
                    Ok((r.get::<_, i64>(0)? as f64 / DAY as f64, r.get(1)?))
                })
                .and_then(Iterator::collect)
            })
            .doing("looking for returns")?;
        Ok(stayed(&mut seen, &STAYED_FOR))
    }

    /// Customers' turns since a moment that the AI did not understand, of all their turns; `None`: there is none.
    pub(in crate::store::figures) fn read_fallback(&self, since: QueryMoment, now: Timestamp) -> Result<Option<Rate>> {
        let within = Span { from: self.when(since, now)?.0, to: ahead_of(now) };
        let mut total = CountedGroups::default();
        self.count_turns(within, &self.weighing(within)?, &mut total)?;
        Ok(total.total().rates.get("fallback").copied().filter(|rate| rate.den > 0))
    }

    /// Durable resolutions of those old enough to tell, and resolved conversations followed by a return. `None` without
    /// customer ids.
    fn returns(&self, within: Span, now: Timestamp) -> Result<Option<(Rate, Rate)>> {
        let sql = format!(
            "{}SELECT count(*), coalesce(sum(outcome = {RESOLVED}), 0), coalesce(sum(outcome = {RESOLVED} AND gap <= ?3), 0),
                coalesce(sum(outcome = {RESOLVED} AND last_at <= ?4), 0), coalesce(sum(outcome = {RESOLVED} AND last_at <= ?4 AND gap <= ?3), 0)
            FROM next WHERE intent IS NOT NULL",
            *NEXT_OF
        );
        let counts: [u64; 5] = self
            .conn
            .prepare_cached(&sql)
            .and_then(|mut s| {
                s.query_row(params![within.from, within.to, RETURN_WITHIN, now.plus(-7 * DAY).0], |r| {
                    Ok([r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?])
                })
            })
            .doing("looking for returns")?;
        let [any, resolved, reopened, old, old_reopened] = counts;
        Ok((any > 0).then(|| (Rate::new(old - old_reopened, old), Rate::new(reopened, resolved))))
    }
}

/// Makes one segment of all beyond the first `most`, so that together they still are all.
fn fold_rest(segments: &mut Vec<(Option<String>, CountedGroups)>, most: usize) {
    let rest = segments.split_off(most.min(segments.len()));
    if !rest.is_empty() {
        let mut others = CountedGroups::default();
        rest.iter().for_each(|(_, counted)| others.add(counted));
        segments.push((Some(format!("({} other answers)", rest.len())), others));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_seldom_is_told_together() {
        let counted = |n: u64| {
            let mut counted = CountedGroups::default();
            counted.whole.rated = n as f64;
            counted
        };
        let of = || (1..=5).rev().map(|n| (Some(n.to_string()), counted(n))).collect::<Vec<_>>();
        let mut few = of();
        fold_rest(&mut few, 5);
        assert_eq!(few.len(), 5);
        let mut many = of();
        fold_rest(&mut many, 2);
        let told: Vec<(&str, f64)> = many.iter().map(|(name, c)| (name.as_deref().unwrap(), c.whole.rated)).collect();
        assert_eq!(told, [("5", 5.0), ("4", 4.0), ("(3 other answers)", 6.0)]);
    }
}
