//! OpenTelemetry: spans and log records of generative AI in OTLP's JSON, one batch a line. Those with the same
//! `gen_ai.conversation.id` (or `session.id`) are one conversation, else those of a trace. Each call of a model repeats what came
//! before, so a trace is one question with its answer. A log record is an event of its span, which need not be in the log. Spans that stand
//! by themselves, as OpenInference's programs give them away ([`openinference`]), are read as those of a batch are.

mod judged;
mod openinference;
mod span;

use super::grouped::ending::{KnownEnding, event, finish};
use super::grouped::look::{at, first_id, list, unquoted, words};
use super::grouped::{Built, GroupedFormat, PartSink, RecordGroup, RecordPiece};
use super::model_messages::exchange::{answered, asked};
use super::model_messages::tools::ran;
use super::record_error::RecordError;
use crate::domain::{Bot, Conversation, Role, Timestamp, Turn};
use crate::ingest::context::Context;
use crate::ingest::distinct::Distinct;
use judged::{is_error, judged};
use serde_json::{Map, Value, json};
use span::{ToldSpan, attribute, attributes, plain, text};
use std::collections::HashMap;

/// The format.
pub(in crate::ingest) static OTEL: GroupedFormat = GroupedFormat {
    name: "otel",
    marks: &[
        "\"resourceSpans\"",
        "\"resource_spans\"",
        "\"resourceLogs\"",
        "\"resource_logs\"",
        "openinference",
        "input_messages",
        "\"span_kind\"",
        "\"spanKind\"",
        "gen_ai.",
    ],
    tell,
    lists: &["data", "spans"],
    has_tables: false,
    asks: false,
    take,
    build,
};

/// What pieces are.
const SPAN: u8 = b's';
const LOG: u8 = b'l';

fn tell(values: &[Value]) -> Option<(u8, &'static str)> {
    let has =
        |names: [&str; 2]| values.iter().any(|v| names.iter().any(|name| v.get(name).is_some_and(Value::is_array)));
    match (has(["resourceSpans", "resource_spans"]), has(["resourceLogs", "resource_logs"])) {
        (true, _) => Some((97, "spans of OpenTelemetry")),
        (_, true) => Some((97, "log records of OpenTelemetry")),
        _ if values.iter().any(openinference::is_span) => Some((97, "spans of OpenInference, one by one")),
        _ => None,
    }
}

fn take(batch: Value, out: &mut PartSink<'_>) -> Result<(), RecordError> {
    if let Some(span) = openinference::span(&batch) {
        return take_told(span, out);
    }
    let mut found = false;
    for span in under(
        &batch,
        &["/resourceSpans", "/resource_spans"],
        &["/scopeSpans", "/scope_spans", "/instrumentationLibrarySpans"],
        &["/spans"],
    ) {
        found = true;
        take_span(span, out)?;
    }
    for record in under(
        &batch,
        &["/resourceLogs", "/resource_logs"],
        &["/scopeLogs", "/scope_logs"],
        &["/logRecords", "/log_records"],
    ) {
        found = true;
        take_log(record, out)?;
    }
    if found {
        Ok(())
    } else {
        Err(RecordError::Missing("spans under `resourceSpans` or records under `resourceLogs`"))
    }
}

/// What stands in a batch under its resources and their scopes, each under any of its names.
fn under<'b>(
    batch: &'b Value,
    resources: &'b [&str],
    scopes: &'b [&str],
    own: &'b [&str],
) -> impl Iterator<Item = &'b Value> {
    let within = |value: &'b Value, names: &'b [&str]| names.iter().flat_map(move |name| list(value, name));
    let of_resource = move |resource| within(resource, scopes);
    within(batch, resources).flat_map(of_resource).flat_map(move |scope| within(scope, own))
}

/// The conversation that attributes name.
fn whole_of(attributes: &Map<String, Value>) -> Option<&str> {
    let keys = [
        "gen_ai.conversation.id",
        "session.id",
        "gen_ai.session.id",
        "traceloop.association.properties.session_id",
        "langfuse.session.id",
        "ai.telemetry.metadata.sessionId",
    ];
    keys.iter().find_map(|k| attributes.get(*k)).and_then(Value::as_str).filter(|s| !s.is_empty())
}

