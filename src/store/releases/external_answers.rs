//! What releases answered that something outside made, and what an AI has been asked so far.

use crate::domain::{ExternalAis, IntentId, ReleaseId};
use crate::store::{DoingWhat, Result, Store};
use rusqlite::{OptionalExtension, params};
use std::collections::HashMap;
use std::sync::Arc;

/// A guess that was kept, with its confidence; `None`: it had none.
pub type KeptGuess = (Option<IntentId>, Option<f64>);

/// One answer of a release to a turn.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptAnswer {
    /// Packed turn id.
    pub turn: i64,
    /// The best guess; `None` where it had none.
    pub intent: Option<IntentId>,
    /// Its confidence, 0 to 1, where it gave one.
    pub confidence: Option<f64>,
    /// What it would answer, where it said so.
    pub response: Option<String>,
}

/// That something outside made a release, and what that answered to the gold set.
#[derive(Clone, Debug, PartialEq)]
pub struct MadeOutside {
    /// `trainer:NAME` or `ai:NAME`.
    pub by: String,
    /// Its answers.
    pub answers: Vec<KeptAnswer>,
}

impl Store {
    /// Tells the store what the configuration names outside; without, releases of external trainers cannot be asked.
    #[must_use]
    pub fn with_outside(mut self, outside: Arc<ExternalAis>) -> Self {
        self.outside = outside;
        self
    }

    /// What the configuration names outside.
    pub fn outside(&self) -> &Arc<ExternalAis> {
        &self.outside
    }

    /// Who made a release: `trainer:NAME`, `ai:NAME`, or `None` for the built-in classifier.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn made_by(&self, id: ReleaseId) -> Result<Option<String>> {
        let found = self
            .conn
            .prepare_cached("SELECT outside FROM release WHERE id = ?")
            .and_then(|mut s| s.query_row([id.0], |r| r.get(0)).optional())
            .doing("reading who made a release")?;
        Ok(found.flatten())
    }

    /// How many releases were made by one.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn releases_by(&self, by: &str) -> Result<u64> {
        let n = self.conn.query_row("SELECT count(*) FROM release WHERE outside = ?", [by], |r| r.get(0));
        n.doing("counting releases")
    }

    /// Keeps answers of a release.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn keep_answers(&mut self, id: ReleaseId, answers: &[KeptAnswer]) -> Result<()> {
        self.immediate("keeping answers", |store| store.put_answers(id, answers))
    }

    pub(in crate::store) fn put_answers(&self, id: ReleaseId, answers: &[KeptAnswer]) -> Result<()> {
        let mut s = self
            .conn
            .prepare_cached(
                "INSERT OR REPLACE INTO answer(release, turn, intent, confidence, response) VALUES (?, ?, ?, ?, ?)",
            )
            .doing("keeping answers")?;
        for a in answers {
            s.execute(params![id.0, a.turn, a.intent.map(|i| i.0), a.confidence, a.response])
                .doing("keeping an answer")?;
        }
        Ok(())
    }

    /// What a release has answered, by packed turn id.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn kept_answers(&self, id: ReleaseId) -> Result<HashMap<i64, KeptGuess>> {
        self.conn
            .prepare_cached("SELECT turn, intent, confidence FROM answer WHERE release = ?")
            .and_then(|mut s| {
                s.query_map([id.0], |r| Ok((r.get(0)?, (r.get::<_, Option<i64>>(1)?.map(IntentId), r.get(2)?))))
                    .and_then(Iterator::collect)
            })
            .doing("reading answers")
    }

    /// What an AI has answered to a text in the measurement that goes on.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn asked(&self, ai: &[u8], text: &[u8]) -> Result<Option<String>> {
        self.conn
            .prepare_cached("SELECT answer FROM asked WHERE ai = ? AND text = ?")
            .and_then(|mut s| s.query_row(params![ai, text], |r| r.get(0)).optional())
            .doing("reading what an AI was asked")
    }

    /// Keeps what an AI has answered to a text.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn keep_asked(&self, ai: &[u8], text: &[u8], answer: &str) -> Result<()> {
        self.conn
            .prepare_cached("INSERT OR REPLACE INTO asked(ai, text, answer) VALUES (?, ?, ?)")
            .and_then(|mut s| s.execute(params![ai, text, answer]))
            .map(drop)
            .doing("keeping what an AI answered")
    }

    /// Forgets what AIs were asked: a measurement is finished, the next one asks anew.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn forget_asked(&self) -> Result<()> {
        self.conn.execute("DELETE FROM asked", []).map(drop).doing("forgetting what an AI was asked")
    }
}
