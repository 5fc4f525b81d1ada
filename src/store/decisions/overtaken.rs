//! What others said of the same (rule 42): what a decision would pass over unseen, and whose word it takes the place of.

use crate::domain::{ConversationId, DecisionChange, DecisionId, DecisionTarget, Kind, StepId, Timestamp, TurnKey};
use crate::store::codes::DONE;
use crate::store::decisions::log::key;
use crate::store::decisions::log::turn_of;
use crate::store::decisions::reviewers::IMPORTER;
use crate::store::{DoingWhat, Result, Store};
use rusqlite::{OptionalExtension, params};
use serde::Serialize;

/// Somebody else's word on a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OthersWord {
    /// `source:id`.
    pub id: String,
    /// Its row.
    pub n: ConversationId,
    /// Who.
    pub reviewer: String,
    /// What is decided.
    pub kind: Kind,
    /// On which turn.
    pub turn: Option<u32>,
    /// What they said; intents by name. `None`: they took it away.
    pub value: Option<String>,
}

/// A step, and whose standing word it replaced by another.
#[derive(Clone, Debug, PartialEq)]
pub struct DecidedStep {
    /// The step.
    pub step: StepId,
    /// The words that stood until then.
    pub overrode: Vec<OthersWord>,
}

/// What came of a decision by somebody who has seen the log up to some point.
#[derive(Clone, Debug, PartialEq)]
pub enum Attempt {
    /// Saved.
    Saved(StepId),
    /// Not saved: this was said since, newest first.
    Overtaken(Vec<OthersWord>),
}

/// What is judged of a conversation as a whole: whoever judges one of these should know of the others.
const fn judges(kind: Kind) -> bool {
    matches!(kind, Kind::Intent | Kind::Cause | Kind::Outcome | Kind::Traffic | Kind::Status | Kind::Question)
}

/// Whether somebody who decides the one should know of the other. Labels of different turns have nothing to do with each other.
fn concerns(change: &DecisionChange, kind: Kind, turn: Option<TurnKey>) -> bool {
    let same_kind = change.kind == kind;
    (same_kind && change.target.turn == turn) || (!same_kind && judges(kind) && judges(change.kind))
}

impl Store {
    /// As [`Store::decide`], and tells whose words it replaced: looked up and written in one transaction.
    ///
    /// # Errors
    /// As [`Store::decide`].
    pub fn decide_over(&mut self, reviewer: &str, now: Timestamp, changes: &[DecisionChange]) -> Result<DecidedStep> {
        self.immediate("saving a decision", |store| {
            let mut overrode = Vec::new();
            for change in changes.iter().filter(|c| c.kind.code() < Kind::IntentName.code()) {
                overrode.extend(store.standing_word(reviewer, change)?);
            }
            Ok(DecidedStep { step: store.decide_within(reviewer, now, changes)?, overrode })
        })
    }

    /// As [`Store::decide`], unless somebody else has judged the same since the decision `seen`: then nothing is saved and they are named.
    ///
    /// # Errors
    /// As [`Store::decide`].
    pub fn decide_if_seen(
        &mut self,
        reviewer: &str,
        now: Timestamp,
        changes: &[DecisionChange],
        seen: DecisionId,
    ) -> Result<Attempt> {
        self.immediate("saving a decision", |store| {
            let said = store.said_since(reviewer, changes, seen)?;
            match said.is_empty() {
                true => store.decide_within(reviewer, now, changes).map(Attempt::Saved),
                false => Ok(Attempt::Overtaken(said)),
            }
        })
    }

    /// The standing word of another person on what a change is about, where the change says something else.
    fn standing_word(&self, reviewer: &str, change: &DecisionChange) -> Result<Option<OthersWord>> {
        let (kind, subject, turn) = key(change.kind, change.target);
        let found: Option<(String, String)> = self
            .conn
            .prepare_cached(
                "SELECT c.value, r.name FROM current c JOIN reviewer r ON r.id = c.reviewer
                 WHERE c.subject = ? AND c.kind = ? AND c.turn = ? AND r.role < ? AND r.name <> ?",
            )
            .and_then(|mut s| {
                s.query_row(params![subject, kind, turn, IMPORTER, reviewer], |r| Ok((r.get(0)?, r.get(1)?))).optional()
            })
            .doing("looking up who decided before")?;
        let Some((value, by)) = found.filter(|(value, _)| change.to.as_ref() != Some(value)) else { return Ok(None) };
        self.word(by, change.kind, change.target, Some(value)).map(Some)
    }

    /// What others said after a decision that somebody should know who makes these changes; of each target the newest.
    pub(in crate::store) fn said_since(
        &self,
        reviewer: &str,
        changes: &[DecisionChange],
        seen: DecisionId,
    ) -> Result<Vec<OthersWord>> {
        let mut out: Vec<OthersWord> = Vec::new();
        let mut looked = std::collections::BTreeSet::new();
        for subject in changes.iter().filter(|c| c.kind.code() < Kind::IntentName.code()).map(|c| c.target.subject) {
            if !looked.insert(subject) {
                continue;
            }
            let mut s = self
                .conn
                .prepare_cached(&format!(
                    "SELECT d.kind, d.turn, d.after, r.name FROM decision d JOIN reviewer r ON r.id = d.reviewer JOIN step s ON s.id = d.step
                     WHERE d.subject = ? AND d.kind < ? AND d.id > ? AND r.name <> ? AND r.role < ? AND d.undoes IS NULL AND s.state = {DONE}
                     ORDER BY d.id DESC",
                ))
                .doing("looking for what others decided")?;
            let rows = s
                .query_map(params![subject, Kind::IntentName.code(), seen.0, reviewer, IMPORTER], |r| {
                    Ok((r.get(0)?, r.get::<_, i64>(1)?, r.get(2)?, r.get(3)?))
                })
                .and_then(|rows| rows.collect::<rusqlite::Result<Vec<(i64, i64, Option<String>, String)>>>())
                .doing("looking for what others decided")?;
            let mut told = std::collections::BTreeSet::new();
            for (kind, turn, after, by) in rows {
                let Some(kind) = Kind::from_code(kind) else { continue };
                let turn = turn_of(turn);
                let concerned = changes.iter().any(|c| c.target.subject == subject && concerns(c, kind, turn));
                if concerned && told.insert((kind, turn)) {
                    out.push(self.word(by, kind, DecisionTarget { subject, turn }, after)?);
                }
            }
        }
        Ok(out)
    }

    fn word(&self, reviewer: String, kind: Kind, target: DecisionTarget, value: Option<String>) -> Result<OthersWord> {
        let n = ConversationId(target.subject);
        let value = match (kind, value) {
            (Kind::Intent, Some(v)) => Some(self.intent_names()?.joined(&v)),
            (_, v) => v,
        };
        let turn = target.turn.map(|t| self.place(n, t)).transpose()?;
        Ok(OthersWord { id: self.conversation_key(n)?, n, reviewer, kind, turn, value })
    }
}
