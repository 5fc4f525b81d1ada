//! Undo and redo: rows are appended that set each target back; none is taken away. Both look before they write.

use crate::domain::review::decision::split_ids;
use crate::domain::{
    ConversationId, DecisionChange, DecisionTarget, IntentId, Kind, ModeId, StepId, Timestamp, TurnKey,
};
use crate::store::codes::{DONE, LABEL, OVERTAKEN, UNDONE};
use crate::store::decisions::log::{key, turn_of};
use crate::store::decisions::told::{ToldRow, ToldStep};
use crate::store::intents::state::state_of;
use crate::store::{DoingWhat, Result, Store, StoreError};
use rusqlite::{OptionalExtension, params};

/// What undo took back, or redo did again.
#[derive(Clone, Debug, PartialEq)]
pub struct UndoneStep {
    /// The step.
    pub step: StepId,
    /// What it was, in words.
    pub words: String,
    /// The conversation that it was about, if one.
    pub conversation: Option<ConversationId>,
    /// The turn of it that had been labelled with it, else the one that the same person labelled last.
    pub turn: Option<TurnKey>,
}

/// One row of the log as undo needs it.
struct LogRow {
    id: i64,
    kind: Kind,
    target: DecisionTarget,
    before: Option<String>,
    after: Option<String>,
    reason: Option<String>,
}

impl LogRow {
    fn said(&self) -> ToldRow<'_> {
        let (after, reason) = (self.after.as_deref(), self.reason.as_deref());
        ToldRow { kind: self.kind, target: self.target, after, reason }
    }
}

/// What became of an undo or redo: a refusal of the second kind is written down, so that it stands in the way only once.
enum UndoResult {
    Back(UndoneStep),
    Kept(StoreError),
}

impl Store {
    /// Takes back one's own latest step.
    ///
    /// # Errors
    /// Nothing to undo; somebody (who is named) decided later on the same; a name is taken meanwhile, or intents would be
    /// merged in a circle. A step of the last kind stays, and the next undo is about the one before it.
    pub fn undo(&mut self, reviewer: &str, now: Timestamp) -> Result<UndoneStep> {
        let sql = format!("SELECT max(id) FROM step WHERE reviewer = ? AND state = {DONE} AND undoable = 1");
        let turned = self.immediate("undoing", |store| {
            store.turn_back(reviewer, now, &sql, UNDONE, "nothing of yours is left to undo")
        });
        turned.and_then(|t| t.told("; it stays as it is, undo again takes back what you did before it"))
    }

