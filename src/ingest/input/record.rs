//! One record's bytes as a JSON value, forgiving what can be forgiven.

use super::frames::{RecordEnd, trim};
use super::repair::repair;
use crate::ingest::context::Warnings;
use serde_json::Value;
use std::borrow::Cow;

/// Why a record cannot be read, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ingest) struct RecordFault {
    /// What is wrong.
    pub reason: String,
    /// Lines below the record's first.
    pub line: u64,
    /// Byte column in that line, from 1.
    pub column: u64,
}

impl RecordFault {
    /// A fault that has no place of its own.
    pub fn whole(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), line: 0, column: 1 }
    }
}

/// Values that a record may hold. Each takes many times its bytes in memory: `1,` becomes eighty.
const MAX_VALUES: usize = 2_000_000;

/// Whether a record holds too many values: counted by their commas, those of texts left out.
fn has_too_many(bytes: &[u8]) -> bool {
    // Nearly every record is told by its length alone, and nearly all others by all their commas.
    bytes.len() > MAX_VALUES && memchr::memchr_iter(b',', bytes).count() > MAX_VALUES && commas(bytes) > MAX_VALUES
}

/// Commas that stand outside quotes.
fn commas(bytes: &[u8]) -> usize {
    let (mut quoted, mut escaped, mut count) = (false, false, 0);
    for &byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' if !quoted => count += 1,
            _ => {}
        }
    }
    count
}

/// The text of a record that is whole and UTF-8.
pub(in crate::ingest) fn plain(bytes: &[u8], end: RecordEnd) -> Option<&str> {
    let whole = matches!(end, RecordEnd::Complete | RecordEnd::CutOff) && !has_too_many(bytes);
    if whole { std::str::from_utf8(trim(bytes)).ok() } else { None }
}

