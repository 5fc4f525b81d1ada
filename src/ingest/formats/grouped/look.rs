//! Looking into JSON values without taking anything for granted.

use crate::domain::{Timestamp, Turn};
use crate::ingest::context::Context;
use crate::ingest::formats::canonical::value;
use crate::ingest::formats::record_error::RecordError;
use serde_json::Value;

/// What stands at a path (`/a/b/0`); null where nothing does.
pub fn at<'v>(value: &'v Value, path: &str) -> &'v Value {
    value.pointer(path).unwrap_or(&Value::Null)
}

/// The text at a path, where there is one that is not blank.
pub fn words<'v>(value: &'v Value, path: &str) -> Option<&'v str> {
    at(value, path).as_str().filter(|s| !s.trim().is_empty())
}

/// An id at a path: text or a number.
pub fn id(value: &Value, path: &str) -> Option<String> {
    match at(value, path) {
        Value::String(s) if !s.trim().is_empty() => Some(s.clone()),
        Value::Number(n) => Some(n.to_string()),
        _ => None,
    }
}

/// The first id at one of several paths.
pub fn first_id(value: &Value, paths: &[&str]) -> Option<String> {
    paths.iter().find_map(|path| id(value, path))
}

/// The list at a path; empty where there is none.
pub fn list<'v>(value: &'v Value, path: &str) -> &'v [Value] {
    at(value, path).as_array().map_or(&[], Vec::as_slice)
}

/// Whether something is true, in any of the ways in which exports write it.
pub fn is_true(value: &Value) -> bool {
    value::truth(value.clone()).unwrap_or(false) || value.as_str().is_some_and(|s| s.eq_ignore_ascii_case("t"))
}

/// A number at a path, also in quotes.
pub fn number(value: &Value, path: &str) -> Option<f64> {
    value::number(at(value, path))
}

/// JSON that stands in a text, also twice; any other value as it is.
pub fn unquoted(value: Value) -> Value {
    let mut value = value;
    for _ in 0..2 {
        let Value::String(text) = &value else { break };
        if !text.trim_start().starts_with(['{', '[', '"']) {
            break;
        }
        match serde_json::from_str(text) {
            Ok(inner) => value = inner,
            Err(_) => break,
        }
    }
    value
}

/// A time, with the key's name where it cannot be read.
///
/// # Errors
/// It is none.
pub fn time(value: &Value, path: &str, cx: &Context) -> Result<Option<Timestamp>, RecordError> {
    cx.times.read(at(value, path)).map_err(|e| RecordError::from(e).at(format!("`{}`", path.trim_start_matches('/'))))
}

/// Keeps something in a turn's meta, where there is anything.
pub fn keep(turn: &mut Turn, key: &str, value: &Value) {
    if !value.is_null() {
        turn.meta.insert(key.to_owned(), value.clone());
    }
}

/// The beginning of a name, for a warning.
pub fn shown(name: &str) -> String {
    name.chars().take(60).collect()
}

/// A name out of a closed set that is none of it: no conversation is guessed around it.
pub fn unknown(what: &'static str, given: &Value, known: &str) -> RecordError {
    RecordError::Unknown { what, given: value::short(given), hint: known.to_owned() }
}
