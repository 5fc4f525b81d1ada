//! The first values of a text, by which its format is told: also of one that the beginning cuts off.

use super::values::{header, is_json, layout_of, object, unwrapped};
use crate::ingest::context::Warnings;
use crate::ingest::input::frames::{Frames, trim};
use crate::ingest::input::record;
use crate::ingest::rows::dialect::{first_rows, guess_encoding};
use serde_json::Value;

/// Values that are looked at.
const LOOKED_AT: usize = 10;

/// The first values, or rows where there may be rows.
pub(super) fn first(head: &[u8], lists: &[&str], has_tables: bool) -> Vec<Value> {
    if is_json(head) {
        let mut values = whole(head);
        if values.is_empty() {
            values.extend(closed(trim(head)).and_then(|text| serde_json::from_str(&text).ok()));
        }
        let flat = values.into_iter().flat_map(|v| match v {
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

/// The values that the beginning holds whole.
fn whole(head: &[u8]) -> Vec<Value> {
    let mut frames = Frames::new(head, layout_of(head), head.len());
    let (mut buf, mut found) = (Vec::new(), Vec::new());
    while found.len() < LOOKED_AT {
        let Ok(Some(frame)) = frames.next(&mut buf) else { break };
        found.extend(record::parse(&buf, frame.end, head.len(), &mut Warnings::default()).ok());
    }
    found
}

/// JSON that is cut off, closed behind the last value that is whole.
fn closed(cut: &[u8]) -> Option<String> {
    let (mut open, mut quoted, mut escaped) = (Vec::new(), false, false);
    // Where it can be closed, and what has to be closed there.
    let (mut end, mut to_close) = (0, Vec::new());
    for (at, &byte) in cut.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => {
                open.push(if byte == b'{' { b'}' } else { b']' });
                (end, to_close) = (at + 1, open.clone());
            }
            b'}' | b']' => {
                open.pop();
                (end, to_close) = (at + 1, open.clone());
            }
            b',' => (end, to_close) = (at, open.clone()),
            _ => {}
        }
        // Nesting that deep is no log's; each step would copy it.
        if open.len() > 100 {
            return None;
        }
    }
    let mut text = String::from_utf8_lossy(&cut[..end]).into_owned();
    text.extend(to_close.iter().rev().map(|&b| char::from(b)));
    (end > 0).then_some(text)
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
