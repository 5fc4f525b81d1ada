//! A message as columns, and what its keys say.

use crate::ingest::formats::csv::cells::turn_lists::of_texts;
use crate::ingest::formats::csv::columns::answers::answers;
use crate::ingest::formats::csv::columns::field::{CsvField, plain};
use crate::text;
use serde_json::{Map, Value};
use std::path::Path;

/// Bytes of what stands before a speaker's colon.
const LONGEST_NAME: usize = 60;

/// Scalars under their paths.
pub(super) type MessageColumns = Map<String, Value>;

/// What a file is called without its ending.
pub(in crate::ingest::formats::csv) fn stem(name: &str) -> String {
    Path::new(name).file_stem().map_or_else(|| name.to_owned(), |stem| stem.to_string_lossy().into_owned())
}

/// Keys that say who speaks, beside the usual headers.
const SPEAKERS: &[&str] = &[
    "bot_id",
    "author_id",
    "sender_id",
    "user",
    "username",
    "user_id",
    "actor_id",
    "isinbound",
    "fromagent",
    "teammember",
];

/// Whether a message says its words under a usual name of its own.
pub(super) fn has_words(own: &MessageColumns) -> bool {
    own.iter().any(|(key, value)| {
        !key.contains('.')
            && CsvField::Text.alias(&plain(key)).is_some()
            && value.as_str().is_some_and(|v| !v.trim().is_empty())
    })
}

/// Whether a message says under its key what was answered to it.
pub(super) fn is_answered(own: &MessageColumns) -> bool {
    own.iter().any(|(key, value)| answers(key).is_some() && value.as_str().is_some_and(|v| text::has_words(v, 2)))
}

/// Whether it is a whole conversation in one text, a line a turn, or a list of texts, under a usual name of its own.
pub(super) fn is_transcript(own: &MessageColumns) -> bool {
    // `text` and its like may hold one, too, and most often do not.
    let named = |key: &str| {
        let key = plain(key);
        CsvField::Transcript.alias(&key).is_some() && CsvField::Text.alias(&key).is_none()
    };
    let speaks = |line: &str| {
        line.split_once(':').is_some_and(|(who, said)| who.len() <= LONGEST_NAME && !said.trim().is_empty())
    };
    own.iter().any(|(key, value)| {
        !key.contains('.')
            && named(key)
            && value
                .as_str()
                .is_some_and(|text| text.lines().filter(|line| speaks(line)).count() > 1 || of_texts(text).is_some())
    })
}

/// The last key of a path.
pub(super) fn last(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

/// Whether a key says who speaks.
pub(super) fn speaks_for_itself(key: &str) -> bool {
    let key = plain(key);
    key != "type" && (CsvField::Role.alias(&key).is_some() || SPEAKERS.iter().any(|s| plain(s) == key))
}

/// The words of a message whose text stands in parts, each a text or an object with one and its kind (`{"type": "link", "text": "…"}`).
pub(super) fn parts_text(key: &str, list: &[Value]) -> Option<String> {
    let part = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Object(part) if part.get("type").is_some_and(Value::is_string) && part.len() <= PART_KEYS => {
            part.get("text")?.as_str().map(str::to_owned)
        }
        // A call of a tool, a picture: no words.
        Value::Object(part) if part.get("type").is_some_and(Value::is_string) && !part.contains_key("text") => {
            Some(String::new())
        }
        _ => None,
    };
    let own = CsvField::Text.alias(&plain(key)).is_some() && list.iter().any(Value::is_object);
    let words = own.then(|| list.iter().map(part).collect::<Option<String>>())??;
    Some(words).filter(|words| !words.trim().is_empty())
}

/// Keys of such a part: its kind, its text, and where it leads. A message has more, or says who speaks.
const PART_KEYS: usize = 3;
