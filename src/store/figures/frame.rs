//! What the frame needs to know.

use crate::domain::{DecisionId, OUT_OF_SCOPE_ID, Outcome, Review};
use crate::store::codes::{LABEL, SOURCE, TRAINING};
use crate::store::decisions::reviewers::IMPORTER;
use crate::store::intents::state::ACTIVE;
use crate::store::queue::columns::{ColumnSet, PackedColumn, RowPredicate, StateField, Test};
use crate::store::releases::live::RESPONSES;
use crate::store::{DoingWhat, Overview, Result, Store};
use rusqlite::OptionalExtension;

impl Store {
    /// Counts for the header and the first-run screens.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(in crate::store::figures) fn read_frame(&self) -> Result<Overview> {
        let n = |sql: &str| -> Result<u64> {
            self.conn.prepare_cached(sql).and_then(|mut s| s.query_row([], |r| r.get(0))).doing("counting")
        };
        let examples = self.training_count()?;
        let trained = self.trained_up_to()?.unwrap_or(DecisionId(0));
        let new_labels = self
            .conn
            .prepare_cached(&format!(
                "SELECT count(*) FROM current l JOIN reviewer r ON r.id = l.reviewer JOIN conversation c ON c.id = l.subject
                 WHERE l.kind = {LABEL} AND l.decision > ? AND r.role < {IMPORTER} AND c.part = {TRAINING}",
            ))
            .and_then(|mut s| s.query_row([trained.0], |r| r.get(0)))
            .doing("counting new labels")?;
        let columns = self.columns(ColumnSet::of(&[PackedColumn::State]))?;
        let real = |outcomes: &[Outcome]| {
            let mut wanted = RowPredicate::default();
            wanted.and(Test::codes(StateField::OUTCOME, outcomes.iter().map(|o| o.code())), false);
            wanted.and(Test::codes(StateField::TRAFFIC, [1]), false);
            wanted.count(&columns)
        };
        let open = |outcomes: &[Outcome]| {
            let mut wanted = RowPredicate::default();
            wanted.and(Test::codes(StateField::OUTCOME, outcomes.iter().map(|o| o.code())), false);
            wanted.and(Test::codes(StateField::REVIEW, [Review::Open.code()]), false);
            wanted.and(Test::codes(StateField::PART, [TRAINING]), false);
            wanted.count(&columns)
        };
        let live = self.live()?;
        let parts = self.live_parts()?;
        let answers = parts.iter().find(|(part, _)| *part == RESPONSES).map(|(_, by)| *by);
        let answering = answers.filter(|by| live.is_some_and(|live| live != *by));
        let added = parts.iter().find(|(_, by)| answering.is_some() && live == Some(*by));
        Ok(Overview {
            decision: Some(self.last_decision()?),
            conversations: RowPredicate::default().count(&columns),
            failures: real(&[Outcome::Escalated, Outcome::Failed]),
            unknown: real(&[Outcome::Unknown]),
            unknown_open: open(&[Outcome::Unknown]),
            open: open(&[Outcome::Escalated, Outcome::Failed]),
            intents: n(&format!("SELECT count(*) FROM intent WHERE state = {ACTIVE} AND id > {}", OUT_OF_SCOPE_ID.0))?,
            live,
            answering,
            live_adds: added.map(|(part, _)| *part),
            examples,
            new_labels,
            corrections: self.correction_counts()?,
            gold: self.gold_counts()?,
            gold_new: self.gold_labels_since_frozen()?,
            planned: match self.open_cycle_row()? {
                Some(_) => self.planned_last()?,
                None => None,
            },
            cycle: self.open_cycle_row()?,
            mixed: n(&format!("SELECT count(*) FROM term WHERE kind = {SOURCE}"))? > 1,
            stale: self.is_stale()? || self.is_unread()? || self.is_unfelt()?,
            search: self.search_state()?,
            disputed: self.dispute_counts()?,
            encoder: self.encoder_name()?,
            zone: self.zone()?,
            demo: self.setting("demo")?.is_some(),
        })
    }

    /// What was to be done next, in the words of whoever closed a cycle last and said so.
    fn planned_last(&self) -> Result<Option<(String, String)>> {
        let sql =
            "SELECT name, plan FROM cycle WHERE closed_at IS NOT NULL AND plan IS NOT NULL ORDER BY id DESC LIMIT 1";
        self.conn
            .prepare_cached(sql)
            .and_then(|mut s| s.query_row([], |r| Ok((r.get(0)?, r.get(1)?))).optional())
            .doing("reading what was planned")
    }

    /// Things to learn from, without reading them.
    fn training_count(&self) -> Result<u64> {
        self.conn
            .prepare_cached(&format!(
                "SELECT (SELECT count(*) FROM example WHERE intent IS NOT NULL) + (SELECT count(*) FROM current l
                    JOIN conversation c ON c.id = l.subject WHERE l.kind = {LABEL} AND c.part = {TRAINING})",
            ))
            .and_then(|mut s| s.query_row([], |r| r.get(0)))
            .doing("counting what there is to learn from")
    }

    /// Reads the end of the decision log only.
    fn gold_labels_since_frozen(&self) -> Result<u64> {
        let sql = format!("SELECT count(DISTINCT d.subject << 20 | d.turn) FROM decision d JOIN conversation c ON c.id = d.subject
            JOIN reviewer r ON r.id = d.reviewer
            WHERE d.id > (SELECT max(decision) FROM gold_version) AND +d.kind = {LABEL} AND c.part > {TRAINING} AND (r.role = {IMPORTER} OR EXISTS(
                SELECT 1 FROM cycle_item i WHERE i.conversation = d.subject AND i.audit = 1 AND i.turn = d.turn))");
        self.conn.prepare_cached(&sql).and_then(|mut s| s.query_row([], |r| r.get(0))).doing("counting new gold labels")
    }

    /// Gold turns: of the newest version, else at hand.
    fn gold_counts(&self) -> Result<(u64, u64)> {
        match self.gold_versions()?.first() {
            Some(v) => Ok((v.open, v.sealed)),
            None => self.gold_at_hand(),
        }
    }
}
