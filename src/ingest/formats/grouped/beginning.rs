//! The first values of a text, by which its format is told: also of one that the beginning cuts off.

use super::values::{header, is_json, layout_of, object, unwrapped};
use crate::ingest::formats::json::first_of;
use crate::ingest::rows::dialect::{first_rows, guess_encoding};
use serde_json::Value;

/// Values that are looked at.
const LOOKED_AT: usize = 10;

/// The first values, or rows where there may be rows.
pub(super) fn first(head: &[u8], lists: &[&str], has_tables: bool) -> Vec<Value> {
    if is_json(head) {
        let flat = first_of(head, layout_of(head)).into_iter().flat_map(|v| match v {
            Value::Array(list) => list,
            other => vec![other],
        });
        return flat.flat_map(|v| unwrapped(v, lists)).collect();
    }
    if !has_tables {
        return Vec::new();
    }
    let (delimiter, names) = header(head);
    let rows = first_rows(head, delimiter, guess_encoding(head), LOOKED_AT).into_iter().skip(1);
    rows.map(|row| object(&names, row.into_iter())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_cut_off_is_known_by_its_beginning() {
        let of = |text: &str| first(text.as_bytes(), &["items"], true);
        assert_eq!(of("{\"a\": [1, {\"b\": \"x,\\\"\"}, {\"c\": tr"), [json!({"a": [1, {"b": "x,\""}, {}]})]);
        assert_eq!(of("{\"items\": [{\"a\": 1}, {\"b\""), [json!({"a": 1}), json!({})]);
        assert_eq!(of("id,text\n1,hi\n2,\n"), [json!({"id": "1", "text": "hi"}), json!({"id": "2", "text": null})]);
        assert!(of("{").is_empty() || of("{") == [json!({})]);
        assert!(of("plain words").is_empty());
    }
}
