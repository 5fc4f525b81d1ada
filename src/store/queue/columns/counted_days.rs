//! Counts by day of all chunks: read from beside the segments, kept in step with the rows, added up over a stretch of days.

use super::chunk::{Chunk, ColumnSet, PackedColumn, ROWS};
use super::day_counting::COUNTED;
use super::days::{ChunkDays, Counted, DayBasis, NO_DAY, day_that_begins, within};
use super::pack::{sealed, unsealed};
use super::packed::PackedColumns;
use super::sums::Sums;
use crate::store::patterns::PATTERNS_FOUND;
use crate::store::{Access, DoingWhat, Result, Store};
use rayon::prelude::*;
use rusqlite::params;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

/// Tells the seals of counts from those of columns.
const PLACE: i64 = 1 << 48;
/// A stretch of days, or all there is.
pub(in crate::store) type DayRange = Range<i32>;

impl PackedColumns {
    /// Days between two moments; `None` where one of them lies within a day that has rows, so that only a look at each row can tell.
    /// From `i64::MIN` on, what has no time counts as well.
    pub fn day_range(&self, basis: &DayBasis, from: i64, to: i64) -> Option<DayRange> {
        let start = if from == i64::MIN { i32::MIN } else { day_that_begins(basis.zone, from)? };
        let all_before = self.chunks.iter().all(|c| c.sums().is_some_and(|sums| sums.last < to));
        let end = if all_before { i32::MAX } else { day_that_begins(basis.zone, to)? };
        Some(start..end)
    }

    /// Days of a stretch with how many conversations ended on them; without what has no time.
    pub fn finished(&self, range: &DayRange) -> BTreeMap<i32, u64> {
        let timed = range.start.max(NO_DAY + 1)..range.end;
        let rows = self.days().flat_map(|d| within(&d.ends, &timed, |&day| day));
        let all = |[resolved, _, escalated, failed, abandoned, ..]: [u64; 8]| resolved + escalated + failed + abandoned;
        gathered(rows, |&day| day).into_iter().map(|(day, counts)| (day, all(counts))).collect()
    }

    fn days(&self) -> impl Iterator<Item = &ChunkDays> {
        self.chunks.iter().filter_map(|c| c.days.as_ref())
    }

    /// Resolved, of these confirmed, escalated, failed, abandoned, unknown, rated, satisfied.
    pub fn ends(&self, range: &DayRange) -> [u64; 8] {
        sum(self.days().flat_map(|d| within(&d.ends, range, |&day| day)))
    }

    /// N by conversation's intent and cause: all, resolved, failed, escalated.
    pub fn matters(&self, range: &DayRange) -> BTreeMap<(u32, u32), [u64; 4]> {
        let rows = self.days().flat_map(|d| within(&d.matters, range, |k| k.0));
        gathered(rows, |&(_, matter, cause)| (matter, cause))
    }

    /// N by language: resolved, all.
    pub fn languages(&self, range: &DayRange) -> BTreeMap<u32, [u64; 2]> {
        gathered(self.days().flat_map(|d| within(&d.languages, range, |k| k.0)), |k| k.1)
    }

    /// What failed or was escalated of N, right hand-overs left out, by pattern.
    pub fn in_patterns(&self, range: &DayRange) -> BTreeMap<u32, [u64; 1]> {
        gathered(self.days().flat_map(|d| within(&d.patterns, range, |k| k.0)), |k| k.1)
    }

    /// Members of patterns of all times, by pattern and cause, and by pattern and the log's intent.
    pub fn pattern_marks(&self) -> [BTreeMap<(u32, u32), [u64; 1]>; 2] {
        let of = |list: fn(&ChunkDays) -> &Counted<(u32, u32), 1>| gathered(self.days().flat_map(list), |k| *k);
        [of(|d| &d.pattern_causes), of(|d| &d.pattern_intents)]
    }

    /// Whether every chunk has been counted so.
    fn is_counted(&self, basis: &DayBasis) -> bool {
        self.chunks.iter().all(|c| c.days.as_ref().is_some_and(|d| d.basis == *basis) && c.sums().is_some())
    }
}

fn sum<'a, K: 'a, const N: usize>(rows: impl Iterator<Item = &'a (K, [u32; N])>) -> [u64; N] {
    rows.fold([0; N], |mut sum, (_, counts)| {
        sum.iter_mut().zip(counts).for_each(|(s, n)| *s += u64::from(*n));
        sum
    })
}