/// A log record is an event with a name, and its body is attributes or a text. It need not know of a trace.
fn take_log(record: &Value, out: &mut PartSink<'_>) -> Result<(), RecordError> {
    let own = attributes(list(record, "/attributes"));
    let name = words(record, "/eventName").or_else(|| words(record, "/event_name"));
    let name = name.or_else(|| own.get("event.name").and_then(Value::as_str)).unwrap_or_default();
    // Web servers write log records into the same files.
    if !name.starts_with("gen_ai.") {
        return Ok(());
    }
    let times = ["/timeUnixNano", "/time_unix_nano", "/observedTimeUnixNano", "/observed_time_unix_nano"];
    let time = times.iter().find_map(|path| first_id(record, &[path]).filter(|time| time != "0")).unwrap_or_default();
    let whole = whole_of(&own);
    let trace = match (first_id(record, &["/traceId", "/trace_id"]), whole) {
        (Some(trace), _) => trace,
        (None, Some(whole)) => format!("{whole}/{time}"),
        (None, None) => return Err(RecordError::Missing("`traceId` or `gen_ai.conversation.id`")),
    };
    if let Some(whole) = whole {
        out.belongs(&trace, whole);
    }
    let mut said = own.clone();
    match plain(at(record, "/body")) {
        Value::Object(body) => said.extend(body),
        Value::Null => {}
        text => drop(said.insert("content".to_owned(), text)),
    }
    let span = first_id(record, &["/spanId", "/span_id"]);
    let event = json!({"name": name, "attributes": said});
    out.piece(
        &trace,
        LOG,
        &json!({"trace": trace, "id": span, "start": time, "end": time, "a": own, "events": [event]}),
    )
}

fn take_span(span: &Value, out: &mut PartSink<'_>) -> Result<(), RecordError> {
    let events: Vec<Value> = list(span, "/events")
        .iter()
        .map(|e| json!({"name": e["name"], "attributes": attributes(list(e, "/attributes"))}))
        .collect();
    let span = ToldSpan {
        own: attributes(list(span, "/attributes")),
        trace: first_id(span, &["/traceId", "/trace_id"]),
        id: first_id(span, &["/spanId", "/span_id"]),
        parent: first_id(span, &["/parentSpanId", "/parent_span_id"]),
        name: span["name"].clone(),
        start: first_id(span, &["/startTimeUnixNano", "/start_time_unix_nano"]),
        end: first_id(span, &["/endTimeUnixNano", "/end_time_unix_nano"]),
        status: span["status"].clone(),
        events,
    };
    take_told(span, out)
}

fn take_told(span: ToldSpan, out: &mut PartSink<'_>) -> Result<(), RecordError> {
    let ToldSpan { own, trace, id, parent, name, start, end, status, events } = span;
    let is_ai = own
        .keys()
        .any(|k| ["gen_ai.", "llm.", "traceloop.", "openinference.", "ai."].iter().any(|start| k.starts_with(start)));
    let trace = trace.ok_or(RecordError::Missing("`traceId`"))?;
    if let Some(whole) = whole_of(&own) {
        out.belongs(&trace, whole);
    }
    // Databases and web servers write spans into the same traces.
    if !is_ai && !events.iter().any(|e| words(e, "/name").is_some_and(|n| n.starts_with("gen_ai."))) {
        return Ok(());
    }
    let kept = json!({
        "trace": trace, "id": id, "parent": parent, "name": name, "start": start, "end": end, "status": status, "a": own, "events": events,
    });
    out.piece(&trace, SPAN, &kept)
}

fn moment(span: &Value, path: &str, cx: &Context) -> Option<Timestamp> {
    cx.times.read(at(span, path)).unwrap_or_default()
}

/// The names under which instrumentations have written what went into a call or came out of it.
struct MessageNames {
    /// Attributes that hold all of it.
    whole: &'static [&'static str],
    /// The event that holds a message.
    event: &'static str,
    /// Attributes counted up, a message each: before and behind the number.
    numbered: &'static [(&'static str, &'static str)],
    /// Who says a message that does not say it.
    role: &'static str,
}

