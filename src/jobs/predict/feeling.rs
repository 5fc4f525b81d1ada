//! How the customer feels who says a text, by the release that answers.

use super::responder::Responder;
use crate::domain::{Conversation, Role, Turn};
use crate::learn::sentiment::heard::{HeardTurn, heard, number};
use crate::text::has_words;
use serde_json::Value;

/// How the customer feels at a text, -1 to 1, as `show` tells it of a turn; what the AI said last is the end of the question's `history`.
/// `None`: the release that answered last has not learnt it, or the text says nothing.
pub fn sentiment_said(responder: &Responder<'_>, text: &str, asked: &Value) -> Option<f64> {
    let model = responder.sentiment()?;
    let before = Turn::new(Role::Bot, said_last(asked));
    let said = Conversation::new("", "", vec![before, Turn::new(Role::User, text)]);
    let turn = heard(&said, None).0.pop()?;
    // Of a history the end alone is read: whatever stands there was an answer.
    let is_answered = has_words(&turn.before, 1);
    Some(number(model, &HeardTurn { is_answered, ..turn }))
}

/// The AI's words right before the text; empty where history ends with a customer's turn, or there is none.
fn said_last(asked: &Value) -> &str {
    let last = asked.get("history").and_then(Value::as_array).and_then(|turns| turns.last());
    match last {
        Some(Value::String(text)) => text,
        Some(turn) if turn.get("role").and_then(Value::as_str) != Some(Role::User.name()) => {
            turn.get("text").and_then(Value::as_str).unwrap_or_default()
        }
        Some(_) | None => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_the_ai_said_last_is_the_end_of_the_history() {
        for (asked, last) in [
            (json!({}), ""),
            (json!({"history": ["hello", "I could not find it"]}), "I could not find it"),
            (json!({"history": [{"role": "user", "text": "hello"}]}), ""),
            (json!({"history": [{"role": "bot", "text": "Done."}]}), "Done."),
            (json!({"history": 7}), ""),
        ] {
            assert_eq!(said_last(&asked), last, "{asked}");
        }
    }
}
