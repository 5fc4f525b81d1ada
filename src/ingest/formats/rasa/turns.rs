//! Turns out of events.

use crate::domain::{Ranked, Role, Turn};
use crate::ingest::context::Context;
use crate::ingest::formats::canonical::value::{MAX_LISTED, confidence};
use crate::ingest::formats::grouped::look::{at, id, keep, list, words};
use serde_json::Value;

/// The intent that stands for "below the threshold".
const FALLBACK_INTENT: &str = "nlu_fallback";

/// Words of somebody, with the event's time.
pub(super) fn said(role: Role, text: &str, e: &Value, cx: &Context) -> Turn {
    let mut turn = Turn::new(role, text);
    // A time that is none costs no conversation: the order is the log's.
    turn.at = cx.times.read(at(e, "/timestamp")).unwrap_or_default();
    turn
}

/// What the customer said, and what the AI made of it.
pub(super) fn user(e: &Value, cx: &mut Context) -> Turn {
    let mut turn = said(Role::User, words(e, "/text").unwrap_or_default(), e, cx);
    turn.id = id(e, "/message_id");
    turn.payload = turn.text.strip_prefix('/').is_some_and(|name| name.starts_with(|c: char| c.is_alphabetic()));
    let parsed = at(e, "/parse_data");
    turn.intent = words(parsed, "/intent/name").map(str::to_owned);
    let ranking = list(parsed, "/intent_ranking").iter().take(MAX_LISTED);
    turn.ranking = ranking
        .filter_map(|r| Some((words(r, "/name")?.to_owned(), confidence(at(r, "/confidence"), cx)?)))
        .filter(|(intent, _)| intent != FALLBACK_INTENT)
        .map(|(intent, confidence)| Ranked { intent, confidence })
        .collect();
    turn.fallback = turn.intent.as_deref() == Some(FALLBACK_INTENT);
    // The confidence of a fallback is the threshold, and none of an intent without a name means anything.
    if turn.intent.is_some() && !turn.fallback {
        turn.confidence = confidence(at(parsed, "/intent/confidence"), cx);
    }
    turn.entities = list(parsed, "/entities").iter().take(MAX_LISTED).cloned().collect();
    keep(&mut turn, "timestamp", at(e, "/timestamp"));
    turn
}

/// The words of an answer, or what stands for what is none.
pub(super) fn bot_text(e: &Value) -> String {
    let data = at(e, "/data");
    let mut parts: Vec<String> = words(e, "/text").map(str::to_owned).into_iter().collect();
    for key in ["buttons", "quick_replies"] {
        let titles: Vec<&str> =
            list(data, &format!("/{key}")).iter().filter_map(|b| words(b, "/title")).take(50).collect();
        if !titles.is_empty() {
            parts.push(format!("[{}]", titles.join(" | ")));
        }
    }
    for key in ["image", "attachment", "elements", "custom"] {
        let filled = !matches!(data.get(key), None | Some(Value::Null)) && data[key] != Value::Array(Vec::new());
        if filled && data[key] != Value::Object(serde_json::Map::new()) {
            parts.push(format!("[{key}]"));
        }
    }
    parts.join("\n")
}
