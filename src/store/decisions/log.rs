//! The append-only decision log: deciding, and the projections that follow from it.
//!
//! A step is one act of a person and one transaction. Undo and redo append rows that set each target back; they never
//! take rows away.

use crate::domain::{
    ConversationId, DecisionChange, DecisionId, DecisionTarget, IntentId, Kind, OUT_OF_SCOPE_ID, StepId, Timestamp,
    TurnKey,
};
use crate::store::codes::{LABEL, OVERTAKEN, ROOT_CAUSE, UNDONE};
use crate::store::conversations::travel::{self, RecentTurns};
use crate::store::decisions::reviewers::IMPORT;
use crate::store::intents::state::{ACTIVE, MERGED_INTO, RETIRED, state_name, state_of};
use crate::store::{Access, DoingWhat, Result, Store, StoreError, turn_id};
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};
use std::collections::BTreeSet;

/// What a decision is about, for what follows from it.
pub(in crate::store) struct TouchedTarget {
    kind: Kind,
    subject: i64,
    /// It merges intents or takes a merge back.
    merges: bool,
}

impl Store {
    /// Runs `f` in a write transaction that is taken at once, so that it cannot fail half-way for lack of the lock.
    pub(crate) fn immediate<T>(&self, doing: &str, f: impl FnOnce(&Self) -> Result<T>) -> Result<T> {
        if self.access == Access::ReadOnly {
            return Err(StoreError::refused(
                "the store is open for reading only (--read-only, --as-of, or a full disk); nothing can be changed in it",
            ));
        }
        self.still_there()?;
        let began = std::time::Instant::now();
        let tx = Transaction::new_unchecked(&self.conn, TransactionBehavior::Immediate).doing(doing)?;
        match self.sync().and_then(|()| f(self)) {
            Ok(value) => {
                tx.commit().doing(doing)?;
                log::debug!("{doing}: {} ms", began.elapsed().as_millis());
                self.keep_tentative();
                // What went into a file that was replaced meanwhile has not been kept.
                self.still_there()?;
                Ok(value)
            }
            Err(e) => {
                // Names that were made inside are gone with the transaction.
                self.names.forget();
                self.forget_tentative();
                tx.rollback().doing(doing)?;
                Err(e)
            }
        }
    }

    /// Makes decisions as one step: durable when this returns, undone by one undo.
    ///
    /// # Errors
    /// Nothing to decide; a target does not exist; the store cannot be written. Then nothing has changed.
    pub fn decide(&mut self, reviewer: &str, now: Timestamp, changes: &[DecisionChange]) -> Result<StepId> {
        self.immediate("saving a decision", |store| store.decide_within(reviewer, now, changes))
    }

    /// What a change that is about to be made touches.
    pub(in crate::store) fn touched(&self, change: &DecisionChange) -> Result<TouchedTarget> {
        let is_merge = |value: Option<&str>| value.is_some_and(|v| v.starts_with(MERGED_INTO));
        let merges = change.kind == Kind::IntentState
            && (is_merge(change.to.as_deref())
                || is_merge(self.current_value(change.kind, change.target)?.as_ref().map(|(v, _, _)| v.as_str())));
        Ok(TouchedTarget { kind: change.kind, subject: change.target.subject, merges })
    }

    /// As [`Store::decide`], within a transaction of the caller's.
    pub(in crate::store) fn decide_within(
        &self,
        reviewer: &str,
        now: Timestamp,
        changes: &[DecisionChange],
    ) -> Result<StepId> {
        if changes.is_empty() {
            return Err(StoreError::refused("nothing to decide"));
        }
        let who = self.reviewer_id(reviewer, now)?;
        self.may_decide(who, changes)?;
        let undoable = !reviewer.starts_with(IMPORT) && changes.iter().all(|c| c.kind != Kind::Live);
        if undoable {
            self.conn
                .prepare_cached("UPDATE step SET state = ? WHERE reviewer = ? AND state = ?")
                .and_then(|mut s| s.execute(params![OVERTAKEN, who, UNDONE]))
                .doing("closing the redo list")?;
        }
        let step = self.new_step(who, now, undoable)?;
        let mut touched = Vec::with_capacity(changes.len());
        for change in changes {
            self.check_target(change)?;
            touched.push(self.touched(change)?);
            let follows = self.state_that_follows(change, who)?;
            for change in std::iter::once(change).chain(&follows) {
                self.append(step, who, now, change, None)?;
            }
        }
        self.refresh_all(&touched)?;
        Ok(step)
    }

