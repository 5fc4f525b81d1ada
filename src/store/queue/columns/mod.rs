//! The columns of all conversations that filters, orders and counts read, packed in memory: about sixty bytes a row, so that
//! any filter over a million conversations is one pass of a millisecond or two, without an index for each.
//!
//! They are kept in step with the store by two marks: rows with higher numbers are new, and the log `changed`, filled by a
//! trigger, names the others. Segments in the store are a copy of them up to some entry of that log, so that opening a large
//! store reads a few blobs instead of every row, and of those only the columns that somebody asks for. All of this is a
//! cache: the rows are what counts.

mod chunk;
mod narrow;
mod pack;
mod pick;
mod predicate;

use chunk::Row;
pub(in crate::store) use chunk::{Chunk, Column, Field, Set};
pub(in crate::store) use pick::{Found, Ordering};
pub(in crate::store) use predicate::{IdSet, RowNumber, Test, Wanted};

use crate::domain::Kind;
use crate::store::{Doing, Result, Store};
use chunk::ROWS;
use pack::{Copied, WORTH_PACKING};
use rusqlite::{OptionalExtension, Row as SqlRow};

/// All conversations, packed.
#[derive(Debug, Default)]
pub(in crate::store) struct Columns {
    chunks: Vec<Chunk>,
    /// The columns that are in memory; the others are in the stored segments.
    loaded: Set,
    /// Rows that have changed since the segments were written, for the columns that are not in memory.
    late: Vec<(i64, Row)>,
    /// The segments that the columns are from.
    from: Copied,
    /// Chunks that differ from the stored segments.
    dirty: Vec<bool>,
    /// The highest row number.
    len: usize,
    /// Entries of the log `changed` that are taken in.
    seen: i64,
    /// Changes and new rows since the segments were written.
    unpacked: usize,
    /// Read within a transaction that may still be taken back.
    tentative: bool,
}

/// What has happened to the store since it was looked at before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Conversations that are new.
    pub new: usize,
    /// Conversations that have changed.
    pub changed: usize,
}

impl Changes {
    /// Whether nothing has.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

impl Columns {
    /// Those of no rows yet, of a store whose log of changes is read up to some entry.
    fn from_rows(seen: i64) -> Self {
        Self { loaded: Set::ALL, seen, ..Self::default() }
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
        (at % ROWS < chunk.len() && Field::THERE.of(chunk.state[at % ROWS]) == 1).then_some((chunk, at % ROWS))
    }

    fn put(&mut self, id: i64, row: &Row) {
        let Some(at) = usize::try_from(id).ok().and_then(|i| i.checked_sub(1)) else { return };
        // Chunks lie without gaps, full but for the last.
        while self.chunks.len() <= at / ROWS {
            if let Some(last) = self.chunks.last_mut().filter(|c| c.len() < ROWS) {
                last.put(ROWS - 1, &Row::default(), self.loaded);
            }
            self.chunks.push(Chunk::default());
            self.dirty.push(true);
        }
        self.chunks[at / ROWS].put(at % ROWS, row, self.loaded);
        self.dirty[at / ROWS] = true;
        self.len = self.len.max(at + 1);
        self.unpacked += 1;
        if self.loaded != Set::ALL {
            self.late.push((id, *row));
        }
    }

