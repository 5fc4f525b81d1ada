//! What a fine-tuning run learns from and is asked about (rules 14, 15, 18).

use crate::domain::review::decision::{NOT_TRAFFIC, split_ids};
use crate::domain::{ConversationId, CycleId, DecisionId, IntentId, Kind, ReleaseId, Role, TurnKey};
use crate::store::codes::{CUSTOMER, ESCALATED, FAILED, TRAINING};
use crate::store::conversations::again::is_stale;
use crate::store::decisions::reviewers::IMPORT;
use crate::store::{DoingWhat, ReadMoment, Result, Store, split_turn};
use rusqlite::{Row, params};
use std::collections::HashMap;

/// One thing to learn from: a base example, or the latest label of a turn outside test groups.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingExample {
    /// Packed turn id; `None` for a base example.
    pub turn: Option<i64>,
    /// What the customer said.
    pub text: String,
    /// The primary intent, merges followed.
    pub intent: IntentId,
    /// Group of the conversation; base examples are each their own.
    pub group: u64,
    /// A person labelled it (not an import).
    pub by_person: bool,
    /// The decision that said so; 0 for none.
    pub decision: DecisionId,
}

/// A failure that a person has relabelled: what both models are asked about.
#[derive(Clone, Debug, PartialEq)]
pub struct FailureRow {
    /// Packed turn id.
    pub turn: i64,
    /// The label.
    pub intents: Vec<IntentId>,
    /// What the AI predicted at the time.
    pub logged: Option<IntentId>,
    /// What the customer said.
    pub text: String,
    /// The decision that labelled it.
    pub decision: DecisionId,
}

impl Store {
    /// Base examples and labels up to a decision, as everything else is now. See [`Store::training_examples_at`].
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn training_examples(&self, up_to: DecisionId) -> Result<Vec<TrainingExample>> {
        self.training_examples_at(&ReadMoment { labels: up_to, ..self.moment()? })
    }

