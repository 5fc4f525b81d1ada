//! Who accepts corrections of answers, when and with what words (rule 19).

use super::said::may_say;
use crate::domain::review::decision::{ACCEPTED, RETURNED};
use crate::domain::{
    ConversationId, DecisionChange, DecisionTarget, IntentId, Kind, ReleaseId, StepId, Timestamp, TurnKey,
};
use crate::learn::responses::ResponseTable;
use crate::store::codes::AI;
use crate::store::decisions::reviewers::{IMPORTER, LEAD, PROGRAM};
use crate::store::{DoingWhat, Result, Store, StoreError, TeamRole};
use crate::text::personal::{PersonalText, in_words};
use rusqlite::params;
use serde::Serialize;
use std::collections::BTreeSet;

/// What a lead did with a correction.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SettledCorrection {
    /// `source:id`.
    pub id: String,
    /// Row.
    pub n: ConversationId,
    /// The AI's turn.
    pub turn: TurnKey,
    /// What stands there.
    pub text: String,
    /// [`ACCEPTED`] or [`RETURNED`].
    pub state: &'static str,
    /// The step; `None` where it stood so already.
    pub step: Option<StepId>,
}

impl Store {
    /// What follows from a change of a correction's text for its state, before the change is made: accepted where whoever makes
    /// it may accept and it holds nothing of one customer, else proposed. The same words again change nothing.
    pub(in crate::store) fn state_that_follows(
        &self,
        change: &DecisionChange,
        who: i64,
    ) -> Result<Option<DecisionChange>> {
        let (Kind::Response, Some(turn)) = (change.kind, change.target.turn) else { return Ok(None) };
        let c = ConversationId(change.target.subject);
        let state = self.current_value(Kind::ResponseState, change.target)?.map(|(state, ..)| state);
        let to = match &change.to {
            Some(text) if self.accepts(who)? && self.personal_in(c, text)?.is_empty() => Some(ACCEPTED),
            _ => None,
        };
        let same = self.current_value(Kind::Response, change.target)?.map(|(text, ..)| text) == change.to;
        if (same && to.is_none()) || (to.is_none() && state.is_none()) {
            return Ok(None);
        }
        Ok(Some(DecisionChange::response_state(c, turn, to)))
    }

    /// Whether a reviewer (row) may accept corrections: a lead, or whoever is alone (rule 19).
    fn accepts(&self, who: i64) -> Result<bool> {
        self.conn
            .prepare_cached(&format!(
                "SELECT role = {LEAD} OR (role < {IMPORTER} AND (SELECT count(*) FROM reviewer WHERE role < {IMPORTER}) = 1) FROM reviewer WHERE id = ?",
            ))
            .and_then(|mut s| s.query_row([who], |r| r.get(0)))
            .doing("looking up a reviewer's role")
    }

