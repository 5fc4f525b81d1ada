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
use crate::ingest::formats::canonical::{feedback, value};
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
        for key in ["weight", "refusal", "finish_reason"] {
            keep(&mut turn, key, body.get(key).unwrap_or(&Value::Null));
        }
        if let Some(given) = body.get("feedback").filter(|given| !given.is_null()) {
            match feedback::read(given.clone(), &mut turn.meta, cx) {
                Ok(thumb) => turn.feedback = Some(thumb),
                Err(given) => value::keep(&mut turn.meta, "", "feedback".to_owned(), given, cx),
            }
        }
        turns.push(turn);
    }
    turns.extend(calls.into_iter().map(ToolCall::into_turn));
    Ok(())
}