const INPUT: MessageNames = MessageNames {
    whole: &["gen_ai.input.messages", "gen_ai.prompt", "input.value", "ai.prompt.messages", "ai.prompt"],
    event: "gen_ai.user.message",
    numbered: &[("gen_ai.prompt", ""), ("llm.input_messages", ".message")],
    role: "user",
};
const OUTPUT: MessageNames = MessageNames {
    whole: &["gen_ai.output.messages", "gen_ai.completion", "output.value", "ai.response.text"],
    event: "gen_ai.choice",
    numbered: &[("gen_ai.completion", ""), ("llm.output_messages", ".message")],
    role: "assistant",
};

/// What went into a call or came out of it, in any of the ways in which instrumentations have written it.
fn messages(span: &Value, names: &MessageNames) -> Value {
    for name in names.whole {
        let given = attribute(span, name);
        if !given.is_null() {
            return unquoted(given.clone());
        }
    }
    for e in list(span, "/events").iter().rev() {
        let own = at(e, "/attributes");
        let is_own = words(e, "/name") == Some(names.event);
        let given = names.whole.iter().find_map(|name| own.get(*name));
        let given = given.or_else(|| own.get("content").or_else(|| own.get("message")).filter(|_| is_own));
        if let Some(given) = given {
            return unquoted(given.clone());
        }
    }
    let counted = names.numbered.iter().map(|(start, end)| numbered(span, start, end, names.role));
    counted.into_iter().find(|list| !list.is_empty()).map_or(Value::Null, Value::Array)
}

/// `gen_ai.prompt.0.role` and `gen_ai.prompt.0.content`, counted up.
fn numbered(span: &Value, start: &str, end: &str, who: &str) -> Vec<Value> {
    let of = |i: usize, what: &str| match attribute(span, &format!("{start}.{i}{end}.{what}")) {
        Value::Null if what == "content" => openinference::parts(span, &format!("{start}.{i}{end}")),
        given => given.clone(),
    };
    let all = (0..1_000)
        .map(|i| (of(i, "role"), of(i, "content")))
        .take_while(|(role, content)| !role.is_null() || !content.is_null());
    let said = |role: Value| if role.is_null() { who.into() } else { role };
    all.map(|(role, content)| json!({"role": said(role), "content": unquoted(content)})).collect()
}

