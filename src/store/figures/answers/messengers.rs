//! What answers nothing: it announces a person, or tells a state of the world. Who hears it depends on how the talk went before.

use super::arms::rows_of;
use super::facts::Facts;
use super::figure::{ENOUGH, Unranked};
use crate::learn::signals;
use crate::store::answers::book::{AnswerBook, BookedAnswer};

/// Endings of actions that tell a state of the world, for logs without tools.
const STATES: [&str; 8] =
    ["_unavailable", "_not_available", "_failed", "_failure", "_error", "_not_found", "_nothing_found", "_no_results"];

/// Logs that write tools down say themselves what came of them.
pub(super) fn knows_tools(book: &AnswerBook) -> bool {
    book.answers.iter().any(|a| a.after_error > 0)
}

/// Which of the two an answer is: by what came right before or after it, by what it says, and by its action's name where tools are not
/// written down.
pub(super) fn told(answer: &BookedAnswer, said: Option<&str>, knows_tools: bool) -> Option<Unranked> {
    let is_named = || answer.is_action && STATES.iter().any(|end| answer.key.ends_with(end));
    match () {
        () if answer.announces_a_person() || said.is_some_and(signals::announces_person) => {
            Some(Unranked::AnnouncesAPerson)
        }
        () if answer.is_messenger() || said.is_some_and(signals::tells_a_state) => Some(Unranked::TellsAState),
        () if !knows_tools && is_named() => Some(Unranked::TellsAState),
        () => None,
    }
}

/// The first of them, by how it ended: everybody who ever heard the answer was handed over, and enough others were not.
pub(super) fn by_outcome(answer: &BookedAnswer, facts: &Facts) -> Option<Unranked> {
    let mut heard = 0;
    let all = rows_of(answer).filter_map(|row| facts.of(row)).all(|fact| {
        heard += 1;
        fact.outcome == 2
    });
    let others = facts.ever - facts.escalated;
    (all && heard >= ENOUGH && others >= ENOUGH).then_some(Unranked::AnnouncesAPerson)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_messenger_is_told_by_what_stands_beside_it_by_its_words_and_by_its_name() {
        let none = BookedAnswer { times: 10, ..BookedAnswer::default() };
        let before_person = BookedAnswer { before_person: 6, ..none.clone() };
        let after_error = BookedAnswer { after_error: 6, ..none.clone() };
        let named = BookedAnswer { key: "hotel_unavailable".into(), is_action: true, ..none.clone() };
        let (person, state) = (Some(Unranked::AnnouncesAPerson), Some(Unranked::TellsAState));
        assert_eq!(told(&before_person, Some("One moment."), false), person);
        assert_eq!(told(&none, Some("I am connecting you with a colleague now."), false), person);
        assert_eq!(told(&after_error, None, true), state);
        assert_eq!(told(&none, Some("There are no rooms available on that date."), true), state);
        assert_eq!(told(&none, Some("Take the blue card to the desk."), false), None);
        // Once tools are written down, names tell nothing.
        assert_eq!((told(&named, None, false), told(&named, None, true)), (state, None));
    }
}
