//! Labels that the newest run's model disputes.
//!
//! A dispute is about one decision: the one that gave the label. It stands as long as that decision is the latest word on
//! its target. Whoever gives the label again, the same or another, ends it; undoing that brings it back. A label that a
//! person has given twice is not disputed again until it changes.

use crate::domain::review::decision::split_ids;
use crate::domain::{
    ConversationId, DecisionChange, DecisionId, DecisionTarget, IntentId, Kind, StepId, Timestamp, TurnKey,
};
use crate::store::decisions::log::turn_of;
use crate::store::decisions::reviewers::IMPORT;
use crate::store::{DisputedTurn, DoingWhat, Result, Store, StoreError};
use rusqlite::params;
use serde::Serialize;

/// A dispute about to be stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NewDispute {
    /// A decision that gave the label, as [`crate::store::TrainingExample`] has it.
    pub decision: DecisionId,
    /// What the model says instead.
    pub says: IntentId,
    /// Its confidence in that, out of fold.
    pub confidence: f32,
    /// Its confidence in the label, out of fold.
    pub given: f32,
}

/// A dispute that stands.
#[derive(Clone, Debug, PartialEq)]
pub struct StandingDispute {
    /// The decision that gave the label; names the dispute.
    pub decision: DecisionId,
    /// What the label is on: a turn of a conversation, or a base example.
    pub target: DecisionTarget,
    /// [`Kind::Intent`] or [`Kind::Example`].
    pub kind: Kind,
    /// The label's value in the log.
    pub value: String,
    /// The label's primary intent today.
    pub given: IntentId,
    /// The model's confidence in it.
    pub given_confidence: f64,
    /// What the model says instead.
    pub says: IntentId,
    /// Its confidence in that.
    pub confidence: f64,
    /// Who gave the label.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

impl StandingDispute {
    /// The conversation and turn; `None` for a base example.
    pub fn turn(&self) -> Option<(ConversationId, TurnKey)> {
        self.target.turn.map(|t| (ConversationId(self.target.subject), t))
    }
}

/// A dispute that stands, in words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DisputeRow {
    /// Its number: the decision that gave the label.
    pub dispute: DecisionId,
    /// `source:id` of the conversation; `None` for a base example.
    pub id: Option<String>,
    /// Its row.
    pub n: Option<ConversationId>,
    /// The turn.
    pub turn: Option<TurnKey>,
    /// What was said.
    pub text: String,
    /// The label.
    pub given: String,
    /// The model's confidence in it.
    pub given_confidence: f64,
    /// What the model says instead.
    pub says: String,
    /// Its confidence in that.
    pub confidence: f64,
    /// Who gave the label.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

impl Store {
    /// Keeps what the newest run disputes in place of what the one before did; a label that has changed meanwhile, or
    /// that a person has given twice, is left out. Gives how many are kept.
    ///
    /// # Errors
    /// The store cannot be written.
    pub(in crate::store) fn keep_disputes(&self, all: &[NewDispute]) -> Result<u64> {
        self.conn.execute("DELETE FROM dispute", []).doing("keeping disputed labels")?;
        // The latest word may be an earlier decision than the one that was trained on: an undo gives it back.
        let sql = "INSERT OR IGNORE INTO dispute(decision, says, confidence, given)
            SELECT k.decision, ?2, ?3, ?4 FROM decision d
            JOIN current k ON k.kind = d.kind AND k.subject = d.subject AND k.turn = d.turn AND k.value = d.after
            JOIN decision g ON g.id = k.decision JOIN reviewer r ON r.id = g.reviewer
            WHERE d.id = ?1 AND (g.before IS NOT g.after OR r.name GLOB ?5)";
        let mut s = self.conn.prepare_cached(sql).doing("keeping disputed labels")?;
        let mut kept = 0;
        for d in all {
            let import = format!("{IMPORT}*");
            let (confidence, given) = (f64::from(d.confidence), f64::from(d.given));
            let row = params![d.decision.0, d.says.0, confidence, given, import];
            kept += s.execute(row).doing("keeping disputed labels")? as u64;
        }
        Ok(kept)
    }

    /// Whether a run has told which labels it disputes.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn knows_disputes(&self) -> Result<bool> {
        self.conn
            .prepare_cached("SELECT EXISTS(SELECT 1 FROM release WHERE disputed IS NOT NULL)")
            .and_then(|mut s| s.query_row([], |r| r.get(0)))
            .doing("looking for disputed labels")
    }