fn gathered<'a, K: 'a, B: Ord, const N: usize>(
    rows: impl Iterator<Item = &'a (K, [u32; N])>,
    by: impl Fn(&K) -> B,
) -> BTreeMap<B, [u64; N]> {
    let mut out: BTreeMap<B, [u64; N]> = BTreeMap::new();
    for (key, counts) in rows {
        let sums = out.entry(by(key)).or_insert([0; N]);
        sums.iter_mut().zip(counts).for_each(|(s, n)| *s += u64::from(*n));
    }
    out
}

impl Store {
    /// What days are counted by now.
    pub(in crate::store) fn day_basis(&self) -> Result<DayBasis> {
        let patterns = self.setting(PATTERNS_FOUND)?.and_then(|n| n.parse().ok()).unwrap_or(0);
        Ok(DayBasis { zone: self.zone()?, patterns })
    }

    /// The columns with counts by day of every chunk. Reads what is kept beside the segments; counts anew the chunks whose rows have
    /// changed since, a millisecond or two each.
    pub(in crate::store) fn counted_days(&self, basis: &DayBasis) -> Result<Rc<PackedColumns>> {
        let mut columns = self.columns(ColumnSet::default())?;
        if columns.is_counted(basis) {
            return Ok(columns);
        }
        drop(columns);
        self.read_days(basis)?;
        columns = self.columns(ColumnSet::default())?;
        if columns.is_counted(basis) {
            return Ok(columns);
        }
        drop(columns);
        drop(self.columns(COUNTED)?);
        if let Some(mut columns) = self.take_columns() {
            let done = self.count_days(&mut columns, basis);
            self.keep_columns(columns);
            done?;
        }
        Ok(self.kept_columns())
    }

    /// The columns with the sums of every chunk: those that are kept beside the segments, else from two columns. Nothing is counted by day
    /// for it, since every `since:` asks.
    pub(in crate::store) fn summed(&self) -> Result<Rc<PackedColumns>> {
        const READ: ColumnSet = ColumnSet::of(&[PackedColumn::LastAt, PackedColumn::State]);
        let is_summed = |columns: &PackedColumns| columns.chunks.iter().all(|c| c.sums().is_some());
        let mut columns = self.columns(ColumnSet::default())?;
        if !is_summed(&columns) {
            drop(columns);
            self.read_days(&self.day_basis()?)?;
            columns = self.columns(ColumnSet::default())?;
        }
        if !is_summed(&columns) {
            drop(columns);
            columns = self.columns(READ)?;
        }
        Ok(columns)
    }

    /// Takes the counts that are kept beside the segments, where they are of these segments.
    fn read_days(&self, basis: &DayBasis) -> Result<()> {
        let Some(mut columns) = self.take_columns() else { return Ok(()) };
        let taken = self.days_of(&columns);
        if let Ok(taken) = &taken
            && !columns.days_read
        {
            for (i, (days, sums)) in taken {
                columns.chunks[*i].take_days(days.clone(), *sums);
            }
        }
        columns.days_read = true;
        let segments = columns.from.segments as usize;
        let missing = |i: usize| columns.chunks[i].days.as_ref().is_none_or(|d| d.basis != *basis);
        // Those of changed chunks are written with their segments.
        columns.days_missing |= (0..segments).any(|i| !columns.dirty[i] && missing(i));
        self.keep_columns(columns);
        taken.map(drop)
    }

