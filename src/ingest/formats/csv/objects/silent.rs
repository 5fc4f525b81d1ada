//! Objects of which no row can be made, so that none is lost without a count.

use crate::ingest::formats::csv::columns::field::{CsvField, plain};
use serde_json::Value;

/// Objects of a list, of a line each, or among messages, that hold no words.
#[derive(Default)]
pub(super) struct SilentObjects {
    spoken: u64,
    silent: u64,
    first: Option<u64>,
}

impl SilentObjects {
    /// Counts a value of the file, of which so many rows were made.
    pub fn count(&mut self, value: &Value, rows: usize, line: u64) {
        self.spoken += rows as u64;
        if rows == 0 && value.is_object() {
            self.add(1, line);
        }
    }

    /// Counts objects that hold no words, in the value that begins in a line.
    pub fn add(&mut self, silent: u64, line: u64) {
        if silent > 0 {
            self.silent += silent;
            self.first.get_or_insert(line);
        }
    }

    /// What is said of them; nothing where no object holds words.
    pub fn note(&self) -> Option<String> {
        let line = self.first.filter(|_| self.spoken > 0)?;
        Some(format!(
            "{} of {} objects hold no words that can be told and are left out; the first is in line {line}",
            self.silent,
            self.silent + self.spoken
        ))
    }
}

/// Whether a value is a message in which nothing is said, or a list that begins with one.
pub(super) fn is_silent(value: &Value, beside: &[CsvField]) -> bool {
    let object = match value {
        Value::Array(list) => list.first().and_then(Value::as_object),
        other => other.as_object(),
    };
    let has = |field: CsvField, is: fn(&Value) -> bool| {
        object.is_some_and(|o| o.iter().any(|(key, value)| field.alias(&plain(key)).is_some() && is(value)))
    };
    has(CsvField::Text, |v| v.as_str().is_some_and(|text| text.trim().is_empty()))
        && beside.iter().any(|field| has(*field, |v| v.is_string() || v.is_number()))
}