    pub(in crate::store) fn new_step(&self, who: i64, now: Timestamp, undoable: bool) -> Result<StepId> {
        let now = self.dated(now)?;
        self.conn
            .prepare_cached("INSERT INTO step(at, reviewer, undoable) VALUES (?, ?, ?)")
            .and_then(|mut s| s.execute(params![now.0, who, undoable]))
            .doing("beginning a step")?;
        Ok(StepId(self.conn.last_insert_rowid()))
    }

    /// Appends one row and brings the latest word on its target up to date.
    pub(in crate::store) fn append(
        &self,
        step: StepId,
        who: i64,
        now: Timestamp,
        change: &DecisionChange,
        undoes: Option<i64>,
    ) -> Result<DecisionId> {
        let now = self.dated(now)?;
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
        self.set_current((subject, kind, turn), change.to.as_deref(), (id.0, who)).doing("applying a decision")?;
        travel::note(&self.conn, id.0, &mut self.names.of::<RecentTurns>().0.borrow_mut())
            .doing("naming a decision")?;
        self.project(change)?;
        Ok(id)
    }

    /// Makes a value the latest word on a target (subject, kind, turn), given by a decision and its reviewer's row; none: nothing is said
    /// of it any more.
    pub(super) fn set_current(
        &self,
        (subject, kind, turn): (i64, i64, i64),
        value: Option<&str>,
        (decision, reviewer): (i64, i64),
    ) -> rusqlite::Result<usize> {
        match value {
            Some(value) => self
                .conn
                .prepare_cached(
                    "INSERT INTO current(subject, kind, turn, value, decision, reviewer) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                     ON CONFLICT(subject, kind, turn) DO UPDATE SET value = ?4, decision = ?5, reviewer = ?6",
                )
                .and_then(|mut s| s.execute(params![subject, kind, turn, value, decision, reviewer])),
            None => self
                .conn
                .prepare_cached("DELETE FROM current WHERE subject = ? AND kind = ? AND turn = ?")
                .and_then(|mut s| s.execute(params![subject, kind, turn])),
        }
    }

    /// The latest word on a target: value, decision, reviewer's row.
    pub(in crate::store) fn current_value(
        &self,
        kind: Kind,
        target: DecisionTarget,
    ) -> Result<Option<(String, i64, i64)>> {
        let (kind, subject, turn) = key(kind, target);
        self.conn
            .prepare_cached("SELECT value, decision, reviewer FROM current WHERE subject = ? AND kind = ? AND turn = ?")
            .and_then(|mut s| {
                s.query_row(params![subject, kind, turn], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).optional()
            })
            .doing("looking up the latest decision")
    }

