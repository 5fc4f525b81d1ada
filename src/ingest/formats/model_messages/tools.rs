//! Calls of tools and their results.

use super::plain::plain;
use crate::domain::{Role, Turn};
use crate::ingest::formats::grouped::look::{first_id, keep, list, words};
use serde_json::Value;

/// A call of a tool.
#[derive(Clone, Debug)]
pub(in crate::ingest::formats) struct ToolCall {
    id: Option<String>,
    name: String,
    arguments: Value,
}

impl ToolCall {
    /// From a part of a message.
    pub fn of_part(part: &Value) -> Option<Self> {
        Self::from_parts(part, part.get("name"), ["input", "arguments", "args"].iter().find_map(|k| part.get(*k)))
    }

    fn from_parts(call: &Value, name: Option<&Value>, arguments: Option<&Value>) -> Option<Self> {
        let name = name?.as_str()?.to_owned();
        Some(Self { id: first_id(call, &["/id", "/call_id"]), name, arguments: arguments.cloned().unwrap_or_default() })
    }

    /// As a turn that waits for its result.
    pub fn into_turn(self) -> Turn {
        let mut turn = Turn::new(Role::Tool, "");
        turn.id = self.id;
        turn.name = Some(self.name);
        keep(&mut turn, "arguments", &self.arguments);
        turn
    }
}

/// The calls that a message lists: OpenAI's, old and new, and LangChain's.
pub(super) fn calls(body: &Value) -> Vec<ToolCall> {
    let listed = list(body, "/tool_calls").iter().chain(list(body, "/additional_kwargs/tool_calls"));
    let mut calls: Vec<ToolCall> = Vec::new();
    for call in listed {
        let function = call.get("function").unwrap_or(call);
        let arguments = function.get("arguments").or_else(|| function.get("args"));
        let Some(call) = ToolCall::from_parts(call, function.get("name"), arguments) else { continue };
        // LangChain tells the same call twice.
        if call.id.is_none() || calls.iter().all(|c| c.id != call.id) {
            calls.push(call);
        }
    }
    if let Some(old) = body.get("function_call").filter(|f| f.is_object()) {
        calls.extend(ToolCall::from_parts(old, old.get("name"), old.get("arguments")));
    }
    calls
}

/// Puts a result into the turn of the call it answers; without one it is a turn of its own.
pub(super) fn answer(turns: &mut Vec<Turn>, call: Option<&str>, name: Option<&str>, result: &str) {
    let waits = |t: &&mut Turn| t.role == Role::Tool && t.text.is_empty();
    let answers = |t: &&mut Turn| match call {
        Some(call) => t.id.as_deref() == Some(call),
        None => name.is_none_or(|name| t.name.as_deref() == Some(name)),
    };
    if let Some(turn) = turns.iter_mut().rev().take(MOST_BACK).filter(waits).find(answers) {
        result.clone_into(&mut turn.text);
        return;
    }
    let mut turn = Turn::new(Role::Tool, result);
    (turn.id, turn.name) = (call.map(str::to_owned), name.map(str::to_owned));
    turns.push(turn);
}

/// Turns behind which nobody answers a call any more: looking further costs the square of a conversation's length.
const MOST_BACK: usize = 200;

/// The name of the tool that a run or span stands for, with what went in and came out.
pub(in crate::ingest::formats) fn ran(name: &str, input: &Value, output: &Value, error: Option<&str>) -> Turn {
    let mut turn = Turn::new(Role::Tool, error.map_or_else(|| plain(output), |e| format!("Error: {e}")));
    turn.name = Some(name.to_owned());
    keep(&mut turn, "arguments", input);
    if let Some(output) = words(output, "/output") {
        output.clone_into(&mut turn.text);
    }
    turn
}
