//! What a query asks of the packed columns, and which rows have it.

use super::chunk::{Chunk, ColumnSet, PackedColumn, ROWS, StateField};
use super::packed::PackedColumns;
use crate::domain::Cmp;
use crate::domain::time::{DAY, HOUR};
use crate::store::base::bounds::RowNumber;
use rayon::prelude::*;
use std::sync::Arc;

/// Words of 64 rows in a chunk.
const WORDS: usize = ROWS / 64;

/// A set of row numbers.
#[derive(Clone, Debug, Default)]
pub(in crate::store) struct IdSet(Vec<u64>);

impl IdSet {
    /// Adds a row number that the store can have: the set is as large as the largest of them.
    pub fn add(&mut self, RowNumber(id): RowNumber) {
        let Some(at) = usize::try_from(id).ok().and_then(|i| i.checked_sub(1)) else { return };
        if self.0.len() <= at / 64 {
            self.0.resize(at / 64 + 1, 0);
        }
        self.0[at / 64] |= 1 << (at % 64);
    }

    /// The words of a chunk; missing ones are empty.
    fn words(&self, chunk: usize) -> &[u64] {
        let from = (chunk * WORDS).min(self.0.len());
        &self.0[from..(from + WORDS).min(self.0.len())]
    }
}

impl FromIterator<RowNumber> for IdSet {
    fn from_iter<I: IntoIterator<Item = RowNumber>>(ids: I) -> Self {
        let mut set = Self::default();
        ids.into_iter().for_each(|id| set.add(id));
        set
    }
}

/// Hours of the day or days of the week, in a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::store) struct ClockTest {
    /// Until when (exclusive) the zone's clocks were so far ahead of UTC, in milliseconds; rising.
    pub spans: Vec<(i64, i64)>,
    /// Bits of the hours that pass.
    pub hours: u32,
    /// Bits of the days that pass, Monday first.
    pub days: u8,
}

impl ClockTest {
    fn passes(&self, at: i64) -> bool {
        if at == 0 {
            return false;
        }
        let span = self.spans.partition_point(|s| s.0 <= at).min(self.spans.len().saturating_sub(1));
        let local = at + self.spans.get(span).map_or(0, |s| s.1);
        let hour = local.div_euclid(HOUR).rem_euclid(24);
        // The first day of 1970 was a Thursday.
        let day = (local.div_euclid(DAY) + 3).rem_euclid(7);
        self.hours >> hour & 1 == 1 && self.days >> day & 1 == 1
    }
}

/// One thing that must hold. A missing value has nothing.
#[derive(Clone, Debug)]
pub(in crate::store) enum Test {
    /// A small value is one of these codes.
    State(StateField, u64),
    /// A name is one of these; `fallback`: or the AI fell back.
    Name { column: PackedColumn, ids: Vec<u32>, fallback: bool },
    /// A number compares so.
    Number(PackedColumn, Cmp, f32),
    /// Last activity lies in a range; 0 is no time.
    Active(std::ops::Range<i64>),
    /// What clocks and calendars showed at the last activity; no time has none.
    Clock(Arc<ClockTest>),
    /// The row number is one of these.
    Among(Arc<IdSet>),
    /// How the customer felt compares so: as the column has it but for the rows of which a reviewer said it, of which these pass.
    Felt { cmp: Cmp, x: f32, labelled: Arc<IdSet>, passing: Arc<IdSet> },
    /// One of N (rule 4): finished in a known way, with the AI, real traffic.
    Counted,
}

impl Test {
    /// A small value is one of these codes.
    pub fn codes(field: StateField, codes: impl IntoIterator<Item = i64>) -> Self {
        Self::State(field, codes.into_iter().fold(0, |set, code| set | 1 << (code & 63)))
    }

    /// The columns that it reads.
    const fn reads(&self) -> ColumnSet {
        match self {
            Self::State(..) | Self::Counted => ColumnSet::of(&[PackedColumn::State]),
            Self::Name { column, fallback: false, .. } | Self::Number(column, ..) => ColumnSet::of(&[*column]),
            Self::Name { column, fallback: true, .. } => ColumnSet::of(&[*column, PackedColumn::State]),
            Self::Active(_) | Self::Clock(_) => ColumnSet::of(&[PackedColumn::LastAt]),
            Self::Among(_) => ColumnSet::of(&[]),
            Self::Felt { .. } => ColumnSet::of(&[PackedColumn::Sentiment]),
        }
    }