    /// The disputes that stand, the most doubtful labels first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn disputes(&self) -> Result<Vec<StandingDispute>> {
        self.read_disputes(None)
    }

    /// The disputes that stand on turns of a conversation.
    pub(in crate::store) fn disputes_of(&self, c: ConversationId) -> Result<Vec<StandingDispute>> {
        self.read_disputes(Some(c))
    }

    fn read_disputes(&self, of: Option<ConversationId>) -> Result<Vec<StandingDispute>> {
        let sql = "SELECT d.id, d.kind, d.subject, d.turn, k.value, x.given, x.says, x.confidence, r.name, d.at
            FROM dispute x JOIN decision d ON d.id = x.decision
            JOIN current k ON k.kind = d.kind AND k.subject = d.subject AND k.turn = d.turn AND k.decision = d.id
            JOIN reviewer r ON r.id = k.reviewer
            WHERE ?1 IS NULL OR (d.kind = ?2 AND d.subject = ?1) ORDER BY x.given, d.id";
        let names = self.intent_names()?;
        let mut s = self.conn.prepare_cached(sql).doing("reading the disputed labels")?;
        let rows = s
            .query_map(params![of.map(|c| c.0), Kind::Intent.code()], |r| {
                let turn: i64 = r.get(3)?;
                let value: String = r.get(4)?;
                Ok(StandingDispute {
                    decision: DecisionId(r.get(0)?),
                    kind: Kind::from_code(r.get(1)?).unwrap_or(Kind::Intent),
                    target: DecisionTarget { subject: r.get(2)?, turn: turn_of(turn) },
                    given: split_ids(&value).first().map_or(IntentId(0), |&i| names.today(i)),
                    value,
                    given_confidence: r.get(5)?,
                    says: names.today(IntentId(r.get(6)?)),
                    confidence: r.get(7)?,
                    by: r.get(8)?,
                    at: Timestamp(r.get(9)?),
                })
            })
            .doing("reading the disputed labels")?;
        let all = rows.collect::<rusqlite::Result<Vec<_>>>().doing("reading the disputed labels")?;
        // Intents that were merged into one agree; what is out of use teaches nothing.
        let stands = |d: &StandingDispute| d.given != d.says && names.is_active(d.given) && names.is_active(d.says);
        Ok(all.into_iter().filter(stands).collect())
    }

    /// Disputes in words, in the order given.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn dispute_rows(&self, disputes: &[StandingDispute]) -> Result<Vec<DisputeRow>> {
        let names = self.intent_names()?;
        let text_of = |table: &str, id: i64| -> Result<String> {
            self.conn
                .prepare_cached(&format!("SELECT text FROM {table} WHERE id = ?"))
                .and_then(|mut s| s.query_row([id], |r| r.get(0)))
                .doing("reading a disputed label's text")
        };
        let row = |d: &StandingDispute| {
            let turn = d.turn();
            Ok(DisputeRow {
                dispute: d.decision,
                id: turn.map(|(c, _)| self.conversation_key(c)).transpose()?,
                n: turn.map(|(c, _)| c),
                turn: turn.map(|(_, t)| t),
                text: match turn {
                    Some((c, t)) => text_of("turn", crate::store::turn_id(c, t))?,
                    None => text_of("example", d.target.subject)?,
                },
                given: names.name(d.given),
                given_confidence: d.given_confidence,
                says: names.name(d.says),
                confidence: d.confidence,
                by: d.by.clone(),
                at: d.at,
            })
        };
        disputes.iter().map(row).collect()
    }

    /// Settles disputes as one step: the labels are given again as they are, or as the model says.
    ///
    /// # Errors
    /// One of them does not stand (any more); the store cannot be written.
    pub fn settle(&mut self, reviewer: &str, now: Timestamp, which: &[DecisionId], as_said: bool) -> Result<StepId> {
        let standing = self.disputes()?;
        let change = |id: &DecisionId| {
            let d = standing.iter().find(|d| d.decision == *id).ok_or_else(|| StoreError::NotFound {
                what: "disputed label",
                name: id.0.to_string(),
                hint: "`appraise disputed` lists them".to_owned(),
            })?;
            let to = Some(if as_said { d.says.0.to_string() } else { d.value.clone() });
            Ok(DecisionChange { kind: d.kind, target: d.target, to, reason: None })
        };
        let changes = which.iter().map(change).collect::<Result<Vec<_>>>()?;
        self.decide(reviewer, now, &changes)
    }

    /// The disputes that stand on turns of a conversation, as Review shows them.
    pub(in crate::store) fn disputed_turns(&self, c: ConversationId) -> Result<Vec<DisputedTurn>> {
        let names = self.intent_names()?;
        let view = |d: StandingDispute| {
            Some(DisputedTurn {
                turn: d.target.turn?,
                label: split_ids(&d.value),
                given: (d.given, names.name(d.given)),
                given_confidence: d.given_confidence,
                says: (d.says, names.name(d.says)),
                confidence: d.confidence,
                by: d.by,
            })
        };
        Ok(self.disputes_of(c)?.into_iter().filter_map(view).collect())
    }

    /// How many disputes stand: on turns, and among base examples. `None` before a run has told.
    pub(in crate::store) fn dispute_counts(&self) -> Result<Option<(u64, u64)>> {
        if !self.knows_disputes()? {
            return Ok(None);
        }
        let all = self.disputes()?;
        let examples = all.iter().filter(|d| d.kind != Kind::Intent).count();
        // Conversations, since that is what one can look at: `is:disputed` finds as many.
        let mut turns: Vec<i64> = all.iter().filter_map(|d| d.turn().map(|(c, _)| c.0)).collect();
        turns.sort_unstable();
        turns.dedup();
        Ok(Some((turns.len() as u64, examples as u64)))
    }

    /// Conversations with a disputed label: what `is:disputed` finds.
    pub(in crate::store) fn disputed_conversations(&self) -> Result<crate::store::queue::columns::IdSet> {
        if !self.knows_disputes()? {
            return Err(crate::store::queue::filter::no_data(
                "is:disputed",
                "the next fine-tuning run tells which labels look wrong",
            ));
        }
        let most = self.most()?;
        self.disputes()?.iter().filter_map(|d| d.turn().map(|(c, _)| most.row(c.0))).collect()
    }

    /// How many labels on turns the newest run disputed, and of those how many have been settled since.
    pub(in crate::store) fn settled_disputes(&self) -> Result<(u64, u64)> {
        let sql = "SELECT count(*) FROM dispute x JOIN decision d ON d.id = x.decision WHERE d.kind = ?";
        let all: u64 = self
            .conn
            .prepare_cached(sql)
            .and_then(|mut s| s.query_row([Kind::Intent.code()], |r| r.get(0)))
            .doing("counting disputed labels")?;
        let standing = self.disputes()?.iter().filter(|d| d.kind == Kind::Intent).count() as u64;
        Ok((all - standing.min(all), all))
    }
}
