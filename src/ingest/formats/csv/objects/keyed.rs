//! Conversations that stand under their ids: `{"4901": [message, …], "4902": [message, …]}`, as small bots keep them.

use super::columns::MessageColumns;
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
