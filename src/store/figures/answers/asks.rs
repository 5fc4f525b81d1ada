//! Whether an answer only asks for details. Such a question answers nothing: who hears it depends on how far the talk came.

use crate::store::answers::book::BookedAnswer;

/// Words that may stand before a question without saying anything: `Alright.`, `Sure, no problem.`
const LEAD_IN: usize = 3;
/// How sentences begin that say no more than that somebody is there to help.
const COURTESIES: [&str; 22] = [
    "i can help",
    "i can assist",
    "i can certainly",
    "i will help",
    "i'll help",
    "i would be",
    "i'd be",
    "i'm happy",
    "i am happy",
    "i understand",
    "let me",
    "thank",
    "sure",
    "of course",
    "certainly",
    "absolutely",
    "ευχαριστ",
    "βεβαίως",
    "φυσικά",
    "μπορώ να σας βοηθήσω",
    "θα σας βοηθήσω",
    "κατανοώ",
];
/// What a sentence holds that asks without being a question.
const REQUESTS: [&str; 11] = [
    "i need your",
    "i'll need your",
    "i'll need to know",
    "i will need your",
    "i will need to know",
    "please provide me",
    "please provide your",
    "δώστε μου",
    "πείτε μου",
    "θα χρειαστώ τ",
    "χρειάζομαι τ",
];
/// Endings of sentences. Greek asks with a semicolon.
const ENDS: [char; 10] = ['.', '!', '?', ';', '\u{37e}', '…', '。', '！', '？', '؟'];
const QUESTIONS: [char; 4] = ['?', '\u{37e}', '？', '؟'];

/// Whether an answer, with the words it mostly has, only asks.
pub(super) fn only_asks(answer: &BookedAnswer, said: Option<&str>) -> bool {
    answer.is_action && names_a_question(&answer.key) || said.is_some_and(is_a_question)
}

/// Whether an action's name says that it asks for something: `ask_name`, `utter_ask_size`. One that informs as well answers, and what asks for
/// a confirmation has said of what.
fn names_a_question(action: &str) -> bool {
    let has = |word: &str| action.split(['_', '-', '/', '.', ' ']).any(|part| part.eq_ignore_ascii_case(word));
    has("ask") && !has("inform") && !has("confirm")
}

/// Whether words are a question or ask for details, and before it nothing but a few words or a courtesy.
fn is_a_question(text: &str) -> bool {
    let is_greek = text.chars().any(|c| ('\u{370}'..='\u{3ff}').contains(&c));
    let plain = |sentence: &str| sentence.trim().to_lowercase().replace('’', "'");
    let asks = |sentence: &str| {
        let last = sentence.trim_end().chars().next_back();
        last.is_some_and(|c| QUESTIONS.contains(&c) || is_greek && c == ';')
            || REQUESTS.iter().any(|words| plain(sentence).contains(words))
    };
    let says_nothing = |sentence: &str| {
        let plain = plain(sentence);
        sentence.split_whitespace().count() <= LEAD_IN || COURTESIES.iter().any(|begins| plain.starts_with(begins))
    };
    let mut sentences = sentences(text).into_iter().rev();
    sentences.next().is_some_and(asks) && sentences.all(|said| asks(said) || says_nothing(said))
}

/// The sentences of a text with their endings. A point within a number or an address ends none.
fn sentences(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut from = 0;
    let mut letters = text.char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        let goes_on = letters.peek().is_some_and(|&(_, next)| !next.is_whitespace() && c.is_ascii());
        if c == '\n' || ENDS.contains(&c) && !goes_on {
            let end = at + c.len_utf8();
            out.push(&text[from..end]);
            from = end;
        }
    }
    out.push(&text[from..]);
    out.retain(|s| s.chars().any(char::is_alphanumeric));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_asks_is_told_from_what_answers_and_asks() {
        for asks in [
            "May I have your name, please?",
            "Alright. For what time should the reservation be made?",
            "Ποιος είναι ο αριθμός της κράτησής σας;",
            "您的姓名是什么？",
            "Sure!\nWhat can I change for you? ",
            "I can help you with that. Could you please provide your user ID?",
            "Could you please provide your user ID? Additionally, I'll need to know the reason for the cancellation.",
            "To assist you with booking a flight, I’ll need your user ID. Could you please provide that?",
            "Παρακαλώ δώστε μου τον αριθμό της κράτησής σας.",
        ] {
            assert!(is_a_question(asks), "{asks}");
        }
        for answers in [
            "The flight leaves at 9.30 from gate 4. Should I book it for you?",
            "Your balance is 5703.",
            "The flight is available. Should I reserve it for you?",
            "I found a ride for 24 credits. Should I book it?",
            "You need a passport. Please provide your number at the desk.",
            "Do you know the page? It has all of the forms that you need.",
            "Go there; it opens at nine",
            "",
            "…",
        ] {
            assert!(!is_a_question(answers), "{answers}");
        }
    }

    #[test]
    fn an_action_is_named_for_asking_only_where_it_does_not_inform() {
        for name in ["ask_name", "utter_ask_size", "bank_ask_pin"] {
            assert!(names_a_question(name), "{name}");
        }
        for name in ["trip_inform_simple_step_ask_proceed", "party_ask_confirm_booking", "task_done", "utter_basket"] {
            assert!(!names_a_question(name), "{name}");
        }
    }
}
