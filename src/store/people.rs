//! Reviewers and their roles (rule 30). Names of imports (`import:SOURCE`) and of the program are reviewers too.

use super::{Doing, Result, Store};
use crate::domain::{ConversationId, Timestamp, TurnKey};
use rusqlite::{OptionalExtension, params};

/// Prefix of the reviewers that stand for labels which came with a log.
pub(super) const IMPORT: &str = "import:";

const LEAD: i64 = 1;
const REVIEWER: i64 = 2;
const IMPORTER: i64 = 4;

impl Store {
    /// The row of a reviewer, made if needed. Whoever comes first is the lead.
    pub(super) fn reviewer_id(&self, name: &str, now: Timestamp) -> Result<i64> {
        if let Some(&id) = self.caches.reviewers.borrow().get(name) {
            return Ok(id);
        }
        let known: Option<i64> = self
            .conn
            .query_row("SELECT id FROM reviewer WHERE name = ?", [name], |r| r.get(0))
            .optional()
            .doing("looking up a reviewer")?;
        let id = match known {
            Some(id) => id,
            None => self.add_reviewer(name, now)?,
        };
        self.caches.reviewers.borrow_mut().insert(name.to_owned(), id);
        Ok(id)
    }

    /// Another connection may add the same one at the same moment: then that one's row is given.
    pub(super) fn add_reviewer(&self, name: &str, now: Timestamp) -> Result<i64> {
        let role = if name.starts_with(IMPORT) {
            IMPORTER
        } else {
            let people: i64 = self
                .conn
                .query_row("SELECT count(*) FROM reviewer WHERE role < 4", [], |r| r.get(0))
                .doing("counting reviewers")?;
            if people == 0 { LEAD } else { REVIEWER }
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
    pub(super) fn reviewer_name(&self, id: i64) -> Result<String> {
        self.conn
            .prepare_cached("SELECT name FROM reviewer WHERE id = ?")
            .and_then(|mut s| s.query_row([id], |r| r.get(0)))
            .doing("looking up a reviewer's name")
    }

    /// Keeps something of a reviewer's screen: where they stopped.
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
