//! The append-only decision log: deciding, undoing, redoing, and the projections that follow from it.
//!
//! A step is one act of a person and one transaction. Undo and redo append rows that set each target back; they never
//! take rows away.

use super::intents::{OUT_OF_SCOPE_ID, state_of};
use super::people::IMPORT;
use super::{Access, Doing, Result, Store, StoreError, travel, turn_id};
use crate::domain::{Change, ConversationId, DecisionId, Kind, StepId, Target, Timestamp, TurnKey};
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};
use std::collections::BTreeSet;

/// States of a step.
const DONE: i64 = 0;
const UNDONE: i64 = 1;
const OVERTAKEN: i64 = 2;

/// What undo took back, or redo did again.
#[derive(Clone, Debug, PartialEq)]
pub struct Undone {
    /// The step.
    pub step: StepId,
    /// What it was, in words.
    pub words: String,
    /// The conversation that it was about, if one.
    pub conversation: Option<ConversationId>,
}

/// One row of the log as undo needs it.
struct LogRow {
    id: i64,
    kind: Kind,
    target: Target,
    before: Option<String>,
    after: Option<String>,
}

impl Store {
    /// Runs `f` in a write transaction that is taken at once, so that it cannot fail half-way for lack of the lock.
    pub(crate) fn immediate<T>(&self, doing: &str, f: impl FnOnce(&Self) -> Result<T>) -> Result<T> {
        if self.access == Access::ReadOnly {
            return Err(StoreError::refused(
                "the store is open for reading only (--read-only, or a full disk); nothing can be changed in it",
            ));
        }
        self.still_there()?;
        let tx = Transaction::new_unchecked(&self.conn, TransactionBehavior::Immediate).doing(doing)?;
        match self.sync().and_then(|()| f(self)) {
            Ok(value) => {
                tx.commit().doing(doing)?;
                self.caches.keep_tentative();
                // What went into a file that was replaced meanwhile has not been kept.
                self.still_there()?;
                Ok(value)
            }
            Err(e) => {
                // Names that were made inside are gone with the transaction.
                self.caches.forget_names();
                self.caches.forget_tentative();
                tx.rollback().doing(doing)?;
                Err(e)
            }
        }
    }

    /// Makes decisions as one step: durable when this returns, undone by one undo.
    ///
    /// # Errors
    /// Nothing to decide; a target does not exist; the store cannot be written. Then nothing has changed.
    pub fn decide(&mut self, reviewer: &str, now: Timestamp, changes: &[Change]) -> Result<StepId> {
        self.immediate("saving a decision", |store| store.decide_within(reviewer, now, changes))
    }

    /// As [`Store::decide`], within a transaction of the caller's.
    pub(super) fn decide_within(&self, reviewer: &str, now: Timestamp, changes: &[Change]) -> Result<StepId> {
        if changes.is_empty() {
            return Err(StoreError::refused("nothing to decide"));
        }
        let who = self.reviewer_id(reviewer, now)?;
        let undoable = !reviewer.starts_with(IMPORT) && changes.iter().all(|c| c.kind != Kind::Live);
        if undoable {
            self.conn
                .prepare_cached("UPDATE step SET state = ? WHERE reviewer = ? AND state = ?")
                .and_then(|mut s| s.execute(params![OVERTAKEN, who, UNDONE]))
                .doing("closing the redo list")?;
        }
        let step = self.new_step(who, now, undoable)?;
        for change in changes {
            self.check_target(change)?;
            self.append(step, who, now, change, None)?;
        }
        self.refresh_all(changes.iter().map(|c| (c.kind, c.target.subject)))?;
        Ok(step)
    }

    pub(super) fn new_step(&self, who: i64, now: Timestamp, undoable: bool) -> Result<StepId> {
        self.conn
            .prepare_cached("INSERT INTO step(at, reviewer, undoable) VALUES (?, ?, ?)")
            .and_then(|mut s| s.execute(params![now.0, who, undoable]))
            .doing("beginning a step")?;
        Ok(StepId(self.conn.last_insert_rowid()))
    }

