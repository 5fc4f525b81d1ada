//! What a customer asked and an AI answered in one step, out of what went into it and came out. Every step of a chain of
//! calls repeats what came before, so only the last question and the last answer are new.

use super::{content, role};
use crate::domain::Role;
use crate::ingest::context::Warnings;
use crate::ingest::formats::grouped::look::{at, list, unquoted, words};
use serde_json::Value;

/// Keys under which chains take a question, most telling first.
const QUESTIONS: &[&str] = &[
    "input",
    "question",
    "query",
    "user_input",
    "user_message",
    "new_message",
    "message",
    "contents",
    "prompt",
    "text",
    "content",
];
/// Keys under which they give an answer.
const ANSWERS: &[&str] = &[
    "output",
    "answer",
    "response",
    "result",
    "completion",
    "generation",
    "candidates",
    "message",
    "text",
    "content",
    "final_output",
    "generic",
];
/// How deep keys are looked into.
const DEPTH: usize = 4;

/// The last thing that the customer said in what went in; `None` where nothing in it is known for that.
pub(in crate::ingest::formats) fn asked(input: &Value, warnings: &mut Warnings) -> Option<String> {
    find(&unquoted(input.clone()), Role::User, QUESTIONS, DEPTH, warnings)
}

/// The last thing that the AI said in what came out.
pub(in crate::ingest::formats) fn answered(output: &Value, warnings: &mut Warnings) -> Option<String> {
    find(&unquoted(output.clone()), Role::Bot, ANSWERS, DEPTH, warnings)
}

fn find(value: &Value, who: Role, keys: &[&str], depth: usize, warnings: &mut Warnings) -> Option<String> {
    if depth == 0 {
        return None;
    }
    match value {
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => transcript(text, who).or_else(|| Some(text.clone())),
        Value::Array(messages) => {
            // LangChain nests batches of messages.
            let inner = messages.last().filter(|m| m.is_array());
            match inner {
                Some(batch) => find(batch, who, keys, depth - 1, warnings),
                None => last_of(messages, who, warnings).or_else(|| shown(messages)),
            }
        }
        Value::Object(map) => {
            if role(value).is_ok_and(|r| r == who) {
                return text_of(value, warnings);
            }
            let lists = ["messages", "choices", "generations", "history", "chat_history"];
            let listed = lists.iter().find_map(|key| find_list(value, key, who, warnings));
            listed.or_else(|| {
                let found = keys.iter().filter_map(|key| map.get(*key)).filter(|v| !v.is_null());
                found.into_iter().find_map(|inner| find(inner, who, keys, depth - 1, warnings))
            })
        }
        _ => None,
    }
}

/// What a bot shows in one answer: texts, or parts of kind `text`; nothing where none of them says what it is.
fn shown(parts: &[Value]) -> Option<String> {
    let text = |part: &Value| match part {
        Value::String(text) => Some(text.clone()),
        part if words(part, "/response_type") == Some("text") => words(part, "/text").map(str::to_owned),
        _ => None,
    };
    let texts: Vec<String> = parts.iter().filter_map(text).filter(|t| !t.trim().is_empty()).collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}

fn find_list(value: &Value, key: &str, who: Role, warnings: &mut Warnings) -> Option<String> {
    let items = list(value, &format!("/{key}"));
    if let Some(inner) = items.last().filter(|m| m.is_array()) {
        return last_of(inner.as_array().map_or(&[], Vec::as_slice), who, warnings);
    }
    last_of(items, who, warnings)
}

/// The words of the last message of somebody.
fn last_of(messages: &[Value], who: Role, warnings: &mut Warnings) -> Option<String> {
    for message in messages.iter().rev() {
        // OpenAI's choices and LangChain's generations hold a message each, Google's candidates as `content`.
        let inner = ["message", "content"].iter().find_map(|key| message.get(*key).filter(|m| m.is_object()));
        let inner = inner.unwrap_or(message);
        if role(inner).is_ok_and(|r| r == who)
            && let Some(text) = text_of(inner, warnings)
        {
            return Some(text);
        }
    }
    None
}

fn text_of(message: &Value, warnings: &mut Warnings) -> Option<String> {
    let body = message.get("kwargs").filter(|k| k.is_object()).unwrap_or(message);
    content(body, warnings).ok().map(|c| c.text).filter(|t| !t.trim().is_empty())
}

/// Messages written one under the other, each behind its role: `user: hi`.
fn transcript(text: &str, who: Role) -> Option<String> {
    let speaker = |line: &str| {
        let (name, rest) = line.split_once(": ")?;
        let known = match name {
            "system" | "developer" => Role::System,
            "user" | "human" => Role::User,
            "assistant" | "ai" => Role::Bot,
            "tool" | "function" => Role::Tool,
            _ => return None,
        };
        Some((known, rest.to_owned()))
    };
    speaker(text.lines().next()?)?;
    let mut said: Vec<(Role, String)> = Vec::new();
    for line in text.lines() {
        match (speaker(line), said.last_mut()) {
            (Some(next), _) => said.push(next),
            (None, Some((_, before))) => {
                before.push('\n');
                before.push_str(line);
            }
            (None, None) => {}
        }
    }
    said.into_iter().rev().find(|(role, text)| *role == who && text != "None").map(|(_, text)| text)
}

/// The name of a model in what a step says of itself.
pub(in crate::ingest::formats) fn model(step: &Value) -> Option<String> {
    let paths = ["/model", "/extra/metadata/ls_model_name", "/extra/invocation_params/model", "/providedModelName"];
    paths.iter().find_map(|path| words(at(step, path), "")).map(str::to_owned)
}
