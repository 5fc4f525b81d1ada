//! What was found of answers that were learnt anew, beside the release that gives them.

use crate::domain::{LearnedAnswers, ReleaseId};
use crate::store::{DoingWhat, LearnerKind, NotedOrigin, Result, Store, StoreError};
use rusqlite::params;

/// How answers were learnt.
#[derive(Clone, Debug)]
pub struct AnswersNote {
    /// What they were made from.
    pub origin: NotedOrigin,
    /// What was found of them.
    pub report: LearnedAnswers,
}

/// Under which setting it stands.
fn key(id: ReleaseId) -> String {
    format!("answers:{}", id.0)
}

impl Store {
    /// What was found of the answers that a release was learnt for; `None`: it was learnt for none, or before this was noted.
    ///
    /// # Errors
    /// What is noted cannot be read.
    pub fn learned_answers(&self, id: ReleaseId) -> Result<Option<LearnedAnswers>> {
        let damaged =
            |e| StoreError::Damaged(format!("what was found of the answers of v{} cannot be read ({e})", id.0));
        self.setting(&key(id))?.map(|noted| serde_json::from_str(&noted).map_err(damaged)).transpose()
    }

    /// The newest release that was learnt for its answers, and what was found of them, where that was noted.
    ///
    /// # Errors
    /// What is noted cannot be read.
    pub fn newest_answers(&self) -> Result<Option<(ReleaseId, LearnedAnswers)>> {
        let sql = "SELECT id FROM release WHERE recipe = ? ORDER BY id DESC LIMIT 1";
        let ids = self.ids(sql, &[&LearnerKind::Responses.recipe()])?;
        let Some(newest) = ids.first().copied().map(ReleaseId) else { return Ok(None) };
        Ok(self.learned_answers(newest)?.map(|found| (newest, found)))
    }

    pub(in crate::store) fn note_answers(&self, id: ReleaseId, report: &LearnedAnswers) -> Result<()> {
        let text = serde_json::to_string(report).map_err(|e| StoreError::Damaged(e.to_string()))?;
        self.conn
            .execute("INSERT OR REPLACE INTO setting(key, value) VALUES (?, ?)", params![key(id), text])
            .map(drop)
            .doing("noting what was found of answers")
    }
}