    fn days_of(&self, columns: &PackedColumns) -> Result<Vec<(usize, (ChunkDays, Sums))>> {
        if columns.days_read || columns.from.segments == 0 {
            return Ok(Vec::new());
        }
        let doing = "reading counts by day";
        let stored: Vec<(i64, Vec<u8>)> = self
            .conn
            .prepare_cached("SELECT segment, data FROM counted_day ORDER BY segment")
            .and_then(|mut s| s.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).and_then(Iterator::collect))
            .doing(doing)?;
        let read = |(segment, data): &(i64, Vec<u8>)| {
            let at = usize::try_from(*segment).ok().filter(|&at| columns.dirty.get(at) == Some(&false))?;
            Some((at, ChunkDays::decode(unsealed(PLACE | segment, data)?).ok()?))
        };
        let found = stored.par_iter().filter_map(read).collect();
        // Afterwards: whoever has written others meanwhile has moved it.
        Ok(if self.copied()? == columns.from { found } else { Vec::new() })
    }

    fn count_days(&self, columns: &mut PackedColumns, basis: &DayBasis) -> Result<()> {
        if !COUNTED.without(columns.loaded).is_empty() {
            return Ok(());
        }
        let missing = |c: &Chunk| c.days.as_ref().is_none_or(|d| d.basis != *basis);
        let wanted: Vec<usize> = (0..columns.chunks.len()).filter(|&i| missing(&columns.chunks[i])).collect();
        let mut held = Vec::new();
        for i in wanted {
            held.push((i, self.pattern_rows(i)?));
        }
        let of = |(i, held): &(usize, Vec<(u32, u32)>)| (*i, ChunkDays::over(&columns.chunks[*i], basis, held));
        let counted: Vec<(usize, ChunkDays)> = held.par_iter().map(of).collect();
        counted.into_iter().for_each(|(i, days)| columns.chunks[i].days = Some(days));
        Ok(())
    }

    /// Places in a chunk of the conversations that patterns hold, rising, each with its pattern.
    fn pattern_rows(&self, chunk: usize) -> Result<Vec<(u32, u32)>> {
        let first = (chunk * ROWS) as i64 + 1;
        let place = |r: &rusqlite::Row<'_>| Ok((r.get::<_, i64>(0)?, r.get::<_, i64>(1)?));
        let rows: Vec<(i64, i64)> = self
            .conn
            .prepare_cached(
                "SELECT conversation, pattern FROM pattern_item WHERE conversation >= ? AND conversation < ?
                 ORDER BY conversation",
            )
            .and_then(|mut s| {
                let ends = [first, first + ROWS as i64];
                s.query_map(ends, place).and_then(Iterator::collect)
            })
            .doing("reading what patterns hold")?;
        let small = |n: i64| u32::try_from(n).ok();
        Ok(rows.into_iter().filter_map(|(row, pattern)| Some((small(row - first)?, small(pattern)?))).collect())
    }

    /// Counts by day of each chunk, as far as they can be made now: for whoever writes segments.
    pub(super) fn days_to_keep(&self, columns: &mut PackedColumns) -> Result<()> {
        self.count_days(columns, &self.day_basis()?)
    }

    /// Writes a chunk's counts beside its segment. The caller's transaction is that of the segment.
    pub(super) fn write_days(&self, columns: &PackedColumns, segment: usize) -> Result<()> {
        let chunk = &columns.chunks[segment];
        let Some((days, sums)) = chunk.days.as_ref().zip(chunk.sums()) else { return Ok(()) };
        let data = sealed(PLACE | segment as i64, days.encode(sums));
        self.conn
            .prepare_cached("INSERT OR REPLACE INTO counted_day(segment, data) VALUES (?, ?)")
            .and_then(|mut s| s.execute(params![segment as i64, data]))
            .map(drop)
            .doing("keeping counts by day")
    }

    /// Writes counts beside segments that have not changed: those of a store of an older version, of another zone, or from before
    /// patterns were found anew.
    pub(super) fn write_missing_days(&self, columns: &mut PackedColumns) -> Result<()> {
        if !columns.days_missing {
            return Ok(());
        }
        columns.days_missing = false;
        let unchanged: Vec<usize> = (0..columns.from.segments as usize).filter(|&i| !columns.dirty[i]).collect();
        self.immediate("keeping counts by day", |store| {
            if store.copied()? != columns.from {
                return Ok(());
            }
            unchanged.iter().try_for_each(|&i| store.write_days(columns, i))
        })
    }

    /// Whether what is kept by day is what the columns come to.
    pub(in crate::store) fn counted_days_are_right(&self) -> Result<bool> {
        let mut columns = self.read_segments()?;
        let stored = self.days_of(&columns)?;
        if stored.is_empty() || !self.load(&mut columns, COUNTED)? {
            return Ok(true);
        }
        for (i, (days, sums)) in stored {
            if days.basis.patterns != self.day_basis()?.patterns {
                continue;
            }
            let anew = ChunkDays::over(&columns.chunks[i], &days.basis, &self.pattern_rows(i)?);
            if anew != days || columns.chunks[i].sums() != Some(&sums) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether counts by day are to be written that were not found beside their segments.
    pub(super) fn days_are_missing(&self, columns: &PackedColumns) -> bool {
        self.access != Access::ReadOnly && columns.days_missing
    }
}
