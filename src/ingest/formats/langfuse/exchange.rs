//! A trace as a question and its answer.

use crate::domain::{Role, Timestamp, Turn};
use crate::ingest::context::Context;
use crate::ingest::formats::csv::cells::structures::structure;
use crate::ingest::formats::grouped::look::{at, first_id, id, number, unquoted, words};
use crate::ingest::formats::model_messages::exchange::{answered, asked, model};
use crate::ingest::formats::model_messages::tools::ran;
use serde_json::Value;

/// A trace and what was observed in it.
pub(super) struct Trace {
    pub id: String,
    pub root: Value,
    pub observations: Vec<Value>,
}

fn moment(value: &Value, paths: &[&str], cx: &Context) -> Option<Timestamp> {
    paths.iter().find_map(|path| cx.times.read(at(value, path)).unwrap_or_default())
}

fn started(observation: &Value, cx: &Context) -> Option<Timestamp> {
    moment(observation, &["/startTime", "/start_time"], cx)
}

fn parent(observation: &Value) -> Option<String> {
    first_id(observation, &["/parentObservationId", "/parent_observation_id"])
}

fn kind(observation: &Value) -> &str {
    words(observation, "/type").unwrap_or_default()
}

impl Trace {
    pub fn new(root: Value) -> Self {
        Self { id: id(&root, "/id").unwrap_or_default(), root, observations: Vec::new() }
    }

    /// A trace of which only an observation is known.
    pub fn of_observation(id: String, observation: Value) -> Self {
        Self { id, root: Value::Null, observations: vec![observation] }
    }

    /// When it began.
    pub fn at(&self, cx: &Context) -> Option<Timestamp> {
        let first = || self.observations.iter().filter_map(|o| started(o, cx)).min();
        moment(&self.root, &["/timestamp"], cx).or_else(first)
    }

    /// What went wrong, where the whole of it did.
    pub fn error(&self) -> Option<String> {
        let failed = |o: &&Value| parent(o).is_none() && words(o, "/level") == Some("ERROR");
        let root = self.observations.iter().find(failed)?;
        Some(first_id(root, &["/statusMessage", "/status_message"]).unwrap_or_default())
    }

    /// Adds the question, the tools that were used, and the answer.
    pub fn turns(&self, turns: &mut Vec<Turn>, cx: &mut Context) {
        let began = self.at(cx);
        let mut steps: Vec<&Value> = self.observations.iter().collect();
        steps.sort_by_key(|o| started(o, cx));
        // The trace itself, then its outermost step, then the last call of a model, which holds the whole exchange.
        let outer = steps.iter().copied().filter(|o| parent(o).is_none());
        let calls = steps.iter().rev().copied().filter(|o| kind(o) == "GENERATION");
        let places: Vec<&Value> = std::iter::once(&self.root).chain(outer).chain(calls).collect();
        let question = places.iter().find_map(|p| asked(&plain(at(p, "/input")), &mut cx.warnings));
        let answer = places.iter().find_map(|p| answered(&plain(at(p, "/output")), &mut cx.warnings));
        if let Some(text) = question {
            let mut turn = Turn::new(Role::User, text);
            (turn.at, turn.id) = (began, Some(format!("{}/in", self.id)));
            turns.push(turn);
        }
        for step in steps.iter().filter(|o| kind(o) == "TOOL") {
            let error =
                (words(step, "/level") == Some("ERROR")).then(|| words(step, "/statusMessage").unwrap_or("failed"));
            let output = unquoted(at(step, "/output").clone());
            let mut turn = ran(words(step, "/name").unwrap_or("tool"), at(step, "/input"), &output, error);
            (turn.at, turn.id) = (started(step, cx), id(step, "/id"));
            turns.push(turn);
        }
        if let Some(text) = answer {
            let mut turn = Turn::new(Role::Bot, text);
            let took = number(&self.root, "/latency").filter(|s| (0.0..86_400.0).contains(s)).map(|s| s * 1_000.0);
            turn.id = Some(format!("{}/out", self.id));
            turn.latency_ms = took;
            turn.at = began.map(|Timestamp(t)| Timestamp(t.saturating_add(took.unwrap_or(0.0) as i64)));
            turn.model = steps.iter().rev().filter(|o| kind(o) == "GENERATION").find_map(|o| model(o));
            turns.push(turn);
        }
    }
}

/// What went in or came out, where it is something that people say: an object that only describes a run is none.
fn plain(value: &Value) -> Value {
    let inner = match unquoted(value.clone()) {
        // As Python prints it.
        Value::String(text) => structure(&text).unwrap_or(Value::String(text)),
        other => other,
    };
    // Frameworks that log a run write its object as text.
    let is_run = inner.get("run_response").is_some();
    if is_run { Value::Null } else { inner }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_answer_is_read_as_json_and_as_python_prints_it() {
        let said = json!({"role": "assistant", "text": "It's \"here\"."});
        assert_eq!(plain(&json!(r#"{"role": "assistant", "text": "It's \"here\"."}"#)), said);
        assert_eq!(plain(&json!(r#""{'role': 'assistant', 'text': \"It's \\\"here\\\".\"}""#)), said);
        assert_eq!(plain(&json!("{a brace} and words")), json!("{a brace} and words"));
    }
}
