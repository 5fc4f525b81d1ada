//! Langfuse: traces with their observations and scores, as the screen downloads them, as the API and exports of tables hand
//! them out (JSON, lines, CSV). A session is one conversation, a trace one question with its answer; a trace of no session
//! stands alone.

mod exchange;
mod scores;

use super::grouped::ending::{event, finish};
use super::grouped::look::{at, first_id, id, list, unquoted, words};
use super::grouped::{Built, GroupedFormat, PartSink, RecordGroup, RecordPiece};
use super::record_error::RecordError;
use crate::domain::{Bot, Conversation, Role};
use crate::ingest::context::Context;
use exchange::Trace;
use scores::ConversationScores;
use serde_json::{Value, json};
use std::collections::HashMap;

/// The format.
pub(in crate::ingest) static LANGFUSE: GroupedFormat = GroupedFormat {
    name: "langfuse",
    marks: &[
        "\"traceId\"",
        "\"sessionId\"",
        "\"observations\"",
        "trace_id",
        "traceId",
        "parentObservationId",
        "\"scores\"",
    ],
    tell,
    lists: &["data"],
    has_tables: true,
    asks: false,
    take,
    build,
};

const TRACE: u8 = b't';
const OBSERVATION: u8 = b'o';
const SCORE: u8 = b's';

fn is_download(v: &Value) -> bool {
    at(v, "/trace/id").is_string() && v.get("observations").is_some()
}

fn is_trace(v: &Value) -> bool {
    let has = |key: &str| v.get(key).is_some();
    has("id")
        && has("timestamp")
        && (has("sessionId") || has("session_id"))
        && (has("input") || has("output"))
        && !has("traceId")
}

fn is_observation(v: &Value) -> bool {
    first_id(v, &["/traceId", "/trace_id"]).is_some()
        && v.get("type").is_some_and(Value::is_string)
        && first_id(v, &["/startTime", "/start_time"]).is_some()
}

fn is_score(v: &Value) -> bool {
    let of = first_id(v, &["/traceId", "/trace_id", "/sessionId", "/session_id"]);
    of.is_some()
        && v.get("name").is_some()
        && (v.get("value").is_some() || v.get("stringValue").is_some())
        && v.get("source").is_some()
}

fn tell(values: &[Value]) -> Option<(u8, &'static str)> {
    let any = |f: fn(&Value) -> bool| values.iter().any(f);
    if any(is_download) || any(is_trace) {
        return Some((97, "traces of Langfuse"));
    }
    let observed = any(|v| {
        is_observation(v) && (v.get("parentObservationId").is_some() || v.get("parent_observation_id").is_some())
    });
    if observed {
        return Some((97, "observations of Langfuse"));
    }
    any(|v| is_score(v) && (v.get("dataType").is_some() || v.get("data_type").is_some()))
        .then_some((96, "scores of Langfuse"))
}

fn take(mut value: Value, out: &mut PartSink<'_>) -> Result<(), RecordError> {
    if is_download(&value) {
        let parts = ["observations", "scores"].map(|key| value.get_mut(key).map(Value::take).unwrap_or_default());
        let trace = value.get_mut("trace").map(Value::take).unwrap_or_default();
        let of = id(&trace, "/id").unwrap_or_default();
        take_trace(trace, out)?;
        return parts.into_iter().try_for_each(|list| take_parts(list, &of, out));
    }
    if let Some(Value::Array(traces)) = value.get_mut("traces").map(Value::take) {
        let session = id(&value, "/id");
        return traces.into_iter().try_for_each(|mut trace| {
            if let (Some(map), Some(session)) = (trace.as_object_mut(), &session) {
                map.entry("sessionId").or_insert_with(|| json!(session));
            }
            take_trace(trace, out)
        });
    }
    if is_score(&value) {
        return take_score(value, out);
    }
    if is_observation(&value) {
        let of = first_id(&value, &["/traceId", "/trace_id"]).unwrap_or_default();
        return out.piece(&of, OBSERVATION, &value);
    }
    match value.get("id") {
        Some(_) if value.get("timestamp").is_some() => take_trace(value, out),
        _ => {
            out.cx.warnings.add("a record that is no trace, observation or score, left out");
            Ok(())
        }
    }
}

fn take_trace(mut trace: Value, out: &mut PartSink<'_>) -> Result<(), RecordError> {
    let of = id(&trace, "/id").ok_or(RecordError::Missing("`id` of a trace"))?;
    if let Some(session) = first_id(&trace, &["/sessionId", "/session_id"]) {
        out.belongs(&of, &session);
    }
    let parts = ["observations", "scores"].map(|key| trace.get_mut(key).map(Value::take).unwrap_or_default());
    out.piece(&of, TRACE, &trace)?;
    parts.into_iter().try_for_each(|list| take_parts(list, &of, out))
}

