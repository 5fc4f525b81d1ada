//! The store's time zone, what lies ahead of now, the day that "the last seven days" end with (rules 8, 9), and clocks that
//! were set back.

use crate::domain::{DecisionChange, DecisionTarget, Kind, QueryMoment, StepId, Timestamp, Zone};
use crate::store::SetBack;
use crate::store::base::clock::ahead_of;
use crate::store::queue::columns::{Chunk, ColumnSet, PackedColumn, StateField};
use crate::store::{DoingWhat, Result, Store, StoreError};
use rayon::prelude::*;
use rusqlite::OptionalExtension;

/// A clock that is behind by less is not worth a word.
const WORTH_A_WORD: i64 = 60_000;

/// What the times of conversations say about now.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::store) struct TimeSpanFacts {
    /// The newest finished one that does not lie ahead; 0 for none.
    finished: i64,
    /// The newest of all that do not; 0 for none.
    all: i64,
    /// How many lie ahead.
    pub ahead: u64,
}

impl TimeSpanFacts {
    /// The newest finished conversation's last activity, else that of the newest of all. `None` where there is no time.
    pub fn newest(self) -> Option<Timestamp> {
        [self.finished, self.all].into_iter().find(|&t| t > 0).map(Timestamp)
    }

    fn and(self, other: Self) -> Self {
        let (finished, all) = (self.finished.max(other.finished), self.all.max(other.all));
        Self { finished, all, ahead: self.ahead + other.ahead }
    }
}

impl Store {
    /// The zone that days, weeks and months are counted in.
    ///
    /// # Errors
    /// The store cannot be read; it names a zone that this version does not know.
    pub fn zone(&self) -> Result<Zone> {
        match self.current_value(Kind::Zone, DecisionTarget { subject: 0, turn: None })? {
            None => Ok(Zone::default()),
            Some((name, ..)) => name.parse().map_err(|_| {
                StoreError::refused(format!(
                    "this version knows no time zone called `{name}`, which the store names; `appraise zone NAME` sets another"
                ))
            }),
        }
    }

    /// Counts days, weeks and months in another zone from now on.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn set_zone(&mut self, reviewer: &str, now: Timestamp, zone: Zone) -> Result<StepId> {
        self.decide(reviewer, now, &[DecisionChange::zone(zone)])
    }

    /// The newest finished conversation's last activity, else that of the newest of all; what lies ahead of now is none.
    /// `None` where there is no time at all.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn newest(&self, now: Timestamp) -> Result<Option<Timestamp>> {
        self.times(now).map(TimeSpanFacts::newest)
    }

    /// The earliest last activity; `None` where there is no time at all.
    pub(in crate::store) fn oldest(&self) -> Result<Option<Timestamp>> {
        let columns = self.columns(ColumnSet::of(&[PackedColumn::LastAt]))?;
        let times = columns.chunks().par_iter().flat_map_iter(|chunk| chunk.last_at.iter().copied());
        Ok(times.filter(|&t| t > 0).min().map(Timestamp))
    }

    pub(in crate::store) fn times(&self, now: Timestamp) -> Result<TimeSpanFacts> {
        let limit = ahead_of(now);
        let mut columns = self.summed()?;
        if columns.chunks().iter().any(|c| c.sums().is_none_or(|sums| sums.last >= limit)) {
            drop(columns);
            columns = self.columns(ColumnSet::of(&[PackedColumn::LastAt, PackedColumn::State]))?;
        }
        let of = |chunk: &Chunk| {
            // Where nothing lies ahead the kept sums say it all.
            if let Some(sums) = chunk.sums().filter(|sums| sums.last < limit) {
                return TimeSpanFacts { finished: sums.last_counted, all: sums.last, ahead: 0 };
            }
            let mut times = TimeSpanFacts::default();
            for (&t, &state) in chunk.last_at.iter().zip(&chunk.state) {
                if t >= limit {
                    times.ahead += 1;
                    continue;
                }
                times.all = times.all.max(t);
                if t > times.finished && StateField::is_counted(state) {
                    times.finished = t;
                }
            }
            times
        };
        Ok(columns.chunks().par_iter().map(of).reduce(TimeSpanFacts::default, TimeSpanFacts::and))
    }

    /// The moment that is meant. `7d` are the last seven calendar days up to the newest finished conversation, in the store's
    /// zone, as on the Overview (rule 8).
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn when(&self, when: QueryMoment, now: Timestamp) -> Result<Timestamp> {
        self.when_in(self.zone()?, when, now)
    }

    /// The same in another zone.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn when_in(&self, zone: Zone, when: QueryMoment, now: Timestamp) -> Result<Timestamp> {
        let last = match when {
            QueryMoment::Days(_) => self.newest(now)?.unwrap_or(now),
            _ => now,
        };
        Ok(when.moment(last, now, zone))
    }

    /// Tells of clocks that are set back through somebody else's hand.
    #[must_use]
    pub fn with_set_back(mut self, told: SetBack) -> Self {
        self.set_back = told;
        self
    }

    /// The time to write for now: never earlier than the newest decision, since the log would contradict itself.
    pub(in crate::store) fn dated(&self, now: Timestamp) -> Result<Timestamp> {
        let newest = |sql: &str| -> Result<Option<i64>> {
            let found = self.conn.prepare_cached(sql).and_then(|mut s| s.query_row([], |r| r.get(0)).optional());
            found.doing("looking for the newest decision")
        };
        let decided = newest("SELECT at FROM decision ORDER BY id DESC LIMIT 1")?;
        let cycle = newest("SELECT coalesce(closed_at, opened_at) FROM cycle ORDER BY id DESC LIMIT 1")?;
        let least = decided.max(cycle).unwrap_or(i64::MIN);
        if least.saturating_sub(now.0) > WORTH_A_WORD {
            self.set_back.note(Timestamp(least));
        }
        Ok(Timestamp(now.0.max(least)))
    }
}
