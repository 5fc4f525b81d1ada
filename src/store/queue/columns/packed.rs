//! The columns in memory. How they come there is `refresh`, how they go into the store `pack`.

use super::chunk::{Chunk, ColumnRow, ColumnSet, ROWS, StateField};

/// What tells one state of the stored segments from another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct SegmentStamp {
    /// How many there are.
    pub segments: i64,
    /// Their rows.
    pub rows: i64,
    /// The sum of the entries of the log up to which each goes: it only grows.
    pub seen: i64,
}

/// All conversations, packed.
#[derive(Clone, Debug, Default)]
pub(in crate::store) struct PackedColumns {
    pub(super) chunks: Vec<Chunk>,
    /// The columns that are in memory; the others are in the stored segments.
    pub(super) loaded: ColumnSet,
    /// Rows that have changed since the segments were written, for the columns that are not in memory.
    pub(super) late: Vec<(i64, ColumnRow)>,
    /// The segments that the columns are from.
    pub(super) from: SegmentStamp,
    /// Chunks that differ from the stored segments.
    pub(super) dirty: Vec<bool>,
    /// The highest row number.
    pub(super) len: usize,
    /// Entries of the log `changed` that are taken in.
    pub(super) seen: i64,
    /// Changes and new rows since the segments were written.
    pub(super) unpacked: usize,
    /// Counts by day were looked for beside the segments.
    pub(super) days_read: bool,
    /// Some were not there, or are of another zone: they are to be written.
    pub(super) days_missing: bool,
    /// Read within a transaction that may still be taken back.
    pub(super) tentative: bool,
}

impl PackedColumns {
    /// Those of no rows yet, of a store whose log of changes is read up to some entry.
    pub(super) fn from_rows(seen: i64) -> Self {
        Self { loaded: ColumnSet::ALL, seen, ..Self::default() }
    }

    /// The highest row number.
    pub fn len(&self) -> usize {
        self.len
    }

    /// The chunks, the first with rows 1, 2, ….
    pub fn chunks(&self) -> &[Chunk] {
        &self.chunks
    }

    /// The chunk and place of a row number.
    pub fn at(&self, id: i64) -> Option<(&Chunk, usize)> {
        let at = usize::try_from(id).ok()?.checked_sub(1)?;
        let chunk = self.chunks.get(at / ROWS)?;
        (at % ROWS < chunk.len() && StateField::THERE.of(chunk.state[at % ROWS]) == 1).then_some((chunk, at % ROWS))
    }

    pub(super) fn put(&mut self, id: i64, row: &ColumnRow) {
        let Some(at) = usize::try_from(id).ok().and_then(|i| i.checked_sub(1)) else { return };
        // Chunks lie without gaps, full but for the last.
        while self.chunks.len() <= at / ROWS {
            if let Some(last) = self.chunks.last_mut().filter(|c| c.len() < ROWS) {
                last.put(ROWS - 1, &ColumnRow::default(), self.loaded);
            }
            self.chunks.push(Chunk::default());
            self.dirty.push(true);
        }
        self.chunks[at / ROWS].put(at % ROWS, row, self.loaded);
        self.dirty[at / ROWS] = true;
        self.len = self.len.max(at + 1);
        self.unpacked += 1;
        if self.loaded != ColumnSet::ALL {
            self.late.push((id, *row));
        }
    }

    /// Columns that have come into memory get what has changed since they were copied.
    pub(super) fn came(&mut self, columns: ColumnSet) {
        self.chunks.iter_mut().for_each(|chunk| chunk.fill(columns));
        for (id, row) in &self.late {
            let at = *id as usize - 1;
            self.chunks[at / ROWS].put(at % ROWS, row, columns);
        }
        self.loaded = self.loaded.and(columns);
        if self.loaded == ColumnSet::ALL {
            self.late = Vec::new();
        }
    }
}
