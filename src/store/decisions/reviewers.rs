//! Reviewers and their roles (rule 30). Names of imports (`import:SOURCE`) and of the program are reviewers too.

use crate::domain::outcome::coded;
use crate::domain::{ConversationId, DecisionChange, Kind, StepId, Timestamp, TurnKey};
use crate::store::{Access, DoingWhat, Result, Store, StoreError};
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::HashMap;

/// Rows of reviewers by name.
#[derive(Default)]
struct ReviewerRows(RefCell<HashMap<String, i64>>);

/// Prefix of the reviewers that stand for labels which came with a log.
pub(in crate::store) const IMPORT: &str = "import:";

/// The role of imports; people have smaller codes, the program a greater one.
pub(in crate::store) const IMPORTER: i64 = 4;
/// The role of the program itself.
pub(in crate::store) const PROGRAM: i64 = 5;
/// Who accepts corrections.
pub(in crate::store) const LEAD: i64 = TeamRole::Lead.code();

coded!(
    /// What somebody does in the team. Roles order work; the file's permissions are what guards it.
    TeamRole {
        /// Judges, and says who does what.
        Lead = 1, "lead";
        /// Judges.
        Reviewer = 2, "reviewer";
        /// Reads.
        Owner = 3, "owner";
    }
);

/// A person of the team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// What they do.
    pub role: TeamRole,
    /// When they came.
    pub added_at: Timestamp,
    /// How many decisions they made, those taken back included.
    pub decisions: u64,
    /// When they last decided.
    pub last: Option<Timestamp>,
}

impl Store {
    /// The row of a reviewer, made if needed. Whoever comes first is the lead.
    pub(in crate::store) fn reviewer_id(&self, name: &str, now: Timestamp) -> Result<i64> {
        if let Some(id) = self.known_reviewer(name)? {
            return Ok(id);
        }
        let id = self.add_reviewer(name, now)?;
        self.names.of::<ReviewerRows>().0.borrow_mut().insert(name.to_owned(), id);
        Ok(id)
    }

    /// The row of a reviewer who has done something here. Looking makes none.
    pub(in crate::store) fn known_reviewer(&self, name: &str) -> Result<Option<i64>> {
        if let Some(&id) = self.names.of::<ReviewerRows>().0.borrow().get(name) {
            return Ok(Some(id));
        }
        let known: Option<i64> = self
            .conn
            .query_row("SELECT id FROM reviewer WHERE name = ?", [name], |r| r.get(0))
            .optional()
            .doing("looking up a reviewer")?;
        if let Some(id) = known {
            self.names.of::<ReviewerRows>().0.borrow_mut().insert(name.to_owned(), id);
        }
        Ok(known)
    }

    /// Another connection may add the same one at the same moment: then that one's row is given.
    pub(in crate::store) fn add_reviewer(&self, name: &str, now: Timestamp) -> Result<i64> {
        let role = if name.starts_with(IMPORT) {
            IMPORTER
        } else {
            let people: i64 = self
                .conn
                .query_row(&format!("SELECT count(*) FROM reviewer WHERE role < {IMPORTER}"), [], |r| r.get(0))
                .doing("counting reviewers")?;
            if people == 0 { TeamRole::Lead.code() } else { TeamRole::Reviewer.code() }
        };
        self.conn
            .execute(
                "INSERT OR IGNORE INTO reviewer(name, role, added_at) VALUES (?, ?, ?)",
                params![name, role, now.0],
            )
            .and_then(|_| self.conn.query_row("SELECT id FROM reviewer WHERE name = ?", [name], |r| r.get(0)))
            .doing("adding a reviewer")
    }

    /// The name of a reviewer.
    pub(in crate::store) fn reviewer_name(&self, id: i64) -> Result<String> {
        self.conn
            .prepare_cached("SELECT name FROM reviewer WHERE id = ?")
            .and_then(|mut s| s.query_row([id], |r| r.get(0)))
            .doing("looking up a reviewer's name")
    }

