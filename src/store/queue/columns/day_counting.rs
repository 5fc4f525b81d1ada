//! Counts the conversations of a chunk by day.

use super::chunk::{Chunk, ColumnSet, PackedColumn, StateField};
use super::days::{ChunkDays, Counted, DayBasis, NO_DAY};
use crate::domain::{Cause, Outcome, Timestamp, Zone};
use chrono::{Datelike, NaiveDate};
use std::ops::Range;

/// The columns that are counted here.
pub(super) const COUNTED: ColumnSet = ColumnSet::of(&[
    PackedColumn::LastAt,
    PackedColumn::State,
    PackedColumn::Csat,
    PackedColumn::Matter,
    PackedColumn::Language,
    PackedColumn::Intent,
]);

/// Finds the day of one moment after the other.
struct DayFinder {
    zone: Zone,
    now: i32,
    lasts: Range<i64>,
}

impl DayFinder {
    const fn new(zone: Zone) -> Self {
        Self { zone, now: NO_DAY, lasts: 0..0 }
    }

    fn of(&mut self, at: i64) -> i32 {
        if at <= 0 {
            return NO_DAY;
        }
        // Logs go on day after day: a calendar for each row would cost more than all the rest.
        if !self.lasts.contains(&at) {
            let date = self.zone.day(Timestamp(at));
            let next = |date: NaiveDate| date.succ_opt().unwrap_or(date);
            // Where clocks are set back over midnight the day has begun already, although they show the day before.
            let begun = self.zone.midnight(next(date)).0 <= at;
            let date = if begun { next(date) } else { date };
            self.now = date.num_days_from_ce();
            self.lasts = self.zone.midnight(date).0..self.zone.midnight(next(date)).0;
        }
        self.now
    }
}

/// Counts equal keys with what they add.
fn counted<K: Ord + Copy, const N: usize>(mut keys: Vec<(K, [bool; N])>) -> Counted<K, N> {
    keys.sort_unstable();
    let mut out: Counted<K, N> = Vec::new();
    for (key, adds) in keys {
        if out.last().is_none_or(|(last, _)| *last != key) {
            out.push((key, [0; N]));
        }
        if let Some((_, counts)) = out.last_mut() {
            counts.iter_mut().zip(adds).for_each(|(count, add)| *count += u32::from(add));
        }
    }
    out
}

impl ChunkDays {
    /// Counts a chunk whose columns are in memory. `patterns`: places of rows with the pattern that holds them.
    pub(super) fn over(chunk: &Chunk, basis: &DayBasis, patterns: &[(u32, u32)]) -> Self {
        let mut finder = DayFinder::new(basis.zone);
        let (mut ends, mut matters, mut languages) = (Vec::new(), Vec::new(), Vec::new());
        let (mut in_patterns, mut causes, mut intents) = (Vec::new(), Vec::new(), Vec::new());
        let mut holds = patterns.iter().peekable();
        for (at, (&state, &last_at)) in chunk.state.iter().zip(&chunk.last_at).enumerate() {
            let pattern = holds.next_if(|(row, _)| *row as usize == at).map(|(_, pattern)| *pattern);
            if StateField::THERE.of(state) == 0 {
                continue;
            }
            let day = finder.of(last_at);
            let outcome = i64::from(StateField::OUTCOME.of(state));
            let is = |o: Outcome| outcome == o.code();
            let (resolved, failed, escalated) = (is(Outcome::Resolved), is(Outcome::Failed), is(Outcome::Escalated));
            let cause = StateField::CAUSE.of(state);
            let counts = StateField::is_counted(state);
            let right = Cause::from_code(cause.into()).is_some_and(|c| !c.is_failure());
            if let Some(pattern) = pattern {
                if counts && !right && (failed || escalated) {
                    in_patterns.push(((day, pattern), [true]));
                }
                if cause > 0 {
                    causes.push(((pattern, cause), [true]));
                }
                if chunk.intent[at] > 0 {
                    intents.push(((pattern, chunk.intent[at]), [true]));
                }
            }
            let unknown =
                is(Outcome::Unknown) && StateField::TRAFFIC.of(state) == 1 && StateField::HAS_AI.of(state) == 1;
            if !counts && !unknown {
                continue;
            }
            let csat = chunk.csat[at];
            let confirmed = resolved && StateField::CONFIRMED.of(state) == 1;
            let rated = counts && !csat.is_nan();
            let abandoned = is(Outcome::Abandoned);
            ends.push((day, [resolved, confirmed, escalated, failed, abandoned, unknown, rated, rated && csat >= 4.0]));
            if counts {
                let key = (day, chunk.matter[at], cause);
                matters.push((key, [true, resolved, failed && !right, escalated && !right]));
                languages.push(((day, chunk.language[at]), [resolved, true]));
            }
        }
        Self {
            basis: basis.clone(),
            ends: counted(ends),
            matters: counted(matters),
            languages: counted(languages),
            patterns: counted(in_patterns),
            pattern_causes: counted(causes),
            pattern_intents: counted(intents),
        }
    }
}
