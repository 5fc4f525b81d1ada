//! The store as it was: what a release was trained on can be read again at any time, because whatever people decide is in
//! the log with its place.

use crate::domain::{ConversationId, DecisionId, IntentId, Kind, ReleaseId, Timestamp};
use crate::store::intents::names::IntentNames;
use crate::store::{DoingWhat, Result, Store, StoreError};
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What a run reads of the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadMoment {
    /// Labels and base examples up to this decision.
    pub labels: DecisionId,
    /// Everything else that people decide (names, merges and retirements of intents, what is no traffic, corrected
    /// answers) up to this one.
    pub known: DecisionId,
    /// Conversations up to this row.
    pub conversations: ConversationId,
    /// Decisions that are left out on purpose: the labels before them stand.
    pub without: Vec<DecisionId>,
}

/// Digests of what a run read, part by part, so that a difference can be named.
pub type Inputs = BTreeMap<String, String>;

/// What is known of how a release came to be.
#[derive(Clone, Debug, PartialEq)]
pub struct ReleaseOrigin {
    /// What it read.
    pub moment: ReadMoment,
    /// Whether the store noted that when it was trained; else the moment is inferred from the log.
    pub noted: bool,
    /// Program and machine kind; `None` where that was not noted.
    pub made_with: Option<String>,
    /// What it read, as digests; empty where that was not noted.
    pub inputs: Inputs,
    /// [`NotedOrigin::held_out`].
    pub held_out: Vec<i64>,
}

/// A new release's [`ReleaseOrigin`], as it is noted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NotedOrigin {
    /// [`ReadMoment::known`].
    pub known: DecisionId,
    /// [`ReadMoment::conversations`].
    pub conversations: ConversationId,
    /// [`ReadMoment::without`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<DecisionId>,
    /// [`ReleaseOrigin::made_with`].
    pub made_with: String,
    /// [`ReleaseOrigin::inputs`].
    pub inputs: Inputs,
    /// Of answers that were learnt beside what is live: packed ids of the requests that taught nothing, since they repeat those that it was
    /// judged by. Of other releases these follow from the gold version.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held_out: Vec<i64>,
}

/// Who gave a label, and what it replaced.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelFact {
    /// The step that it was part of.
    pub step: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// What stood there before, by name.
    pub was: Option<String>,
}

impl Store {
    /// Everything up to now.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn moment(&self) -> Result<ReadMoment> {
        let last = self.last_decision()?;
        let row = self.ids("SELECT coalesce(max(id), 0) FROM conversation", &[])?.first().copied().unwrap_or(0);
        Ok(ReadMoment { labels: last, known: last, conversations: ConversationId(row), without: Vec::new() })
    }

    /// How a release came to be.
    ///
    /// # Errors
    /// No such release; what was noted cannot be read.
    pub fn origin(&self, id: ReleaseId) -> Result<ReleaseOrigin> {
        let labels = self.release(id)?.decision;
        let noted: Option<String> = self
            .conn
            .query_row("SELECT origin FROM release WHERE id = ?", [id.0], |r| r.get(0))
            .optional()
            .doing("reading how a release came to be")?
            .flatten();
        let Some(text) = noted else {
            let moment = ReadMoment { labels, known: labels, ..self.moment()? };
            let (inputs, held_out) = (Inputs::new(), Vec::new());
            return Ok(ReleaseOrigin { moment, noted: false, made_with: None, inputs, held_out });
        };
        let n: NotedOrigin = serde_json::from_str(&text)
            .map_err(|e| StoreError::Damaged(format!("how v{} came to be cannot be read ({e})", id.0)))?;
        let moment = ReadMoment { labels, known: n.known, conversations: n.conversations, without: n.without };
        let (made_with, inputs, held_out) = (Some(n.made_with), n.inputs, n.held_out);
        Ok(ReleaseOrigin { moment, noted: true, made_with, inputs, held_out })
    }

    /// Who gave some labels, in the order asked.
    ///
    /// # Errors
    /// No such decision; the store cannot be read.
    pub fn label_facts(&self, decisions: &[DecisionId]) -> Result<Vec<LabelFact>> {
        let names = self.intent_names()?;
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT d.step, d.at, r.name, d.before FROM decision d JOIN reviewer r ON r.id = d.reviewer WHERE d.id = ?",
            )
            .doing("reading who gave a label")?;
        let mut one = |d: &DecisionId| {
            s.query_row([d.0], |r| {
                let was: Option<String> = r.get(3)?;
                let was = was.map(|value| names.joined(&value));
                Ok(LabelFact { step: r.get(0)?, at: Timestamp(r.get(1)?), by: r.get(2)?, was })
            })
            .doing("reading who gave a label")
        };
        decisions.iter().map(&mut one).collect()
    }

    /// The intent list as it was after a decision. Intents that the log brought later are on it, too: they have neither
    /// labels nor examples up to then, and so no part in a run.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn intent_names_at(&self, decision: DecisionId) -> Result<Rc<IntentNames>> {
        // Of a GROUP BY with min(), SQLite takes the other columns from the row of the minimum: what the first later
        // decision found is what stood then.
        let sql = "SELECT subject, kind, before, min(id) FROM decision WHERE kind IN (?1, ?2) AND id > ?3 GROUP BY subject, kind";
        let then: Vec<(i64, i64, Option<String>)> = self
            .conn
            .prepare_cached(sql)
            .and_then(|mut s| {
                let kinds = (Kind::IntentName.code(), Kind::IntentState.code());
                s.query_map(params![kinds.0, kinds.1, decision.0], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
                    .and_then(Iterator::collect)
            })
            .doing("reading the intents as they were")?;
        let today = self.intent_names()?;
        if then.is_empty() {
            return Ok(today);
        }
        let mut names = (*today).clone();
        for (subject, kind, before) in then {
            if kind == Kind::IntentName.code() {
                names.set_name(IntentId(subject), before.unwrap_or_default());
            } else {
                names.set_state(IntentId(subject), before.as_deref());
            }
        }
        names.sort();
        Ok(Rc::new(names))
    }

    /// How many conversations were imported anew with other content after a release was trained, and the first few as
    /// `source:id`: what they said then is not known any more.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn revised_since(&self, release: ReleaseId, few: usize) -> Result<(u64, Vec<String>)> {
        let rows = self.ids("SELECT conversation FROM revised WHERE release >= ? ORDER BY 1", &[&release.0])?;
        let names = rows.iter().take(few).map(|&row| self.conversation_key(ConversationId(row)));
        Ok((rows.len() as u64, names.collect::<Result<_>>()?))
    }

    /// Notes that a conversation is about to be overwritten, where some release may have been trained on it.
    pub(in crate::store) fn note_revision(&self, c: ConversationId) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT INTO revised(conversation, release) SELECT ?, id FROM release WHERE id = (SELECT max(id) FROM release)
                 ON CONFLICT(conversation) DO UPDATE SET release = excluded.release",
            )
            .and_then(|mut s| s.execute([c.0]))
            .map(drop)
            .doing("noting a revision")
    }
}