    /// Keeps those of the marked rows that pass, or with `negated` those that do not.
    fn keep(&self, chunk: &Chunk, number: usize, negated: bool, mask: &mut [u64]) {
        match self {
            Self::State(field, set) => filter(mask, &chunk.state, negated, |s| set >> field.of(s) & 1 == 1),
            Self::Name { column, ids, fallback: false } => match ids[..] {
                [one] => filter(mask, chunk.names(*column), negated, |i| i == one),
                _ => filter(mask, chunk.names(*column), negated, |i| ids.binary_search(&i).is_ok()),
            },
            Self::Name { column, ids, fallback: true } => {
                let column = chunk.names(*column);
                let passes =
                    |at: usize| StateField::FALLBACK.of(chunk.state[at]) == 1 || ids.binary_search(&column[at]).is_ok();
                each(mask, chunk.len(), negated, passes);
            }
            Self::Number(column, cmp, x) => compare(mask, chunk.numbers(*column), negated, *cmp, *x),
            Self::Felt { cmp, x, labelled, passing } => {
                let mut read = mask.to_vec();
                compare(&mut read, chunk.numbers(PackedColumn::Sentiment), false, *cmp, *x);
                let [labelled, passing] = [labelled, passing].map(|set| set.words(number));
                for (i, word) in mask.iter_mut().enumerate() {
                    let [labelled, passing] = [labelled, passing].map(|words| words.get(i).copied().unwrap_or(0));
                    let bits = read[i] & !labelled | labelled & passing;
                    *word &= if negated { !bits } else { bits };
                }
            }
            Self::Counted => filter(mask, &chunk.state, negated, StateField::is_counted),
            Self::Active(range) => filter(mask, &chunk.last_at, negated, |t| t >= range.start && t < range.end),
            Self::Clock(clock) => filter(mask, &chunk.last_at, negated, |t| clock.passes(t)),
            Self::Among(set) => {
                let words = set.words(number);
                for (i, word) in mask.iter_mut().enumerate() {
                    let bits = words.get(i).copied().unwrap_or(0);
                    *word &= if negated { !bits } else { bits };
                }
            }
        }
    }
}

/// Clears the bits of rows whose value does not pass.
fn filter<T: Copy>(mask: &mut [u64], column: &[T], negated: bool, passes: impl Fn(T) -> bool) {
    for (word, values) in mask.iter_mut().zip(column.chunks(64)).filter(|(w, _)| **w != 0) {
        // Without a branch, and a byte a row before bits are made of them: so it can be done in parallel lanes.
        let mut passed = [0; 64];
        passed.iter_mut().zip(values).for_each(|(p, &v)| *p = u8::from(passes(v)));
        let bits = bits_of(&passed);
        *word &= if negated { !bits } else { bits };
    }
}

/// As [`filter`], of a number.
fn compare(mask: &mut [u64], column: &[f32], negated: bool, cmp: Cmp, x: f32) {
    match cmp {
        Cmp::Less => filter(mask, column, negated, |v| v < x),
        Cmp::AtMost => filter(mask, column, negated, |v| v <= x),
        Cmp::More => filter(mask, column, negated, |v| v > x),
        Cmp::AtLeast => filter(mask, column, negated, |v| v >= x),
        Cmp::Equal => filter(mask, column, negated, |v| v == x),
    }
}

/// Bits from bytes that are 0 or 1. The product puts the i-th of eight bytes into bit 56 + i: 8 i + 7 (8 - i) = 56 + i.
fn bits_of(bytes: &[u8; 64]) -> u64 {
    let (eights, _) = bytes.as_chunks::<8>();
    let gather = |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    eights.iter().enumerate().fold(0, |bits, (i, eight)| bits | gather(eight) << (8 * i))
}

/// What all tests of small values say together, for every state that they can see: one look a row, however many there are.
struct StateMask(Vec<u8>);

impl StateMask {
    /// The low bits of a state that are looked up; fields above them are tested one by one.
    const BITS: u32 = 13;

    fn of(wanted: &RowPredicate) -> Self {
        let there = (Test::State(StateField::THERE, 0b10), false);
        let tests: Vec<(StateField, u64, bool)> = wanted
            .0
            .iter()
            .chain([&there])
            .filter_map(|(test, negated)| match test {
                Test::State(field, set) if Self::covers(*field) => Some((*field, *set, *negated)),
                _ => None,
            })
            .collect();
        let passes = |state| tests.iter().all(|(field, set, negated)| (set >> field.of(state) & 1 == 1) != *negated);
        Self((0..1 << Self::BITS).map(|state| u8::from(passes(state))).collect())
    }

