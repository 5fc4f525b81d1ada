//! Files of rows, as the tasks read them.

use crate::ingest::{Input, NamedRecords};
use crate::jobs::JobError;
use serde_json::{Map, Value};
use std::path::Path;

/// A row with its number, from 1.
pub(super) type Numbered = (u64, Map<String, Value>);

/// Reads all rows of a file that has the columns `needed`.
pub(super) fn read(path: &Path, needed: &[&str]) -> Result<Vec<Numbered>, JobError> {
    let mut out = Vec::new();
    for row in NamedRecords::open(Input::File(path.to_owned()), needed)? {
        let row = row.map_err(|bad| fail(path, format!("line {}: {}", bad.line, bad.reason)))?;
        let number = out.len() as u64 + 1;
        if let Some(missing) = needed.iter().find(|name| !row.contains_key(**name)) {
            let there = row.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            return Err(fail(path, format!("row {number} has no `{missing}` (there are: {there})")));
        }
        out.push((number, row));
    }
    if out.is_empty() {
        return Err(fail(path, format!("holds no row; needed are: {}", needed.join(", "))));
    }
    Ok(out)
}

/// Says what is wrong with a file.
pub(super) fn fail(path: &Path, what: String) -> JobError {
    JobError::File { path: path.display().to_string(), what }
}

/// A value as a text; nothing for what is none.
pub(super) fn text<'a>(row: &'a Map<String, Value>, name: &str) -> &'a str {
    row.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A value as a number, also where it is written as a text or as true and false.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Bool(yes) => Some(f64::from(u8::from(*yes))),
        Value::String(text) => text.trim().parse().ok().filter(|x: &f64| x.is_finite()),
        other => other.as_f64(),
    }
}
