//! LangSmith: runs, one a record, with the runs below them and feedback. The outermost run of a trace is one question with
//! its answer; a thread (`session_id`, `thread_id` or `conversation_id` in the metadata) is one conversation.

use super::grouped::ending::{event, finish};
use super::grouped::look::{at, first_id, id, list, number, shown, unquoted, words};
use super::grouped::{Built, GroupedFormat, PartSink, RecordGroup};
use super::model_messages::exchange::{answered, asked, model};
use super::model_messages::tools::ran;
use super::record_error::RecordError;
use crate::domain::{Bot, Conversation, Feedback, Role, Timestamp, Turn};
use crate::ingest::context::Context;
use serde_json::{Value, json};
use std::collections::HashMap;

/// The format.
pub(in crate::ingest) static LANGSMITH: GroupedFormat = GroupedFormat {
    name: "langsmith",
    marks: &["run_type", "\"run_id\""],
    tell,
    lists: &["runs", "feedback"],
    has_tables: true,
    asks: false,
    take,
    build,
};

const RUN: u8 = b'r';
const FEEDBACK: u8 = b'f';

fn tell(values: &[Value]) -> Option<(u8, &'static str)> {
    let is_run = |v: &Value| v.get("run_type").is_some() && (v.get("inputs").is_some() || v.get("trace_id").is_some());
    let is_feedback = |v: &Value| v.get("run_id").is_some() && v.get("key").is_some() && v.get("score").is_some();
    if values.iter().any(|value| is_run(value) || BATCHES.iter().any(|path| list(value, path).iter().any(is_run))) {
        return Some((97, "runs of LangSmith"));
    }
    values.iter().any(is_feedback).then_some((95, "feedback of LangSmith"))
}

/// Where runs stand as programs send them: those that begin, and what became of others.
const BATCHES: &[&str] = &["/post", "/patch"];

fn take(mut value: Value, out: &mut PartSink<'_>) -> Result<(), RecordError> {
    if !BATCHES.iter().any(|path| at(&value, path).is_array()) {
        return take_one(value, out);
    }
    for path in BATCHES {
        let batch = value.pointer_mut(path).and_then(Value::as_array_mut).map(std::mem::take).unwrap_or_default();
        for one in batch {
            if let Err(why) = take_one(one, out) {
                out.reject(&why);
            }
        }
    }
    Ok(())
}

fn take_one(mut run: Value, out: &mut PartSink<'_>) -> Result<(), RecordError> {
    // A table holds them as text.
    for key in ["extra", "metadata", "inputs", "outputs", "feedback_stats"] {
        if let Some(cell) = run.get_mut(key).filter(|cell| cell.is_string()) {
            *cell = unquoted(cell.take());
        }
    }
    let is_feedback = run.get("run_id").is_some() || run.get("key").is_some();
    if is_feedback && run.get("run_type").is_none() {
        let of = first_id(&run, &["/trace_id", "/run_id"]).ok_or(RecordError::Missing("`run_id`"))?;
        return out.piece(&of, FEEDBACK, &run);
    }
    let trace = first_id(&run, &["/trace_id", "/id"]).ok_or(RecordError::Missing("`id`"))?;
    let metadata = ["/extra/metadata", "/metadata"].map(|path| at(&run, path));
    let keys = ["/thread_id", "/session_id", "/conversation_id"];
    if let Some(thread) = metadata.iter().find_map(|m| first_id(m, &keys)) {
        out.belongs(&trace, &thread);
    }
    if let Some(own) = id(&run, "/id").filter(|own| *own != trace && parent(&run).is_none()) {
        out.belongs(&own, &trace);
    }
    out.piece(&trace, RUN, &run)
}

fn parent(run: &Value) -> Option<String> {
    first_id(run, &["/parent_run_id", "/parent_run"])
}

fn moment(run: &Value, path: &str, cx: &Context) -> Option<Timestamp> {
    cx.times.read(at(run, path)).unwrap_or_default()
}

fn build(group: RecordGroup<'_>, cx: &mut Context) -> Vec<Built> {
    let (runs, feedback): (Vec<_>, Vec<_>) = group.pieces.into_iter().partition(|p| p.tag == RUN);
    let mut runs = whole(runs.into_iter().map(|p| p.value));
    runs.sort_by_key(|r| moment(r, "/start_time", cx));
    if runs.is_empty() {
        cx.warnings.add("feedback on a run that is not in the file, left out");
        return Vec::new();
    }
    let mut c = Conversation::new(cx.source.clone(), group.id, Vec::new());
    let mut below: HashMap<String, Vec<&Value>> = HashMap::new();
    for run in runs.iter().filter(|r| parent(r).is_some()) {
        below.entry(first_id(run, &["/trace_id", "/id"]).unwrap_or_default()).or_default().push(run);
    }
    for run in runs.iter().filter(|r| parent(r).is_none()) {
        let trace = first_id(run, &["/trace_id", "/id"]).unwrap_or_default();
        exchange(run, &below.remove(&trace).unwrap_or_default(), &mut c, cx);
    }
    let answers: HashMap<String, usize> =
        c.turns.iter().enumerate().filter_map(|(i, t)| Some((t.id.clone()?, i))).collect();
    let within: Vec<Value> = runs.iter().flat_map(|r| list(r, "/feedback")).cloned().collect();
    let given: Vec<Value> = feedback.into_iter().map(|p| p.value).chain(within).collect();
    // Where each rating is at hand, their means say it twice.
    let means = if given.is_empty() { runs.iter().flat_map(means).collect() } else { Vec::new() };
    for given in given.into_iter().chain(means) {
        rate(&given, &mut c.turns, &answers, cx);
    }
    if c.turns.iter().all(|t| matches!(t.role, Role::System | Role::Tool)) {
        return vec![Err(RecordError::Missing("question or answer in its outermost runs"))];
    }
    vec![finish(c, None, cx)]
}

