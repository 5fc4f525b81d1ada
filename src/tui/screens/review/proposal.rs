//! The cause that is proposed.

use super::state::ReviewScreen;
use crate::domain::Cause;
use crate::learn::signals::evidence::CauseEvidence;
use crate::store::ReviewItem;
use crate::tui::widgets::words;

/// What speaks for a cause, in words.
fn evidence_words(evidence: &CauseEvidence) -> String {
    match evidence {
        CauseEvidence::FailedCall(Some(name)) => format!("{} failed", words::line(name)),
        CauseEvidence::FailedCall(None) => "a call failed".to_owned(),
        CauseEvidence::SameAnswer => "the same answer twice".to_owned(),
        CauseEvidence::AskedForPerson => "asked for a person, got one".to_owned(),
        CauseEvidence::NonAnswer => "it says so to many, and helps few".to_owned(),
        CauseEvidence::CorrectedAnswer => "this answer was corrected".to_owned(),
    }
}

/// The cause that is proposed, and why: what one has just done speaks before what the conversation shows.
pub(super) fn proposed(review: &ReviewScreen, item: &ReviewItem) -> Option<(Cause, String)> {
    // Where the log names no intents, that there was none is no failure of the AI.
    let names_intents = item.log_names_intents();
    let done = review.proposal.filter(|cause| names_intents || *cause != Cause::NewIntent);
    let done = done.map(|cause| match cause {
        Cause::WrongAnswer => (cause, "you corrected the answer".to_owned()),
        Cause::NewIntent => (cause, "you made a new intent".to_owned()),
        _ => (cause, String::new()),
    });
    let found = || {
        let beside = review.beside.as_ref().filter(|(n, _)| *n == item.n && review.turn == item.turn && !item.blind());
        let beside = beside.and_then(|(_, b)| b.evidence());
        // What is no answer is none twice, too.
        let evidence = match item.evidence() {
            Some(CauseEvidence::SameAnswer) | None => beside.or(item.evidence())?,
            Some(evidence) => evidence,
        };
        review.possible_causes().contains(&evidence.cause()).then(|| (evidence.cause(), evidence_words(&evidence)))
    };
    done.or_else(found)
}