/// Observations or scores that stand within their trace; where only their ids do, there is nothing to read.
fn take_parts(parts: Value, of: &str, out: &mut PartSink<'_>) -> Result<(), RecordError> {
    // A cell of a table holds them as text.
    for mut part in scores::by_name(unquoted(parts)) {
        let Some(map) = part.as_object_mut() else { continue };
        if map.get("traceId").is_none_or(Value::is_null) {
            map.insert("traceId".to_owned(), of.into());
        }
        if is_observation(&part) { out.piece(of, OBSERVATION, &part)? } else { take_score(part, out)? }
    }
    Ok(())
}

fn take_score(score: Value, out: &mut PartSink<'_>) -> Result<(), RecordError> {
    let of = first_id(&score, &["/traceId", "/trace_id", "/sessionId", "/session_id"]);
    scores::remember(&score, out);
    match of {
        Some(of) => out.piece(&of, SCORE, &score),
        None => Err(RecordError::Missing("`traceId` of a score")),
    }
}

fn build(group: RecordGroup<'_>, cx: &mut Context) -> Vec<Built> {
    let (mut traces, mut places): (Vec<Trace>, HashMap<String, usize>) = (Vec::new(), HashMap::new());
    let mut scores = ConversationScores::new(group.known);
    let (whole, parts): (Vec<_>, Vec<_>) = group.pieces.into_iter().partition(|p| p.tag == TRACE);
    for piece in told_once(whole) {
        let trace = Trace::new(piece.value);
        places.insert(trace.id.clone(), traces.len());
        traces.push(trace);
    }
    for piece in told_once(parts) {
        match piece.tag {
            SCORE => scores.add(piece.value),
            _ => {
                let of = first_id(&piece.value, &["/traceId", "/trace_id"]).unwrap_or_default();
                match places.get(&of).and_then(|&place| traces.get_mut(place)) {
                    Some(trace) => trace.observations.push(piece.value),
                    None => {
                        places.insert(of.clone(), traces.len());
                        traces.push(Trace::of_observation(of, piece.value));
                    }
                }
            }
        }
    }
    if traces.is_empty() {
        cx.warnings.add("a score of a trace that is not in the file, left out");
        return Vec::new();
    }
    traces.sort_by_key(|t| t.at(cx));
    vec![conversation(group.id, traces, scores, cx)]
}

/// Each piece once: a download and a table may both hold it, and a trace lists its observations without what went into them. What
/// one telling lacks, another adds.
fn told_once(pieces: Vec<RecordPiece>) -> Vec<RecordPiece> {
    let (mut out, mut places): (Vec<RecordPiece>, HashMap<(u8, String), usize>) = (Vec::new(), HashMap::new());
    for piece in pieces {
        let place = id(&piece.value, "/id").map(|id| *places.entry((piece.tag, id)).or_insert(out.len()));
        match place.and_then(|place| out.get_mut(place)) {
            Some(before) => complete(&mut before.value, piece.value),
            None => out.push(piece),
        }
    }
    out
}

fn complete(value: &mut Value, other: Value) {
    let (Some(map), Value::Object(other)) = (value.as_object_mut(), other) else { return };
    for (key, given) in other {
        let own = map.entry(key).or_insert(Value::Null);
        if own.is_null() {
            *own = given;
        }
    }
}

fn conversation(id: String, traces: Vec<Trace>, mut scores: ConversationScores<'_>, cx: &mut Context) -> Built {
    let mut c = Conversation::new(cx.source.clone(), id, Vec::new());
    let mut said = None;
    for trace in traces {
        let first = c.turns.len();
        trace.turns(&mut c.turns, cx);
        said = scores.apply(&trace.id, &mut c.turns[first..], &mut c.csat, cx).or(said);
        let root = &trace.root;
        c.customer_id = c.customer_id.or_else(|| first_id(root, &["/userId", "/user_id"]));
        for tag in list(&unquoted(at(root, "/tags").clone()), "").iter().filter_map(Value::as_str) {
            if c.tags.len() < 100 && !c.tags.iter().any(|t| t == tag) {
                c.tags.push(tag.to_owned());
            }
        }
        let (name, version) = (words(root, "/name"), words(root, "/release").or_else(|| words(root, "/version")));
        if name.is_some() || version.is_some() {
            c.bot = Some(Bot { name: name.map(str::to_owned), version: version.map(str::to_owned) });
        }
        if let Some(error) = trace.error() {
            let mut turn = event("error", error);
            turn.at = trace.at(cx);
            c.turns.push(turn);
        }
    }
    if c.turns.iter().all(|t| t.role == Role::System || t.role == Role::Tool) {
        return Err(RecordError::Missing(
            "question or answer in its traces: download them with input and output (the \"log view\")",
        ));
    }
    said = scores.apply(&c.id.clone(), &mut c.turns, &mut c.csat, cx).or(said);
    finish(c, said, cx)
}