    /// The people of the team, leads first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn people(&self) -> Result<Vec<Person>> {
        let sql = "SELECT name, role, added_at, (SELECT count(*) FROM decision d JOIN step s ON s.id = d.step
                WHERE s.reviewer = r.id AND d.undoes IS NULL),
            (SELECT max(at) FROM step s WHERE s.reviewer = r.id)
            FROM reviewer r WHERE role < ? ORDER BY role, name";
        let mut s = self.conn.prepare_cached(sql).doing("reading who works here")?;
        let rows = s
            .query_map([IMPORTER], |r| {
                Ok(Person {
                    name: r.get(0)?,
                    role: TeamRole::from_code(r.get(1)?).unwrap_or(TeamRole::Reviewer),
                    added_at: Timestamp(r.get(2)?),
                    decisions: r.get(3)?,
                    last: r.get::<_, Option<i64>>(4)?.map(Timestamp),
                })
            })
            .doing("reading who works here")?;
        rows.collect::<rusqlite::Result<_>>().doing("reading who works here")
    }

    /// Gives a person a role; whoever is not known yet joins with it. Undone like any decision.
    ///
    /// # Errors
    /// `reviewer` is no lead; nobody would be lead any more; it is their role already, or no person's name.
    pub fn set_role(&mut self, reviewer: &str, now: Timestamp, name: &str, role: TeamRole) -> Result<StepId> {
        let name = name.trim();
        if name.is_empty() || name.starts_with(IMPORT) {
            return Err(StoreError::refused(format!("{name:?} is nobody's name")));
        }
        self.immediate("giving a role", |store| {
            let who = store.reviewer_id(reviewer, now)?;
            store.may_give_roles(who)?;
            let known = store.ids("SELECT role FROM reviewer WHERE name = ?", &[&name])?;
            if known.first() == Some(&role.code()) {
                return Err(StoreError::refused(format!("{name} is {role} already")));
            }
            let person = store.reviewer_id(name, now)?;
            store.decide_within(reviewer, now, &[DecisionChange::role(person, role.name())])
        })
    }

    /// The role of a person; `None` for imports and the program.
    pub(in crate::store) fn role_of(&self, person: i64) -> Result<Option<TeamRole>> {
        Ok(self
            .ids("SELECT role FROM reviewer WHERE id = ?", &[&person])?
            .first()
            .and_then(|&r| TeamRole::from_code(r)))
    }

    fn leads(&self) -> Result<Vec<String>> {
        self.conn
            .prepare_cached("SELECT name FROM reviewer WHERE role = ? ORDER BY name")
            .and_then(|mut s| s.query_map([TeamRole::Lead.code()], |r| r.get(0))?.collect())
            .doing("looking up the leads")
    }

    fn may_give_roles(&self, who: i64) -> Result<()> {
        if self.role_of(who)? == Some(TeamRole::Lead) {
            return Ok(());
        }
        let leads = self.leads()?.join(", ");
        Err(StoreError::refused(format!("only a lead gives roles; ask {leads}")))
    }

    /// Refuses what an owner decides, and roles that somebody gives who is no lead.
    pub(in crate::store) fn may_decide(&self, who: i64, changes: &[DecisionChange]) -> Result<()> {
        self.may_write(who)?;
        match changes.iter().any(|c| c.kind == Kind::Role) {
            true => self.may_give_roles(who),
            false => Ok(()),
        }
    }

    /// Refuses owners: they read.
    pub(in crate::store) fn may_write(&self, who: i64) -> Result<()> {
        if self.role_of(who)? != Some(TeamRole::Owner) {
            return Ok(());
        }
        let (name, leads) = (self.reviewer_name(who)?, self.leads()?.join(", "));
        Err(StoreError::refused(format!(
            "{name} is an owner here: owners read and decide nothing; {leads} can change that (`appraise reviewers role {name} reviewer`)"
        )))
    }

    /// Whether somebody may take back or make again what a step did. Whoever gave up a role may take that back.
    pub(in crate::store) fn may_turn_back(&self, who: i64, step: impl Iterator<Item = (Kind, i64)>) -> Result<()> {
        let mut own_role = false;
        for (kind, subject) in step.filter(|(kind, _)| *kind == Kind::Role) {
            if kind == Kind::Role && subject != who {
                return self.may_give_roles(who);
            }
            own_role = true;
        }
        if own_role { Ok(()) } else { self.may_write(who) }
    }

    /// Brings a person's row in line with the latest word on their role.
    pub(in crate::store) fn apply_role(&self, person: i64, to: Option<&str>) -> Result<()> {
        let role = to
            .and_then(TeamRole::from_name)
            .ok_or_else(|| StoreError::Damaged(format!("person {person} would lose their role")))?;
        self.conn
            .execute("UPDATE reviewer SET role = ? WHERE id = ?", params![role.code(), person])
            .doing("giving a role")?;
        match self.leads()?.is_empty() {
            true => Err(StoreError::refused(format!(
                "{} is the last lead; make somebody else lead first (`appraise reviewers role NAME lead`)",
                self.reviewer_name(person)?
            ))),
            false => Ok(()),
        }
    }

    /// Keeps something that a reviewer has made for themselves: a saved view, a draft.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn remember(&self, reviewer: &str, now: Timestamp, key: &str, value: &str) -> Result<()> {
        let id = self.reviewer_id(reviewer, now)?;
        self.conn
            .execute(
                "INSERT INTO remembered(reviewer, key, value) VALUES (?1, ?2, ?3)
                 ON CONFLICT(reviewer, key) DO UPDATE SET value = ?3",
                params![id, key, value],
            )
            .doing("keeping where you stopped")?;
        Ok(())
    }

    /// Keeps where somebody stopped; nothing in a store that is read only.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn note_place(&self, reviewer: &str, now: Timestamp, key: &str, value: &str) -> Result<()> {
        if self.access == Access::ReadOnly { Ok(()) } else { self.remember(reviewer, now, key, value) }
    }

    /// Keeps what a reviewer has begun to write for an AI's turn and not saved; `None` throws it away.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn keep_draft(
        &self,
        reviewer: &str,
        now: Timestamp,
        (c, turn): (ConversationId, TurnKey),
        text: Option<&str>,
    ) -> Result<()> {
        let key = format!("draft:{}:{}", c.0, turn.0);
        let Some(text) = text else {
            let sql = "DELETE FROM remembered WHERE key = ? AND reviewer = (SELECT id FROM reviewer WHERE name = ?)";
            return self.conn.execute(sql, [key.as_str(), reviewer]).map(drop).doing("throwing a draft away");
        };
        self.remember(reviewer, now, &key, text)
    }

    /// What a reviewer has begun to write for the AI's turns of a conversation and not saved.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn drafts(&self, reviewer: &str, c: ConversationId) -> Result<Vec<(TurnKey, String)>> {
        let sql = "SELECT substr(m.key, ?2 + 1), m.value FROM remembered m JOIN reviewer r ON r.id = m.reviewer
            WHERE r.name = ?3 AND substr(m.key, 1, ?2) = ?1";
        let prefix = format!("draft:{}:", c.0);
        let rows: Vec<(String, String)> = self
            .conn
            .prepare_cached(sql)
            .and_then(|mut s| {
                s.query_map(params![prefix, prefix.len() as i64, reviewer], |r| Ok((r.get(0)?, r.get(1)?)))
                    .and_then(Iterator::collect)
            })
            .doing("reading drafts")?;
        Ok(rows.into_iter().filter_map(|(turn, text)| Some((TurnKey(turn.parse().ok()?), text))).collect())
    }

    /// What [`Store::remember`] kept.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn recall(&self, reviewer: &str, key: &str) -> Result<Option<String>> {
        self.conn
            .query_row(
                "SELECT value FROM remembered JOIN reviewer ON reviewer.id = remembered.reviewer WHERE name = ? AND key = ?",
                [reviewer, key],
                |r| r.get(0),
            )
            .optional()
            .doing("looking up where you stopped")
    }
}
