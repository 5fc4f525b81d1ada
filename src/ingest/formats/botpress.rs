//! Botpress: messages, conversations and events as its API hands them out. What goes out between `hitlAssigned` and
//! `hitlStopped` was written by a person.

use super::grouped::ending::finish;
use super::grouped::look::{at, first_id, id, list, shown, time, unknown, unquoted, words};
use super::grouped::{Built, GroupedFormat, PartSink, RecordGroup, ending};
use super::record_error::RecordError;
use crate::domain::{Bot, Conversation, Role, Turn};
use crate::ingest::context::Context;
use crate::ingest::distinct::Distinct;
use crate::ingest::formats::canonical::value::confidence;
use serde_json::Value;

/// The format.
pub(in crate::ingest) static BOTPRESS: GroupedFormat = GroupedFormat {
    name: "botpress",
    marks: &["\"direction\"", "incomingEventId", "\"currentWorkflowId\""],
    tell,
    lists: &["messages", "conversations", "events"],
    has_tables: true,
    asks: false,
    take,
    build,
};

const MESSAGE: u8 = b'm';
const EVENT: u8 = b'e';
const CONVERSATION: u8 = b'v';

fn is_message(v: &Value) -> bool {
    matches!(words(v, "/direction"), Some("incoming" | "outgoing")) && whose(v).is_some()
}

/// The conversation: of the cloud, or the session of older versions.
fn whose(v: &Value) -> Option<String> {
    first_id(v, &["/conversationId", "/threadId", "/sessionId"])
}

fn tell(values: &[Value]) -> Option<(u8, &'static str)> {
    let is_one = |v: &Value| is_message(v) && (v.get("payload").is_some() || v.get("event").is_some());
    values.iter().any(is_one).then_some((95, "messages of Botpress"))
}

fn take(value: Value, out: &mut PartSink<'_>) -> Result<(), RecordError> {
    if is_message(&value) {
        return out.piece(&whose(&value).unwrap_or_default(), MESSAGE, &value);
    }
    match (whose(&value), id(&value, "/id")) {
        (Some(of), _) => out.piece(&of, EVENT, &value),
        (None, Some(own)) if value.get("integration").is_some() || value.get("channel").is_some() => {
            out.piece(&own, CONVERSATION, &value)
        }
        _ => {
            out.cx.warnings.add("a record that is no message, event or conversation, left out");
            Ok(())
        }
    }
}

fn build(group: RecordGroup<'_>, cx: &mut Context) -> Vec<Built> {
    let mut seen = Distinct::default();
    let described =
        group.pieces.iter().rev().find(|p| p.tag == CONVERSATION).map(|p| p.value.clone()).unwrap_or_default();
    let mut said: Vec<(u8, Value)> =
        group.pieces.into_iter().filter(|p| p.tag != CONVERSATION).map(|p| (p.tag, p.value)).collect();
    said.retain(|(_, v)| id(v, "/id").is_none_or(|id| seen.add(id)));
    said.sort_by_key(|(_, v)| cx.times.read(created(v)).unwrap_or_default());
    if said.iter().all(|(tag, _)| *tag != MESSAGE) {
        cx.warnings.add("a conversation without its messages, left out");
        return Vec::new();
    }
    vec![conversation(group.id, said, &described, cx)]
}

fn created(value: &Value) -> &Value {
    ["createdAt", "createdOn", "sentOn"].iter().find_map(|key| value.get(*key)).unwrap_or(&Value::Null)
}

fn conversation(own: String, said: Vec<(u8, Value)>, described: &Value, cx: &mut Context) -> Built {
    let mut c = Conversation::new(cx.source.clone(), own, Vec::new());
    let mut has_person = false;
    for (tag, value) in said {
        let turn = match tag {
            MESSAGE => Some(
                message(&value, has_person, cx)
                    .map_err(|e| e.at(format!("message {}", id(&value, "/id").unwrap_or_default())))?,
            ),
            _ => happened(&value, &mut has_person, cx),
        };
        if let Some(mut turn) = turn {
            turn.at = cx.times.read(created(&value))?;
            turn.id = id(&value, "/id");
            c.turns.push(turn);
        }
        c.customer_id =
            c.customer_id.or_else(|| id(&value, "/userId").filter(|_| words(&value, "/direction") == Some("incoming")));
        c.bot = c.bot.or_else(|| words(&value, "/botId").map(|b| Bot { name: Some(b.to_owned()), version: None }));
    }
    c.channel = words(described, "/integration").or_else(|| words(described, "/channel")).map(str::to_owned);
    if let Some(tags) = at(described, "/tags").as_object() {
        c.meta.extend(tags.iter().take(100).map(|(k, v)| (k.clone(), v.clone())));
    }
    c.started_at = time(described, "/createdAt", cx)?;
    finish(c, None, cx)
}

/// What is no message: a person takes over or leaves, something went wrong.
fn happened(e: &Value, has_person: &mut bool, cx: &mut Context) -> Option<Turn> {
    let kind = words(e, "/type").unwrap_or_default();
    let bare = kind.rsplit(':').next().unwrap_or(kind);
    match bare {
        "hitlAssigned" | "startHitl" | "hitlStarted" => {
            *has_person = true;
            Some(ending::event("handoff", bare))
        }
        "hitlStopped" | "stopHitl" => {
            *has_person = false;
            Some(ending::event("close", bare))
        }
        _ if words(e, "/status") == Some("failed") => Some(ending::event("error", shown(kind))),
        _ => {
            cx.warnings.add(&format!("an event `{}` says nothing of the conversation, left out", shown(kind)));
            None
        }
    }
}

fn message(m: &Value, has_person: bool, cx: &mut Context) -> Result<Turn, RecordError> {
    // Older versions keep the whole event beside, as text.
    let event = unquoted(at(m, "/event").clone());
    let payload =
        [at(m, "/payload"), at(&event, "/payload")].into_iter().find(|p| p.is_object()).unwrap_or(&Value::Null);
    let role = match words(m, "/direction") {
        Some("incoming") => Role::User,
        Some("outgoing") if has_person => Role::Agent,
        Some("outgoing") => Role::Bot,
        _ => return Err(unknown("direction", at(m, "/direction"), "incoming or outgoing")),
    };
    let mut turn = Turn::new(role, text(payload, words(m, "/type")));
    if role == Role::User {
        turn.intent = words(&event, "/nlu/intent/name").map(str::to_owned);
        turn.confidence = turn.intent.as_ref().and_then(|_| confidence(at(&event, "/nlu/intent/confidence"), cx));
        turn.fallback = turn.intent.as_deref() == Some("none");
    }
    Ok(turn)
}

fn text(payload: &Value, kind: Option<&str>) -> String {
    let mut parts: Vec<String> = Vec::new();
    let said = ["/text", "/title", "/markdown", "/message"].iter().find_map(|path| words(payload, path));
    parts.extend(said.map(str::to_owned));
    for key in ["/options", "/choices", "/actions"] {
        let labels = list(payload, key).iter().filter_map(|o| words(o, "/label").or_else(|| words(o, "/title")));
        let labels: Vec<&str> = labels.take(20).collect();
        if !labels.is_empty() {
            parts.push(format!("[{}]", labels.join(" | ")));
        }
    }
    parts.extend(list(payload, "/items").iter().filter_map(|i| words(i, "/title")).take(20).map(str::to_owned));
    if parts.is_empty() {
        parts.push(format!("[{}]", kind.or_else(|| words(payload, "/type")).unwrap_or("message")));
    }
    parts.join("\n")
}
