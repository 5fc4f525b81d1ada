//! The overview's figures where not every conversation is stored (rule 52): weeks that were counted whole, and conversations that
//! stand for more of their kind.

use super::{Period, WeekPoint};
use crate::domain::{IsoWeek, Timestamp, Zone};
use crate::store::figures::counts::total_of;
use crate::store::figures::span::{Span, ahead_of_utc};
use crate::store::figures::tally::CountedGroups;
use crate::store::figures::weighing::Weighing;
use crate::store::{AllTraffic, Result, SegmentBy, Store};

impl Store {
    /// How the rows of a period are weighed; `None` where each stands for itself.
    pub(super) fn weighed(&self, period: &Period) -> Result<Option<Weighing>> {
        let weighing = self.weighing(Span { from: period.from, to: period.to })?;
        Ok((!weighing.is_plain()).then_some(weighing))
    }

    /// What a period rests on beside conversations that were all imported.
    pub(super) fn rests_on(&self, period: &Period) -> Result<Option<AllTraffic>> {
        let span = Span { from: period.from, to: period.to };
        self.weighed(period)?.map_or(Ok(None), |weighing| self.all_traffic(span, &weighing, SegmentBy::Week, true))
    }

    pub(super) fn period_weighed(&self, from: i64, to: i64) -> Result<Option<Period>> {
        let (span, mut period) = (Span { from, to }, Period { from, to, ..Period::default() });
        let Some(weighing) = self.weighed(&period)? else { return Ok(None) };
        let mut total = total_of(&self.segments(span, SegmentBy::Channel, "0", &weighing)?);
        for counted in self.counted_weeks(&weighing, SegmentBy::Cause)?.values() {
            total.whole.add_rest(&counted.whole);
        }
        period.unknown = self.excluded(span, &weighing, &mut total)?.unknown;
        [period.resolved, period.escalated, period.failed, period.abandoned] = outcomes(&total);
        period.confirmed = total.sum(|t| t.confirmed);
        (period.rated, period.satisfied) = (total.sum(|t| t.rated), total.sum(|t| t.satisfied));
        period.worth = total.worth();
        Ok(Some(period))
    }

    pub(super) fn weeks_weighed(&self, zone: Zone, from: i64, to: i64) -> Result<Option<Vec<WeekPoint>>> {
        let span = Span { from: from.max(1), to };
        let weighing = self.weighing(Span { from, to })?;
        if weighing.is_plain() {
            return Ok(None);
        }
        let point = |(week, counted): (Option<String>, CountedGroups)| {
            let monday = week?.parse::<IsoWeek>().ok()?.span(zone).0;
            let [resolved, escalated, failed, abandoned] = outcomes(&counted);
            Some(WeekPoint { monday, resolved, n: resolved + escalated + failed + abandoned })
        };
        let mut weeks: Vec<WeekPoint> = self
            .segments(span, SegmentBy::Week, &ahead_of_utc(zone, to), &weighing)?
            .into_iter()
            .filter_map(point)
            .collect();
        weeks.sort_by_key(|w: &WeekPoint| Timestamp(w.monday.0));
        Ok(Some(weeks))
    }
}

fn outcomes(counted: &CountedGroups) -> [u64; 4] {
    [0, 1, 2, 3].map(|i| counted.sum(|t| t.outcomes[i]))
}
