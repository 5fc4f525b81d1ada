//! Conversations that stand under their ids: `{"4901": [message, …], "4902": [message, …]}`, as small bots keep them.

use super::columns::MessageColumns;
use super::{FoundRows, listed, rows};
use serde_json::{Map, Value};

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

/// Makes rows of what stands under each id. An id within what stands there goes before its key.
pub(super) fn rows_of(object: &Map<String, Value>, shared: &MessageColumns, depth: usize, out: &mut FoundRows) {
    for (id, value) in object {
        let mut shared = shared.clone();
        shared.insert(ID.to_owned(), id.as_str().into());
        match value {
            Value::Array(list) => listed(list, &shared, depth, out),
            other => rows(other, &shared, depth + 1, out),
        }
    }
}
