//! Messages as language models take and give them: OpenAI's, LangChain's, Anthropic's and OpenTelemetry's spellings of the same.
//! Formats that hold such messages share this.

mod content;
pub(in crate::ingest::formats) mod exchange;
mod plain;
mod role;
pub(in crate::ingest::formats) mod tools;
pub(in crate::ingest::formats) mod tree;

pub(in crate::ingest::formats) use content::{MessageContent, content};
pub(in crate::ingest::formats) use role::role;

use super::grouped::look::{first_id, keep, words};
use super::record_error::RecordError;
use crate::domain::{Role, Turn};
use crate::ingest::context::Context;
use crate::ingest::formats::canonical::conversation::MAX_TURNS;
use crate::ingest::formats::canonical::turn::TurnDraft;
use crate::ingest::formats::canonical::value;
use serde_json::Value;
use tools::{ToolCall, calls};

/// Reads a list of messages as turns. Each call of a tool is one turn with the tool's name, its arguments in `meta` and, once
/// it comes, its result as text. An answer without words that only calls tools is no turn of its own.
///
/// # Errors
/// A message is none, or nobody knows who says it.
pub(in crate::ingest::formats) fn turns(list: &[Value], cx: &mut Context) -> Result<Vec<Turn>, RecordError> {
    if list.len() > MAX_TURNS {
        return Err(RecordError::TooMany { what: format!("{} messages", list.len()), most: MAX_TURNS });
    }
    let mut turns = Vec::new();
    for (i, message) in list.iter().enumerate() {
        add(&mut turns, message, cx).map_err(|e| e.at(format!("message {i}")))?;
    }
    Ok(turns)
}

/// Who a speaker is whom no format of messages names, by what a person said.
fn said_by_person(why: &RecordError, cx: &Context) -> Option<Role> {
    let name = why.stranger()?;
    cx.speakers.role(&name).or_else(|| cx.speakers.others())
}

/// Keys of a message that are kept as they stand.
const KEPT: &[&str] = &["weight", "refusal", "finish_reason"];
/// Keys that are read of a message, or repeat what is.
const READ: &[&str] = &[
    "role",
    "from",
    "sender",
    "speaker",
    "author",
    "type",
    "content",
    "parts",
    "value",
    "text",
    "output",
    "payload",
    "tool_calls",
    "function_call",
    "tool_call_id",
    "call_id",
    "id",
    "message_id",
    "timestamp",
    "created_at",
    "at",
    "ts",
    "time",
    "model",
    "response_metadata",
    "additional_kwargs",
    "usage_metadata",
];

/// What the other keys of a message say of its turn, read as in the own format: thumbs, intents, whatever is kept in meta.
fn further(turn: &mut Turn, body: &Value, cx: &mut Context) -> Result<(), RecordError> {
    let says = |value: &Value| match value {
        Value::Null => false,
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
        _ => true,
    };
    let is_read = |key: &str| READ.contains(&key) || KEPT.contains(&key);
    let rest = body.as_object().into_iter().flatten().filter(|(key, value)| !is_read(key) && says(value));
    let mut rest = rest.peekable();
    if rest.peek().is_none() {
        return Ok(());
    }
    let mut draft = TurnDraft::new();
    draft.take("role".into(), turn.role.name().into(), cx)?;
    draft.take("text".into(), turn.text.as_str().into(), cx)?;
    for (key, value) in rest {
        if draft.take(key.as_str().into(), value.clone(), cx).is_err() {
            value::keep(&mut turn.meta, "", key.clone(), value.clone(), cx);
        }
    }
    let own = std::mem::replace(turn, draft.finish(cx)?);
    (turn.role, turn.text, turn.id, turn.at, turn.model) = (own.role, own.text, own.id, own.at.or(turn.at), own.model);
    turn.meta.extend(own.meta);
    Ok(())
}

/// Adds what one message says.
///
/// # Errors
/// It is no message, or nobody knows who says it.
pub(in crate::ingest::formats) fn add(
    turns: &mut Vec<Turn>,
    message: &Value,
    cx: &mut Context,
) -> Result<(), RecordError> {
    // LangChain writes a message as the call that makes it.
    let body = message.get("kwargs").filter(|k| k.is_object()).unwrap_or(message);
    // What a model thinks is an item of its own in OpenAI's responses, and nobody says it.
    if message.get("role").is_none() && words(message, "/type") == Some("reasoning") {
        return Ok(());
    }
    let role = role(message).or_else(|why| said_by_person(&why, cx).ok_or(why))?;
    let MessageContent { text, results, calls: called, done, calls_alone } = content(body, &mut cx.warnings)?;
    let calls = [calls(body), called].concat();
    let answers_alone = !results.is_empty() && text.is_empty();
    for (id, text) in results {
        tools::answer(turns, id.as_deref(), None, &text);
    }
    if role == Role::Tool && calls.is_empty() {
        let (call, name) = (first_id(body, &["/tool_call_id", "/call_id", "/id"]), words(body, "/name"));
        if !answers_alone {
            tools::answer(turns, call.as_deref(), name, &text);
        }
        return Ok(());
    }
    let at = ["timestamp", "created_at", "at", "ts", "time"].iter().find_map(|key| body.get(*key));
    let silent = text.trim().is_empty();
    // The answer that goes with a call comes after it.
    for (call, result) in done {
        let mut turn = call.into_turn();
        turn.text = result;
        turns.push(turn);
    }
    if !(silent && (!calls.is_empty() || calls_alone)) && role != Role::Tool {
        let mut turn = Turn::new(role, text);
        turn.id = first_id(body, &["/id", "/message_id"]);
        turn.at = at.map_or(Ok(None), |at| cx.times.read(at))?;
        turn.model = words(body, "/model").or_else(|| words(body, "/response_metadata/model_name")).map(str::to_owned);
        for key in KEPT {
            keep(&mut turn, key, body.get(*key).unwrap_or(&Value::Null));
        }
        further(&mut turn, body, cx)?;
        turns.push(turn);
    }
    turns.extend(calls.into_iter().map(ToolCall::into_turn));
    Ok(())
}
