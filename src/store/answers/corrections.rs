//! Corrections of the AI's answers and what became of them (rule 19): proposed, accepted or returned, which people decide;
//! in the next release and live, which follow.

use super::said::SaidByRelease;
use crate::domain::review::decision::{ACCEPTED, RETURNED, split_ids};
use crate::domain::{ConversationId, IntentId, Kind, OUT_OF_SCOPE_ID, ReleaseId, Role, Timestamp, TurnKey};
use crate::store::{DoingWhat, Result, Store, turn_id};
use crate::text::personal::in_words;
use rusqlite::{OptionalExtension, params};
use serde::Serialize;
use std::collections::HashSet;
use std::rc::Rc;

/// Why the next release gives an accepted correction to nobody.
pub(super) const REPLACED: &str = "a later one answers the same request";

/// What became of a correction. It serialises as its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CorrectionState {
    /// Saved; a lead has not said anything yet.
    Proposed,
    /// A lead has sent it back, with a reason.
    Returned,
    /// An answer to everybody that the next release does not give: a later one answers the same request, its customer is in a test group, no
    /// customer's turn with an intent comes before it, the words that it was written for have changed, or its intent is retired.
    Accepted,
    /// The next release will answer its request with it.
    NextRelease,
    /// The live release answers its request with it.
    Live,
}

impl CorrectionState {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Proposed, Self::Returned, Self::Accepted, Self::NextRelease, Self::Live];

    /// As in JSON and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Returned => "returned",
            Self::Accepted => "accepted",
            Self::NextRelease => "next_release",
            Self::Live => "live",
        }
    }

    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Self::NextRelease => "in the next release",
            other => other.name(),
        }
    }
}

/// One correction.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CorrectionRow {
    /// `source:id`.
    pub id: String,
    /// Row.
    pub n: ConversationId,
    /// The AI's turn.
    pub turn: TurnKey,
    /// What became of it.
    pub state: CorrectionState,
    /// The intent that it answers: of the customer's last turn before it.
    pub intent: Option<String>,
    /// What it is written in; empty where that is not known.
    pub lang: String,
    /// What the AI should have said.
    pub text: String,
    /// Who wrote it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why it was returned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What it holds of one customer, in words, where it is not accepted: with that it cannot be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holds: Option<String>,
    /// The live release says it although it is no answer any more, nor are its words another's: until the next one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub still_live: Option<ReleaseId>,
    /// A newer release than the live one, or one that was rolled back, says it already and is not live.
    #[serde(skip)]
    pub candidate: Option<ReleaseId>,
    /// The decision that accepted it or sent it back; 0: none.
    #[serde(skip)]
    pub settled: i64,
    /// Other answers to the same intent in the same language are in the release that says it, too.
    #[serde(skip)]
    pub beside_others: bool,
    /// Why the next release does not say it although it is accepted, or would not if it were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unused: Option<&'static str>,
}

impl CorrectionRow {
    /// What became of it in a word or two, wherever corrections are listed.
    pub fn word(&self) -> &'static str {
        match (self.state, self.still_live) {
            (CorrectionState::Proposed, Some(_)) => "proposed, live",
            (CorrectionState::Returned, Some(_)) => "returned, live",
            (CorrectionState::NextRelease, _) => "next release",
            (state, _) => state.name(),
        }
    }

    /// What a person wants to know of its state; `None` where the state says it all.
    pub fn says(&self) -> Option<String> {
        let Some(live) = self.still_live else { return self.says_of_state() };
        let until = format!("still live in v{} until the next release", live.0);
        Some(match (self.state, &self.reason) {
            (CorrectionState::Returned, Some(reason)) => format!("sent back, {until}: {reason}"),
            (CorrectionState::Returned, None) => format!("sent back, {until}"),
            _ => self.says_of_state().map_or_else(|| until.clone(), |says| format!("{says}; {until}")),
        })
    }

    fn says_of_state(&self) -> Option<String> {
        let placeholders = "with placeholders such as {name} or {amount} in its place it can be an answer to everybody";
        match self.state {
            CorrectionState::Proposed | CorrectionState::Returned if self.holds.is_some() => {
                let holds = self.holds.as_deref().unwrap_or_default();
                let returned = self.reason.as_ref().map(|r| format!("returned: {r}; ")).unwrap_or_default();
                Some(format!(
                    "{returned}it holds {holds}, so it stays a correction of this conversation alone; {placeholders}"
                ))
            }
            CorrectionState::Proposed => Some(match self.unused {
                Some(why) => format!("proposed: even if accepted, the next release would not answer with it: {why}"),
                None => "proposed: it waits for a lead to accept it as an answer to everybody".to_owned(),
            }),
            CorrectionState::Returned => {
                Some(format!("returned: {}", self.reason.as_deref().unwrap_or("without a reason")))
            }
            CorrectionState::Accepted => {
                self.unused.map(|why| format!("accepted, but the next release does not answer with it: {why}"))
            }
            CorrectionState::NextRelease | CorrectionState::Live => {
                let kept = self.unused.map(|why| format!("live until the next release: {why}"));
                let beside = || {
                    self.beside_others.then(|| {
                        "other answers to this intent are accepted, too: requests like its own get it; what is like none of them gets what most say, of equals the first, or none where the requests tell them well apart"
                            .to_owned()
                    })
                };
                let made = self.candidate.map(|id| format!("v{} says it already and is not live", id.0));
                let says: Vec<String> = made.into_iter().chain(kept.or_else(beside)).collect();
                (!says.is_empty()).then(|| says.join("; "))
            }
        }
    }
}

