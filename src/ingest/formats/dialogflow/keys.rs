//! Names and keys as all logs of Dialogflow have them.

use serde_json::{Map, Value};

/// An answer of ES.
pub(super) const ES: u8 = b'e';

/// Keys in camel case, whichever way an export writes them.
pub(super) fn camel(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            Value::Object(map.into_iter().map(|(k, v)| (camel_key(&k), camel(v))).collect::<Map<_, _>>())
        }
        Value::Array(list) => Value::Array(list.into_iter().map(camel).collect()),
        other => other,
    }
}

fn camel_key(key: &str) -> String {
    let mut out = String::with_capacity(key.len());
    let mut up = false;
    for c in key.chars() {
        match c {
            '_' if !out.is_empty() => up = true,
            c => {
                out.extend(if up { c.to_uppercase().collect::<Vec<_>>() } else { vec![c] });
                up = false;
            }
        }
    }
    out
}

/// The last part of a resource's name: `…/sessions/ID`.
pub(super) fn last_part(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}