    /// Columns that have come into memory get what has changed since they were copied.
    fn came(&mut self, columns: Set) {
        self.chunks.iter_mut().for_each(|chunk| chunk.fill(columns));
        for (id, row) in &self.late {
            let at = *id as usize - 1;
            self.chunks[at / ROWS].put(at % ROWS, row, columns);
        }
        self.loaded = self.loaded.and(columns);
        if self.loaded == Set::ALL {
            self.late = Vec::new();
        }
    }
}

/// A row of [`COLUMNS`].
fn row_of(r: &SqlRow<'_>) -> rusqlite::Result<(i64, Row)> {
    let number = |i: usize| r.get::<_, Option<f64>>(i).map(|x| x.map_or(f32::NAN, |x| x as f32));
    let id = |i: usize| r.get::<_, Option<i64>>(i).map(|x| x.and_then(|x| u32::try_from(x).ok()).unwrap_or_default());
    let fields = [
        (Field::OUTCOME, 12),
        (Field::REVIEW, 13),
        (Field::PART, 14),
        (Field::TRAFFIC, 15),
        (Field::HAS_AI, 16),
        (Field::MISMATCH, 17),
        (Field::FALLBACK, 18),
        (Field::CAUSE, 19),
        (Field::MATTER_LABELLED, 20),
    ];
    let mut state = Field::THERE.with(0, 1);
    for (field, column) in fields {
        state = field.with(state, id(column)?);
    }
    let row = Row {
        last_at: r.get(1)?,
        priority: r.get(2)?,
        state,
        confidence: number(3)?,
        csat: number(4)?,
        sentiment: number(5)?,
        intent: id(6)?,
        suggested: id(7)?,
        label: id(8)?,
        matter: id(9)?,
        logged: id(21)?,
        channel: id(10)?,
        language: id(11)?,
    };
    Ok((r.get(0)?, row))
}

/// The packed columns of `conversation AS c`, in the order of [`row_of`].
fn columns_sql(condition: &str) -> String {
    let (sentiment, intent) = (Kind::Sentiment.code(), Kind::Intent.code());
    format!(
        "SELECT c.id, c.last_at, c.priority, coalesce(c.suggested_confidence, c.confidence), c.csat,
            coalesce((SELECT CAST(k.value AS REAL) FROM current k WHERE k.subject = c.id AND k.kind = {sentiment} AND k.turn = -1),
                c.sentiment),
            c.intent, c.suggested, c.label, coalesce(l.value + 0, c.first_intent), c.channel, c.language,
            c.outcome, c.review, c.part, c.traffic, c.has_ai, c.mismatch, c.fallback, c.cause, l.value IS NOT NULL, c.first_intent
         FROM conversation c
         LEFT JOIN current l ON l.subject = c.id AND l.kind = {intent} AND l.turn = c.first_turn
         WHERE {condition}"
    )
}

impl Store {
    /// The packed columns as of now, with at least these in memory.
    pub(in crate::store) fn columns(&self, wanted: Set) -> Result<std::cell::Ref<'_, Columns>> {
        self.take_in(wanted)?;
        Ok(std::cell::Ref::map(self.caches.columns.borrow(), |c| c.as_ref().unwrap_or(&EMPTY)))
    }

