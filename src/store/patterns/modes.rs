//! Failure modes: the team's own names for what went wrong first, each under one root cause (rule 43). A conversation's mode stands
//! as long as its cause is the mode's: whoever gives another cause takes it away.

use crate::domain::{Cause, DecisionChange, Kind, ModeId, Timestamp};
use crate::store::codes::MODE;
use crate::store::intents::state::{ACTIVE, RETIRED, state_name, state_of};
use crate::store::{DoingWhat, Result, Store, StoreError};
use crate::text::name_key;
use rusqlite::{OptionalExtension, params};
use serde::Serialize;
use std::sync::LazyLock;

/// A failure mode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ModeRow {
    /// Its number.
    pub id: ModeId,
    /// Its name. By people: hostile.
    pub name: String,
    /// The root cause that it belongs to.
    pub cause: Cause,
    /// `active`, `retired` or `merged`.
    pub state: &'static str,
    /// What it stands for, where it was merged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<String>,
    /// Conversations in it, those of modes that were merged into it included. Work done, not a rate.
    pub n: u64,
    #[serde(skip)]
    into: Option<ModeId>,
}

impl ModeRow {
    /// Whether it can be given.
    pub fn is_active(&self) -> bool {
        self.state == state_name(ACTIVE)
    }
}

/// All failure modes, and what each stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Modes(pub Vec<ModeRow>);

impl Modes {
    /// What a mode stands for today: merges followed to their end.
    pub fn today(&self, id: ModeId) -> ModeId {
        let mut at = id;
        // A circle, which edits refuse, ends after as many steps as there are modes.
        for _ in 0..self.0.len() {
            match self.row(at).and_then(|m| m.into) {
                Some(into) => at = into,
                None => return at,
            }
        }
        at
    }

    /// A mode by its number.
    pub fn row(&self, id: ModeId) -> Option<&ModeRow> {
        self.0.iter().find(|m| m.id == id)
    }

    /// The mode of a name, without regard to case: one in use before others.
    pub fn find(&self, name: &str) -> Option<&ModeRow> {
        let key = name_key(name);
        let called = |m: &&ModeRow| name_key(&m.name) == key;
        self.0.iter().filter(called).find(|m| m.is_active()).or_else(|| self.0.iter().find(called))
    }

    /// Those that can be given, the most frequent first.
    pub fn in_use(&self) -> Vec<&ModeRow> {
        let mut rows: Vec<&ModeRow> = self.0.iter().filter(|m| m.is_active()).collect();
        rows.sort_by(|a, b| b.n.cmp(&a.n).then(a.name.cmp(&b.name)));
        rows
    }
}

/// Conversations in modes by number, merges followed by the caller: the numbers as a JSON array.
pub(in crate::store) static MODE_SQL: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT k.subject FROM current k JOIN mode m ON m.id = CAST(k.value AS INTEGER)
            JOIN conversation c ON c.id = k.subject AND c.cause = m.cause
         WHERE k.kind = {MODE} AND m.id IN (SELECT value FROM json_each(?))"
    )
});

