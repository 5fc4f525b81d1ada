//! The cause that is proposed.

use super::state::ReviewScreen;
use crate::domain::Cause;
use crate::learn::signals::evidence::CauseEvidence;
use crate::store::{CorrectionState, ReviewItem};
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::{numbers, words};

/// What speaks for a cause, in words.
fn evidence_words(evidence: &CauseEvidence) -> String {
    match evidence {
        CauseEvidence::FailedCall(Some(name)) => format!("{} failed", words::line(name)),
        CauseEvidence::FailedCall(None) => "a call failed".to_owned(),
        CauseEvidence::SameAnswer => "the same answer twice".to_owned(),
        CauseEvidence::AskedForPerson => "asked for a person, got one".to_owned(),
        CauseEvidence::Verdicts { said, of, .. } => {
            format!("{} of {} of this answer were", numbers::count(*said), numbers::count(*of))
        }
        CauseEvidence::NonAnswer => "it says so to many, and helps few".to_owned(),
        CauseEvidence::CorrectedAnswer => "this answer was corrected".to_owned(),
    }
}

/// The cause that is proposed, and why: what was done on this conversation speaks before what it shows.
pub(super) fn proposed(review: &ReviewScreen, shared: &SharedState, item: &ReviewItem) -> Option<(Cause, String)> {
    let possible = review.possible_causes();
    let mut all = done(review, shared, item).into_iter().chain(shown(review, item));
    all.find(|(cause, _)| possible.contains(cause))
}

/// What was done on this conversation: an intent was made for it, its answer was corrected.
fn done(review: &ReviewScreen, shared: &SharedState, item: &ReviewItem) -> Option<(Cause, String)> {
    // Where the log names no intents, that there was none is no failure of the AI.
    if review.new_intent_on == Some(item.n) && item.log_names_intents() {
        return Some((Cause::NewIntent, "you made a new intent".to_owned()));
    }
    let counts = |turn| !item.reworded.contains(turn);
    let correction = item.corrections.iter().find(|c| c.state != CorrectionState::Returned && counts(&c.turn))?;
    let who = if correction.by == shared.reviewer { "you".to_owned() } else { words::line(&correction.by) };
    Some((Cause::WrongAnswer, format!("{who} corrected the answer")))
}

/// What the conversation and those beside it show, the strongest first.
fn shown(review: &ReviewScreen, item: &ReviewItem) -> Vec<(Cause, String)> {
    let beside = review.beside.as_ref().filter(|(n, _)| *n == item.n && review.turn == item.turn && !item.blind());
    let beside = beside.map(|(_, b)| b.evidence(item.fell_back_on_a_known_intent())).unwrap_or_default();
    // What is no answer is none twice, too.
    let (own, twice) = match item.evidence() {
        Some(CauseEvidence::SameAnswer) => (None, Some(CauseEvidence::SameAnswer)),
        own => (own, None),
    };
    let all = own.into_iter().chain(beside).chain(twice);
    all.map(|evidence| (evidence.cause(), evidence_words(&evidence))).collect()
}