fn build(group: RecordGroup<'_>, cx: &mut Context) -> Vec<Built> {
    let mut seen = Distinct::default();
    let (mut logs, mut spans): (Vec<RecordPiece>, Vec<RecordPiece>) =
        group.pieces.into_iter().partition(|p| p.tag == LOG);
    spans.retain(|s| first_id(&s.value, &["/id"]).is_none_or(|id| seen.add(id)));
    logs.sort_by_key(|log| moment(&log.value, "/start", cx));
    let mut spans = with_events(spans.into_iter().map(|p| p.value).collect(), logs.into_iter().map(|p| p.value));
    spans.sort_by_key(|s| moment(s, "/start", cx));
    let mut traces: Vec<(String, Vec<&Value>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for span in &spans {
        let trace = first_id(span, &["/trace"]).unwrap_or_default();
        let place = *places.entry(trace.clone()).or_insert(traces.len());
        match traces.get_mut(place) {
            Some((_, own)) => own.push(span),
            None => traces.push((trace, vec![span])),
        }
    }
    let mut c = Conversation::new(cx.source.clone(), group.id, Vec::new());
    let mut said = None;
    for (trace, own) in traces {
        said = exchange(&trace, &own, &mut c, cx).or(said);
    }
    if c.turns.iter().all(|t| matches!(t.role, Role::System | Role::Tool)) {
        cx.warnings.add(
            "a trace without question and answer, left out: instrumentations write them only where that is switched on",
        );
        return Vec::new();
    }
    vec![finish(c, said, cx)]
}

/// Spans with the events that log records tell of them. Of a span that is not in the log its events make one.
fn with_events(mut spans: Vec<Value>, logs: impl Iterator<Item = Value>) -> Vec<Value> {
    let key = |value: &Value| Some((first_id(value, &["/trace"])?, first_id(value, &["/id"])?));
    let mut places: HashMap<(String, String), usize> =
        spans.iter().enumerate().filter_map(|(place, span)| Some((key(span)?, place))).collect();
    for mut log in logs {
        let of = key(&log);
        let known = of.as_ref().and_then(|of| spans.get_mut(*places.get(of)?)).and_then(Value::as_object_mut);
        let Some(span) = known else {
            places.extend(of.map(|of| (of, spans.len())));
            spans.push(log);
            continue;
        };
        let mut of_log = |name: &str| log.get_mut(name).map(Value::take).unwrap_or_default();
        if let (Some(Value::Array(events)), Value::Array(more)) = (span.get_mut("events"), of_log("events")) {
            events.extend(more);
        }
        if let (Some(Value::Object(own)), Value::Object(more)) = (span.get_mut("a"), of_log("a")) {
            for (name, value) in more {
                own.entry(name).or_insert(value);
            }
        }
    }
    spans
}

fn exchange(trace: &str, spans: &[&Value], c: &mut Conversation, cx: &mut Context) -> Option<KnownEnding> {
    let is_tool = |s: &&&Value| {
        text(s, "gen_ai.operation.name") == Some("execute_tool")
            || text(s, "gen_ai.tool.name").is_some()
            || openinference::is_of(s, "TOOL")
    };
    let agents = spans
        .iter()
        .filter(|s| text(s, "gen_ai.operation.name") == Some("invoke_agent") || openinference::is_of(s, "AGENT"));
    let calls = spans.iter().rev().filter(|s| !is_tool(s) && !openinference::is_of_another_step(s));
    // The outermost span that tells, then the last call, which holds the whole exchange.
    let places: Vec<&Value> = agents.chain(calls).copied().collect();
    let question = places.iter().find_map(|s| asked(&messages(s, &INPUT), &mut cx.warnings));
    let answer = places.iter().find_map(|s| answered(&messages(s, &OUTPUT), &mut cx.warnings).map(|a| (a, *s)));
    let first = spans.first()?;
    if let Some(said_text) = question {
        let mut turn = Turn::new(Role::User, said_text);
        (turn.at, turn.id) = (moment(first, "/start", cx), Some(format!("{trace}/in")));
        c.turns.push(turn);
    }
    for tool in spans.iter().filter(is_tool) {
        let given =
            |names: [&str; 2]| names.iter().map(|n| attribute(tool, n)).find(|v| !v.is_null()).unwrap_or(&Value::Null);
        let name = given(["gen_ai.tool.name", "tool.name"]).as_str().or_else(|| words(tool, "/name")).unwrap_or("tool");
        let output = unquoted(given(["gen_ai.tool.call.result", "output.value"]).clone());
        let error = is_error(tool).then(|| words(tool, "/status/message").unwrap_or("failed"));
        let mut turn = ran(name, given(["gen_ai.tool.call.arguments", "input.value"]), &output, error);
        (turn.at, turn.id) = (moment(tool, "/start", cx), first_id(tool, &["/id"]));
        c.turns.push(turn);
    }
    if let Some((said_text, span)) = answer {
        let mut turn = Turn::new(Role::Bot, said_text);
        (turn.at, turn.id) = (moment(span, "/end", cx), Some(format!("{trace}/out")));
        turn.model = ["gen_ai.response.model", "gen_ai.request.model", "llm.model_name"]
            .iter()
            .find_map(|name| text(span, name))
            .map(str::to_owned);
        c.turns.push(turn);
    }
    if let Some(root) = spans.iter().find(|s| at(s, "/parent").is_null() && is_error(s)) {
        let mut turn = event("error", words(root, "/status/message").unwrap_or_default());
        turn.at = moment(root, "/end", cx);
        c.turns.push(turn);
    }
    let name = spans.iter().find_map(|s| text(s, "gen_ai.agent.name"));
    c.bot = c.bot.take().or_else(|| name.map(|n| Bot { name: Some(n.to_owned()), version: None }));
    let user = spans.iter().find_map(|s| text(s, "user.id").or_else(|| text(s, "enduser.id")));
    c.customer_id = c.customer_id.take().or_else(|| user.map(str::to_owned));
    judged(spans, c, cx)
}