impl Store {
    /// All failure modes, in the order in which they were made.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn modes(&self) -> Result<Modes> {
        let doing = "reading the failure modes";
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT m.id, m.name, m.cause, m.state, m.merged_into,
                    (SELECT count(*) FROM current k JOIN conversation c ON c.id = k.subject AND c.cause = m.cause
                     WHERE k.kind = ?1 AND k.value = CAST(m.id AS TEXT))
                 FROM mode m WHERE m.state <> ?3 OR EXISTS(SELECT 1 FROM current k WHERE k.kind = ?2 AND k.subject = m.id)
                 ORDER BY m.id",
            )
            .doing(doing)?;
        let rows: Vec<ModeRow> = s
            .query_map([Kind::Mode.code(), Kind::ModeState.code(), RETIRED], |r| {
                Ok(ModeRow {
                    id: ModeId(r.get(0)?),
                    name: r.get(1)?,
                    cause: Cause::from_code(r.get(2)?).unwrap_or(Cause::ContextLoop),
                    state: state_name(r.get(3)?),
                    merged_into: None,
                    n: r.get(5)?,
                    into: r.get::<_, Option<i64>>(4)?.map(ModeId),
                })
            })
            .and_then(Iterator::collect)
            .doing(doing)?;
        let mut modes = Modes(rows);
        let own: Vec<(ModeId, ModeId, u64)> = modes.0.iter().map(|m| (m.id, modes.today(m.id), m.n)).collect();
        for (id, today, n) in own.into_iter().filter(|(id, today, _)| id != today) {
            let name = modes.row(today).map(|m| m.name.clone());
            if let Some(m) = modes.0.iter_mut().find(|m| m.id == id) {
                (m.n, m.merged_into) = (0, name);
            }
            if let Some(m) = modes.0.iter_mut().find(|m| m.id == today) {
                m.n += n;
            }
        }
        Ok(modes)
    }

    /// The mode that a name means today, and that can be given.
    ///
    /// # Errors
    /// Nothing is called so, or it is out of use.
    pub fn mode(&self, name: &str) -> Result<ModeRow> {
        let modes = self.modes()?;
        let found = modes.find(name).and_then(|m| modes.row(modes.today(m.id)));
        match found {
            Some(mode) if mode.is_active() => Ok(mode.clone()),
            Some(mode) => Err(StoreError::refused(format!(
                "the mode {:?} is retired; `appraise modes add` takes it up again",
                mode.name
            ))),
            None => Err(no_mode(name)),
        }
    }

    /// The mode of a name, to be changed: one that counts as another is not that one.
    fn mode_itself(&self, name: &str) -> Result<ModeRow> {
        let modes = self.modes()?;
        let merged = modes.find(name).filter(|m| modes.today(m.id) != m.id);
        if let Some((mode, into)) = merged.and_then(|m| Some((m, modes.row(modes.today(m.id))?))) {
            return Err(StoreError::refused(format!(
                "the mode {:?} was merged and counts as {:?}; name {:?} where that is meant",
                mode.name, into.name, into.name
            )));
        }
        self.mode(name)
    }

    fn check_mode_words(&self, name: &str) -> Result<String> {
        self.check_name_of(name, "a mode's name", "'wrong port'")
    }

    /// Adds a mode under a root cause, or takes a retired one up again. One step.
    ///
    /// # Errors
    /// The name is no name; a mode in use, or one under another cause, has it; the cause is that nothing failed.
    pub fn add_mode(&mut self, reviewer: &str, now: Timestamp, name: &str, cause: Cause) -> Result<ModeId> {
        self.immediate("adding a failure mode", |store| {
            let (id, change) = store.place_mode(name, cause, now)?;
            store.decide_within(reviewer, now, &[change])?;
            Ok(id)
        })
    }

    /// The mode that comes under a name, and the decision that puts it on the list.
    pub(in crate::store) fn place_mode(
        &self,
        name: &str,
        cause: Cause,
        now: Timestamp,
    ) -> Result<(ModeId, DecisionChange)> {
        let name = self.check_mode_words(name)?;
        if !cause.is_failure() {
            return Err(StoreError::refused(format!(
                "{:?} says that nothing failed: no mode belongs to it",
                cause.label()
            )));
        }
        let known = self.modes_called(&name)?;
        if let Some((_, other, _)) = known.iter().find(|(_, _, state)| *state == ACTIVE) {
            let under = Cause::from_code(*other).map_or("", Cause::label);
            return Err(StoreError::refused(format!("there is a mode {name:?} already, under {under}")));
        }
        let again = known.iter().find(|(_, other, _)| *other == cause.code());
        let id = match again {
            Some((id, ..)) => ModeId(*id),
            None => {
                let p = params![name, cause.code(), now.0];
                self.conn
                    .execute("INSERT INTO mode(name, cause, added_at) VALUES (?, ?, ?)", p)
                    .doing("adding a failure mode")?;
                ModeId(self.conn.last_insert_rowid())
            }
        };
        Ok((id, DecisionChange::mode_state(id, "active")))
    }

    /// Decides with the mode of a name under a cause: one in use, else a new one. `follows` gives the decisions. One step.
    ///
    /// # Errors
    /// As [`Store::add_mode`]; nothing follows.
    pub fn decide_mode(
        &mut self,
        (reviewer, now): (&str, Timestamp),
        name: &str,
        cause: Cause,
        follows: impl FnOnce(ModeId) -> Vec<DecisionChange>,
    ) -> Result<Vec<DecisionChange>> {
        self.immediate("saving a decision", |store| {
            let modes = store.modes()?;
            let used = modes.find(name).filter(|m| m.is_active() && m.cause == cause).map(|m| m.id);
            let (id, list) = match used {
                Some(id) => (id, None),
                None => store.place_mode(name, cause, now).map(|(id, change)| (id, Some(change)))?,
            };
            let changes: Vec<DecisionChange> = list.into_iter().chain(follows(id)).collect();
            store.decide_within(reviewer, now, &changes)?;
            Ok(changes)
        })
    }

    /// Row, cause and state of the modes of a name.
    fn modes_called(&self, name: &str) -> Result<Vec<(i64, i64, i64)>> {
        let doing = "looking up a failure mode";
        let all: Vec<(i64, String, i64, i64)> = self
            .conn
            .prepare_cached("SELECT id, name, cause, state FROM mode ORDER BY id")
            .and_then(|mut s| {
                s.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?))).and_then(Iterator::collect)
            })
            .doing(doing)?;
        let key = name_key(name);
        Ok(all.into_iter().filter(|m| name_key(&m.1) == key).map(|(id, _, cause, state)| (id, cause, state)).collect())
    }

    /// Gives a mode another name.
    ///
    /// # Errors
    /// No such mode; the name is no name, or another mode's.
    pub fn rename_mode(&mut self, reviewer: &str, now: Timestamp, from: &str, to: &str) -> Result<ModeId> {
        let to = self.check_mode_words(to)?;
        self.immediate("renaming a failure mode", |store| {
            let mode = store.mode_itself(from)?;
            store.check_mode_name(mode.id, &to)?;
            store.decide_within(reviewer, now, &[DecisionChange::mode_name(mode.id, &to)])?;
            Ok(mode.id)
        })
    }

    /// Refuses a name that another mode in use has.
    pub(in crate::store) fn check_mode_name(&self, id: ModeId, name: &str) -> Result<()> {
        match self.modes_called(name)?.iter().any(|(other, _, state)| *other != id.0 && *state == ACTIVE) {
            true => Err(StoreError::refused(format!(
                "another mode is called {name:?}; `appraise modes merge` joins two, or take another name"
            ))),
            false => Ok(()),
        }
    }

    /// Makes a mode stand for another one of the same cause.
    ///
    /// # Errors
    /// No such modes; they are the same, or belong to different causes.
    pub fn merge_modes(
        &mut self,
        reviewer: &str,
        now: Timestamp,
        from: &str,
        into: &str,
    ) -> Result<(ModeRow, ModeRow)> {
        self.immediate("merging failure modes", |store| {
            let (a, b) = (store.mode_itself(from)?, store.mode(into)?);
            if a.id == b.id {
                return Err(StoreError::refused(format!("{from:?} and {into:?} are the same mode already")));
            }
            if a.cause != b.cause {
                return Err(StoreError::refused(format!(
                    "{:?} belongs to {}, {:?} to {}: a mode has one cause; choose {:?} for its conversations instead",
                    a.name,
                    a.cause.label(),
                    b.name,
                    b.cause.label(),
                    b.name
                )));
            }
            store.decide_within(reviewer, now, &[DecisionChange::mode_state(a.id, &format!("merged:{}", b.id.0))])?;
            Ok((a, b))
        })
    }

    /// Retires a mode in favour of finer ones under the same cause. Its conversations wait for a new one.
    ///
    /// # Errors
    /// No such mode; fewer than two different names; one of them is taken.
    pub fn split_mode(&mut self, reviewer: &str, now: Timestamp, name: &str, into: &[String]) -> Result<ModeRow> {
        let mut keys: Vec<String> = into.iter().map(|n| name_key(n)).collect();
        keys.sort();
        keys.dedup();
        if keys.len() < 2 || keys.len() < into.len() || keys.contains(&name_key(name)) {
            return Err(StoreError::refused(
                "a split needs at least two new names, each another; `appraise modes rename` gives a mode another name",
            ));
        }
        self.immediate("splitting a failure mode", |store| {
            let mode = store.mode_itself(name)?;
            let why = format!("split into {}", into.join(", "));
            let mut changes = vec![DecisionChange::mode_state(mode.id, "retired").because(why)];
            for name in into {
                changes.push(store.place_mode(name, mode.cause, now)?.1);
            }
            store.decide_within(reviewer, now, &changes)?;
            Ok(mode)
        })
    }

    /// Takes a mode out of use; what is in it stays in it.
    ///
    /// # Errors
    /// No such mode in use.
    pub fn retire_mode(&mut self, reviewer: &str, now: Timestamp, name: &str) -> Result<ModeRow> {
        self.immediate("retiring a failure mode", |store| {
            let mode = store.mode_itself(name)?;
            store.decide_within(reviewer, now, &[DecisionChange::mode_state(mode.id, "retired")])?;
            Ok(mode)
        })
    }

    /// Brings a mode's row in line with the latest word on it.
    pub(in crate::store) fn project_mode(&self, kind: Kind, mode: i64, to: Option<&str>) -> Result<()> {
        match kind {
            Kind::ModeName => {
                let name = to.ok_or_else(|| StoreError::refused("a mode cannot lose its name"))?;
                self.conn.execute("UPDATE mode SET name = ? WHERE id = ?", params![name, mode])
            }
            _ => {
                let (state, into) = state_of(to);
                self.conn.execute("UPDATE mode SET state = ?, merged_into = ? WHERE id = ?", params![state, into, mode])
            }
        }
        .map(drop)
        .doing("applying a decision")
    }

    /// What a mode is called; its number where it is gone.
    pub(in crate::store) fn mode_name(&self, id: i64) -> Result<String> {
        let named: Option<String> = self
            .conn
            .prepare_cached("SELECT name FROM mode WHERE id = ?")
            .and_then(|mut s| s.query_row([id], |r| r.get(0)).optional())
            .doing("looking up a failure mode")?;
        Ok(named.unwrap_or_else(|| format!("#{id}")))
    }

    /// What a conversation's mode stands for today; `None` where its cause is another one by now.
    pub(in crate::store) fn standing_mode(
        &self,
        mode: ModeId,
        cause: Option<Cause>,
    ) -> Result<Option<(ModeId, String)>> {
        let modes = self.modes()?;
        let today = modes.row(modes.today(mode)).filter(|m| Some(m.cause) == cause);
        Ok(today.map(|m| (m.id, m.name.clone())))
    }

    /// The numbers of all modes that stand for those of some names.
    pub(in crate::store) fn modes_meant(&self, names: &[String]) -> Result<Vec<i64>> {
        let modes = self.modes()?;
        let mut out = Vec::new();
        for name in names {
            let meant = modes.today(modes.find(name).ok_or_else(|| no_mode(name))?.id);
            out.extend(modes.0.iter().filter(|m| modes.today(m.id) == meant).map(|m| m.id.0));
        }
        Ok(out)
    }
}

fn no_mode(name: &str) -> StoreError {
    StoreError::NotFound {
        what: "failure mode",
        name: name.to_owned(),
        hint: "`appraise modes list` shows them, `appraise modes add` makes one".to_owned(),
    }
}
