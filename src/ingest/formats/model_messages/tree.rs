//! A chat as a tree of messages, as ChatGPT exports it: who asks again or has an answer written anew begins a branch. What the
//! customer saw last is the branch that ends in `current_node`; the others are left out and counted.

use crate::ingest::context::Context;
use crate::ingest::formats::canonical::conversation::MAX_TURNS;
use crate::ingest::formats::grouped::look::{at, is_true, words};
use crate::ingest::formats::record_error::RecordError;
use serde_json::{Map, Value, json};
use std::collections::HashSet;

/// Kinds of content that nobody says: thoughts of the model, and what the person has told of themselves for every chat.
const UNSAID: &[&str] =
    &["thoughts", "reasoning_recap", "user_editable_context", "model_editable_context", "app_pairing_content"];

/// Whether a record holds its messages as such a tree.
pub(in crate::ingest::formats) fn is_tree(record: &Value) -> bool {
    let node = |node: &Value| {
        node.get("message").is_some() && (node.get("parent").is_some() || node.get("children").is_some())
    };
    at(record, "/mapping").as_object().is_some_and(|nodes| nodes.values().any(node))
}

/// A record whose tree has become its `messages`; any other stays as it is.
///
/// # Errors
/// Its nodes stand in a circle, or nothing says which branch was read last.
pub(in crate::ingest::formats) fn unrolled(mut record: Value, cx: &mut Context) -> Result<Value, RecordError> {
    if !is_tree(&record) {
        return Ok(record);
    }
    let branch = branch(&record)?;
    let nodes = at(&record, "/mapping");
    let message = |name: &String| said(nodes.get(name)?.get("message")?);
    let messages: Vec<Value> = branch.iter().filter_map(message).collect();
    let on_it: HashSet<&String> = branch.iter().collect();
    let off_it = |name: &&String| !on_it.contains(name) && message(name).is_some();
    let left_out = nodes.as_object().is_some_and(|nodes| nodes.keys().any(|name| off_it(&name)));
    if left_out {
        cx.warnings.add("a chat with branches that were asked or answered anew: the one that was read last is taken");
    }
    if let Value::Object(map) = &mut record {
        for key in ["mapping", "current_node", "moderation_results"] {
            map.shift_remove(key);
        }
        map.insert("messages".to_owned(), Value::Array(messages));
    }
    Ok(record)
}

/// The names of the nodes from the first to the last that was read.
fn branch(record: &Value) -> Result<Vec<String>, RecordError> {
    let nodes = at(record, "/mapping");
    let named = words(record, "/current_node").map(str::to_owned).or_else(|| only_end(nodes));
    let mut next = Some(named.ok_or(RecordError::Missing("`current_node`: it tells which branch was read last"))?);
    let (mut out, mut seen) = (Vec::new(), HashSet::new());
    while let Some(name) = next {
        let Some(node) = nodes.get(&name) else { break };
        if !seen.insert(name.clone()) {
            return Err(RecordError::Missing("first message: the nodes of `mapping` stand in a circle"));
        }
        if seen.len() > 4 * MAX_TURNS {
            return Err(RecordError::TooMany { what: "messages of `mapping`".to_owned(), most: 4 * MAX_TURNS });
        }
        next = words(node, "/parent").map(str::to_owned);
        out.push(name);
    }
    out.reverse();
    Ok(out)
}

/// The one node that nothing follows.
fn only_end(nodes: &Value) -> Option<String> {
    let parents: HashSet<&str> = nodes.as_object()?.values().filter_map(|n| words(n, "/parent")).collect();
    let mut ends = nodes.as_object()?.keys().filter(|name| !parents.contains(name.as_str()));
    ends.next().filter(|_| ends.next().is_none()).cloned()
}

/// A node's message as other files of messages have it; `None` where nobody saw it.
fn said(message: &Value) -> Option<Value> {
    let kind = words(message, "/content/content_type").unwrap_or("text");
    if is_true(at(message, "/metadata/is_visually_hidden_from_conversation")) || UNSAID.contains(&kind) {
        return None;
    }
    let content = match at(message, "/content/parts") {
        Value::Array(parts) => Value::Array(parts.iter().map(part).collect()),
        _ => ["/content/text", "/content/result"].iter().find_map(|path| words(message, path)).map(Value::from)?,
    };
    let empty =
        content.as_array().is_some_and(|parts| parts.iter().all(|p| p.as_str().is_some_and(|t| t.trim().is_empty())));
    if empty {
        return None;
    }
    let mut out = Map::new();
    let to = words(message, "/recipient").filter(|to| *to != "all");
    let role = words(message, "/author/role")?;
    // What the model says to a tool is a call of it.
    match to.filter(|_| role == "assistant") {
        Some(tool) => {
            let call = json!({"type": "tool_use", "id": at(message, "/id"), "name": tool, "input": content});
            out.insert("content".to_owned(), json!([call]));
        }
        None => drop(out.insert("content".to_owned(), content)),
    }
    out.insert("role".to_owned(), role.into());
    let told =
        [("id", "/id"), ("created_at", "/create_time"), ("model", "/metadata/model_slug"), ("name", "/author/name")];
    // A result names the tool that it comes from, and not the call.
    for (key, path) in told.into_iter().filter(|(key, _)| *key != "id" || role != "tool") {
        if !at(message, path).is_null() {
            out.insert(key.to_owned(), at(message, path).clone());
        }
    }
    Some(out.into())
}

/// A part as it is known: words, or the kind of what is shown.
fn part(part: &Value) -> Value {
    match words(part, "/content_type") {
        Some("image_asset_pointer") => json!({"type": "image"}),
        Some("audio_transcription") => at(part, "/text").clone(),
        Some(kind) if kind.contains("audio") => json!({"type": "audio"}),
        Some(kind) => json!({"type": kind}),
        None => part.clone(),
    }
}
