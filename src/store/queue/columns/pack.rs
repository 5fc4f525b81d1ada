//! Packed columns kept in the store as segments.

use super::chunk::{Chunk, ColumnSet, PackedColumn, ROWS};
use super::packed::{PackedColumns, SegmentStamp};
use crate::store::base::error::DoingWhat;
use crate::store::{Access, Result, Store};
use rayon::prelude::*;
use rusqlite::params;

/// Rows that are read one by one at opening before it is worth writing the segments again.
pub(super) const WORTH_PACKING: usize = 20_000;

/// The row of a column of a segment: a column's rows lie together, in the order of the segments.
const fn place(column: PackedColumn, segment: usize) -> i64 {
    (column as i64) << 32 | segment as i64
}

/// A checksum of numbers and bytes: damage is noticed, whoever forges a store may also forge this.
fn sum(numbers: &[i64], bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    numbers.iter().for_each(|n| crc.update(&n.to_le_bytes()));
    crc.update(bytes);
    crc.sum()
}

/// A column's bytes with their checksum behind them; bytes of another place do not pass for these.
pub(super) fn sealed(place: i64, mut bytes: Vec<u8>) -> Vec<u8> {
    let sum = sum(&[place], &bytes);
    bytes.extend(sum.to_le_bytes());
    bytes
}

/// The bytes without their checksum, where it is right.
pub(super) fn unsealed(place: i64, sealed: &[u8]) -> Option<&[u8]> {
    let (bytes, end) = sealed.split_last_chunk::<4>()?;
    (sum(&[place], bytes) == u32::from_le_bytes(*end)).then_some(bytes)
}

/// Whether a segment's mark has its checksum.
fn is_right([segment, rows, seq, check]: &[i64; 4]) -> bool {
    *check == i64::from(sum(&[*segment, *rows, *seq], &[]))
}

impl Store {
    /// The stored segments, none of their columns in memory; rows and changes after them are still to be taken in.
    pub(super) fn read_segments(&self) -> Result<PackedColumns> {
        // Before the segments: what changes meanwhile is then taken in afterwards.
        let last = self.last_change()?;
        let stored = self.marks()?;
        let mut columns = PackedColumns { seen: i64::MAX, ..PackedColumns::default() };
        for (i, mark) in stored.iter().enumerate() {
            let [segment, rows, seq, _] = *mark;
            let rows = usize::try_from(rows).unwrap_or(usize::MAX);
            if !is_right(mark) || segment != i as i64 || rows > ROWS || columns.len != i * ROWS {
                // Nothing that this program has written: the rows themselves are always there.
                return Ok(PackedColumns::from_rows(last));
            }
            columns.seen = columns.seen.min(seq);
            columns.len += rows;
            columns.chunks.push(Chunk::of(rows));
            columns.dirty.push(false);
            columns.from.rows += rows as i64;
            columns.from.seen += seq;
        }
        if columns.chunks.is_empty() {
            return Ok(PackedColumns::from_rows(last));
        }
        columns.from.segments = stored.len() as i64;
        Ok(columns)
    }

    /// Segment, rows, the log's entry and the checksum of each stored segment.
    fn marks(&self) -> Result<Vec<[i64; 4]>> {
        self.conn
            .prepare_cached("SELECT segment, rows, seq, sum FROM packed ORDER BY segment")
            .and_then(|mut s| {
                s.query_map([], |r| Ok([r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?])).and_then(Iterator::collect)
            })
            .doing("reading packed columns")
    }

    /// Brings columns into memory. False when the stored segments are other ones by now, or damaged.
    pub(super) fn load(&self, columns: &mut PackedColumns, wanted: ColumnSet) -> Result<bool> {
        let missing = wanted.without(columns.loaded);
        if missing.is_empty() {
            return Ok(true);
        }
        let segments = columns.from.segments as usize;
        for column in missing.each() {
            let stored: Vec<Vec<u8>> = self
                .conn
                .prepare_cached("SELECT data FROM segment WHERE id >= ? AND id < ? ORDER BY id")
                .and_then(|mut s| {
                    s.query_map([place(column, 0), place(column, segments)], |r| r.get(0)).and_then(Iterator::collect)
                })
                .doing("reading packed columns")?;
            let chunks = columns.chunks.par_iter_mut().zip(&stored).enumerate();
            let taken = |(i, (chunk, data)): (usize, (&mut Chunk, &Vec<u8>))| {
                unsealed(place(column, i), data).is_some_and(|bytes| chunk.decode(column, bytes).is_ok())
            };
            if stored.len() != segments || !chunks.map(taken).all(|right| right) {
                return Ok(false);
            }
        }
        // Afterwards: whoever has written them meanwhile has moved it.
        if self.copied()? != columns.from {
            return Ok(false);
        }
        columns.came(missing);
        Ok(true)
    }

    pub(super) fn copied(&self) -> Result<SegmentStamp> {
        self.conn
            .prepare_cached("SELECT count(*), coalesce(sum(rows), 0), coalesce(sum(seq), 0) FROM packed")
            .and_then(|mut s| {
                s.query_row([], |r| Ok(SegmentStamp { segments: r.get(0)?, rows: r.get(1)?, seen: r.get(2)? }))
            })
            .doing("reading packed columns")
    }