/// Reads a record. Bytes that are no UTF-8 become U+FFFD and are counted in `warnings` (once a record); repairs are
/// noted there.
pub(in crate::ingest) fn parse(
    bytes: &[u8],
    end: RecordEnd,
    max: usize,
    warnings: &mut Warnings,
) -> Result<Value, RecordFault> {
    match end {
        RecordEnd::TooLong => {
            let limit = if max >= 1 << 20 { format!("{} MiB", max >> 20) } else { format!("{max} bytes") };
            return Err(RecordFault::whole(format!("longer than {limit}, the limit for one conversation")));
        }
        RecordEnd::OpenList => {
            return Err(RecordFault::whole(
                "the file ends before its list does: it is cut off here, and what followed is missing",
            ));
        }
        RecordEnd::OpenQuote => return Err(RecordFault::whole("a line ends inside quotes: the record is damaged")),
        RecordEnd::Complete | RecordEnd::CutOff if has_too_many(bytes) => {
            return Err(RecordFault::whole(format!("more than {MAX_VALUES} values in one record")));
        }
        RecordEnd::Complete | RecordEnd::CutOff => {}
    }
    // Nearly all records are UTF-8, and looking for that alone is many times quicker.
    let bytes = trim(bytes);
    let text = std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
    if matches!(text, Cow::Owned(_)) {
        warnings.damaged();
    }
    let error = match serde_json::from_str(&text) {
        Ok(value) if memchr::memmem::find(text.as_bytes(), b"\"$").is_some() => return Ok(untyped(value)),
        Ok(value) if memchr::memmem::find(text.as_bytes(), b"\"S\"").is_some() => return Ok(items(value)),
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    let (repaired, damage) = repair(&text);
    if !damage.is_empty()
        && let Ok(value) = serde_json::from_str(&repaired)
    {
        damage.iter().for_each(|d| warnings.add(d.says()));
        return Ok(value);
    }
    let line = error.line().saturating_sub(1) as u64;
    let column = error.column().max(1) as u64;
    let reason = match end {
        RecordEnd::CutOff if error.is_eof() => {
            "the last line is cut off: the log may still be being written".to_owned()
        }
        _ => format!("not JSON: {}", message(&error)),
    };
    Err(RecordFault { reason, line, column })
}

/// What objects hold that say nothing but the kind of a value, as MongoDB writes them: `{"$oid": "65f…"}`, `{"$date": "2026-03-01T10:00:00Z"}`.
fn untyped(value: Value) -> Value {
    const KINDS: &[&str] = &["$oid", "$date", "$uuid", "$numberLong", "$numberInt", "$numberDouble", "$numberDecimal"];
    match value {
        Value::Array(list) => list.into_iter().map(untyped).collect(),
        Value::Object(map) if map.len() == 1 && map.keys().all(|key| KINDS.contains(&key.as_str())) => {
            let (is_number, inner) = map
                .into_iter()
                .next()
                .map_or((false, Value::Null), |(key, inner)| (key.starts_with("$number"), untyped(inner)));
            let number = inner
                .as_str()
                .filter(|_| is_number)
                .and_then(|text| serde_json::from_str::<serde_json::Number>(text).ok());
            number.map_or(inner, Value::Number)
        }
        Value::Object(map) => map.into_iter().map(|(key, value)| (key, untyped(value))).collect(),
        other => other,
    }
}

/// A value in which items of DynamoDB are what they hold: `{"Item": {"role": {"S": "user"}, "at": {"N": "1772359200"}}}`.
fn items(value: Value) -> Value {
    match value {
        Value::Array(list) => list.into_iter().map(items).collect(),
        Value::Object(map) if !map.is_empty() && map.values().all(|value| attribute(value).is_some()) => {
            map.into_iter().map(|(key, value)| (key, attribute(&value).unwrap_or_default())).collect()
        }
        Value::Object(map) if map.len() == 1 && map.contains_key("Item") => {
            map.into_values().map(items).next().unwrap_or_default()
        }
        Value::Object(map) => map.into_iter().map(|(key, value)| (key, items(value))).collect(),
        other => other,
    }
}

/// What an attribute of DynamoDB holds, which is said under its kind; `None` where a value is none.
fn attribute(value: &Value) -> Option<Value> {
    let map = value.as_object().filter(|map| map.len() == 1)?;
    let (kind, inner) = map.iter().next()?;
    match (kind.as_str(), inner) {
        ("S" | "B", Value::String(_)) | ("BOOL", Value::Bool(_)) | ("SS" | "NS" | "BS", Value::Array(_)) => {
            Some(inner.clone())
        }
        ("N", Value::String(text)) => serde_json::from_str(text).ok().map(Value::Number),
        ("NULL", Value::Bool(_)) => Some(Value::Null),
        ("L", Value::Array(list)) => list.iter().map(attribute).collect::<Option<Vec<_>>>().map(Value::Array),
        ("M", Value::Object(inner)) => {
            inner.iter().map(|(key, value)| Some((key.clone(), attribute(value)?))).collect()
        }
        _ => None,
    }
}

/// serde_json's message without the place, which stands elsewhere.
fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_say_their_kind_are_what_they_hold() {
        let text = br#"{"_id": {"$oid": "65f"}, "at": {"$date": {"$numberLong": "1772359200000"}}, "n": [{"$numberInt": "3"}], "other": {"$ref": 1}}"#;
        let read = parse(text, RecordEnd::Complete, 1 << 20, &mut Warnings::default()).unwrap();
        assert_eq!(
            read,
            serde_json::json!({"_id": "65f", "at": 1_772_359_200_000_i64, "n": [3], "other": {"$ref": 1}})
        );
    }

    #[test]
    fn items_of_dynamodb_are_what_they_hold() {
        let read = |text: &str| parse(text.as_bytes(), RecordEnd::Complete, 1 << 20, &mut Warnings::default()).unwrap();
        assert_eq!(
            read(
                r#"{"Item": {"id": {"S": "c"}, "at": {"N": "17.5"}, "said": {"L": [{"M": {"ok": {"BOOL": true}, "x": {"NULL": true}}}]}}}"#
            ),
            serde_json::json!({"id": "c", "at": 17.5, "said": [{"ok": true, "x": null}]})
        );
        assert_eq!(
            read(r#"{"Items": [{"id": {"S": "c"}}], "Count": 1}"#),
            serde_json::json!({"Items": [{"id": "c"}], "Count": 1})
        );
        for other in
            [r#"{"id": "c", "size": {"S": "small"}}"#, r#"{"size": {"S": 5}}"#, r#"{"Item": {"S": "x"}, "n": 1}"#]
        {
            assert_eq!(read(other), serde_json::from_str::<Value>(other).unwrap(), "{other}");
        }
    }

    #[test]
    fn values_are_counted_and_commas_of_texts_are_not() {
        assert_eq!(commas(br#"{"a,b":"x,\",y",[1,2],"\\",3}"#), 4);
        let text = format!("{{\"text\":\"{}\"}}", "a, b ".repeat(MAX_VALUES + 1));
        assert!(!has_too_many(text.as_bytes()));
        assert!(has_too_many(format!("[{}1]", "1,".repeat(MAX_VALUES + 1)).as_bytes()));
    }
}
