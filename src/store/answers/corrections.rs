//! Corrections of the AI's answers and what became of them (rule 19): proposed, accepted or returned, which people decide;
//! in the next release and live, which follow.

use crate::domain::measure::responses::same_words;
use crate::domain::review::decision::{ACCEPTED, RETURNED, split_ids};
use crate::domain::{ConversationId, IntentId, Kind, OUT_OF_SCOPE_ID, ReleaseId, Role, Timestamp, TurnKey};
use crate::learn::responses::{ResponseOrigin, ResponseTable};
use crate::store::codes::TRAINING;
use crate::store::conversations::again::is_stale;
use crate::store::{DoingWhat, Result, Store, StoreError, turn_id};
use crate::text::language::answered_in;
use crate::text::personal::in_words;
use rusqlite::{OptionalExtension, Row, params};
use serde::Serialize;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// What releases answer: the live one and the newest.
#[derive(Default)]
struct KeptResponses(RefCell<Vec<(ReleaseId, Rc<ResponseTable>)>>);

/// Why an accepted correction is not what the next release answers as a rule.
const LATER: &str =
    "another one of the same intent in the same language was accepted later; this one is for requests like its own";

/// What became of a correction. It serialises as its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CorrectionState {
    /// Saved; a lead has not said anything yet.
    Proposed,
    /// A lead has sent it back, with a reason.
    Returned,
    /// An answer to everybody. The next release gives another one: a later correction of the same intent and language, or its
    /// customer is in a test group, no customer's turn with an intent comes before it, the words that it was written for have changed, or its
    /// intent is retired.
    Accepted,
    /// The next release will answer with it.
    NextRelease,
    /// The live release answers with it.
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
    /// The live release says it although it is no answer any more: until the next one.
    #[serde(skip)]
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
                self.unused.map(|why| format!("accepted, but not what the next release answers as a rule: {why}"))
            }
            CorrectionState::NextRelease | CorrectionState::Live => {
                let kept = self.unused.map(|why| format!("live until the next release: {why}"));
                let beside = || {
                    self.beside_others.then(|| {
                        "other answers to this intent are accepted, too: requests like its own get it, others where enough was accepted to tell"
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

/// A correction as the log has it.
pub(in crate::store) struct Written {
    pub(in crate::store) n: ConversationId,
    pub(in crate::store) turn: TurnKey,
    pub(in crate::store) text: String,
    pub(in crate::store) by: String,
    pub(in crate::store) at: Timestamp,
    pub(in crate::store) state: Option<String>,
    pub(in crate::store) settled: i64,
    pub(in crate::store) reason: Option<String>,
    pub(in crate::store) lang: String,
    /// Its customer is in a test group, which teaches nothing.
    pub(in crate::store) is_test: bool,
    /// It is real traffic.
    pub(in crate::store) is_traffic: bool,
    /// The words that it corrects are others now, and nobody has confirmed it.
    pub(in crate::store) stale: bool,
}

impl Store {
    /// The corrections of one conversation, the newest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn corrections_of(&self, c: ConversationId) -> Result<Vec<CorrectionRow>> {
        let mut rows = self.correction_rows()?;
        self.note_replaced(&mut rows, Some(c))?;
        rows.retain(|r| r.n == c);
        self.with_what_they_hold(rows)
    }

    /// How many corrections there are in each of [`CorrectionState::ALL`].
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn correction_counts(&self) -> Result<[u64; 5]> {
        let mut out = [0; 5];
        for row in self.correction_rows()? {
            out[row.state as usize] += 1;
        }
        Ok(out)
    }

    /// All corrections, the newest first, with what keeps them from being accepted.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn corrections(&self) -> Result<Vec<CorrectionRow>> {
        let mut rows = self.correction_rows()?;
        self.note_replaced(&mut rows, None)?;
        self.with_what_they_hold(rows)
    }

    fn with_what_they_hold(&self, mut rows: Vec<CorrectionRow>) -> Result<Vec<CorrectionRow>> {
        for row in rows.iter_mut().filter(|r| r.state <= CorrectionState::Returned) {
            let found = self.personal_in(row.n, &row.text)?;
            row.holds = (!found.is_empty()).then(|| in_words(&found));
        }
        Ok(rows)
    }

    fn correction_rows(&self) -> Result<Vec<CorrectionRow>> {
        self.corrections_to(None)
    }

    /// The corrections that answer an intent (`None`: any), the newest first.
    pub(in crate::store) fn corrections_to(&self, wanted: Option<IntentId>) -> Result<Vec<CorrectionRow>> {
        let written = self.written()?;
        let asked = self.asked_intents(&written)?;
        let names = self.intent_names()?;
        let live_now = self.live()?;
        let live = self.kept_table(live_now)?;
        let newest = self.newest_artefact()?.filter(|newest| Some(*newest) != live_now);
        let made = self.kept_table(newest)?;
        let mut rows = Vec::new();
        // Of accepted ones that count, which was accepted last for an intent and language: the next release says that.
        let mut latest: HashMap<(IntentId, String), (i64, usize)> = HashMap::new();
        let mut answers_to: Vec<Option<(IntentId, String)>> = Vec::new();
        let mut counts: Vec<bool> = Vec::new();
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
            let is_in = |table: &Option<Rc<ResponseTable>>| {
                intent.zip(table.as_ref()).is_some_and(|(i, table)| gives(table, i, &w, &|x| names.today(x)))
            };
            let (is_live, is_made) = (is_in(&live), is_in(&made));
            let is_told = |i: IntentId| names.is_active(i) || i == OUT_OF_SCOPE_ID;
            let unused = match intent {
                _ if w.is_test => Some("its customer is in a test group"),
                _ if !w.is_traffic => Some("it is no real traffic"),
                None => Some("no turn of the customer with an intent comes before it"),
                _ if w.stale => Some("the words that it was written for have changed since; written again it counts"),
                Some(i) if !is_told(i) => Some("its intent is retired"),
                Some(_) => None,
            };
            if let Some(i) = intent.filter(|_| unused.is_none() && state == CorrectionState::Accepted) {
                let newest = latest.entry((i, w.lang.clone())).or_insert((w.settled, rows.len()));
                *newest = (*newest).max((w.settled, rows.len()));
            }
            answers_to.push(intent.map(|i| (i, w.lang.clone())));
            counts.push(unused.is_none() && state == CorrectionState::Accepted);
            rows.push(CorrectionRow {
                id: self.conversation_key(w.n)?,
                n: w.n,
                turn: w.turn,
                state: if is_live && state == CorrectionState::Accepted { CorrectionState::Live } else { state },
                intent: intent.map(|i| names.name(i)),
                lang: w.lang,
                text: w.text,
                by: w.by,
                at: w.at,
                reason: w.reason.filter(|_| state == CorrectionState::Returned),
                holds: None,
                candidate: newest.filter(|_| is_made && !is_live && state == CorrectionState::Accepted),
                settled: w.settled,
                still_live: live_now.filter(|_| is_live && state != CorrectionState::Accepted),
                beside_others: false,
                unused: unused.or_else(|| (state == CorrectionState::Accepted).then_some(LATER)),
            });
        }
        // Whoever wrote the same words: the next release says them.
        for (at, what) in answers_to.iter().enumerate() {
            let said = what.as_ref().and_then(|what| latest.get(what));
            let is_said = said.is_some_and(|&(_, last)| rows[at].text == rows[last].text);
            if is_said && rows[at].state == CorrectionState::Accepted {
                rows[at].state = CorrectionState::NextRelease;
            }
        }
        for at in 0..rows.len() {
            let said = answers_to[at].as_ref().and_then(|what| latest.get(what)).map(|&(_, last)| last);
            // The latest is told where any other differs from it.
            if let Some(last) = said.filter(|&last| counts[at] && !same_words(&rows[at].text, &rows[last].text)) {
                rows[last].beside_others = true;
                rows[at].beside_others = true;
            }
        }
        let may_be_said =
            |r: &&mut CorrectionRow| !matches!(r.state, CorrectionState::Proposed | CorrectionState::Accepted);
        for row in rows.iter_mut().filter(may_be_said) {
            row.unused = None;
        }
        rows.reverse();
        Ok(rows)
    }

    /// The corrections in the order of the log.
    pub(in crate::store) fn written(&self) -> Result<Vec<Written>> {
        let stale = is_stale("c.subject", "c.kind", "c.turn", "c.value", "c.decision", &i64::MAX.to_string());
        let sql = format!("SELECT c.subject, c.turn, c.value, r.name, d.at, s.value, coalesce(s.decision, 0), e.reason, t.text,
                v.part <> {TRAINING}, v.traffic = 1, {stale}
            FROM current c JOIN decision d ON d.id = c.decision JOIN reviewer r ON r.id = c.reviewer
            JOIN conversation v ON v.id = c.subject LEFT JOIN term t ON t.id = v.language
            LEFT JOIN current s ON s.subject = c.subject AND s.kind = ?2 AND s.turn = c.turn LEFT JOIN decision e ON e.id = s.decision
            WHERE c.kind = ?1 ORDER BY c.decision");
        let read = |r: &Row<'_>| {
            let (text, logged): (String, Option<String>) = (r.get(2)?, r.get(8)?);
            Ok(Written {
                n: ConversationId(r.get(0)?),
                turn: r.get(1)?,
                lang: answered_in(&text, logged.as_deref()),
                text,
                by: r.get(3)?,
                at: Timestamp(r.get(4)?),
                state: r.get(5)?,
                settled: r.get(6)?,
                reason: r.get(7)?,
                is_test: r.get(9)?,
                is_traffic: r.get(10)?,
                stale: r.get(11)?,
            })
        };
        self.conn
            .prepare_cached(&sql)
            .and_then(|mut s| {
                s.query_map([Kind::Response.code(), Kind::ResponseState.code()], read).and_then(Iterator::collect)
            })
            .doing("reading the corrections")
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

    /// What a release answers, read once; `None` where it cannot be read.
    fn kept_table(&self, release: Option<ReleaseId>) -> Result<Option<Rc<ResponseTable>>> {
        let Some(release) = release else { return Ok(None) };
        let tables = self.kept.of::<KeptResponses>();
        let known = tables.0.borrow().iter().find(|(id, _)| *id == release).map(|(_, table)| table.clone());
        if known.is_some() {
            return Ok(known);
        }
        let Ok(table) = self.responses_of(release).map(Rc::new) else { return Ok(None) };
        let mut tables = tables.0.borrow_mut();
        tables.truncate(1);
        tables.insert(0, (release, table.clone()));
        Ok(Some(table))
    }

    /// The release that was made last.
    fn newest_artefact(&self) -> Result<Option<ReleaseId>> {
        let newest = self.ids("SELECT release FROM artefact ORDER BY release DESC LIMIT 1", &[])?;
        Ok(newest.first().map(|&id| ReleaseId(id)))
    }

    /// What a release answers, without the rest of it.
    ///
    /// # Errors
    /// The store cannot be read; its answers are damaged.
    pub fn responses_of(&self, id: ReleaseId) -> Result<ResponseTable> {
        let bytes: Vec<u8> = self
            .conn
            .query_row("SELECT data FROM artefact WHERE release = ?", [id.0], |r| r.get(0))
            .doing("reading an artefact")?;
        crate::learn::release::artefact::responses(&bytes)
            .map_err(|e| StoreError::Damaged(format!("the answers of release v{} cannot be read ({e})", id.0)))
    }
}

/// Whether a table answers an intent with the words of a correction.
pub(in crate::store) fn gives(
    table: &ResponseTable,
    intent: IntentId,
    w: &Written,
    today: &dyn Fn(IntentId) -> IntentId,
) -> bool {
    table.iter().any(|(i, said)| {
        today(i) == intent && said.all().any(|r| r.from == ResponseOrigin::Correction && same_words(&r.text, &w.text))
    })
}