    /// Takes in what has happened to the store since the last time, this connection's own work included.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn catch_up(&self) -> Result<Changes> {
        self.take_in(Set::of(&[Column::State]))
    }

    fn take_in(&self, wanted: Set) -> Result<Changes> {
        let (mut columns, first) = match self.caches.columns.take() {
            Some(columns) => (columns, false),
            None => (self.read_segments()?, true),
        };
        let mut taken = self.bring_up(&mut columns, wanted);
        if matches!(taken, Ok(None)) {
            columns = self.read_segments()?;
            taken = self.bring_up(&mut columns, wanted);
        }
        if matches!(taken, Ok(None)) {
            // Somebody packs while this reads, or what is stored is damaged: the rows themselves are always there.
            columns = Columns::from_rows(self.last_change()?);
            taken = self.bring_up(&mut columns, wanted);
        }
        columns.tentative |= !self.conn.is_autocommit();
        // Kept after an error too, an interruption say: every row that was taken in stands, the next call goes on from there.
        self.caches.columns.replace(Some(columns));
        let changes = taken?.unwrap_or_default();
        Ok(if first { Changes::default() } else { changes })
    }

    /// Takes in what has changed and reads the columns that are wanted. `None` when neither the log nor the segments are the
    /// ones that these columns are from: others have packed them meanwhile.
    fn bring_up(&self, columns: &mut Columns, wanted: Set) -> Result<Option<Changes>> {
        // Read first: what happens while the rows are read is read again the next time.
        let last = self.last_change()?;
        let changed = self.changed_since(columns.seen, last)?;
        let Some(changed) = changed else { return Ok(None) };
        let newest = self.number("SELECT max(id) FROM conversation")?.unwrap_or(0);
        let most = self.most()?;
        let new = most.row(newest)?.0 - columns.len as i64;
        // Many rows are better not kept for later.
        let many = changed.len() as i64 + new > WORTH_PACKING as i64;
        if !self.load(columns, if many { Set::ALL } else { wanted })? {
            return Ok(None);
        }
        let mut changes = Changes::default();
        let sql = columns_sql("c.id = ?");
        let mut s = self.conn.prepare_cached(&sql).doing("reading changed conversations")?;
        let known = columns.len as i64;
        for id in changed.into_iter().filter(|&id| id <= known) {
            if let Some((id, row)) = s.query_row([id], row_of).optional().doing("reading a changed conversation")? {
                columns.put(id, &row);
                changes.changed += 1;
            }
        }
        columns.seen = last;
        let sql = columns_sql("c.id > ? ORDER BY c.id");
        let mut s = self.conn.prepare_cached(&sql).doing("reading new conversations")?;
        let mut rows = s.query([known]).doing("reading new conversations")?;
        while let Some(r) = rows.next().doing("reading new conversations")? {
            let (id, row) = row_of(r).doing("reading a new conversation")?;
            columns.put(most.row(id)?.0, &row);
            changes.new += 1;
        }
        Ok(Some(changes))
    }

    /// Which of some rows are not what the columns say of them.
    pub(in crate::store) fn differing(&self, ids: &[i64]) -> Result<Vec<i64>> {
        let columns = self.columns(Set::ALL)?;
        let sql = columns_sql("c.id = ?");
        let mut s = self.conn.prepare_cached(&sql).doing("comparing packed columns")?;
        let mut out = Vec::new();
        for &id in ids {
            let stored = s.query_row([id], row_of).optional().doing("comparing packed columns")?;
            let packed = columns.at(id).map(|(chunk, at)| chunk.row(at));
            out.extend((stored.is_none_or(|(_, row)| packed.is_none_or(|packed| !packed.is(&row)))).then_some(id));
        }
        Ok(out)
    }

    /// Conversations that the log of changes names between two entries; `None` when it does not go back that far.
    fn changed_since(&self, seen: i64, last: i64) -> Result<Option<Vec<i64>>> {
        if last == seen {
            return Ok(Some(Vec::new()));
        }
        let oldest: Option<i64> = self.number("SELECT min(seq) FROM changed")?;
        if oldest.is_none_or(|o| o > seen + 1) {
            return Ok(None);
        }
        self.conn
            .prepare_cached("SELECT DISTINCT conversation FROM changed WHERE seq > ? AND seq <= ?")
            .and_then(|mut s| s.query_map([seen, last], |r| r.get(0)).and_then(Iterator::collect))
            .map(Some)
            .doing("looking for changed conversations")
    }

    /// The newest entry of the log of changes, whether it is still there or not.
    fn last_change(&self) -> Result<i64> {
        Ok(self.number("SELECT seq FROM sqlite_sequence WHERE name = 'changed'")?.unwrap_or(0))
    }

    fn number(&self, sql: &str) -> Result<Option<i64>> {
        self.conn
            .prepare_cached(sql)
            .and_then(|mut s| s.query_row([], |r| r.get::<_, Option<i64>>(0)).optional())
            .map(Option::flatten)
            .doing("looking for changes")
    }
}

/// What a store without conversations has.
static EMPTY: Columns = Columns {
    chunks: Vec::new(),
    loaded: Set::ALL,
    late: Vec::new(),
    from: Copied { segments: 0, rows: 0, seen: 0 },
    dirty: Vec::new(),
    len: 0,
    seen: 0,
    unpacked: 0,
    tentative: false,
};

impl crate::store::Caches {
    /// After a roll-back: what was read within the transaction is not so.
    pub(in crate::store) fn forget_tentative(&self) {
        let mut columns = self.columns.borrow_mut();
        if columns.as_ref().is_some_and(|c| c.tentative) {
            *columns = None;
        }
    }

    /// After a commit: what was read within the transaction is so.
    pub(in crate::store) fn keep_tentative(&self) {
        if let Some(columns) = self.columns.borrow_mut().as_mut() {
            columns.tentative = false;
        }
    }
}

#[cfg(test)]
mod tests;