impl Store {
    /// The corrections of one conversation, the newest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn corrections_of(&self, c: ConversationId) -> Result<Vec<CorrectionRow>> {
        let mut rows = self.corrections_to(None)?;
        rows.retain(|r| r.n == c);
        self.with_what_they_hold(rows)
    }

    /// How many corrections there are in each of [`CorrectionState::ALL`].
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn correction_counts(&self) -> Result<[u64; 5]> {
        let mut out = [0; 5];
        for row in self.corrections_to(None)? {
            out[row.state as usize] += 1;
        }
        Ok(out)
    }

    /// All corrections, the newest first, with what keeps them from being accepted.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn corrections(&self) -> Result<Vec<CorrectionRow>> {
        self.with_what_they_hold(self.corrections_to(None)?)
    }

    fn with_what_they_hold(&self, mut rows: Vec<CorrectionRow>) -> Result<Vec<CorrectionRow>> {
        for row in rows.iter_mut().filter(|r| r.state <= CorrectionState::Returned) {
            let found = self.personal_in(row.n, &row.text)?;
            row.holds = (!found.is_empty()).then(|| in_words(&found));
        }
        Ok(rows)
    }

    /// The corrections that answer an intent (`None`: any), the newest first.
    pub(in crate::store) fn corrections_to(&self, wanted: Option<IntentId>) -> Result<Vec<CorrectionRow>> {
        let written = self.written()?;
        let asked = self.asked_intents(&written)?;
        let names = self.intent_names()?;
        let live_now = self.live()?;
        let live = self.said_by(live_now)?;
        let newest = self.newest_artefact()?.filter(|newest| Some(*newest) != live_now);
        let made = self.said_by(newest)?;
        let mut rows = Vec::new();
        for (w, intent) in written.into_iter().zip(asked) {
            let intent = intent.map(|i| names.today(i));
            if wanted.is_some() && intent != wanted {
                continue;
            }
            let state = match w.state.as_deref() {
                Some(ACCEPTED) => CorrectionState::Accepted,
                Some(RETURNED) => CorrectionState::Returned,
                _ => CorrectionState::Proposed,
            };
            let is_accepted = state == CorrectionState::Accepted;
            let is_in = |said: &Option<Rc<SaidByRelease>>| match (intent, said) {
                (Some(intent), Some(said)) => self.says(said, intent, &w, &|i| names.today(i)),
                _ => Ok(false),
            };
            let (is_live, is_made) = (is_in(&live)?, is_in(&made)?);
            let is_told = |i: IntentId| names.is_active(i) || i == OUT_OF_SCOPE_ID;
            let unused = match intent {
                _ if w.is_test => Some("its customer is in a test group"),
                _ if !w.is_traffic => Some("it is no real traffic"),
                None => Some("no turn of the customer with an intent comes before it"),
                _ if w.stale => Some("the words that it was written for have changed since; written again it counts"),
                Some(i) if !is_told(i) => Some("its intent is retired"),
                Some(_) => None,
            };
            rows.push(CorrectionRow {
                id: self.conversation_key(w.n)?,
                n: w.n,
                turn: w.turn,
                // What the next release says follows from all of them.
                state: if is_accepted && unused.is_none() { CorrectionState::NextRelease } else { state },
                intent: intent.map(|i| names.name(i)),
                lang: w.lang,
                text: w.text,
                by: w.by,
                at: w.at,
                reason: w.reason.filter(|_| state == CorrectionState::Returned),
                holds: None,
                candidate: newest.filter(|_| is_made && !is_live && is_accepted),
                settled: w.settled,
                still_live: live_now.filter(|_| is_live),
                beside_others: false,
                unused,
            });
        }
        self.note_replaced(&mut rows)?;
        note_live(&mut rows);
        rows.reverse();
        Ok(rows)
    }

    /// The intent of the customer's last turn before a turn: its label, else the log's word.
    pub(in crate::store) fn answered_intent(&self, c: ConversationId, turn: TurnKey) -> Result<Option<IntentId>> {
        let sql = "SELECT iif(u.payload, NULL, coalesce(l.value, CAST(u.intent AS TEXT))) FROM turn b
            JOIN turn u ON u.id >= ?1 << 20 AND u.id < (?1 + 1) << 20 AND u.role = ?3 AND u.place < b.place
            LEFT JOIN current l ON l.subject = ?1 AND l.kind = ?4 AND l.turn = u.id & 1048575
            WHERE b.id = ?2 ORDER BY u.place DESC LIMIT 1";
        let found: Option<Option<String>> = self
            .conn
            .prepare_cached(sql)
            .and_then(|mut s| {
                let (role, kind) = (Role::User.code(), Kind::Intent.code());
                s.query_row(params![c.0, turn_id(c, turn), role, kind], |r| r.get(0)).optional()
            })
            .doing("looking up what was asked")?;
        Ok(found.flatten().and_then(|ids| split_ids(&ids).first().copied()))
    }
}

/// Of what the live release says: what is accepted is live, and what is not is so until the next release, unless that says it for another's
/// sake.
fn note_live(rows: &mut [CorrectionRow]) {
    let said: HashSet<(Option<String>, String)> = rows
        .iter()
        .filter(|row| row.state == CorrectionState::NextRelease)
        .map(|row| (row.intent.clone(), without_spacing(&row.text)))
        .collect();
    for row in rows.iter_mut().filter(|row| row.still_live.is_some()) {
        if row.state > CorrectionState::Returned {
            (row.state, row.still_live) = (CorrectionState::Live, None);
            row.unused = row.unused.filter(|why| *why == REPLACED);
        } else if said.contains(&(row.intent.clone(), without_spacing(&row.text))) {
            row.still_live = None;
        }
    }
}

/// Texts that differ in spacing are one.
fn without_spacing(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
