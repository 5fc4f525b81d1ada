//! Packed columns kept in the store as segments.

use super::chunk::{Chunk, ROWS};
use super::{Columns, Store};
use crate::store::error::Doing;
use crate::store::{Access, Result};
use rusqlite::params;

/// Rows that are read one by one at opening before it is worth writing the segments again.
const WORTH_PACKING: usize = 20_000;

impl Store {
    /// Columns from the stored segments; rows and changes after them are still to be taken in.
    pub(super) fn read_segments(&self) -> Result<Columns> {
        let mut columns = Columns { seen: i64::MAX, ..Columns::default() };
        // Before the segments: what changes meanwhile is then taken in afterwards.
        let last = self.last_change()?;
        let mut s = self
            .conn
            .prepare_cached("SELECT first, seq, data FROM segment ORDER BY first")
            .doing("reading packed columns")?;
        let mut rows = s.query([]).doing("reading packed columns")?;
        while let Some(r) = rows.next().doing("reading packed columns")? {
            let whole = columns.len == columns.chunks.len() * ROWS;
            let first: i64 = r.get(0).doing("reading packed columns")?;
            let data = r.get_ref(2).and_then(|d| Ok(d.as_blob()?)).doing("reading packed columns")?;
            // Whatever does not fit is read from the rows themselves.
            let Ok(chunk) = Chunk::decode(data) else { break };
            if first != columns.len as i64 + 1 || !whole {
                break;
            }
            columns.seen = columns.seen.min(r.get(1).doing("reading packed columns")?);
            columns.len += chunk.len();
            columns.chunks.push(chunk);
            columns.dirty.push(false);
        }
        if columns.chunks.is_empty() {
            columns.seen = last;
        }
        Ok(columns)
    }

    /// Whether opening would be quicker if the columns were packed again.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn wants_packing(&self) -> Result<bool> {
        Ok(self.access != Access::ReadOnly && self.columns()?.unpacked > WORTH_PACKING)
    }

    /// Writes the packed columns into the store, in short transactions, and shortens the log of changes. Another connection
    /// that is doing the same wins; nothing is lost then. Between two transactions it asks whether to go on; what is left
    /// is done the next time.
    ///
    /// # Errors
    /// The store cannot be read or written.
    pub fn pack(&mut self, mut go_on: impl FnMut() -> bool) -> Result<()> {
        self.catch_up()?;
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

    fn write_segment(&self, columns: &Columns, i: usize) -> Result<bool> {
        let (first, data) = ((i * ROWS) as i64 + 1, columns.chunks[i].encode());
        self.immediate("packing columns", |store| {
            if store.packed_later(columns.seen)? {
                return Ok(false);
            }
            store
                .conn
                .prepare_cached("INSERT OR REPLACE INTO segment(first, seq, data) VALUES (?, ?, ?)")
                .and_then(|mut s| s.execute(params![first, columns.seen, data]))
                .doing("packing columns")?;
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
            run("UPDATE segment SET seq = ?")
                .and_then(|_| run("DELETE FROM changed WHERE seq <= ?"))
                .doing("packing columns")?;
            Ok(true)
        })
    }

    /// Whether somebody has packed the columns with later changes than these.
    pub(super) fn packed_later(&self, seen: i64) -> Result<bool> {
        Ok(self.number("SELECT max(seq) FROM segment")?.is_some_and(|seq| seq > seen))
    }
}