    /// What one's own next undo would take back, in words.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn next_undo(&self, reviewer: &str) -> Result<Option<String>> {
        let Some(who) = self.known_reviewer(reviewer)? else { return Ok(None) };
        let sql = format!(
            "SELECT id FROM step WHERE reviewer = ? AND state = {DONE} AND undoable = 1 ORDER BY id DESC LIMIT 1"
        );
        let step = self.ids(&sql, &[&who])?.first().copied();
        step.map(|step| self.row_words(&self.rows_of(step)?)).transpose()
    }

    /// Does again what one's own latest undo took back.
    ///
    /// # Errors
    /// As [`Store::undo`].
    pub fn redo(&mut self, reviewer: &str, now: Timestamp) -> Result<UndoneStep> {
        let sql = format!("SELECT min(id) FROM step WHERE reviewer = ? AND state = {UNDONE}");
        let turned = self.immediate("redoing", |store| store.turn_back(reviewer, now, &sql, DONE, "nothing to redo"));
        turned.and_then(|t| t.told("; it stays undone, redo again does what you took back before it"))
    }

    fn turn_back(&self, reviewer: &str, now: Timestamp, pick: &str, to_state: i64, none: &str) -> Result<UndoResult> {
        let who = self.reviewer_id(reviewer, now)?;
        let step: Option<i64> = self
            .conn
            .prepare_cached(pick)
            .and_then(|mut s| s.query_row([who], |r| r.get(0)))
            .doing("finding your last step")?;
        let step = step.ok_or_else(|| StoreError::refused(none))?;
        let mut rows = self.rows_of(step)?;
        // What one acts on stands first, what is decided with it behind.
        let acted_on = rows.iter().find(|r| r.kind.is_about_conversation()).map(|r| ConversationId(r.target.subject));
        self.may_turn_back(who, rows.iter().map(|r| (r.kind, r.target.subject)))?;
        rows.iter().try_for_each(|row| self.refuse_if_overtaken(row, who))?;
        if let Err(e) = self.look_ahead(step, &rows, (who, to_state)) {
            let (keep, value) = if to_state == UNDONE { ("undoable", 0) } else { ("state", OVERTAKEN) };
            self.conn
                .execute(&format!("UPDATE step SET {keep} = ? WHERE id = ?"), params![value, step])
                .doing("marking the step")?;
            return Ok(UndoResult::Kept(e));
        }
        let back = self.new_step(who, now, false)?;
        self.conn
            .execute("UPDATE step SET state = ? WHERE id = ?", params![to_state, step])
            .doing("marking the step")?;
        if to_state == UNDONE {
            // In reverse, so that two changes of one target within a step end where they began.
            rows.reverse();
        }
        let mut touched = Vec::with_capacity(rows.len());
        for row in &rows {
            // What is made again has its reason again: the answer to a question stands there.
            let (to, reason) = match to_state {
                UNDONE => (self.standing_before(row)?, None),
                _ => (row.after.clone(), row.reason.clone()),
            };
            let change = DecisionChange { kind: row.kind, target: row.target, to, reason };
            touched.push(self.touched(&change)?);
            self.append(back, who, now, &change, Some(row.id))?;
            self.give_back(row, to_state == UNDONE)?;
        }
        // Whose word an intent's state is has just been given back.
        self.names.forget();
        self.refresh_all(&touched)?;
        let labelled = |r: &&LogRow| r.kind == Kind::Intent && Some(ConversationId(r.target.subject)) == acted_on;
        let turn = match (rows.iter().find(labelled), acted_on) {
            (Some(row), _) => row.target.turn,
            (None, Some(id)) => self.last_labelled(id, who)?,
            (None, None) => None,
        };
        let mut words = self.row_words(&rows)?;
        if let Some(waiting) = self.out_of_use(&rows)? {
            words.push_str(&waiting);
        }
        Ok(UndoResult::Back(UndoneStep { step: StepId(step), words, conversation: acted_on, turn }))
    }

    /// The turn of a conversation that somebody labelled last: a cause is said of that one.
    fn last_labelled(&self, id: ConversationId, who: i64) -> Result<Option<TurnKey>> {
        let sql = format!(
            "SELECT turn FROM current WHERE subject = ? AND kind = {LABEL} AND reviewer = ? ORDER BY decision DESC LIMIT 1"
        );
        let turn = self.ids(&sql, &[&id.0, &who])?.first().copied();
        Ok(turn.and_then(turn_of))
    }

    /// A step in words.
    fn row_words(&self, rows: &[LogRow]) -> Result<String> {
        if let Some(ToldStep { about, what }) = self.step_told(rows.iter().map(LogRow::said))? {
            return Ok(format!("{about}: {what}"));
        }
        // A list of topics is one matter, however many intents it brought.
        if let Some(list) = rows.iter().find(|r| r.kind == Kind::Topics) {
            return self.change_words(list.kind, list.target, list.before.as_deref(), list.after.as_deref());
        }
        let words = rows.iter().map(|r| self.change_words(r.kind, r.target, r.before.as_deref(), r.after.as_deref()));
        words.collect::<Result<Vec<_>>>().map(|words| summary(&words))
    }

    /// Looks whether all of a step can be turned back before anything is written: names may be taken and intents merged
    /// meanwhile.
    fn look_ahead(&self, step: i64, rows: &[LogRow], (who, to_state): (i64, i64)) -> Result<()> {
        let undo = to_state == UNDONE;
        for row in rows.iter().filter(|r| matches!(r.kind, Kind::ModeName | Kind::ModeState)) {
            let to = if undo { self.standing_without(row, step)? } else { row.after.clone() };
            let mode = ModeId(row.target.subject);
            match (row.kind, to) {
                (Kind::ModeName, Some(name)) => self.check_mode_name(mode, &name)?,
                (Kind::ModeState, Some(state)) if state == "active" => {
                    self.check_mode_name(mode, &self.mode_name(mode.0)?)?
                }
                _ => {}
            }
        }
        for row in rows.iter().filter(|r| matches!(r.kind, Kind::Cycle | Kind::CycleClosed)) {
            self.may_turn_cycle(row.kind, row.target.subject, row.after.as_deref(), who, undo)?;
        }
        for row in rows.iter().filter(|r| matches!(r.kind, Kind::IntentName | Kind::IntentState)) {
            let to = if undo { self.standing_without(row, step)? } else { row.after.clone() };
            let (id, to) = (IntentId(row.target.subject), to.unwrap_or_default());
            if row.kind == Kind::IntentName {
                self.check_name_is_free(id, &to)?;
            } else if let (_, Some(into)) = state_of(Some(&to)) {
                self.check_no_circle(id, IntentId(into))?;
            }
        }
        Ok(())
    }

    /// What to add where labels or examples came back whose intents are out of use meanwhile.
    fn out_of_use(&self, rows: &[LogRow]) -> Result<Option<String>> {
        let names = self.intent_names()?;
        let mut idle: Vec<String> = Vec::new();
        for row in rows.iter().filter(|r| matches!(r.kind, Kind::Intent | Kind::Example)) {
            let value = self.current_value(row.kind, row.target)?.map(|(value, _, _)| value);
            let ids = value.as_deref().map(split_ids).unwrap_or_default();
            idle.extend(
                ids.into_iter().map(|i| names.today(i)).filter(|&i| !names.is_active(i)).map(|i| names.name(i)),
            );
        }
        idle.sort();
        idle.dedup();
        let list = idle.join(", ");
        Ok(match idle.len() {
            0 => None,
            1 => Some(format!("; {list} is out of use meanwhile, so it waits for another label")),
            _ => Some(format!("; {list} are out of use meanwhile, so they wait for other labels")),
        })
    }

    fn rows_of(&self, step: i64) -> Result<Vec<LogRow>> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT id, kind, subject, turn, before, after, reason FROM decision WHERE step = ? ORDER BY id",
            )
            .doing("reading a step")?;
        let rows = s
            .query_map([step], |r| {
                let turn: i64 = r.get(3)?;
                let target = DecisionTarget { subject: r.get(2)?, turn: turn_of(turn) };
                Ok((r.get(0)?, r.get::<_, i64>(1)?, target, r.get(4)?, r.get(5)?, r.get(6)?))
            })
            .doing("reading a step")?;
        rows.map(|row| {
            let (id, kind, target, before, after, reason) = row.doing("reading a step")?;
            let kind =
                Kind::from_code(kind).ok_or_else(|| StoreError::Damaged(format!("decision {id} has kind {kind}")))?;
            Ok(LogRow { id, kind, target, before, after, reason })
        })
        .collect()
    }

    /// Rule 29: where somebody else decided later on the same target, one's own step stays.
    fn refuse_if_overtaken(&self, row: &LogRow, who: i64) -> Result<()> {
        let (kind, subject, turn) = key(row.kind, row.target);
        // Whoever accepted a correction, or returned it, had these words before them.
        let rests_on_it = if row.kind == Kind::Response { Kind::ResponseState.code() } else { kind };
        let other: Option<i64> = self
            .conn
            .prepare_cached(&format!(
                "SELECT d.reviewer FROM decision d JOIN step s ON s.id = d.step
                 WHERE d.subject = ?1 AND d.kind IN (?2, ?3) AND d.turn = ?4 AND d.id > ?5 AND d.reviewer <> ?6 AND d.undoes IS NULL
                   AND s.state = {DONE} ORDER BY d.id DESC LIMIT 1",
            ))
            .and_then(|mut s| {
                s.query_row(params![subject, kind, rests_on_it, turn, row.id, who], |r| r.get(0)).optional()
            })
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
        self.standing_without(row, 0)
    }

    /// As [`Self::standing_before`], as though a step that still stands were taken back already.
    fn standing_without(&self, row: &LogRow, step: i64) -> Result<Option<String>> {
        let (kind, subject, turn) = key(row.kind, row.target);
        let standing: Option<Option<String>> = self
            .conn
            .prepare_cached(&format!(
                "SELECT d.after FROM decision d JOIN step s ON s.id = d.step
                 WHERE d.subject = ? AND d.kind = ? AND d.turn = ? AND d.id < ? AND d.undoes IS NULL AND s.state = {DONE}
                   AND s.id <> ? ORDER BY d.id DESC LIMIT 1",
            ))
            .and_then(|mut s| s.query_row(params![subject, kind, turn, row.id, step], |r| r.get(0)).optional())
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
            .prepare_cached(&format!(
                "UPDATE current SET (decision, reviewer) = (
                     SELECT d.id, d.reviewer FROM decision d JOIN step s ON s.id = d.step
                     WHERE d.subject = ?1 AND d.kind = ?2 AND d.turn = ?3 AND d.id <= ?4 AND d.undoes IS NULL AND s.state = {DONE}
                     ORDER BY d.id DESC LIMIT 1)
                 WHERE subject = ?1 AND kind = ?2 AND turn = ?3 AND EXISTS(
                     SELECT 1 FROM decision d JOIN step s ON s.id = d.step
                     WHERE d.subject = ?1 AND d.kind = ?2 AND d.turn = ?3 AND d.id <= ?4 AND d.undoes IS NULL AND s.state = {DONE})",
            ))
            .and_then(|mut s| s.execute(params![subject, kind, turn, limit]))
            .doing("giving a decision back")?;
        Ok(())
    }
}

impl UndoResult {
    fn told(self, what_now: &str) -> Result<UndoneStep> {
        match self {
            Self::Back(undone) => Ok(undone),
            Self::Kept(StoreError::Refused(words)) => Err(StoreError::Refused(words + what_now)),
            Self::Kept(e) => Err(e),
        }
    }
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
