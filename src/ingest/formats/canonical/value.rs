//! JSON values as the plain things they stand for.

use crate::domain::Timestamp;
use crate::ingest::context::{Context, ONE_KEPT};
use crate::ingest::formats::record_error::RecordError;
use crate::ingest::times::{TimeError, is_offset};
use serde_json::{Map, Value};

/// Keys that an object of a record may have.
pub const MAX_KEYS: usize = 50_000;
/// Turns that one conversation may have.
pub const MAX_TURNS: usize = 50_000;
/// Labels of a turn, tags, places of a ranking, entities, offers: what one list may hold.
pub const MAX_LISTED: usize = 10_000;
/// Characters of a key that a warning shows.
const SHOWN: usize = 80;

/// Refuses an object with more keys than any log needs.
pub fn few_keys(map: &Map<String, Value>) -> Result<(), RecordError> {
    let n = map.len();
    match n > MAX_KEYS {
        true => Err(RecordError::TooMany { what: format!("an object with {n} keys"), most: MAX_KEYS }),
        false => Ok(()),
    }
}

/// Refuses a list that is longer than any log needs, and objects in it with too many keys.
pub fn few_listed(key: &str, value: &Value) -> Result<(), RecordError> {
    let keys = match value {
        Value::Array(list) if list.len() > MAX_LISTED => {
            return Err(RecordError::TooMany { what: format!("`{key}` lists {}", list.len()), most: MAX_LISTED });
        }
        Value::Array(list) => list.iter().filter_map(Value::as_object).try_for_each(few_keys),
        Value::Object(map) => few_keys(map),
        _ => Ok(()),
    };
    keys.map_err(|e| e.at(format!("`{key}`")))
}

/// What kind of value it is, for a message.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// What is wrong with a value that is none of what it must be.
pub fn wrong_kind(what: impl Into<String>, wanted: &'static str, value: &Value) -> RecordError {
    RecordError::Kind { what: what.into(), wanted, found: kind(value) }
}

/// Times that a log of an AI's talk can be of, in Unix milliseconds: 1990 to 2100.
const THESE_YEARS: std::ops::Range<i64> = 631_152_000_000..4_102_444_800_000;

/// A time under a key that may hold something else (seconds from the start, a name); `None` where it is no time of these years.
pub fn moment(value: &Value, cx: &Context) -> Option<Timestamp> {
    cx.times.read(value).ok().flatten().filter(|t| THESE_YEARS.contains(&t.0))
}

/// The beginning of a value, for a message.
pub fn short(value: &Value) -> String {
    let shown: String = value.to_string().chars().take(60).collect();
    shown
}

/// Text, or a number or truth value as text; anything else comes back.
pub fn text(value: Value) -> Result<String, Value> {
    match value {
        Value::String(s) => Ok(s),
        Value::Number(n) => Ok(n.to_string()),
        Value::Bool(b) => Ok(b.to_string()),
        other => Err(other),
    }
}

/// A list of texts, or one text; anything else comes back.
pub fn texts(value: Value) -> Result<Vec<String>, Value> {
    match value {
        Value::Array(list) if list.iter().all(|v| matches!(v, Value::String(_) | Value::Number(_) | Value::Null)) => {
            Ok(list.into_iter().filter_map(|v| text(v).ok()).collect())
        }
        Value::String(s) => Ok(vec![s]),
        other => Err(other),
    }
}

/// A finite number, also in quotes.
pub fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(n) => n.as_f64(),
        Value::String(s) => s.trim().parse().ok(),
        _ => None,
    };
    number.filter(|n| n.is_finite())
}

