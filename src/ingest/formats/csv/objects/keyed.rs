//! Conversations and messages that stand under their ids: `{"4901": [message, …], "4902": [message, …]}`, as small bots keep them,
//! `{"-Nx1": message, "-Nx2": message}`, as Firebase does. And what is said under who says it, in two lists: `{"user": ["hi"], "bot": ["hello"]}`.

use super::columns::{MessageColumns, has_words, speaks_for_itself};
use crate::domain::Role;
use crate::ingest::derive::speakers;
use serde_json::{Map, Value, json};

/// The column of the id.
const ID: &str = "conversation_id";

/// Whether the keys of an object are ids: all that stands under them are lists of objects, or objects that hold such lists and little else,
/// and one of the keys has a digit, which no field's name for a list of messages has.
pub(super) fn is_keyed(object: &Map<String, Value>) -> bool {
    object.keys().any(|key| key.bytes().any(|b| b.is_ascii_digit())) && object.values().all(holds_messages)
}

fn holds_messages(value: &Value) -> bool {
    match value {
        Value::Array(list) => list.iter().any(Value::is_object),
        Value::Object(inner) => {
            inner.values().any(|v| v.as_array().is_some_and(|list| list.iter().any(Value::is_object)))
        }
        _ => false,
    }
}

/// A value in which messages that stand under their ids are lists, in their order.
pub(super) fn with_lists(value: Value) -> Value {
    match value {
        Value::Array(list) => list.into_iter().map(with_lists).collect(),
        Value::Object(object) if object.len() > 1 && object.iter().all(|(id, value)| is_message(id, value)) => {
            object.into_iter().map(|(_, message)| message).collect()
        }
        Value::Object(object) => object.into_iter().map(|(key, value)| (key, with_lists(value))).collect(),
        other => other,
    }
}

/// Whether an object under something with a digit says its words and who speaks.
fn is_message(id: &str, value: &Value) -> bool {
    let says = |message: &Map<String, Value>| has_words(message) && message.keys().any(|key| speaks_for_itself(key));
    id.bytes().any(|b| b.is_ascii_digit()) && value.as_object().is_some_and(says)
}

/// What stands under each id, with what is said of all of it. An id within what stands there goes before its key.
pub(super) fn under_ids<'v>(
    object: &'v Map<String, Value>,
    shared: &MessageColumns,
) -> impl Iterator<Item = (MessageColumns, &'v Value)> {
    object.iter().map(move |(id, value)| {
        let mut shared = shared.clone();
        shared.insert(ID.to_owned(), id.as_str().into());
        (shared, value)
    })
}

/// The object with its two lists as one of messages; `None`: it holds none.
pub(super) fn in_turn(object: &Map<String, Value>) -> Option<Map<String, Value>> {
    let said = |role: Role| {
        let mut of = object.iter().filter_map(|(key, value)| {
            let texts: Option<Vec<&str>> = value.as_array()?.iter().map(Value::as_str).collect();
            let texts = texts.filter(|texts| !texts.is_empty())?;
            (speakers::known(&speakers::word(key)) == Some(role)).then_some((key, texts))
        });
        of.next().filter(|_| of.next().is_none())
    };
    let ((user, asked), (bot, answered)) = (said(Role::User)?, said(Role::Bot)?);
    // One may wait for an answer.
    if !(answered.len()..=answered.len() + 1).contains(&asked.len()) {
        return None;
    }
    let mut messages = Vec::new();
    for (i, text) in asked.iter().enumerate() {
        messages.push(json!({"role": user, "text": text}));
        messages.extend(answered.get(i).map(|text| json!({"role": bot, "text": text})));
    }
    let mut whole = object.clone();
    whole.shift_remove(user);
    whole.shift_remove(bot);
    whole.insert("messages".to_owned(), messages.into());
    Some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_lists_are_messages_in_turn() {
        let of = |value: Value| in_turn(value.as_object().unwrap()).map(Value::Object);
        assert_eq!(
            of(json!({"id": "a", "user": ["where", "thanks"], "bot": ["soon"]})),
            Some(json!({"id": "a", "messages": [
                {"role": "user", "text": "where"}, {"role": "bot", "text": "soon"}, {"role": "user", "text": "thanks"}]}))
        );
        for other in [
            json!({"user": ["a", "b", "c"], "bot": ["d"]}),
            json!({"user": "a", "bot": ["d"]}),
            json!({"user": [1], "bot": ["d"]}),
            json!({"user": ["a"], "customer": ["b"], "bot": ["d"]}),
            json!({"tags": ["a"], "bot": ["d"]}),
        ] {
            assert_eq!(of(other.clone()), None, "{other}");
        }
    }
}
