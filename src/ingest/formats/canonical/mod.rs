//! The canonical format, "convo" v1: one JSON object a conversation. Tolerant in spelling, strict in meaning: what
//! cannot be read is refused with the reason, what is not known is kept in `meta`. Other formats build their turns and
//! conversations with its parts, so that a field means the same wherever it comes from.

mod beside;
mod branches;
pub(in crate::ingest) mod conversation;
pub(in crate::ingest) mod fallback;
pub(in crate::ingest) mod feedback;
pub(in crate::ingest::formats) mod offer;
mod order;
pub(in crate::ingest) mod shared_keys;
mod stream;
pub(in crate::ingest) mod told;
pub(in crate::ingest) mod turn;
pub(in crate::ingest) mod value;

use super::contract::{EMPTY, Format, OpenError, OpenedInput, Sniff};
use super::json::{JsonRecords, ReadValue, first_values};
use crate::ingest::context::Context;
use crate::ingest::input::frames::trim;
use crate::ingest::input::source::InputSource;
use serde_json::Value;

/// The canonical format.
#[derive(Debug)]
pub(in crate::ingest) struct Canonical;

impl Format for Canonical {
    fn name(&self) -> &'static str {
        "canonical"
    }

    fn sniff(&self, source: &InputSource) -> Option<Sniff> {
        told(&source.text()?.head)
    }

    fn asks_while_reading(&self) -> bool {
        true
    }

    fn open(&self, source: InputSource, cx: &mut Context) -> Result<OpenedInput, OpenError> {
        let how = ReadValue { at_once: stream::read, read: conversation::read };
        let records = JsonRecords::new(source.into_text()?, cx.max_record, how);
        Ok(OpenedInput { records: Box::new(records), how: None })
    }
}

fn told(head: &[u8]) -> Option<Sniff> {
    let says = |sure, why: &str| Some(Sniff { sure, why: why.to_owned() });
    let are_turns = |v: &Value| v.is_array() || v.as_object().is_some_and(conversation::is_numbered);
    let has_turns = |v: &Value| v.get("turns").or_else(|| v.get("messages")).is_some_and(are_turns);
    let has = |key: &[u8]| head.windows(key.len()).any(|w| w == key);
    let values = first_values(head);
    let text = trim(head);
    match text.first() {
        _ if values.iter().any(|v| has_turns(v) && v.get("id").is_some() && !foreign(v)) => {
            says(95, "records with `id` and `turns`")
        }
        // Rows of messages say more of who speaks, and ask for what names the conversation.
        _ if values.iter().any(|v| has_turns(v) && !foreign(v) && nameless(v)) => {
            says(44, "records with `turns` in which nothing names a conversation")
        }
        _ if values.iter().any(|v| has_turns(v) && !foreign(v)) => says(50, "records with `turns`, but without `id`"),
        // Of what is broken only the text is there; what can be read says more than a word in it.
        Some(b'{' | b'[' | b'#' | b'/') if values.is_empty() && (has(b"\"turns\"") || has(b"\"messages\"")) => {
            says(40, "`turns` occurs in it")
        }
        None => says(10, EMPTY),
        // Objects that say much, or something, and nothing of ours: whoever reads what they are knows more than by a reject for each.
        Some(b'{' | b'[') if !values.is_empty() && values.iter().all(says_nothing_of_ours) => None,
        Some(b'[') if values.is_empty() && !begins_list(text) => None,
        Some(b'{' | b'[') => says(10, "it is JSON"),
        // Markdown and other prose begins so, too.
        Some(b'#' | b'/') if !is_prose(text) => says(5, "it starts with a comment"),
        Some(_) => None,
    }
}

/// Whether what stands behind a first bracket may be the first of a list: a time in brackets is none.
fn begins_list(text: &[u8]) -> bool {
    let first = text.iter().skip(1).find(|b| !b.is_ascii_whitespace());
    first.is_none_or(|b| matches!(b, b'{' | b'[' | b'"' | b']' | b'n' | b't' | b'f'))
}

fn says_nothing_of_ours(value: &Value) -> bool {
    let is_ours =
        |key: &String| matches!(key.as_str(), "id" | "turns" | "messages") || conversation::IDS.contains(&key.as_str());
    value.as_object().is_some_and(|o| o.len() > 2 || !o.is_empty() && !o.keys().any(is_ours))
}

/// Whether nothing in a record names it, and its turns have no `role`.
fn nameless(record: &Value) -> bool {
    let turns = record.get("turns").or_else(|| record.get("messages")).and_then(Value::as_array);
    !conversation::IDS.iter().any(|key| record.get(*key).is_some())
        && turns.is_some_and(|turns| !turns.is_empty() && !turns.iter().any(|turn| turn.get("role").is_some()))
}

/// Whether the turns are none of ours: each says something, and none who speaks.
fn foreign(record: &Value) -> bool {
    let turns = record.get("turns").or_else(|| record.get("messages")).and_then(Value::as_array);
    let speaks =
        |turn: &Value| ["role", "sender", "from", "speaker", "author"].iter().any(|key| turn.get(key).is_some());
    // Of one that the beginning cuts off nothing may be there.
    let is_bare = |turn: &Value| turn.as_object().is_none_or(serde_json::Map::is_empty);
    turns.is_some_and(|turns| !turns.iter().all(is_bare) && !turns.iter().any(speaks))
}

/// Whether lines follow that are neither comments nor JSON, and none that is.
fn is_prose(text: &[u8]) -> bool {
    let firsts = text.split(|&b| b == b'\n').filter_map(|line| trim(line).first().copied());
    let lines: Vec<u8> = firsts.filter(|b| !matches!(b, b'#' | b'/')).collect();
    !lines.is_empty() && !lines.iter().any(|b| matches!(b, b'{' | b'['))
}

#[cfg(test)]
mod tests;