/// A truth value, also as 0 or 1 or in quotes; anything else comes back.
pub fn truth(value: Value) -> Result<bool, Value> {
    match &value {
        Value::Bool(b) => Ok(*b),
        Value::Number(n) if n.as_f64() == Some(0.0) => Ok(false),
        Value::Number(n) if n.as_f64() == Some(1.0) => Ok(true),
        Value::String(s) if s.eq_ignore_ascii_case("true") || s == "1" => Ok(true),
        Value::String(s) if s.eq_ignore_ascii_case("false") || s == "0" || s.is_empty() => Ok(false),
        _ => Err(value),
    }
}

/// A confidence from 0 to 1: `0.87`, `"0.87"`, `"87%"`, `87`, `{"score": 0.87}`. What is none is left out, with a
/// warning.
pub fn confidence(value: &Value, cx: &mut Context) -> Option<f64> {
    let value = value.get("score").unwrap_or(value);
    let percent = value.as_str().and_then(|s| s.trim().strip_suffix('%')).and_then(|s| s.trim().parse::<f64>().ok());
    match percent.map(|p| p / 100.0).or_else(|| number(value)) {
        Some(x) if (0.0..=1.0).contains(&x) => Some(x),
        Some(x) if percent.is_none() && x > 1.0 && x <= 100.0 => {
            cx.warnings.add("a confidence above 1, read as a percentage");
            Some(x / 100.0)
        }
        None if value.is_null() => None,
        _ => {
            cx.warnings.add("a confidence that is none, left out");
            None
        }
    }
}

/// A sentiment from -1 to 1. What is none is left out, with a warning.
pub fn sentiment(value: &Value, cx: &mut Context) -> Option<f64> {
    let found = number(value).filter(|x| (-1.0..=1.0).contains(x));
    if found.is_none() && !value.is_null() {
        cx.warnings.add("a sentiment that is no number from -1 to 1, left out");
    }
    found
}

/// Whether a value says how an answer or an offer was drawn: `propensity`, a chance above 0 and at most 1, or `policy`, a name.
pub fn of_a_draw(key: &str, value: &Value) -> bool {
    match key {
        "propensity" => value.as_f64().is_some_and(|p| p > 0.0 && p <= 1.0),
        _ => value.as_str().is_some_and(|name| !name.trim().is_empty()),
    }
}

/// A time under a key; what counts from the beginning of the talk is none, which is said.
pub fn time(key: &str, value: &Value, cx: &mut Context) -> Result<Option<Timestamp>, TimeError> {
    if is_offset(value) {
        cx.warnings
            .add(&format!("`{key}` counts from the beginning of the talk and is no time: no time is stored for it"));
        return Ok(None);
    }
    cx.times.read(value)
}

/// The same, with the key in what cannot be read.
pub fn time_at(key: &str, value: &Value, cx: &mut Context) -> Result<Option<Timestamp>, RecordError> {
    time(key, value, cx).map_err(|e| RecordError::from(e).at(format!("`{key}`")))
}

/// Keeps in `meta` what is not known, and says so once a key. `path` stands before the key in both.
pub fn keep(meta: &mut Map<String, Value>, path: &str, key: String, value: Value, cx: &mut Context) {
    let shown = key.char_indices().nth(SHOWN).map_or(key.as_str(), |(at, _)| &key[..at]);
    cx.warnings.add(&format!("`{path}{shown}`{ONE_KEPT}"));
    meta.insert(if path.is_empty() { key } else { format!("{path}{key}") }, value);
}

/// An object of which known keys are taken, and the rest is kept.
pub struct Fields(Map<String, Value>);

impl Fields {
    /// All of the object.
    pub fn new(map: Map<String, Value>) -> Self {
        Self(map)
    }

    /// Takes a key; null counts as absent.
    pub fn take(&mut self, key: &str) -> Option<Value> {
        self.0.shift_remove(key).filter(|v| !v.is_null())
    }

    /// Keeps what was not taken.
    pub fn keep_rest(self, meta: &mut Map<String, Value>, path: &str, cx: &mut Context) {
        for (key, value) in self.0 {
            keep(meta, path, key, value, cx);
        }
    }
}
