//! What a cycle found, for whoever has come to its end.

use super::cycles::WORKED;
use crate::domain::{CycleId, Review, Timestamp};
use crate::store::codes::{ROOT_CAUSE, SKIPPED};
use crate::store::decisions::reviewers::IMPORTER;
use crate::store::{CountedLine, CycleRow, DoingWhat, Result, Store};

/// What became of the items of a cycle.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CycleSummary {
    /// Causes, the most frequent first: those that its page lists.
    pub found: Vec<CountedLine>,
    /// The cycle is open: nothing that was found of its audit items is told yet.
    pub is_open: bool,
    /// Audit items that were reviewed: the next run learns nothing from them.
    pub blind: u64,
    /// Conversations outside the cycle that were closed together with one of its items, since they are like it.
    pub alike: u64,
    /// Items of which nobody could tell anything.
    pub skipped: u64,
    /// Items about which somebody waits for an answer.
    pub asked: u64,
    /// Items that were left for later.
    pub later: u64,
    /// Turns that got another intent than the AI had understood, which after a fallback is none; audit items stay out.
    pub relabelled: u64,
    /// Turns that got an intent where the log tells none; audit items stay out.
    pub named: u64,
    /// Answers that were written better.
    pub corrected: u64,
    /// Minutes that people spent on it, breaks of five minutes and more left out.
    pub minutes: f64,
}

impl Store {
    /// What a cycle found so far.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn cycle_summary(&self, id: CycleId, now: Timestamp) -> Result<CycleSummary> {
        let states = "SELECT c.review, count(*) FROM cycle_item i JOIN conversation c ON c.id = i.conversation
            WHERE i.cycle = ? GROUP BY 1";
        let states: Vec<(i64, u64)> = self
            .conn
            .prepare_cached(states)
            .and_then(|mut s| s.query_map([id.0], |r| Ok((r.get(0)?, r.get(1)?)))?.collect())
            .doing("reading what a cycle found")?;
        let of = |state: Review| states.iter().find(|(code, _)| *code == state.code()).map_or(0, |(_, n)| *n);
        let blind = format!(
            "SELECT count(*) FROM cycle_item i JOIN conversation c ON c.id = i.conversation
             WHERE i.cycle = ? AND i.audit = 1 AND c.review <> {SKIPPED} AND {WORKED}",
            WORKED = *WORKED
        );
        let story = self.cycle_story(id, now)?;
        Ok(CycleSummary {
            is_open: story.row.closed_at.is_none(),
            blind: self.ids(&blind, &[&id.0])?.first().map_or(0, |&n| n.unsigned_abs()),
            found: story.found,
            alike: self.closed_alike(&story.row, now)?,
            skipped: of(Review::Skipped),
            asked: of(Review::Flagged),
            later: of(Review::Later),
            relabelled: story.relabelled,
            named: story.named,
            corrected: story.corrected,
            minutes: story.minutes,
        })
    }

    fn closed_alike(&self, row: &CycleRow, now: Timestamp) -> Result<u64> {
        let sql = format!(
            "SELECT count(DISTINCT d.subject) FROM decision d JOIN reviewer r ON r.id = d.reviewer JOIN conversation c ON c.id = d.subject
             WHERE d.kind = {ROOT_CAUSE} AND d.at BETWEEN ?2 AND ?3 AND r.role < {IMPORTER} AND d.undoes IS NULL AND c.review = ?4
                AND NOT EXISTS(SELECT 1 FROM cycle_item i WHERE i.cycle = ?1 AND i.conversation = d.subject)
                AND EXISTS(SELECT 1 FROM decision o JOIN cycle_item i ON i.conversation = o.subject AND i.cycle = ?1
                    WHERE o.step = d.step AND o.kind = {ROOT_CAUSE})"
        );
        let until = row.closed_at.unwrap_or(now);
        let found = self.ids(&sql, &[&row.id.0, &row.opened_at.0, &until.0, &Review::Done.code()])?;
        Ok(found.first().map_or(0, |&n| n.unsigned_abs()))
    }
}
