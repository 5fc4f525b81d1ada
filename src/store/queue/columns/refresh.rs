//! Keeps the columns in step with the store.

use super::chunk::{ColumnRow, ColumnSet, PackedColumn, StateField};
use super::pack::WORTH_PACKING;
use super::packed::PackedColumns;
use crate::domain::{Kind, Outcome, Resolution};
use crate::store::conversations::write::LANGUAGE_SQL;
use crate::store::patterns::topics::TOPIC_OF;
use crate::store::{DoingWhat, Result, Store};
use rusqlite::{OptionalExtension, Row as SqlRow};
use std::cell::RefCell;
use std::rc::Rc;

/// The columns that a connection keeps.
#[derive(Default)]
struct KeptColumns(RefCell<Option<Rc<PackedColumns>>>);

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

/// A row of [`COLUMNS`].
fn row_of(r: &SqlRow<'_>) -> rusqlite::Result<(i64, ColumnRow)> {
    let number = |i: usize| r.get::<_, Option<f64>>(i).map(|x| x.map_or(f32::NAN, |x| x as f32));
    let id = |i: usize| r.get::<_, Option<i64>>(i).map(|x| x.and_then(|x| u32::try_from(x).ok()).unwrap_or_default());
    let fields = [
        (StateField::OUTCOME, 12),
        (StateField::REVIEW, 13),
        (StateField::PART, 14),
        (StateField::TRAFFIC, 15),
        (StateField::HAS_AI, 16),
        (StateField::MISMATCH, 17),
        (StateField::FALLBACK, 18),
        (StateField::CAUSE, 19),
        (StateField::MATTER_LABELLED, 20),
        (StateField::CONFIRMED, 22),
    ];
    let mut state = StateField::THERE.with(0, 1);
    for (field, column) in fields {
        state = field.with(state, id(column)?);
    }
    let row = ColumnRow {
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
        turns: number(23)?,
        let_down: id(24)?,
    };
    Ok((r.get(0)?, row))
}

/// The packed columns of `conversation AS c`, in the order of [`row_of`].
pub(super) fn columns_sql(condition: &str) -> String {
    let (sentiment, intent) = (Kind::Sentiment.code(), Kind::Intent.code());
    let topic = &*TOPIC_OF;
    let (resolved, confirmed) = (Outcome::Resolved.code(), Resolution::Confirmed.code());
    format!(
        "SELECT c.id, c.last_at, c.priority, coalesce(c.suggested_confidence, c.confidence), c.csat,
            coalesce((SELECT CAST(k.value AS REAL) FROM current k WHERE k.subject = c.id AND k.kind = {sentiment} AND k.turn = -1),
                c.felt, c.sentiment),
            c.intent, c.suggested, c.label, coalesce(l.value + 0, c.first_intent, {topic}), c.channel, {LANGUAGE_SQL},
            c.outcome, c.review, c.part, c.traffic, c.has_ai, c.mismatch, c.fallback, c.cause, l.value IS NOT NULL, c.first_intent,
            c.outcome = {resolved} AND c.resolution IS {confirmed}, c.n_turns,
            c.felt_chance + 1
         FROM conversation c
         LEFT JOIN current l ON l.subject = c.id AND l.kind = {intent} AND l.turn = c.first_turn
         WHERE {condition}"
    )
}

impl Store {
    /// The packed columns as of now, with at least these in memory.
    pub(in crate::store) fn columns(&self, wanted: ColumnSet) -> Result<Rc<PackedColumns>> {
        self.take_in(wanted)?;
        Ok(self.kept_columns())
    }

    /// Takes in what has happened to the store since the last time, this connection's own work included.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn catch_up(&self) -> Result<Changes> {
        self.take_in(ColumnSet::of(&[PackedColumn::State]))
    }

    fn take_in(&self, wanted: ColumnSet) -> Result<Changes> {
        let (mut columns, first) = match self.take_columns() {
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
            columns = PackedColumns::from_rows(self.last_change()?);
            taken = self.bring_up(&mut columns, wanted);
        }
        columns.tentative |= !self.conn.is_autocommit();
        // Kept after an error too, an interruption say: every row that was taken in stands, the next call goes on from there.
        self.keep_columns(columns);
        let changes = taken?.unwrap_or_default();
        Ok(if first { Changes::default() } else { changes })
    }

    /// Takes in what has changed and reads the columns that are wanted. `None` when neither the log nor the segments are the
    /// ones that these columns are from: others have packed them meanwhile.
    pub(super) fn bring_up(&self, columns: &mut PackedColumns, wanted: ColumnSet) -> Result<Option<Changes>> {
        // Read first: what happens while the rows are read is read again the next time.
        let last = self.last_change()?;
        let changed = self.changed_since(columns.seen, last)?;
        let Some(changed) = changed else { return Ok(None) };
        let newest = self.number("SELECT max(id) FROM conversation")?.unwrap_or(0);
        let most = self.most()?;
        let new = most.row(newest)?.0 - columns.len as i64;
        // Many rows are better not kept for later.
        let many = changed.len() as i64 + new > WORTH_PACKING as i64;
        if !self.load(columns, if many { ColumnSet::ALL } else { wanted })? {
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
        let columns = self.columns(ColumnSet::ALL)?;
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
    pub(in crate::store) fn last_change(&self) -> Result<i64> {
        Ok(self.number("SELECT seq FROM sqlite_sequence WHERE name = 'changed'")?.unwrap_or(0))
    }

    pub(in crate::store) fn number(&self, sql: &str) -> Result<Option<i64>> {
        self.conn
            .prepare_cached(sql)
            .and_then(|mut s| s.query_row([], |r| r.get::<_, Option<i64>>(0)).optional())
            .map(Option::flatten)
            .doing("looking for changes")
    }
}

impl Store {
    /// Forgets the columns: they are read anew.
    pub(in crate::store) fn forget_columns(&self) {
        self.kept.of::<KeptColumns>().0.replace(None);
    }

    /// After a roll-back: what was read within the transaction is not so.
    pub(in crate::store) fn forget_tentative(&self) {
        if self.kept.of::<KeptColumns>().0.borrow().as_ref().is_some_and(|c| c.tentative) {
            self.forget_columns();
        }
    }

    /// After a commit: what was read within the transaction is so.
    pub(in crate::store) fn keep_tentative(&self) {
        if let Some(mut columns) = self.take_columns() {
            columns.tentative = false;
            self.keep_columns(columns);
        }
    }

    /// The columns to write to. They are copied only where somebody still reads them, which no caller does.
    pub(super) fn take_columns(&self) -> Option<PackedColumns> {
        self.kept.of::<KeptColumns>().0.take().map(Rc::unwrap_or_clone)
    }

    /// The columns as they were kept last.
    pub(super) fn kept_columns(&self) -> Rc<PackedColumns> {
        self.kept.of::<KeptColumns>().0.borrow().clone().unwrap_or_default()
    }

    pub(super) fn keep_columns(&self, columns: PackedColumns) {
        self.kept.of::<KeptColumns>().0.replace(Some(Rc::new(columns)));
    }
}
