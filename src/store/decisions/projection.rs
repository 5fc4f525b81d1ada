//! Brings the projected columns of conversations in line with the decision log.

use crate::domain::review::decision::NOT_TRAFFIC;
use crate::domain::{ConversationId, Kind};
use crate::learn::signals::Signals;
use crate::store::decisions::projection_rules::{LogFacts, PeoplesWord, ProjectedColumns, standing};
use crate::store::decisions::reviewers::IMPORT;
use crate::store::intents::names::IntentNames;
use crate::store::{DoingWhat, Result, Store};
use rusqlite::params;

impl Store {
    /// Derives the projected columns of one conversation afresh.
    pub(in crate::store) fn refresh(&self, id: ConversationId) -> Result<()> {
        let names = self.intent_names()?;
        self.refresh_with(id, &names)
    }

    /// As [`Store::refresh`], with the intent names read once for many.
    pub(in crate::store) fn refresh_with(&self, id: ConversationId, names: &IntentNames) -> Result<()> {
        let s = self.derived_standing(id, names)?;
        self.conn
            .prepare_cached(
                "UPDATE conversation SET outcome = ?2, outcome_source = ?3, cause = ?4, label = ?5, judged = ?6, traffic = ?7,
                    review = ?8, reviewer = ?9, mismatch = ?10, priority = ?11, doubt = ?12 WHERE id = ?1",
            )
            .and_then(|mut q| {
                q.execute(params![
                    id.0,
                    s.outcome,
                    s.outcome_source,
                    s.cause,
                    s.label,
                    s.judged,
                    s.traffic,
                    s.review,
                    s.reviewer,
                    s.mismatch,
                    s.priority,
                    s.doubt
                ])
            })
            .map(drop)
            .doing("bringing a conversation in line with the decisions")
    }

    /// Where a conversation stands by what the log, the live model and people say.
    pub(in crate::store) fn derived_standing(
        &self,
        id: ConversationId,
        names: &IntentNames,
    ) -> Result<ProjectedColumns> {
        let (failing, facts) = self.facts(id)?;
        let decided = self.decided(id, failing)?;
        Ok(standing(&facts, &decided, names))
    }

    /// Where it stands by its own row: the same, unless something went wrong.
    pub(in crate::store) fn stored_standing(&self, id: ConversationId) -> Result<ProjectedColumns> {
        self.conn
            .prepare_cached(
                "SELECT outcome, outcome_source, cause, label, judged, traffic, review, reviewer, mismatch, priority, doubt
                 FROM conversation WHERE id = ?",
            )
            .and_then(|mut s| {
                s.query_row([id.0], |r| {
                    Ok(ProjectedColumns {
                        outcome: r.get(0)?,
                        outcome_source: r.get(1)?,
                        cause: r.get(2)?,
                        label: r.get(3)?,
                        judged: r.get(4)?,
                        traffic: r.get(5)?,
                        review: r.get(6)?,
                        reviewer: r.get(7)?,
                        mismatch: r.get(8)?,
                        priority: r.get(9)?,
                        doubt: r.get(10)?,
                    })
                })
            })
            .doing("reading where a conversation stands")
    }

    fn facts(&self, id: ConversationId) -> Result<(Option<u32>, LogFacts)> {
        self.conn
            .prepare_cached(
                "SELECT failing_turn, logged_outcome, logged_source, fallback, intent, confidence, suggested,
                    suggested_confidence, margin, repeats, coalesce(signals, 0) | iif(felt < 0, 128, 0)
                 FROM conversation WHERE id = ?",
            )
            .and_then(|mut s| {
                s.query_row([id.0], |r| {
                    let failing: Option<u32> = r.get(0)?;
                    let facts = LogFacts {
                        outcome: r.get(1)?,
                        outcome_source: r.get(2)?,
                        fallback: r.get(3)?,
                        intent: r.get(4)?,
                        confidence: r.get(5)?,
                        suggested: r.get(6)?,
                        suggested_confidence: r.get(7)?,
                        margin: r.get(8)?,
                        repeats: r.get(9)?,
                        signals: Signals::from_bits(r.get(10)?),
                        has_failing_turn: failing.is_some(),
                    };
                    Ok((failing, facts))
                })
            })
            .doing("reading where a conversation stands")
    }

    fn decided(&self, id: ConversationId, failing: Option<u32>) -> Result<PeoplesWord> {
        let mut s = self
            .conn
            .prepare_cached(
                "SELECT c.kind, c.turn, c.value, c.reviewer, r.name, c.decision,
                    EXISTS(SELECT 1 FROM reworded w WHERE w.turn = (c.subject << 20 | c.turn) AND w.decision >= c.decision)
                 FROM current c JOIN reviewer r ON r.id = c.reviewer WHERE c.subject = ? AND c.kind < ?",
            )
            .doing("reading the decisions")?;
        let mut rows = s.query(params![id.0, Kind::IntentName.code()]).doing("reading the decisions")?;
        let mut out = PeoplesWord::default();
        let mut newest = 0;
        while let Some(r) = rows.next().doing("reading the decisions")? {
            let read = || -> rusqlite::Result<(i64, i64, String, i64, String, i64, bool)> {
                Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?, r.get(6)?))
            };
            let (kind, turn, value, by, name, decision, is_stale) = read().doing("reading a decision")?;
            let person = !name.starts_with(IMPORT);
            // Whoever accepts a correction has not reviewed the conversation.
            if person && kind != Kind::ResponseState.code() && decision > newest {
                newest = decision;
                out.reviewer = Some(by);
            }
            match Kind::from_code(kind) {
                Some(Kind::Intent) if failing.map(i64::from) == Some(turn) => {
                    out.label = Some(value);
                    // Of other words than those that stand there now it is no verdict.
                    out.label_by_person = person && !is_stale;
                }
                Some(Kind::Intent) if person && !is_stale => out.elsewhere.push(value),
                Some(Kind::Cause) => out.cause = Some(value),
                Some(Kind::Outcome) => out.outcome = Some(value),
                Some(Kind::Status) => out.status = Some(value),
                Some(Kind::Question) => out.asked = true,
                Some(Kind::Traffic) => out.not_traffic = value == NOT_TRAFFIC,
                _ => {}
            }
        }
        Ok(out)
    }
}
