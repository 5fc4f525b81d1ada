//! What is read of a conversation to tell what it has in common with others.

use crate::domain::{Conversation, IntentId, Outcome, Role, Turn, TurnKey};
use crate::jobs::JobError;
use crate::learn::signals::{asks_for_person, offers_person};
use crate::store::{FailedRow, Store};
use crate::text::fold::{fold, words};
use crate::text::greek::key_of;
use crate::text::normalise::shape;
use crate::text::{has_words, is_opening, is_smalltalk};
use rustc_hash::FxBuildHasher;
use std::hash::BuildHasher;
use std::sync::LazyLock;

/// Words of an answer below which two equal ones say nothing: `Sure.`, `One moment.`
const ANSWER_WORDS: usize = 4;
/// What tells a technical error from a no of the business, anywhere in it.
const TECHNICAL: &[&str] = &[
    "timeout",
    "timed out",
    "time-out",
    "exception",
    "traceback",
    "stack trace",
    "connectionerror",
    "connection error",
    "connectionreset",
    "connection reset",
    "connection refused",
    "connection closed",
    "connection aborted",
    "connection failed",
    "connection lost",
    "could not connect",
    "failed to connect",
    "no connection to",
    "network error",
    "network is",
    "bad gateway",
    "gateway",
    "service unavailable",
    "temporarily unavailable",
    "internal error",
    "server error",
    "unreachable",
    "upstream",
    "unexpected error",
    "unexpected token",
    "nullpointer",
    "null reference",
    "undefined",
    "syntax error",
    "parse error",
    "json",
    "rate limit",
    "too many requests",
    "out of memory",
];
/// The same as words of their own.
const TECHNICAL_WORDS: &[&str] =
    &["null", "dns", "ssl", "tls", "http", "socket", "errno", "econnrefused", "econnreset", "etimedout", "429"];
/// The same in Greek, in either alphabet: compared by sound, as words of their own.
const TECHNICAL_GREEK: &[&str] = &[
    "λήξη χρόνου",
    "έληξε ο χρόνος",
    "εξαντλήθηκε ο χρόνος",
    "δεν ανταποκρίνεται",
    "δεν αποκρίνεται",
    "εκτός λειτουργίας",
    "διακομιστής",
    "διακομιστή",
    "εσωτερικό σφάλμα",
    "απρόσμενο σφάλμα",
    "μη αναμενόμενο σφάλμα",
    "σφάλμα συστήματος",
    "σφάλμα σύνδεσης",
    "σφάλμα δικτύου",
    "πρόβλημα σύνδεσης",
    "αποτυχία σύνδεσης",
    "απέτυχε η σύνδεση",
    "διακοπή σύνδεσης",
    "διακόπηκε η σύνδεση",
    "χάθηκε η σύνδεση",
    "τεχνικό πρόβλημα",
    "τεχνικό σφάλμα",
    "τεχνική βλάβη",
    "προσωρινά μη διαθέσιμο",
    "προσωρινά μη διαθέσιμη",
    "πολλά αιτήματα",
    "βάση δεδομένων",
];
static TECHNICAL_SOUNDS: LazyLock<Vec<String>> =
    LazyLock::new(|| TECHNICAL_GREEK.iter().map(|said| sounds(said)).collect());

/// What was said and called in a conversation.
pub(super) struct Talk {
    /// How it ended.
    pub outcome: Outcome,
    /// Whose it is, by a number: a customer's conversations have one.
    pub customer: i64,
    /// What it was about, and the turn in which the customer said so; `None` where that was never more than small talk.
    pub asked: Option<(TurnKey, String)>,
    /// What the AI answered, each answer once.
    pub answers: Vec<SaidAnswer>,
    /// What its lookups and actions said in place of a result, each once.
    pub errors: Vec<ToolError>,
}

/// A failure, read.
pub(super) struct Failure {
    pub row: FailedRow,
    pub talk: Talk,
    /// How the customer came to a person.
    pub wanted: WantedPerson,
}

/// How a customer who was handed over came to a person.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum WantedPerson {
    /// Not by asking for one.
    No,
    /// The customer began by asking for one.
    AtOnce,
    /// The AI offered one.
    Offered,
    /// The customer asked for one after an answer.
    Later,
}

