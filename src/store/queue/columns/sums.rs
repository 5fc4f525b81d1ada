//! What a chunk comes to: kept beside its columns until one of its rows changes, so that nothing about the whole store needs a pass
//! over all rows, and a stretch of time looks at the chunks that reach into it alone.

use crate::domain::{Cause, Outcome};

/// What is counted of a row.
pub(super) struct Summed {
    pub ai: bool,
    pub real: bool,
    pub counted: bool,
    pub outcome: i64,
    pub cause: i64,
    pub at: i64,
}

/// Counts over the rows of a chunk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::store) struct Sums {
    /// Rows that exist.
    pub there: u64,
    /// Without an answer of the AI.
    pub without_ai: u64,
    /// Real traffic with the AI whose end nobody knows.
    pub unknown: u64,
    /// Real traffic with the AI that still goes on.
    pub pending: u64,
    /// Of N (rule 4).
    pub counted: u64,
    /// Without a time.
    pub timeless: u64,
    /// Rightly handed to a person.
    pub right_handovers: u64,
    /// The earliest time; `i64::MAX` without one.
    pub first: i64,
    /// The latest time; 0 without one.
    pub last: i64,
    /// The latest time of one of N; 0 without one.
    pub last_counted: i64,
}

impl Sums {
    /// Counts rows.
    pub(super) fn over(rows: impl Iterator<Item = Summed>) -> Self {
        let mut sums = Self { first: i64::MAX, ..Self::default() };
        for row in rows {
            let is = |o: Outcome| row.outcome == o.code();
            sums.there += 1;
            sums.without_ai += u64::from(!row.ai);
            sums.unknown += u64::from(row.ai && row.real && is(Outcome::Unknown));
            sums.pending += u64::from(row.ai && row.real && is(Outcome::Pending));
            sums.counted += u64::from(row.counted);
            sums.timeless += u64::from(row.at == 0);
            sums.right_handovers += u64::from(row.cause == Cause::RightHandover.code());
            if row.at != 0 {
                sums.first = sums.first.min(row.at);
                sums.last = sums.last.max(row.at);
            }
            if row.counted {
                sums.last_counted = sums.last_counted.max(row.at);
            }
        }
        sums
    }

    /// How many numbers they are.
    pub(super) const NUMBERS: usize = 10;

    /// All of them, as they are written.
    pub(super) const fn numbers(&self) -> [u64; Self::NUMBERS] {
        let counts = [self.there, self.without_ai, self.unknown, self.pending, self.counted, self.timeless];
        let [there, without_ai, unknown, pending, counted, timeless] = counts;
        let times = [self.first as u64, self.last as u64, self.last_counted as u64];
        let [first, last, last_counted] = times;
        [there, without_ai, unknown, pending, counted, timeless, self.right_handovers, first, last, last_counted]
    }

    /// Those that were written; `None` where there are more or fewer.
    pub(super) fn of(numbers: &[u64]) -> Option<Self> {
        let numbers: [u64; Self::NUMBERS] = numbers.try_into().ok()?;
        let [there, without_ai, unknown, pending, counted, timeless, right_handovers, first, last, last_counted] =
            numbers;
        let [first, last, last_counted] = [first, last, last_counted].map(|t| t as i64);
        let times = Self { first, last, last_counted, ..Self::default() };
        Some(Self { there, without_ai, unknown, pending, counted, timeless, right_handovers, ..times })
    }

    /// Whether a row of the chunk can lie in a stretch of time; 0 is no time.
    pub fn reaches(&self, from: i64, to: i64) -> bool {
        (self.first < to && self.last >= from) || (self.timeless > 0 && from <= 0 && to > 0)
    }
}