    /// Appends one row and brings the latest word on its target up to date.
    pub(super) fn append(
        &self,
        step: StepId,
        who: i64,
        now: Timestamp,
        change: &Change,
        undoes: Option<i64>,
    ) -> Result<DecisionId> {
        let (kind, subject, turn) = key(change.kind, change.target);
        let before = match self.current_value(change.kind, change.target)? {
            Some((value, _, _)) => Some(value),
            None => self.value_before_the_log(change.kind, subject)?,
        };
        self.conn
            .prepare_cached(
                "INSERT INTO decision(step, at, reviewer, kind, subject, turn, before, after, reason, undoes)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .and_then(|mut s| {
                s.execute(params![step.0, now.0, who, kind, subject, turn, before, change.to, change.reason, undoes])
            })
            .doing("writing the decision log")?;
        let id = DecisionId(self.conn.last_insert_rowid());
        match &change.to {
            Some(value) => self
                .conn
                .prepare_cached(
                    "INSERT INTO current(subject, kind, turn, value, decision, reviewer) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                     ON CONFLICT(subject, kind, turn) DO UPDATE SET value = ?4, decision = ?5, reviewer = ?6",
                )
                .and_then(|mut s| s.execute(params![subject, kind, turn, value, id.0, who])),
            None => self
                .conn
                .prepare_cached("DELETE FROM current WHERE subject = ? AND kind = ? AND turn = ?")
                .and_then(|mut s| s.execute(params![subject, kind, turn])),
        }
        .doing("applying a decision")?;
        travel::note(&self.conn, id.0).doing("naming a decision")?;
        self.project(change)?;
        Ok(id)
    }

    /// The latest word on a target: value, decision, reviewer's row.
    pub(super) fn current_value(&self, kind: Kind, target: Target) -> Result<Option<(String, i64, i64)>> {
        let (kind, subject, turn) = key(kind, target);
        self.conn
            .prepare_cached("SELECT value, decision, reviewer FROM current WHERE subject = ? AND kind = ? AND turn = ?")
            .and_then(|mut s| {
                s.query_row(params![subject, kind, turn], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).optional()
            })
            .doing("looking up the latest decision")
    }

    /// What a target was before anybody decided on it: intents that came with a log have a name and are in use.
    fn value_before_the_log(&self, kind: Kind, intent: i64) -> Result<Option<String>> {
        let sql = match kind {
            Kind::IntentName => "SELECT name FROM intent WHERE id = ?",
            Kind::IntentState => "SELECT CASE state WHEN 0 THEN 'active' ELSE 'retired' END FROM intent WHERE id = ?",
            _ => return Ok(None),
        };
        self.conn
            .prepare_cached(sql)
            .and_then(|mut s| s.query_row([intent], |r| r.get(0)).optional())
            .doing("looking up an intent")
    }

    /// What some kinds change besides the log's latest word.
    fn project(&self, change: &Change) -> Result<()> {
        let subject = change.target.subject;
        let to = change.to.as_deref();
        if matches!(change.kind, Kind::IntentName | Kind::IntentState) {
            self.caches.forget_names();
        }
        match change.kind {
            Kind::IntentName => {
                let name = to.ok_or_else(|| StoreError::refused("an intent cannot lose its name"))?;
                self.conn.execute("UPDATE intent SET name = ? WHERE id = ?", params![name, subject])
            }
            Kind::IntentState => {
                let (state, merged) = state_of(to);
                self.conn.execute(
                    "UPDATE intent SET state = ?, merged_into = ? WHERE id = ?",
                    params![state, merged, subject],
                )
            }
            Kind::Example => {
                let intent = to.and_then(|t| t.parse::<i64>().ok());
                self.conn
                    .prepare_cached("UPDATE example SET intent = ? WHERE id = ?")
                    .and_then(|mut s| s.execute(params![intent, subject]))
            }
            _ => return Ok(()),
        }
        .map(drop)
        .doing("applying a decision")
    }

    /// Refuses decisions about conversations and turns that do not exist.
    fn check_target(&self, change: &Change) -> Result<()> {
        if change.kind.code() >= Kind::IntentName.code() {
            return Ok(());
        }
        let c = ConversationId(change.target.subject);
        let (conversation, turn): (bool, bool) = self
            .conn
            .prepare_cached(
                "SELECT EXISTS(SELECT 1 FROM conversation WHERE id = ?1), ?2 IS NULL OR EXISTS(SELECT 1 FROM turn WHERE id = ?2)",
            )
            .and_then(|mut s| {
                s.query_row(params![c.0, change.target.turn.map(|t| turn_id(c, t))], |r| Ok((r.get(0)?, r.get(1)?)))
            })
            .doing("looking up the conversation")?;
        let not_found = |what, name, hint: String| Err(StoreError::NotFound { what, name, hint });
        match change.target.turn.filter(|_| !turn) {
            _ if !conversation => {
                not_found("conversation", format!("#{}", c.0), "`appraise queue` lists them".to_owned())
            }
            Some(turn) => {
                not_found("turn", turn.0.to_string(), format!("`appraise show #{}` lists the turns of #{}", c.0, c.0))
            }
            None => Ok(()),
        }
    }

    /// Brings the conversations (and those labelled with changed intents) in line with the log.
    pub(super) fn refresh_all(&self, touched: impl Iterator<Item = (Kind, i64)>) -> Result<()> {
        let mut conversations = BTreeSet::new();
        for (kind, subject) in touched {
            if kind.code() < Kind::IntentName.code() {
                conversations.insert(subject);
            } else if kind == Kind::IntentState && subject != OUT_OF_SCOPE_ID.0 {
                let mut s = self
                    .conn
                    .prepare_cached(
                        "SELECT DISTINCT subject FROM current WHERE kind = 1 AND CAST(value AS INTEGER) = ?",
                    )
                    .doing("finding what is labelled with an intent")?;
                let ids = s.query_map([subject], |r| r.get(0)).doing("finding what is labelled with an intent")?;
                for id in ids {
                    conversations.insert(id.doing("finding what is labelled with an intent")?);
                }
            }
        }
        conversations.into_iter().try_for_each(|c| self.refresh(ConversationId(c)))
    }

    /// Takes back one's own latest step.
    ///
    /// # Errors
    /// Nothing to undo; or somebody (who is named) decided later on the same.
    pub fn undo(&mut self, reviewer: &str, now: Timestamp) -> Result<Undone> {
        self.immediate("undoing", |store| {
            let sql = "SELECT max(id) FROM step WHERE reviewer = ? AND state = 0 AND undoable = 1";
            store.turn_back(reviewer, now, sql, UNDONE, "nothing of yours is left to undo")
        })
    }

    /// Does again what one's own latest undo took back.
    ///
    /// # Errors
    /// Nothing to redo; or somebody (who is named) decided later on the same.
    pub fn redo(&mut self, reviewer: &str, now: Timestamp) -> Result<Undone> {
        self.immediate("redoing", |store| {
            let sql = "SELECT min(id) FROM step WHERE reviewer = ? AND state = 1";
            store.turn_back(reviewer, now, sql, DONE, "nothing to redo")
        })
    }

    fn turn_back(&self, reviewer: &str, now: Timestamp, pick: &str, to_state: i64, none: &str) -> Result<Undone> {
        let who = self.reviewer_id(reviewer, now)?;
        let step: Option<i64> = self
            .conn
            .prepare_cached(pick)
            .and_then(|mut s| s.query_row([who], |r| r.get(0)))
            .doing("finding your last step")?;
        let step = step.ok_or_else(|| StoreError::refused(none))?;
        let mut rows = self.rows_of(step)?;
        let back = self.new_step(who, now, false)?;
        self.conn
            .execute("UPDATE step SET state = ? WHERE id = ?", params![to_state, step])
            .doing("marking the step")?;
        if to_state == UNDONE {
            // In reverse, so that two changes of one target within a step end where they began.
            rows.reverse();
        }
        for row in &rows {
            self.refuse_if_overtaken(row, who)?;
            let to = if to_state == UNDONE { self.standing_before(row)? } else { row.after.clone() };
            self.append(
                back,
                who,
                now,
                &Change { kind: row.kind, target: row.target, to, reason: None },
                Some(row.id),
            )?;
            self.give_back(row, to_state == UNDONE)?;
        }
        self.refresh_all(rows.iter().map(|r| (r.kind, r.target.subject)))?;
        let conversation =
            rows.iter().find(|r| r.kind.code() < Kind::IntentName.code()).map(|r| ConversationId(r.target.subject));
        let words = rows
            .iter()
            .map(|r| self.change_words(r.kind, r.target, r.before.as_deref(), r.after.as_deref()))
            .collect::<Result<Vec<_>>>()?;
        Ok(Undone { step: StepId(step), words: summary(&words), conversation })
    }

    fn rows_of(&self, step: i64) -> Result<Vec<LogRow>> {
        let mut s = self
            .conn
            .prepare_cached("SELECT id, kind, subject, turn, before, after FROM decision WHERE step = ? ORDER BY id")
            .doing("reading a step")?;
        let rows = s
            .query_map([step], |r| {
                let turn: i64 = r.get(3)?;
                let target = Target { subject: r.get(2)?, turn: turn_of(turn) };
                Ok((r.get(0)?, r.get::<_, i64>(1)?, target, r.get(4)?, r.get(5)?))
            })
            .doing("reading a step")?;
        rows.map(|row| {
            let (id, kind, target, before, after) = row.doing("reading a step")?;
            let kind =
                Kind::from_code(kind).ok_or_else(|| StoreError::Damaged(format!("decision {id} has kind {kind}")))?;
            Ok(LogRow { id, kind, target, before, after })
        })
        .collect()
    }

    /// Rule 29: where somebody else decided later on the same target, one's own step stays.
    fn refuse_if_overtaken(&self, row: &LogRow, who: i64) -> Result<()> {
        let (kind, subject, turn) = key(row.kind, row.target);
        let other: Option<i64> = self
            .conn
            .prepare_cached(
                "SELECT d.reviewer FROM decision d JOIN step s ON s.id = d.step
                 WHERE d.subject = ? AND d.kind = ? AND d.turn = ? AND d.id > ? AND d.reviewer <> ? AND d.undoes IS NULL
                   AND s.state = 0 ORDER BY d.id DESC LIMIT 1",
            )
            .and_then(|mut s| s.query_row(params![subject, kind, turn, row.id, who], |r| r.get(0)).optional())
            .doing("looking for later decisions")?;
        match other {
            None => Ok(()),
            Some(other) => {
                let name = self.reviewer_name(other)?;
                let words = self.change_words(row.kind, row.target, row.before.as_deref(), row.after.as_deref())?;
                Err(StoreError::refused(format!("{name} decided on it after you, so this stays: {words}")))
            }
        }
    }

    /// What stands on a target without a row: the latest earlier word that nobody has taken back, else what was there
    /// before anybody decided. Not the row's own `before`: that may have been undone by its author meanwhile.
    fn standing_before(&self, row: &LogRow) -> Result<Option<String>> {
        let (kind, subject, turn) = key(row.kind, row.target);
        let standing: Option<Option<String>> = self
            .conn
            .prepare_cached(
                "SELECT d.after FROM decision d JOIN step s ON s.id = d.step
                 WHERE d.subject = ? AND d.kind = ? AND d.turn = ? AND d.id < ? AND d.undoes IS NULL AND s.state = 0
                 ORDER BY d.id DESC LIMIT 1",
            )
            .and_then(|mut s| s.query_row(params![subject, kind, turn, row.id], |r| r.get(0)).optional())
            .doing("looking for what stood before")?;
        if let Some(value) = standing {
            return Ok(value);
        }
        self.conn
            .prepare_cached(
                "SELECT before FROM decision WHERE subject = ? AND kind = ? AND turn = ? ORDER BY id LIMIT 1",
            )
            .and_then(|mut s| s.query_row(params![subject, kind, turn], |r| r.get(0)))
            .doing("looking for what stood first")
    }

    /// Gives the latest word on a target back to whoever said it first: an undo is not a judgement of its own.
    fn give_back(&self, row: &LogRow, undo: bool) -> Result<()> {
        let (kind, subject, turn) = key(row.kind, row.target);
        let limit = if undo { row.id - 1 } else { row.id };
        self.conn
            .prepare_cached(
                "UPDATE current SET (decision, reviewer) = (
                     SELECT d.id, d.reviewer FROM decision d JOIN step s ON s.id = d.step
                     WHERE d.subject = ?1 AND d.kind = ?2 AND d.turn = ?3 AND d.id <= ?4 AND d.undoes IS NULL AND s.state = 0
                     ORDER BY d.id DESC LIMIT 1)
                 WHERE subject = ?1 AND kind = ?2 AND turn = ?3 AND EXISTS(
                     SELECT 1 FROM decision d JOIN step s ON s.id = d.step
                     WHERE d.subject = ?1 AND d.kind = ?2 AND d.turn = ?3 AND d.id <= ?4 AND d.undoes IS NULL AND s.state = 0)",
            )
            .and_then(|mut s| s.execute(params![subject, kind, turn, limit]))
            .doing("giving a decision back")?;
        Ok(())
    }
}

/// Kind, subject and turn as the tables hold them.
fn key(kind: Kind, target: Target) -> (i64, i64, i64) {
    (kind.code(), target.subject, target.turn.map_or(-1, |t| i64::from(t.0)))
}

/// The turn of a row of the log; `None` where it is not about a turn.
pub(super) fn turn_of(column: i64) -> Option<TurnKey> {
    u32::try_from(column).ok().map(TurnKey)
}

/// The first few of many changes.
fn summary(words: &[String]) -> String {
    const SHOWN: usize = 3;
    let mut out = words.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if words.len() > SHOWN {
        out.push_str(&format!(" and {} more", words.len() - SHOWN));
    }
    out
}