/// What a lookup or an action said in place of a result.
pub(super) struct ToolError {
    pub name: String,
    /// What it said, without case, spacing and numbers.
    pub key: String,
    /// What it said.
    pub text: String,
    /// It is about the machine, not about the business.
    pub is_technical: bool,
}

/// An answer of the AI: what equal ones have in common, as hashes.
#[derive(Clone, Copy)]
pub(super) struct SaidAnswer {
    pub turn: TurnKey,
    /// The words without case, spacing and numbers.
    pub words: u64,
    /// The action's name, where the log has one.
    pub action: Option<u64>,
    /// Whether most of its letters are Greek.
    pub is_greek: bool,
}

impl Failure {
    /// Reads a conversation. `handed_over`: intents that the AI hands over as a rule.
    pub(super) fn read(store: &Store, row: FailedRow, handed_over: &[IntentId]) -> Result<Self, JobError> {
        let c = store.conversation(row.id)?;
        Ok(Self { talk: Talk::of(&c, &row), wanted: wanted(&c, &row, handed_over), row })
    }

    /// Whether a reviewer says that another intent was meant than the AI understood.
    pub(super) fn is_relabelled(&self) -> bool {
        self.row.logged.is_some() && self.row.label.is_some_and(|meant| self.row.logged != Some(meant))
    }
}

/// Whether the AI fell back, or understood another intent than the live release is sure of: what is known of every conversation,
/// whoever has reviewed it.
pub(super) fn seems_misunderstood(row: &FailedRow) -> bool {
    const SURE: f64 = 0.5;
    let meant = row.live.filter(|l| l.1 >= SURE).map(|l| l.0);
    row.fallback || (row.logged.is_some() && meant.is_some_and(|m| row.logged != Some(m)))
}

impl Talk {
    pub(super) fn of(c: &Conversation, row: &FailedRow) -> Self {
        let mut errors: Vec<ToolError> = Vec::new();
        for turn in c.turns.iter().filter(|t| t.role == Role::Tool && t.reports_error()) {
            let error = ToolError::of(turn);
            if !errors.iter().any(|e| (&e.name, &e.key) == (&error.name, &error.key)) {
                errors.push(error);
            }
        }
        let is_escalated = row.outcome == Outcome::Escalated;
        Self {
            outcome: row.outcome,
            customer: row.group,
            asked: asked(c, row.turn),
            answers: answers(c, is_escalated),
            errors,
        }
    }
}

/// What the conversation is about: the turn to judge, unless that only went on with what was asked before, since nothing in the log
/// points to it, or says no more than a greeting; else the first request.
fn asked(c: &Conversation, judged: Option<TurnKey>) -> Option<(TurnKey, String)> {
    let is_request = |t: &&Turn| t.role == Role::User && !t.payload && !is_opening(&t.text);
    let told = c.turns.iter().any(|t| t.signals_failure() || (t.role == Role::User && t.confidence.is_some()));
    let judged = c.turns.iter().find(|t| told && Some(t.key) == judged).filter(is_request);
    let turn = judged.or_else(|| c.turns.iter().find(is_request))?;
    Some((turn.key, turn.text.clone()))
}

/// What the AI answered before a person came, without what only announces or offers one.
fn answers(c: &Conversation, is_escalated: bool) -> Vec<SaidAnswer> {
    let end = c.turns.iter().position(Turn::is_human_or_handoff).unwrap_or(c.turns.len());
    let (mut out, mut is_to_caller): (Vec<SaidAnswer>, bool) = (Vec::new(), false);
    for (place, turn) in c.turns[..end].iter().enumerate() {
        match turn.role {
            Role::User => is_to_caller = is_escalated && asks_for_person(&turn.text),
            Role::Bot => {
                let announces = is_to_caller || (place + 1 == end && end < c.turns.len());
                let hands_over = announces || (is_escalated && offers_person(&turn.text));
                let answer = SaidAnswer::of(turn).filter(|_| !hands_over);
                out.extend(answer.filter(|a| !out.iter().any(|o| o.words == a.words)));
            }
            _ => {}
        }
    }
    out
}

