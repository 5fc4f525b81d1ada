//! Results of tools as text.

use crate::ingest::formats::grouped::look::words;
use serde_json::Value;

/// A result as text: the words of its parts, or its JSON.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(parts) if !parts.is_empty() && parts.iter().all(|p| words(p, "/text").is_some()) => {
            parts.iter().filter_map(|p| words(p, "/text")).collect::<Vec<_>>().join("\n")
        }
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