    /// Whether somebody of this name may accept and return corrections. Nobody is entered in the store by asking.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn settles_corrections(&self, reviewer: &str) -> Result<bool> {
        match self.ids("SELECT id FROM reviewer WHERE name = ?", &[&reviewer])?.first() {
            Some(&who) => self.accepts(who),
            // Whoever comes first is the lead.
            None => Ok(self.ids(&format!("SELECT 1 FROM reviewer WHERE role < {IMPORTER} LIMIT 1"), &[])?.is_empty()),
        }
    }

    /// Accepts a correction as an answer to everybody; with other words where `text` gives some. `place` is the number of the
    /// AI's turn, or of the customer's turn that it answers; it may be left out where there is one correction.
    ///
    /// # Errors
    /// Whoever asks may not accept; there is no such correction; it holds something of one customer.
    pub fn accept_response(
        &mut self,
        reviewer: &str,
        now: Timestamp,
        c: ConversationId,
        place: Option<u32>,
        text: Option<&str>,
    ) -> Result<SettledCorrection> {
        self.immediate("accepting a correction", |store| {
            store.refuse_to_settle(reviewer, now)?;
            let (turn, stands) = store.correction_at(c, place)?;
            let change = DecisionChange::response(c, turn, Some(text.map_or(stands.as_str(), str::trim_end).to_owned()));
            let text = change.to.as_deref().unwrap_or_default();
            if text.trim().is_empty() {
                return Err(StoreError::refused("an answer without words cannot be accepted; `appraise label --response ''` takes a correction away"));
            }
            let found = store.personal_in(c, text)?;
            if !found.is_empty() {
                let (id, place) = (store.conversation_key(c)?, store.place(c, turn)?);
                return Err(StoreError::refused(format!(
                    "the correction of {id} turn {place} (counted from 0) is not accepted: it holds {}; {}",
                    in_words(&found),
                    way_out(&found)
                )));
            }
            let target = DecisionTarget { subject: c.0, turn: Some(turn) };
            let state = store.current_value(Kind::ResponseState, target)?;
            let step = match state {
                _ if text != stands => Some(store.decide_within(reviewer, now, std::slice::from_ref(&change))?),
                Some((state, ..)) if state == ACCEPTED => None,
                _ => {
                    let change = DecisionChange::response_state(c, turn, Some(ACCEPTED));
                    Some(store.decide_within(reviewer, now, &[change])?)
                }
            };
            Ok(SettledCorrection { id: store.conversation_key(c)?, n: c, turn, text: text.to_owned(), state: ACCEPTED, step })
        })
    }

    /// Sends a correction back to whoever wrote it. `place` as for [`Store::accept_response`].
    ///
    /// # Errors
    /// Whoever asks may not; no reason; there is no such correction.
    pub fn return_response(
        &mut self,
        reviewer: &str,
        now: Timestamp,
        c: ConversationId,
        place: Option<u32>,
        reason: &str,
    ) -> Result<SettledCorrection> {
        self.immediate("returning a correction", |store| {
            store.refuse_to_settle(reviewer, now)?;
            if reason.trim().is_empty() {
                return Err(StoreError::refused(
                    "say with --reason why it goes back: whoever wrote it will want to know",
                ));
            }
            let (turn, text) = store.correction_at(c, place)?;
            let change = DecisionChange::response_state(c, turn, Some(RETURNED)).because(reason.trim());
            let step = Some(store.decide_within(reviewer, now, &[change])?);
            Ok(SettledCorrection { id: store.conversation_key(c)?, n: c, turn, text, state: RETURNED, step })
        })
    }

    fn refuse_to_settle(&self, reviewer: &str, now: Timestamp) -> Result<()> {
        let who = self.reviewer_id(reviewer, now)?;
        if self.accepts(who)? {
            return Ok(());
        }
        let leads: Vec<String> = self
            .conn
            .prepare_cached(&format!("SELECT name FROM reviewer WHERE role = {LEAD} ORDER BY id"))
            .and_then(|mut s| s.query_map([], |r| r.get(0)).and_then(Iterator::collect))
            .doing("looking up the leads")?;
        let leads = if leads.is_empty() { "nobody here is one".to_owned() } else { leads.join(", ") };
        // Whoever means the role is a person of that name now.
        let is_role = TeamRole::ALL.iter().any(|role| role.name() == reviewer);
        let means = if is_role { ": --as takes a name, not a role" } else { "" };
        Err(StoreError::refused(format!(
            "only a lead accepts or returns corrections ({leads}); you are {reviewer}, who is none{means}"
        )))
    }

    /// The correction that is meant, and its words.
    fn correction_at(&self, c: ConversationId, place: Option<u32>) -> Result<(TurnKey, String)> {
        let corrected: Vec<(u32, TurnKey, String)> = self
            .conn
            .prepare_cached(
                "SELECT t.place, k.turn, k.value FROM current k JOIN turn t ON t.id = (k.subject << 20 | k.turn)
                 WHERE k.subject = ? AND k.kind = ? ORDER BY t.place",
            )
            .and_then(|mut s| {
                s.query_map(params![c.0, Kind::Response.code()], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
                    .and_then(Iterator::collect)
            })
            .doing("looking up the corrections")?;
        let wanted = match place {
            None if corrected.len() == 1 => corrected.first().map(|(at, ..)| *at),
            None => None,
            // As `label --turn` does: the AI's first turn from there on.
            Some(place) => self
                .ids(
                    &format!(
                    "SELECT place FROM turn WHERE id >= ?1 << 20 AND id < (?1 + 1) << 20 AND role = {AI} AND place >= ?2
                     ORDER BY place LIMIT 1"),
                    &[&c.0, &place],
                )?
                .first()
                .and_then(|&at| u32::try_from(at).ok()),
        };
        let turns = corrected.iter().map(|(at, ..)| at.to_string()).collect::<Vec<_>>().join(", ");
        if let Some((_, turn, text)) = corrected.into_iter().find(|(at, ..)| Some(*at) == wanted) {
            return Ok((turn, text));
        }
        let id = self.conversation_key(c)?;
        Err(StoreError::refused(match (turns.is_empty(), place) {
            (true, _) => format!("no answer of {id} is corrected; `appraise responses list` shows what is"),
            (false, None) => {
                format!("several answers of {id} are corrected; name one with --turn (counted from 0): {turns}")
            }
            (false, Some(place)) => {
                format!(
                    "the answer at turn {place} of {id} is not corrected; of these turns it is: {turns} (counted from 0)"
                )
            }
        }))
    }

    /// Settles corrections of a store from before they had states: those that a release answered with or a lead wrote are accepted
    /// by the program, unless they hold something of one customer.
    pub(in crate::store) fn settle_former(&self, now: Timestamp) -> Result<()> {
        if self.setting("corrections_unsettled")?.is_none() {
            return Ok(());
        }
        self.immediate("settling corrections", |store| {
            let names = store.intent_names()?;
            let releases = store.ids("SELECT release FROM artefact ORDER BY release", &[])?;
            let tables: Vec<ResponseTable> =
                releases.into_iter().filter_map(|id| store.responses_of(ReleaseId(id)).ok()).collect();
            let lead = format!("SELECT 1 FROM reviewer WHERE name = ? AND role = {LEAD}");
            let mut changes = Vec::new();
            for w in store.written()?.into_iter().filter(|w| w.state.is_none()) {
                let intent = store.answered_intent(w.n, w.turn)?.map(|i| names.today(i));
                let by_lead = !store.ids(&lead, &[&w.by])?.is_empty();
                let today = |i| names.today(i);
                let used = |i: IntentId| tables.iter().any(|table| may_say(table, i, &w, &today).next().is_some());
                if (by_lead || intent.is_some_and(used)) && store.personal_in(w.n, &w.text)?.is_empty() {
                    changes.push(DecisionChange::response_state(w.n, w.turn, Some(ACCEPTED)));
                }
            }
            if !changes.is_empty() {
                let who = store.program(now)?;
                let step = store.new_step(who, now, false)?;
                changes.iter().try_for_each(|change| store.append(step, who, now, change, None).map(drop))?;
            }
            store
                .conn
                .execute("DELETE FROM setting WHERE key = 'corrections_unsettled'", [])
                .map(drop)
                .doing("settling corrections")
        })
    }

    /// The program itself as a reviewer.
    fn program(&self, now: Timestamp) -> Result<i64> {
        self.conn
            .execute(
                &format!("INSERT OR IGNORE INTO reviewer(name, role, added_at) VALUES ('appraise', {PROGRAM}, ?)"),
                [now.0],
            )
            .and_then(|_| self.conn.query_row("SELECT id FROM reviewer WHERE name = 'appraise'", [], |r| r.get(0)))
            .doing("looking up the program as a reviewer")
    }
}

/// What makes an answer to everybody of one that holds something of one customer.
fn way_out(found: &[PersonalText]) -> String {
    let placeholders: BTreeSet<&str> = found.iter().map(|f| f.placeholder).collect();
    let instead = placeholders.into_iter().collect::<Vec<_>>().join(", ");
    format!(
        "write {instead} instead and it is an answer to everybody: `appraise responses accept … --text` takes other words"
    )
}

#[cfg(test)]
#[path = "accepting_tests.rs"]
mod tests;