/// The runs, each once: what is said of one later goes before what was said when it began.
fn whole(said: impl Iterator<Item = Value>) -> Vec<Value> {
    let (mut runs, mut places): (Vec<Value>, HashMap<String, usize>) = Default::default();
    for run in said {
        let own = id(&run, "/id");
        match own.as_ref().and_then(|own| runs.get_mut(*places.get(own)?)).and_then(Value::as_object_mut) {
            Some(before) => {
                let is_said = |value: &Value| !value.is_null() && value.as_object().is_none_or(|o| !o.is_empty());
                let later = run.as_object().cloned().unwrap_or_default();
                before.extend(later.into_iter().filter(|(_, value)| is_said(value)));
            }
            None => {
                places.extend(own.map(|own| (own, runs.len())));
                runs.push(run);
            }
        }
    }
    runs
}

/// The means of a run's ratings, each as a rating.
fn means(run: &Value) -> Vec<Value> {
    let stats = at(run, "/feedback_stats").as_object();
    let rated = stats.into_iter().flatten().filter(|(_, s)| number(s, "/n").is_some_and(|n| n > 0.0));
    rated.map(|(key, s)| json!({"run_id": run["id"], "key": key, "score": s["avg"]})).collect()
}

/// The question, the tools and the answer of an outermost run, with the runs `below` it.
fn exchange(root: &Value, below: &[&Value], c: &mut Conversation, cx: &mut Context) {
    let began = moment(root, "/start_time", cx);
    let own = id(root, "/id").unwrap_or_default();
    if let Some(text) = asked(&unquoted(at(root, "/inputs").clone()), &mut cx.warnings) {
        let mut turn = Turn::new(Role::User, text);
        (turn.at, turn.id) = (began, Some(format!("{own}/in")));
        c.turns.push(turn);
    }
    for tool in below.iter().filter(|r| words(r, "/run_type") == Some("tool")) {
        let name = words(tool, "/name").unwrap_or("tool");
        let mut turn = ran(name, at(tool, "/inputs"), &unquoted(at(tool, "/outputs").clone()), words(tool, "/error"));
        (turn.at, turn.id) = (moment(tool, "/start_time", cx), id(tool, "/id"));
        c.turns.push(turn);
    }
    if let Some(text) = answered(&unquoted(at(root, "/outputs").clone()), &mut cx.warnings) {
        let mut turn = Turn::new(Role::Bot, text);
        (turn.at, turn.id) = (moment(root, "/end_time", cx).or(began), Some(format!("{own}/out")));
        turn.latency_ms = turn.at.zip(began).map(|(end, start)| end.0.saturating_sub(start.0) as f64);
        turn.model = below.iter().rev().find_map(|r| model(r)).or_else(|| model(root));
        c.turns.push(turn);
    }
    if words(root, "/status") == Some("error") || words(root, "/error").is_some() {
        let mut turn = event("error", words(root, "/error").unwrap_or_default());
        turn.at = moment(root, "/end_time", cx);
        c.turns.push(turn);
    }
    c.bot = c.bot.take().or_else(|| words(root, "/name").map(|n| Bot { name: Some(n.to_owned()), version: None }));
    c.customer_id =
        c.customer_id.take().or_else(|| first_id(root, &["/extra/metadata/user_id", "/extra/metadata/customer_id"]));
}

/// Feedback: what a person wrote instead, thumbs; other scores are kept beside the answer.
fn rate(given: &Value, turns: &mut [Turn], answers: &HashMap<String, usize>, cx: &mut Context) -> Option<()> {
    let of = first_id(given, &["/run_id", "/trace_id"]);
    let place = of.and_then(|of| answers.get(&format!("{of}/out"))).copied();
    let place = place.or_else(|| turns.iter().rposition(|t| t.role == Role::Bot))?;
    let answer = &mut turns[place];
    let correction = at(given, "/correction");
    if let Some(text) = correction.as_str().map(str::to_owned).or_else(|| answered(correction, &mut cx.warnings)) {
        answer.corrected = Some(text);
    }
    let key = words(given, "/key").unwrap_or_default();
    let score = number(given, "/score")?;
    let thumbs =
        matches!(key, "user_score" | "user_feedback" | "thumbs" | "feedback" | "user-score" | "user-feedback" | "like");
    if thumbs && [-1.0, 0.0, 1.0].contains(&score) {
        let score = if score > 0.0 { 1 } else { -1 };
        answer.feedback = Some(Feedback { score, comment: words(given, "/comment").map(str::to_owned) });
    } else {
        cx.warnings.add(&format!("feedback `{}`: kept beside the answer", shown(key)));
        answer.meta.insert(format!("feedback.{}", shown(key)), score.into());
    }
    None
}
