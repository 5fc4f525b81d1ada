//! Packed columns kept in the store as segments.

use super::chunk::{Chunk, Column, ROWS, Set};
use super::{Columns, Store};
use crate::store::error::Doing;
use crate::store::{Access, Result};
use rayon::prelude::*;
use rusqlite::params;

/// Rows that are read one by one at opening before it is worth writing the segments again.
pub(super) const WORTH_PACKING: usize = 20_000;

/// What tells one state of the stored segments from another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Copied {
    /// How many there are.
    pub segments: i64,
    /// Their rows.
    pub rows: i64,
    /// The sum of the entries of the log up to which each goes: it only grows.
    pub seen: i64,
}

/// The row of a column of a segment: a column's rows lie together, in the order of the segments.
const fn place(column: Column, segment: usize) -> i64 {
    (column as i64) << 32 | segment as i64
}

impl Store {
    /// The stored segments, none of their columns in memory; rows and changes after them are still to be taken in.
    pub(super) fn read_segments(&self) -> Result<Columns> {
        // Before the segments: what changes meanwhile is then taken in afterwards.
        let last = self.last_change()?;
        let stored: Vec<(i64, i64, i64)> = self
            .conn
            .prepare_cached("SELECT segment, rows, seq FROM packed ORDER BY segment")
            .and_then(|mut s| s.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).and_then(Iterator::collect))
            .doing("reading packed columns")?;
        let mut columns = Columns { seen: i64::MAX, ..Columns::default() };
        for (i, &(segment, rows, seq)) in stored.iter().enumerate() {
            let rows = usize::try_from(rows).unwrap_or(usize::MAX);
            if segment != i as i64 || rows > ROWS || columns.len != i * ROWS {
                // Nothing that this program has written: the rows themselves are always there.
                return Ok(Columns::from_rows(last));
            }
            columns.seen = columns.seen.min(seq);
            columns.len += rows;
            columns.chunks.push(Chunk::of(rows));
            columns.dirty.push(false);
            columns.from.rows += rows as i64;
            columns.from.seen += seq;
        }
        if columns.chunks.is_empty() {
            return Ok(Columns::from_rows(last));
        }
        columns.from.segments = stored.len() as i64;
        Ok(columns)
    }

    /// Brings columns into memory. False when the stored segments are other ones by now, or damaged.
    pub(super) fn load(&self, columns: &mut Columns, wanted: Set) -> Result<bool> {
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
            let chunks = columns.chunks.par_iter_mut().zip(&stored);
            if stored.len() != segments || !chunks.all(|(chunk, data)| chunk.decode(column, data).is_ok()) {
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

    fn copied(&self) -> Result<Copied> {
        self.conn
            .prepare_cached("SELECT count(*), coalesce(sum(rows), 0), coalesce(sum(seq), 0) FROM packed")
            .and_then(|mut s| s.query_row([], |r| Ok(Copied { segments: r.get(0)?, rows: r.get(1)?, seen: r.get(2)? })))
            .doing("reading packed columns")
    }

    /// Whether opening would be quicker if the columns were packed again.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn wants_packing(&self) -> Result<bool> {
        Ok(self.access != Access::ReadOnly && self.columns(Set::default())?.unpacked > WORTH_PACKING)
    }

    /// Writes the packed columns into the store, in short transactions, and shortens the log of changes. Another connection
    /// that is doing the same wins; nothing is lost then. Between two transactions it asks whether to go on; what is left
    /// is done the next time.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub fn pack(&mut self, mut go_on: impl FnMut() -> bool) -> Result<()> {
        drop(self.columns(Set::ALL)?);
        let Some(mut columns) = self.caches.columns.take() else { return Ok(()) };
        // Whoever has packed later ones makes these worthless: they are not put back then.
        let mut current = true;
        for i in 0..columns.chunks.len() {
            if columns.dirty[i] && current && go_on() {
                current = self.write_segment(&columns, i)?;
                columns.dirty[i] = !current;
            }
        }
        if current && columns.dirty.iter().all(|dirty| !dirty) {
            current = self.forget_changes(columns.seen)?;
            columns.unpacked = 0;
        }
        if current {
            self.caches.columns.replace(Some(columns));
        }
        Ok(())
    }

    fn write_segment(&self, columns: &Columns, segment: usize) -> Result<bool> {
        let chunk = &columns.chunks[segment];
        let data: Vec<(i64, Vec<u8>)> =
            Column::ALL.par_iter().map(|&column| (place(column, segment), chunk.encode(column))).collect();
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
            let sql = "INSERT OR REPLACE INTO packed(segment, rows, seq) VALUES (?, ?, ?)";
            run(sql, params![segment as i64, chunk.len() as i64, columns.seen])?;
            Ok(true)
        })
    }

    /// All segments hold every change up to here: in those that were left alone there was none.
    fn forget_changes(&self, seen: i64) -> Result<bool> {
        self.immediate("packing columns", |store| {
            if store.packed_later(seen)? {
                return Ok(false);
            }
            let run = |sql: &str| store.conn.prepare_cached(sql).and_then(|mut s| s.execute([seen]));
            run("UPDATE packed SET seq = ?")
                .and_then(|_| run("DELETE FROM changed WHERE seq <= ?"))
                .doing("packing columns")?;
            Ok(true)
        })
    }

    /// Whether somebody has packed the columns with later changes than these.
    pub(super) fn packed_later(&self, seen: i64) -> Result<bool> {
        Ok(self.number("SELECT max(seq) FROM packed")?.is_some_and(|seq| seq > seen))
    }
}
