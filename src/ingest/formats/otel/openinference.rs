//! Spans of OpenInference that stand by themselves, as Phoenix and its kin export them: a line each, in a list, or under `data`. Attributes
//! stand under their whole names, each behind `attributes.` or all in one object, or as objects in objects.

use super::span::{ToldSpan, attribute, text};
use crate::ingest::formats::grouped::look::{first_id, words};
use serde_json::{Map, Value, json};

/// Objects in objects that attributes may be.
const DEEPEST: usize = 12;
/// Parts of one message that are looked for.
const MOST_PARTS: usize = 100;
/// Kinds of span that neither ask nor answer.
const OTHER_STEPS: &[&str] = &["RETRIEVER", "EMBEDDING", "RERANKER", "GUARDRAIL", "EVALUATOR"];
const TRACE: &[&str] = &["/context/trace_id", "/context/traceId", "/context.trace_id", "/trace_id", "/traceId"];

/// Whether a value is such a span.
pub(super) fn is_span(value: &Value) -> bool {
    first_id(value, TRACE).is_some() && attributes(value).keys().any(|key| is_of_ai(key))
}

fn is_of_ai(name: &str) -> bool {
    ["openinference.", "llm.", "gen_ai."].iter().any(|start| name.starts_with(start))
}

/// What such a span says; `None` where it is none.
pub(super) fn span(value: &Value) -> Option<ToldSpan> {
    let trace = Some(first_id(value, TRACE)?);
    let mut own = attributes(value);
    if let Some(kind) = words(value, "/span_kind").or_else(|| words(value, "/spanKind")) {
        own.entry(KIND).or_insert_with(|| kind.into());
    }
    // Its database names the session beside the attributes.
    if let Some(session) = first_id(value, &["/session_id", "/sessionId"]) {
        own.entry("session.id").or_insert_with(|| session.into());
    }
    let said = |names: [&str; 2]| names.iter().find_map(|name| words(value, name));
    let failed = said(["/status_code", "/statusCode"]).is_some_and(|code| code.ends_with("ERROR"));
    let message = said(["/status_message", "/statusMessage"]);
    Some(ToldSpan {
        own,
        trace,
        id: first_id(value, &["/context/span_id", "/context/spanId", "/context.span_id", "/span_id", "/spanId"]),
        parent: first_id(value, &["/parent_id", "/parentId"]),
        name: value["name"].clone(),
        start: first_id(value, &["/start_time", "/startTime"]),
        end: first_id(value, &["/end_time", "/endTime"]),
        status: if failed { json!({"code": "STATUS_CODE_ERROR", "message": message}) } else { Value::Null },
        events: Vec::new(),
    })
}

/// The attribute that says of what kind a span is.
const KIND: &str = "openinference.span.kind";

/// Whether a span is of a kind.
pub(super) fn is_of(span: &Value, kind: &str) -> bool {
    text(span, KIND).is_some_and(|own| own.eq_ignore_ascii_case(kind))
}

/// Whether a span is of a step in which nobody asks or answers.
pub(super) fn is_of_another_step(span: &Value) -> bool {
    OTHER_STEPS.iter().any(|kind| is_of(span, kind))
}

/// The texts of a message's parts, one below the other; null where it has none.
pub(super) fn parts(span: &Value, message: &str) -> Value {
    let of = |i: usize, what: &str| attribute(span, &format!("{message}.contents.{i}.message_content.{what}")).as_str();
    let part = |i: usize| of(i, "text").map(str::to_owned).or_else(|| of(i, "type").map(|kind| format!("[{kind}]")));
    let all: Vec<String> = (0..MOST_PARTS).map_while(part).collect();
    if all.is_empty() { Value::Null } else { all.join("\n").into() }
}

/// The attributes of a span under their whole names.
fn attributes(span: &Value) -> Map<String, Value> {
    let mut out = Map::new();
    for (key, value) in span.as_object().into_iter().flatten() {
        match key.strip_prefix("attributes") {
            Some("") => flatten(value, String::new(), 0, &mut out),
            Some(name) if name.starts_with('.') => flatten(value, name[1..].to_owned(), 0, &mut out),
            _ => {}
        }
    }
    out
}

fn flatten(value: &Value, name: String, depth: usize, out: &mut Map<String, Value>) {
    let under = |key: &str| if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") };
    match value {
        Value::Null => {}
        Value::Object(map) if depth < DEEPEST => {
            map.iter().for_each(|(key, inner)| flatten(inner, under(key), depth + 1, out));
        }
        Value::Array(list) if depth < DEEPEST && list.iter().any(Value::is_object) => {
            list.iter().enumerate().for_each(|(i, inner)| flatten(inner, under(&i.to_string()), depth + 1, out));
        }
        other => drop(out.insert(name, other.clone())),
    }
}