impl SaidAnswer {
    fn of(turn: &Turn) -> Option<Self> {
        if turn.fallback || !has_words(&turn.text, ANSWER_WORDS) || is_smalltalk(&turn.text) {
            return None;
        }
        let letters = turn.text.chars().filter(|c| c.is_alphabetic());
        let (greek, all) =
            letters.fold((0, 0), |(g, n), c| (g + usize::from(('\u{370}'..'\u{400}').contains(&c)), n + 1));
        Some(Self {
            turn: turn.key,
            words: FxBuildHasher.hash_one(shape(&turn.text)),
            action: turn.action.as_ref().map(|name| FxBuildHasher.hash_one(name)),
            is_greek: greek * 2 > all,
        })
    }
}

impl ToolError {
    fn of(turn: &Turn) -> Self {
        let name = turn.name.clone().unwrap_or_else(|| "a tool".to_owned());
        Self { name, key: shape(&turn.text), text: turn.text.clone(), is_technical: is_technical(&turn.text) }
    }
}

/// The words of a text by their sound, each between blanks.
fn sounds(text: &str) -> String {
    words(&fold(text)).fold(" ".to_owned(), |out, word| format!("{out}{} ", key_of(word)))
}

/// Whether an error is about the machine: a status of 5xx, a timeout, an exception, a connection.
fn is_technical(text: &str) -> bool {
    let lower = text.to_lowercase();
    let is_status = |word: &str| word.len() == 3 && word.starts_with("50") && word.bytes().all(|b| b.is_ascii_digit());
    TECHNICAL.iter().any(|sign| lower.contains(sign))
        || lower.split(|c: char| !c.is_alphanumeric()).any(|word| is_status(word) || TECHNICAL_WORDS.contains(&word))
        || {
            let said = sounds(text);
            TECHNICAL_SOUNDS.iter().any(|sign| said.contains(sign))
        }
}

fn wanted(c: &Conversation, row: &FailedRow, handed_over: &[IntentId]) -> WantedPerson {
    if row.outcome != Outcome::Escalated {
        return WantedPerson::No;
    }
    let is_handed_over = row.matter().is_some_and(|m| handed_over.contains(&m));
    let before = c.turns.iter().take_while(|t| !t.is_human_or_handoff());
    let mut said = before.clone().filter(|t| t.role == Role::User && !t.payload && !is_opening(&t.text));
    let first = said.next();
    if first.is_some_and(|t| asks_for_person(&t.text)) || (said.next().is_none() && is_handed_over) {
        return WantedPerson::AtOnce;
    }
    // The last word before the person, and what it answers.
    let before: Vec<&Turn> = before.collect();
    let last = before.iter().rposition(|t| t.role == Role::User).unwrap_or(0);
    let offer = before[..last].iter().rposition(|t| t.role == Role::Bot);
    let asked_before = |offer: usize| before[..offer].iter().any(|t| t.role == Role::User && asks_for_person(&t.text));
    if offer.is_some_and(|o| offers_person(&before[o].text) && !asked_before(o)) {
        return WantedPerson::Offered;
    }
    let judged = c.turns.iter().find(|t| Some(t.key) == row.turn);
    match judged.is_some_and(|t| asks_for_person(&t.text) || is_handed_over) {
        true => WantedPerson::Later,
        false => WantedPerson::No,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_the_machine_is_told_from_a_no_of_the_business() {
        for text in [
            "Error: 503 from the system",
            "Error: upstream timed out after 8 s",
            "Error: ConnectionResetError",
            "error: null",
            "Σφάλμα: ο διακομιστής δεν ανταποκρίνεται",
            "ΣΦΑΛΜΑ ΣΥΝΔΕΣΗΣ",
            "sfalma: to systima einai ektos leitourgias",
            "Sfalma: texniko provlima",
        ] {
            assert!(is_technical(text), "{text}");
        }
        for text in [
            "Error: not enough seats on flight HAT229",
            "Error: gift card balance is not enough",
            "Error: user 5032 not found",
            "Error: no connecting flight",
            "Error: the room is unavailable",
            "Σφάλμα: δεν υπάρχουν αρκετές θέσεις",
            "sfalma: i karta den exei arketo ypoloipo",
        ] {
            assert!(!is_technical(text), "{text}");
        }
    }
}
