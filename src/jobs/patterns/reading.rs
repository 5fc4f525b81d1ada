//! What is read of a failed conversation to tell what it has in common with others.

use crate::domain::{Conversation, IntentId, Role, Turn, TurnKey};
use crate::jobs::JobError;
use crate::learn::signals::asks_for_person;
use crate::store::{FailedRow, Store};
use crate::text::normalise::shape;
use crate::text::{is_opening, is_smalltalk};

/// Words of an answer below which two equal ones say nothing: `Sure.`, `One moment.`
const ANSWER_WORDS: usize = 4;

/// A failure, read.
pub(super) struct Failure {
    pub row: FailedRow,
    /// The failing turn and what the customer said in it.
    pub asked: Option<(TurnKey, String)>,
    /// What the AI answered to it.
    pub answer: Option<AiAnswer>,
    /// The tool that failed after it, and how.
    pub tool: Option<FailedTool>,
    /// The customer began by asking for a person, and was handed over.
    pub wanted_person: bool,
    /// The failing turn asks for a person, and the customer was handed over.
    pub wanted_person_later: bool,
}

/// A tool that failed.
pub(super) struct FailedTool {
    pub name: String,
    /// What it said, without case, spacing and numbers.
    pub key: String,
    /// What it said.
    pub text: String,
}

/// An answer of the AI.
pub(super) struct AiAnswer {
    /// What equal answers have in common: the action's name, else the words without case, spacing and numbers.
    pub key: String,
    /// As it was given.
    pub text: String,
    /// Whether most of its letters are Greek.
    pub is_greek: bool,
}

impl Failure {
    /// Reads a conversation. `handed_over`: intents that the AI hands over as a rule.
    pub(super) fn read(store: &Store, row: FailedRow, handed_over: &[IntentId]) -> Result<Self, JobError> {
        let c = store.conversation(row.id)?;
        let place = row.turn.and_then(|key| c.turns.iter().position(|t| t.key == key));
        let after = place.map(|p| &c.turns[p + 1..]).unwrap_or_default();
        let wants = |text: &str| asks_for_person(text) || row.matter().is_some_and(|m| handed_over.contains(&m));
        Ok(Self {
            wanted_person_later: row.is_escalated && place.is_some_and(|p| wants(&c.turns[p].text)),
            asked: place.map(|p| (c.turns[p].key, c.turns[p].text.clone())),
            answer: answer_in(after),
            // A lookup that fails while the turn is answered, or later: the customer then waits for nothing.
            tool: after.iter().find(|t| t.role == Role::Tool && t.reports_error()).map(FailedTool::of),
            wanted_person: row.is_escalated && begins_handed_over(&c, row.matter(), handed_over),
            row,
        })
    }

    /// Whether the AI did not understand, or understood another intent than a reviewer says, or, where nobody has said, than the live
    /// release is sure of.
    pub(super) fn is_misunderstood(&self) -> bool {
        const SURE: f64 = 0.5;
        let row = &self.row;
        let meant = row.label.or(row.live.filter(|l| l.1 >= SURE).map(|l| l.0));
        row.fallback || (row.logged.is_some() && meant.is_some_and(|m| row.logged != Some(m)))
    }
}

impl AiAnswer {
    fn of(turn: &Turn) -> Option<Self> {
        let enough = turn.text.split_whitespace().nth(ANSWER_WORDS - 1).is_some();
        if !enough || turn.fallback || is_smalltalk(&turn.text) {
            return None;
        }
        let letters = turn.text.chars().filter(|c| c.is_alphabetic());
        let (greek, all) =
            letters.fold((0, 0), |(g, n), c| (g + usize::from(('\u{370}'..'\u{400}').contains(&c)), n + 1));
        Some(Self { key: shape(&turn.text), text: turn.text.clone(), is_greek: greek * 2 > all })
    }
}

impl FailedTool {
    fn of(turn: &Turn) -> Self {
        let name = turn.name.clone().unwrap_or_else(|| "a tool".to_owned());
        Self { name, key: shape(&turn.text), text: turn.text.clone() }
    }
}

/// The AI's answer, unless it announces a person.
fn answer_in(after: &[Turn]) -> Option<AiAnswer> {
    let place = after.iter().take_while(|t| !t.is_human_or_handoff()).position(|t| t.role == Role::Bot)?;
    let announces = after.get(place + 1).is_some_and(Turn::is_human_or_handoff);
    AiAnswer::of(&after[place]).filter(|_| !announces)
}

/// Whether the first thing that is no greeting asks for a person, or is something that the AI hands over as a rule.
fn begins_handed_over(c: &Conversation, matter: Option<IntentId>, handed_over: &[IntentId]) -> bool {
    let said = |t: &&Turn| t.role == Role::User && !t.payload && !is_opening(&t.text);
    let mut before = c.turns.iter().take_while(|t| !t.is_human_or_handoff()).filter(said);
    let first = before.next();
    first.is_some_and(|t| asks_for_person(&t.text))
        || (before.next().is_none() && matter.is_some_and(|m| handed_over.contains(&m)))
}
