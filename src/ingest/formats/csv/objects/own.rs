//! What an object itself says, apart from the lists in it.

use super::columns::{MessageColumns, last, parts_text};
use super::spelled;
use crate::ingest::context::Warnings;
use crate::ingest::formats::csv::columns::field::{CsvField, plain};
use serde_json::{Map, Value};

/// Objects in objects that are gone into.
pub(super) const DEEPEST: usize = 6;
/// Lists that hold no messages but what one is made of or carries.
pub(super) const PARTS: &[&str] = &[
    "blocks",
    "attachments",
    "embeds",
    "files",
    "reactions",
    "entities",
    "elements",
    "annotations",
    "tools",
    "parts",
    "recipients",
    "buttons",
    "quick_replies",
    "rich_text",
    "images",
    "links",
];

/// What an object itself says, with what stands a step deeper brought to the top, and its lists of objects.
pub(super) fn own_columns(object: &Map<String, Value>, depth: usize) -> (MessageColumns, Vec<(String, &[Value])>) {
    let (mut own, mut lists) = (MessageColumns::new(), Vec::new());
    flatten(object, "", depth, &mut own, &mut lists);
    spelled::exchange(object, &mut own, &mut Warnings::default());
    spelled::instruction(&mut own);
    spelled::raise(&mut own);
    spelled::shown(&mut own, &lists);
    (own, lists)
}

/// Scalars of an object under their paths, and its lists of objects.
fn flatten<'v>(
    object: &'v Map<String, Value>,
    path: &str,
    depth: usize,
    out: &mut MessageColumns,
    lists: &mut Vec<(String, &'v [Value])>,
) {
    for (key, value) in object {
        let name = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        match value {
            Value::Null => {}
            Value::Object(inner) if depth < DEEPEST => flatten(inner, &name, depth + 1, out, lists),
            Value::Array(list) if let Some(words) = parts_text(key, list) => drop(out.insert(name, words.into())),
            Value::Array(list) if list.iter().any(Value::is_object) => {
                // What a message names once in a list: its sender.
                if let ([Value::Object(only)], true) = (list.as_slice(), depth < DEEPEST)
                    && !PARTS.contains(&key.as_str())
                {
                    flatten(only, &name, depth + 1, out, &mut Vec::new());
                }
                lists.push((name, list));
            }
            // Pairs of what was said: `[["where is it", "On its way."]]`.
            Value::Array(list) if is_history(key) && list.iter().any(Value::is_array) => lists.push((name, list)),
            // Turns that are texts alone: who said which is asked.
            Value::Array(list) if is_talk(key, list) => drop(out.insert(name, value.to_string().into())),
            Value::Array(list) => {
                let items: Vec<String> = list.iter().map(text).collect();
                out.insert(name, items.join("|").into());
            }
            Value::Object(_) => {}
            other => drop(out.insert(name, text(other).into())),
        }
    }
}

/// Whether a list holds texts alone that two say in turn, by its key.
fn is_talk(key: &str, list: &[Value]) -> bool {
    let key = plain(key);
    let named =
        CsvField::Transcript.alias(&key).is_some() && CsvField::Text.alias(&key).is_none() && !key.ends_with("history");
    named && list.len() > 1 && list.iter().all(|value| value.as_str().is_some_and(|text| !text.trim().is_empty()))
}

/// Whether a list holds what was said before.
pub(super) fn is_history(key: &str) -> bool {
    plain(last(key)).ends_with("history")
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