    /// Base examples and labels as of a moment, in a fixed order. A reviewer's label beats a base example with the same
    /// text. Where a decision is left out, the word before it stands.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn training_examples_at(&self, moment: &ReadMoment) -> Result<Vec<TrainingExample>> {
        let names = self.intent_names_at(moment.known)?;
        let (labels, mut out) = (self.labels(moment)?, self.base_examples(moment)?);
        let by_text: HashMap<&str, IntentId> =
            labels.iter().filter(|l| l.by_person).map(|l| (l.text.trim(), l.intent)).collect();
        out.retain(|e| by_text.get(e.text.trim()).is_none_or(|&i| i == e.intent));
        out.extend(labels);
        for e in &mut out {
            e.intent = names.today(e.intent);
        }
        out.retain(|e| names.is_active(e.intent) && !e.text.trim().is_empty());
        Ok(out)
    }

    fn base_examples(&self, moment: &ReadMoment) -> Result<Vec<TrainingExample>> {
        // Of a GROUP BY with max(), SQLite takes the other columns from the row of the maximum.
        let sql = "SELECT e.id, e.text, d.after, max(d.id) FROM decision d JOIN example e ON e.id = d.subject
            WHERE d.kind = ?1 AND d.id <= ?2 AND d.id NOT IN (SELECT value FROM json_each(?3)) GROUP BY d.subject ORDER BY e.id";
        let rows = self
            .conn
            .prepare_cached(sql)
            .and_then(|mut s| {
                s.query_map(params![Kind::Example.code(), moment.labels.0, left_out(moment)], |r| {
                    Ok((
                        r.get::<_, i64>(0)?,
                        r.get::<_, String>(1)?,
                        r.get::<_, Option<String>>(2)?,
                        r.get::<_, i64>(3)?,
                    ))
                })
                .and_then(Iterator::collect::<rusqlite::Result<Vec<_>>>)
            })
            .doing("reading the base examples")?;
        Ok(rows
            .into_iter()
            .filter_map(|(id, text, intent, decision)| {
                Some(TrainingExample {
                    turn: None,
                    text,
                    intent: IntentId(intent?.parse().ok()?),
                    // Groups of conversations are 63-bit; the top bit keeps examples apart from them.
                    group: (1 << 63) | id as u64,
                    by_person: false,
                    decision: DecisionId(decision),
                })
            })
            .collect())
    }

    fn labels(&self, moment: &ReadMoment) -> Result<Vec<TrainingExample>> {
        let stale = is_stale("l.subject", "?1", "l.turn", "l.after", "l.decision", "?5");
        let sql = format!(
            "SELECT t.id, t.text, l.after, c.grp, r.name, l.decision
            FROM (SELECT subject, turn, after, reviewer, max(id) AS decision FROM decision
                  WHERE kind = ?1 AND id <= ?2 AND id NOT IN (SELECT value FROM json_each(?6)) GROUP BY subject, turn) l
            JOIN conversation c ON c.id = l.subject JOIN turn t ON t.id = (l.subject << 20 | l.turn)
            JOIN reviewer r ON r.id = l.reviewer
            WHERE c.part = {TRAINING} AND t.payload = 0 AND t.role = ?3 AND l.after IS NOT NULL
              AND NOT {stale}
              AND coalesce((SELECT d.after FROM decision d WHERE d.subject = c.id AND d.kind = ?4 AND d.turn = -1 AND d.id <= ?5
                ORDER BY d.id DESC LIMIT 1), '') <> '{NOT_TRAFFIC}' ORDER BY t.id"
        );
        let read = |r: &Row<'_>| -> rusqlite::Result<Option<TrainingExample>> {
            let value: String = r.get(2)?;
            // A row that cannot be read ends the run: it would be an empty text of group 0 otherwise.
            let Some(&intent) = split_ids(&value).first() else { return Ok(None) };
            Ok(Some(TrainingExample {
                turn: Some(r.get(0)?),
                text: r.get(1)?,
                intent,
                group: r.get::<_, i64>(3)? as u64,
                by_person: !r.get::<_, String>(4)?.starts_with(IMPORT),
                decision: DecisionId(r.get(5)?),
            }))
        };
        let rows: Vec<Option<TrainingExample>> = self
            .conn
            .prepare_cached(&sql)
            .and_then(|mut s| {
                let kinds = (Kind::Intent.code(), Kind::Traffic.code());
                s.query_map(
                    params![kinds.0, moment.labels.0, Role::User.code(), kinds.1, moment.known.0, left_out(moment)],
                    read,
                )
                .and_then(Iterator::collect)
            })
            .doing("reading the labels")?;
        Ok(rows.into_iter().flatten().collect())
    }

    /// Relabelled failures outside test groups, labelled after a decision and up to another; of one cycle where one is
    /// given.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn failures(&self, after: DecisionId, up_to: DecisionId, cycle: Option<CycleId>) -> Result<Vec<FailureRow>> {
        let sql = format!("SELECT t.id, l.value, c.intent, t.text, l.decision FROM conversation c
            JOIN current l ON l.subject = c.id AND l.kind = ?1 AND l.turn = c.failing_turn
            JOIN turn t ON t.id = (c.id << 20 | c.failing_turn)
            WHERE c.part = {TRAINING} AND c.judged = 1 AND t.role = {CUSTOMER}
              AND NOT EXISTS(SELECT 1 FROM reworded w WHERE w.turn = t.id AND w.decision >= l.decision) AND c.traffic = 1 AND c.outcome IN ({ESCALATED}, {FAILED}) AND l.decision > ?2 AND l.decision <= ?3
              AND (?4 IS NULL OR c.id IN (SELECT conversation FROM cycle_item WHERE cycle = ?4)) ORDER BY t.id");
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut s| {
                s.query_map(params![Kind::Intent.code(), after.0, up_to.0, cycle.map(|c| c.0)], |r| {
                    Ok(FailureRow {
                        turn: r.get(0)?,
                        intents: split_ids(&r.get::<_, String>(1)?),
                        logged: r.get::<_, Option<i64>>(2)?.map(IntentId),
                        text: r.get(3)?,
                        decision: DecisionId(r.get(4)?),
                    })
                })
                .and_then(Iterator::collect)
            })
            .doing("reading the reviewed failures")
    }

    /// Keeps which training turns the newest run held out, for the state of their labels.
    ///
    /// # Errors
    /// The store cannot be written.
    pub(in crate::store) fn keep_held_out(&self, release: ReleaseId, turns: &[i64]) -> Result<()> {
        self.conn.execute("DELETE FROM held_out", []).doing("keeping what was held out")?;
        let mut s = self
            .conn
            .prepare_cached("INSERT OR IGNORE INTO held_out(turn, release) VALUES (?, ?)")
            .doing("keeping what was held out")?;
        for t in turns {
            s.execute(params![t, release.0]).doing("keeping what was held out")?;
        }
        Ok(())
    }

    /// Training turns that the newest run left out: conversation and turn.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn held_out(&self) -> Result<Vec<(ConversationId, TurnKey)>> {
        Ok(self.ids("SELECT turn FROM held_out ORDER BY turn", &[])?.into_iter().map(split_turn).collect())
    }

    /// The first of some packed turns that belongs to a test group, as `source:id`: a run that would train on one must
    /// refuse (rule 15).
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn any_in_test_group(&self, turns: impl Iterator<Item = i64>) -> Result<Option<String>> {
        for turn in turns {
            let (c, key) = split_turn(turn);
            if self.ids("SELECT part FROM conversation WHERE id = ?", &[&c.0])?.first() != Some(&0) {
                return Ok(Some(format!("{} turn {}", self.conversation_key(c)?, self.place(c, key)?)));
            }
        }
        Ok(None)
    }
}

/// Decisions that are left out, as SQLite reads a list.
fn left_out(moment: &ReadMoment) -> String {
    serde_json::json!(moment.without.iter().map(|d| d.0).collect::<Vec<_>>()).to_string()
}