    const fn covers(field: StateField) -> bool {
        field.end() <= Self::BITS
    }

    fn mask(&self, chunk: &Chunk) -> Vec<u64> {
        const LOW: usize = (1 << StateMask::BITS) - 1;
        let words = |states: &[u32]| {
            let mut passed = [0; 64];
            passed.iter_mut().zip(states).for_each(|(p, &state)| *p = self.0[state as usize & LOW]);
            bits_of(&passed)
        };
        chunk.state.chunks(64).map(words).collect()
    }
}

/// As [`filter`], for what reads more than one column.
fn each(mask: &mut [u64], rows: usize, negated: bool, passes: impl Fn(usize) -> bool) {
    for (w, word) in mask.iter_mut().enumerate().filter(|(_, w)| **w != 0) {
        let end = rows.min((w + 1) * 64);
        let bits = (w * 64..end).fold(0u64, |bits, at| bits | u64::from(passes(at)) << (at % 64));
        *word &= if negated { !bits } else { bits };
    }
}

/// Everything that must hold; `true` beside a test negates it.
#[derive(Clone, Debug, Default)]
pub(in crate::store) struct RowPredicate(Vec<(Test, bool)>);

impl RowPredicate {
    /// Asks for one thing more.
    pub fn and(&mut self, test: Test, negated: bool) {
        self.0.push((test, negated));
    }

    /// Asks for all that another one asks for, too.
    pub fn and_all(&mut self, other: &Self) {
        self.0.extend_from_slice(&other.0);
    }

    /// The columns that it reads.
    pub fn reads(&self) -> ColumnSet {
        self.0.iter().fold(ColumnSet::of(&[PackedColumn::State]), |set, (test, _)| set.and(test.reads()))
    }

    /// Whether a chunk may hold a row with it all: none of it can where its times lie elsewhere.
    fn reaches(&self, chunk: &Chunk) -> bool {
        self.0.iter().all(|(test, negated)| match test {
            Test::Active(range) if !negated => chunk.sums().is_none_or(|sums| sums.reaches(range.start, range.end)),
            _ => true,
        })
    }

    /// Which rows of a chunk have it all.
    fn mask(&self, states: &StateMask, chunk: &Chunk, number: usize) -> Vec<u64> {
        if !self.reaches(chunk) {
            return vec![0; chunk.len().div_ceil(64)];
        }
        let mut mask = states.mask(chunk);
        let others =
            self.0.iter().filter(|(test, _)| !matches!(test, Test::State(field, _) if StateMask::covers(*field)));
        others.for_each(|(test, negated)| test.keep(chunk, number, *negated, &mut mask));
        mask
    }

    /// The masks of all chunks.
    pub fn masks(&self, columns: &PackedColumns) -> Vec<Vec<u64>> {
        let states = StateMask::of(self);
        columns.chunks().par_iter().enumerate().map(|(i, chunk)| self.mask(&states, chunk, i)).collect()
    }

    /// How many rows have it all.
    pub fn count(&self, columns: &PackedColumns) -> u64 {
        let states = StateMask::of(self);
        let of = |(i, chunk)| self.mask(&states, chunk, i).iter().map(|w| u64::from(w.count_ones())).sum::<u64>();
        columns.chunks().par_iter().enumerate().map(of).sum()
    }

    /// Looks at every row that has it all, some chunks beside others; `add` joins what two parts have seen.
    pub fn fold<T: Default + Send>(
        &self,
        columns: &PackedColumns,
        look: impl Fn(&mut T, &Chunk, usize) + Sync,
        add: impl Fn(T, T) -> T + Send + Sync,
    ) -> T {
        let states = StateMask::of(self);
        let of = |(i, chunk)| {
            let mut seen = T::default();
            if !self.reaches(chunk) {
                return seen;
            }
            ones(&self.mask(&states, chunk, i)).for_each(|at| look(&mut seen, chunk, at));
            seen
        };
        columns.chunks().par_iter().enumerate().map(of).reduce(T::default, add)
    }
}

/// Places of the marked rows.
pub(crate) fn ones(mask: &[u64]) -> impl Iterator<Item = usize> + '_ {
    mask.iter().enumerate().flat_map(|(w, &word)| {
        std::iter::successors((word != 0).then_some(word), |bits| Some(bits & (bits - 1)).filter(|b| *b != 0))
            .map(move |bits| w * 64 + bits.trailing_zeros() as usize)
    })
}