    /// What a target was before anybody decided on it: intents that came with a log have a name and are in use, people have a role.
    fn value_before_the_log(&self, kind: Kind, intent: i64) -> Result<Option<String>> {
        let sql = match kind {
            Kind::IntentName => "SELECT name FROM intent WHERE id = ?".to_owned(),
            Kind::IntentState => {
                let (active, retired) = (state_name(ACTIVE), state_name(RETIRED));
                format!("SELECT CASE state WHEN {ACTIVE} THEN '{active}' ELSE '{retired}' END FROM intent WHERE id = ?")
            }
            Kind::Role => return self.role_of(intent).map(|r| r.map(|r| r.name().to_owned())),
            Kind::ModeName => "SELECT name FROM mode WHERE id = ?".to_owned(),
            _ => return Ok(None),
        };
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut s| s.query_row([intent], |r| r.get(0)).optional())
            .doing("looking up an intent")
    }

    /// What some kinds change besides the log's latest word.
    pub(in crate::store) fn project(&self, change: &DecisionChange) -> Result<()> {
        let subject = change.target.subject;
        let to = change.to.as_deref();
        if matches!(change.kind, Kind::IntentName | Kind::IntentState) {
            self.names.forget();
        }
        match change.kind {
            Kind::IntentName => {
                let name = to.ok_or_else(|| StoreError::refused("an intent cannot lose its name"))?;
                self.conn.execute("UPDATE intent SET name = ? WHERE id = ?", params![name, subject])
            }
            Kind::IntentState => return self.project_state(subject, to),
            Kind::Example => {
                let intent = to.and_then(|t| t.parse::<i64>().ok());
                self.conn
                    .prepare_cached("UPDATE example SET intent = ? WHERE id = ?")
                    .and_then(|mut s| s.execute(params![intent, subject]))
            }
            Kind::Role => return self.apply_role(subject, to),
            Kind::Topics => return self.project_topics(),
            Kind::Cycle | Kind::CycleClosed => return self.project_cycle(change.kind, subject, to),
            Kind::ModeName | Kind::ModeState => return self.project_mode(change.kind, subject, to),
            _ => return Ok(()),
        }
        .map(drop)
        .doing("applying a decision")
    }

    fn project_state(&self, intent: i64, to: Option<&str>) -> Result<()> {
        let (state, merged) = state_of(to);
        let was_merged =
            !self.ids("SELECT 1 FROM intent WHERE id = ? AND merged_into IS NOT NULL", &[&intent])?.is_empty();
        self.conn
            .execute("UPDATE intent SET state = ?, merged_into = ? WHERE id = ?", params![state, merged, intent])
            .doing("applying a decision")?;
        if was_merged || merged.is_some() { self.keep_what_merged_stand_for() } else { Ok(()) }
    }

    /// What merged intents stand for, for SQL: merges followed to their end by the one who knows how.
    fn keep_what_merged_stand_for(&self) -> Result<()> {
        let names = self.intent_names()?;
        let mut s = self
            .conn
            .prepare_cached("UPDATE intent SET stands = ? WHERE id = ?")
            .doing("keeping what merged intents stand for")?;
        self.conn
            .execute("UPDATE intent SET stands = NULL WHERE stands IS NOT NULL", [])
            .doing("keeping what merged intents stand for")?;
        for (id, stands) in names.merged() {
            s.execute(params![stands.0, id.0]).doing("keeping what merged intents stand for")?;
        }
        Ok(())
    }

    /// Refuses decisions about conversations and turns that do not exist.
    fn check_target(&self, change: &DecisionChange) -> Result<()> {
        if !change.kind.is_about_conversation() {
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

    /// Brings conversations in line with the log: those decided on, those labelled with a changed intent or with one that is
    /// merged into it, and, where a merge was made or taken back, those that a log or a model gave one of them.
    pub(in crate::store) fn refresh_all(&self, touched: &[TouchedTarget]) -> Result<()> {
        let mut conversations = BTreeSet::new();
        for t in touched {
            if t.kind.code() < Kind::IntentName.code() {
                conversations.insert(t.subject);
            } else if t.kind == Kind::IntentState && t.subject != OUT_OF_SCOPE_ID.0 {
                let names = self.intent_names()?;
                // The first of all, or the last: whether a cause alone closes a conversation depends on that (rule 26).
                if names.few() {
                    let coded = format!("SELECT DISTINCT subject FROM current WHERE kind = {ROOT_CAUSE}");
                    conversations.extend(self.ids(&coded, &[])?);
                }
                let same = names.all().filter(|&i| names.goes_through(i, IntentId(t.subject))).map(|i| i.0);
                let same = serde_json::json!(same.collect::<Vec<_>>()).to_string();
                let labelled = format!(
                    "SELECT DISTINCT subject FROM current
                    WHERE kind = {LABEL} AND CAST(value AS INTEGER) IN (SELECT value FROM json_each(?))"
                );
                conversations.extend(self.ids(&labelled, &[&same])?);
                if t.merges {
                    let told = "SELECT id FROM conversation
                        WHERE intent IN (SELECT value FROM json_each(?1)) OR suggested IN (SELECT value FROM json_each(?1))";
                    conversations.extend(self.ids(told, &[&same])?);
                }
            }
        }
        conversations.into_iter().try_for_each(|c| self.refresh(ConversationId(c)))
    }
}

/// Kind, subject and turn as the tables hold them.
pub(in crate::store) fn key(kind: Kind, target: DecisionTarget) -> (i64, i64, i64) {
    (kind.code(), target.subject, target.turn.map_or(-1, |t| i64::from(t.0)))
}

/// The turn of a row of the log; `None` where it is not about a turn.
pub(in crate::store) fn turn_of(column: i64) -> Option<TurnKey> {
    u32::try_from(column).ok().map(TurnKey)
}
