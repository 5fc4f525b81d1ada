//! What a conversation shows of why it failed: enough to propose a cause, never to set one (rule 26).

use super::{HeardWords, Signal, found};
use crate::domain::{Cause, Conversation, Outcome, Role, Turn};
use crate::text::greek::ReadText;
use crate::text::is_smalltalk;

/// Why a cause is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CauseEvidence {
    /// A call failed, of this name where the log gives one.
    FailedCall(Option<String>),
    /// The AI gave one answer twice in a row.
    SameAnswer,
    /// The customer asked for a person and was handed to one.
    AskedForPerson,
    /// Of so many reviews of the same answer so many gave one cause.
    Verdicts {
        /// That cause.
        cause: Cause,
        /// How many gave it.
        said: u64,
        /// Of how many.
        of: u64,
    },
    /// What the AI said is said to many other requests and helps few.
    NonAnswer,
    /// What the AI said here was corrected elsewhere, and the correction accepted.
    CorrectedAnswer,
}

impl CauseEvidence {
    /// The cause that it speaks for.
    pub const fn cause(&self) -> Cause {
        match self {
            Self::FailedCall(_) => Cause::Integration,
            Self::SameAnswer => Cause::ContextLoop,
            Self::AskedForPerson => Cause::RightHandover,
            Self::Verdicts { cause, .. } => *cause,
            Self::NonAnswer => Cause::MissingKnowledge,
            Self::CorrectedAnswer => Cause::WrongAnswer,
        }
    }
}

/// Gives what speaks for a cause, around the turn at a place: a call that failed before the customer's next word, else anywhere
/// after it; that the customer wanted nothing but a person there and got one; one answer twice in a row.
pub fn evidence(c: &Conversation, place: usize) -> Option<CauseEvidence> {
    let after = c.turns.get(place + 1..).unwrap_or_default();
    let failed = |turns: &[Turn]| {
        let call = turns.iter().find(|t| t.role == Role::Tool && t.reports_error())?;
        Some(CauseEvidence::FailedCall(call.name.clone()))
    };
    let answer = after.iter().position(|t| t.role == Role::User).unwrap_or(after.len());
    let person = || {
        let handed = c.outcome == Some(Outcome::Escalated);
        (handed && asks_for_person(c, place) && asked_before(c, place).is_none())
            .then_some(CauseEvidence::AskedForPerson)
    };
    // After a fallback the same words again are the fallback's.
    let twice = || !c.fell_back(place) && found(c).iter().any(|f| f.signal == Signal::AiRepeated);
    failed(&after[..answer])
        .or_else(person)
        .or_else(|| failed(after))
        .or_else(|| twice().then_some(CauseEvidence::SameAnswer))
}

fn asks_for_person(c: &Conversation, place: usize) -> bool {
    let asked = c.turns.get(place).filter(|t| t.role == Role::User);
    asked.is_some_and(|t| HeardWords::new(&ReadText::of(&t.text)).asks_for_person())
}

/// The last request before the turn at a place, where that turn asks for a person: it was not helped, so the hand-over is the end
/// of a failure and not of nothing.
pub fn asked_before(c: &Conversation, place: usize) -> Option<usize> {
    let is_request = |&at: &usize| {
        let turn = &c.turns[at];
        turn.role == Role::User && !turn.payload && !is_smalltalk(&turn.text) && !asks_for_person(c, at)
    };
    (0..place.min(c.turns.len())).rev().find(is_request).filter(|_| asks_for_person(c, place))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn talk(turns: Vec<Turn>) -> Conversation {
        Conversation::new("web", "1", turns)
    }

    #[test]
    fn a_failed_call_speaks_for_integration() {
        let mut call = Turn::new(Role::Tool, "Error: 503 from the booking system");
        call.name = Some("get_departure".into());
        let c = talk(vec![Turn::new(Role::User, "when does my ship leave"), call, Turn::new(Role::Bot, "Try again.")]);
        assert_eq!(evidence(&c, 0), Some(CauseEvidence::FailedCall(Some("get_departure".into()))));
        assert_eq!(evidence(&c, 2), None, "what comes before the turn says nothing of it");
    }

    #[test]
    fn who_asked_for_a_person_and_got_one_was_handed_over_rightly() {
        let mut c =
            talk(vec![Turn::new(Role::User, "I want to speak to a human"), Turn::new(Role::Bot, "One moment.")]);
        assert_eq!(evidence(&c, 0), None);
        c.outcome = Some(Outcome::Escalated);
        assert_eq!(evidence(&c, 0).map(|e| e.cause()), Some(Cause::RightHandover));
    }

    #[test]
    fn who_asks_for_a_person_after_a_request_was_not_helped() {
        let ask = |text| Turn::new(Role::User, text);
        let turns = vec![
            ask("hello"),
            ask("how much is a car to Rhodes"),
            Turn::new(Role::Bot, "You will find all of that under My trips."),
            ask("I want to speak to a human"),
        ];
        let mut c = talk(turns);
        c.outcome = Some(Outcome::Escalated);
        assert_eq!((evidence(&c, 3), asked_before(&c, 3)), (None, Some(1)));
        assert_eq!(asked_before(&c, 1), None, "that one is the request");
        c.turns.remove(1);
        assert_eq!(evidence(&c, 2).map(|e| e.cause()), Some(Cause::RightHandover), "a greeting is no request");
    }

    #[test]
    fn one_answer_twice_speaks_for_a_loop() {
        let say = |text| Turn::new(Role::Bot, text);
        let ask = |text| Turn::new(Role::User, text);
        let again = "You will find all of that under My trips.";
        let c = talk(vec![ask("where is my invoice"), say(again), ask("the invoice of last May please"), say(again)]);
        assert_eq!(evidence(&c, 0), Some(CauseEvidence::SameAnswer));
    }
}