    /// Whether opening would be quicker if the columns were packed again.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn wants_packing(&self) -> Result<bool> {
        let columns = self.columns(ColumnSet::default())?;
        let many = self.access != Access::ReadOnly && columns.unpacked > WORTH_PACKING;
        Ok(many || self.days_are_missing(&columns))
    }

    /// Writes the packed columns into the store, in short transactions, and shortens the log of changes. Another connection
    /// that is doing the same wins; nothing is lost then. Between two transactions it asks whether to go on; what is left
    /// is done the next time.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub fn pack(&mut self, mut go_on: impl FnMut() -> bool) -> Result<()> {
        drop(self.columns(ColumnSet::ALL)?);
        let Some(mut columns) = self.take_columns() else { return Ok(()) };
        if let Err(e) = self.days_to_keep(&mut columns).and_then(|()| self.write_missing_days(&mut columns)) {
            self.keep_columns(columns);
            return Err(e);
        }
        // Whoever has packed later ones makes these worthless: they are not put back then.
        let mut current = true;
        for i in 0..columns.chunks.len() {
            if columns.dirty[i] && current && go_on() {
                current = self.write_segment(&columns, i)?;
                columns.dirty[i] = !current;
            }
        }
        if current && columns.dirty.iter().all(|dirty| !dirty) {
            current = self.forget_changes(columns.seen, columns.chunks.len())?;
            columns.unpacked = 0;
        }
        if current {
            self.keep_columns(columns);
        }
        Ok(())
    }

    fn write_segment(&self, columns: &PackedColumns, segment: usize) -> Result<bool> {
        let chunk = &columns.chunks[segment];
        let encoded = |&column: &PackedColumn| {
            let place = place(column, segment);
            (place, sealed(place, chunk.encode(column)))
        };
        let data: Vec<(i64, Vec<u8>)> = PackedColumn::ALL.par_iter().map(encoded).collect();
        self.immediate("packing columns", |store| {
            if store.packed_later(columns.seen)? {
                return Ok(false);
            }
            let run = |sql: &str, params: &[&dyn rusqlite::ToSql]| {
                store.conn.prepare_cached(sql).and_then(|mut s| s.execute(params)).doing("packing columns")
            };
            for (place, data) in &data {
                run("INSERT OR REPLACE INTO segment(id, data) VALUES (?, ?)", params![place, data])?;
            }
            store.mark_packed(segment as i64, chunk.len() as i64, columns.seen)?;
            store.write_days(columns, segment)?;
            Ok(true)
        })
    }

    /// All segments hold every change up to here: in those that were left alone there was none.
    fn forget_changes(&self, seen: i64, segments: usize) -> Result<bool> {
        self.immediate("packing columns", |store| {
            if store.packed_later(seen)? {
                return Ok(false);
            }
            store
                .conn
                .execute("DELETE FROM packed WHERE segment NOT BETWEEN 0 AND ?", [segments as i64 - 1])
                .doing("packing columns")?;
            store.marks()?.into_iter().try_for_each(|[segment, rows, ..]| store.mark_packed(segment, rows, seen))?;
            store.forget_changes_before(seen + 1)?;
            Ok(true)
        })
    }

    fn mark_packed(&self, segment: i64, rows: i64, seq: i64) -> Result<()> {
        self.conn
            .prepare_cached("INSERT OR REPLACE INTO packed(segment, rows, seq, sum) VALUES (?, ?, ?, ?)")
            .and_then(|mut s| s.execute(params![segment, rows, seq, sum(&[segment, rows, seq], &[])]))
            .map(drop)
            .doing("packing columns")
    }

    fn forget_changes_before(&self, seq: i64) -> Result<()> {
        self.conn
            .prepare_cached("DELETE FROM changed WHERE seq < ?")
            .and_then(|mut s| s.execute([seq]))
            .map(drop)
            .doing("shortening the log of changes")
    }

    /// Whether the log of changes is longer than it need be: where there are segments, it goes back to them.
    pub(in crate::store) fn changes_are_long(&self) -> Result<bool> {
        let last = self.last_change()?;
        let length = self.number("SELECT min(seq) FROM changed")?.map_or(0, |first| last.saturating_sub(first));
        Ok(length >= 2 * WORTH_PACKING as i64 && self.copied()?.segments == 0)
    }

    /// Whether every stored segment can be read, all columns of it; so can none at all.
    pub(in crate::store) fn packed_is_whole(&self) -> Result<bool> {
        if self.copied()?.segments == 0 {
            return Ok(true);
        }
        let whole = || -> Result<bool> {
            let mut columns = self.read_segments()?;
            let readable = columns.from.segments > 0 && self.load(&mut columns, ColumnSet::ALL)?;
            Ok(readable && self.counted_days_are_right()?)
        };
        // Somebody may be writing them at this moment.
        Ok(whole()? || whole()?)
    }

    /// Shortens the log of changes of a store that is too small for segments: whoever has not looked for that long reads its few
    /// rows again. Returns how many entries went.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn trim_changes(&self) -> Result<u64> {
        if self.access == Access::ReadOnly || !self.changes_are_long()? {
            return Ok(0);
        }
        self.immediate("shortening the log of changes", |store| {
            if !store.changes_are_long()? {
                return Ok(0);
            }
            let first = store.number("SELECT min(seq) FROM changed")?.unwrap_or(0);
            let end = store.last_change()? - WORTH_PACKING as i64;
            store.forget_changes_before(end)?;
            Ok(u64::try_from(end.saturating_sub(first)).unwrap_or(0))
        })
    }

    /// Whether somebody has packed the columns with later changes than these.
    pub(super) fn packed_later(&self, seen: i64) -> Result<bool> {
        Ok(self.marks()?.iter().any(|mark| is_right(mark) && mark[2] > seen))
    }
}
