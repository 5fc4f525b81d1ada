//! Traces of MLflow: what went into an AI and what came out of it stands as JSON in a text, of the trace itself or of its first span.

use crate::ingest::formats::csv::cells::structures::structure;
use crate::ingest::formats::grouped::look::{at, list};
use serde_json::{Map, Value};

/// Where a trace says what it belongs to and who asked, by the name that it has in a step.
const NAMED: &[(&str, &str)] = &[
    ("conversation_id", "/trace_metadata/mlflow.trace.session"),
    ("customer_id", "/trace_metadata/mlflow.trace.user"),
    ("trace_id", "/trace_id"),
    ("timestamp", "/request_time"),
];

/// A trace as one step with its request and response; `None` where it is none.
pub(super) fn step(trace: &Map<String, Value>) -> Option<Map<String, Value>> {
    let packed = |value: &Value| value.as_str().and_then(structure).filter(Value::is_object);
    let [asked, answered] = match trace.get("info").zip(trace.get("data")) {
        Some((_, data)) => {
            let spans = data.get("spans")?.as_array()?;
            let is_first = |span: &&Value| {
                ["parent_id", "parent_span_id"].iter().all(|key| at(span, &format!("/{key}")).is_null())
            };
            let first = spans.iter().find(is_first)?.get("attributes")?;
            ["mlflow.spanInputs", "mlflow.spanOutputs"].map(|key| first.get(key))
        }
        None => ["request", "response"].map(|key| trace.get(key)),
    };
    let (asked, answered) = (packed(asked?)?, packed(answered?)?);
    let mut step = Map::new();
    let whole = Value::Object(trace.clone());
    let about = trace.get("info").unwrap_or(&whole);
    if !trace.contains_key("info") {
        step.extend(trace.iter().filter(|(key, _)| *key != "spans").map(|(key, value)| (key.clone(), value.clone())));
    }
    let named = NAMED.iter().map(|(name, path)| ((*name).to_owned(), at(about, path).clone()));
    step.extend(named.filter(|(_, value)| !value.is_null()));
    step.extend(thumb(about).map(|thumb| ("feedback".to_owned(), thumb)));
    step.extend([("request".to_owned(), asked), ("response".to_owned(), answered)]);
    Some(step)
}

/// What a person said of the answer with yes or no.
fn thumb(about: &Value) -> Option<Value> {
    let by_person = |judged: &&Value| at(judged, "/source/source_type").as_str() == Some("HUMAN");
    let mut judged = list(about, "/assessments").iter().filter(by_person).map(|judged| at(judged, "/feedback/value"));
    judged.rfind(|value| value.is_boolean()).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_went_in_and_came_out_is_taken_out_of_its_texts() {
        let (asked, answered) =
            (json!({"messages": [{"role": "user", "content": "where"}]}), json!({"content": "soon"}));
        let texts = [asked.to_string(), answered.to_string()];
        let spans = json!([{"parent_id": "a", "attributes": {}}, {"parent_id": null,
            "attributes": {"mlflow.spanInputs": texts[0], "mlflow.spanOutputs": texts[1]}}]);
        let trace = json!({"info": {"trace_id": "t", "request_time": "2026-03-01T10:00:00Z",
            "trace_metadata": {"mlflow.trace.session": "s"}, "assessments": [
            {"source": {"source_type": "LLM_JUDGE"}, "feedback": {"value": true}},
            {"source": {"source_type": "HUMAN"}, "feedback": {"value": false}}]}, "data": {"spans": spans}});
        let found = step(trace.as_object().unwrap()).unwrap();
        assert_eq!(
            (&found["request"], &found["response"], &found["conversation_id"]),
            (&asked, &answered, &json!("s"))
        );
        assert_eq!(found["feedback"], json!(false));
        let old = json!({"request_id": "t", "request_time": 1772442840000_i64, "trace_metadata": {"mlflow.trace.session": "s"}, "request": texts[0], "response": texts[1], "spans": []});
        let found = step(old.as_object().unwrap()).unwrap();
        assert_eq!((&found["request"], &found["response"], &found["request_id"]), (&asked, &answered, &json!("t")));
        assert_eq!((&found["conversation_id"], &found["timestamp"]), (&json!("s"), &json!(1_772_442_840_000_i64)));
        assert!(step(json!({"request": "where", "response": "soon"}).as_object().unwrap()).is_none());
    }
}
