//! One span, and what its attributes say.

use crate::ingest::formats::grouped::look::{at, list, words};
use serde_json::{Map, Value};

/// What a span says, however it is written.
pub(super) struct ToldSpan {
    pub own: Map<String, Value>,
    pub trace: Option<String>,
    pub id: Option<String>,
    pub parent: Option<String>,
    pub name: Value,
    pub start: Option<String>,
    pub end: Option<String>,
    pub status: Value,
    pub events: Vec<Value>,
}

/// The value of an attribute, whatever kind it is written as.
pub(super) fn plain(value: &Value) -> Value {
    let Some((kind, inner)) = value.as_object().and_then(|map| map.iter().next()) else { return Value::Null };
    match kind.as_str() {
        "arrayValue" => list(inner, "/values").iter().map(plain).collect(),
        "kvlistValue" => Value::Object(attributes(list(inner, "/values"))),
        _ => inner.clone(),
    }
}

/// Attributes under their names.
pub(super) fn attributes(list: &[Value]) -> Map<String, Value> {
    list.iter().filter_map(|a| Some((words(a, "/key")?.to_owned(), plain(at(a, "/value"))))).collect()
}

/// An attribute, whose name has points in it.
pub(super) fn attribute<'v>(span: &'v Value, name: &str) -> &'v Value {
    at(span, "/a").get(name).unwrap_or(&Value::Null)
}

/// The text of an attribute.
pub(super) fn text<'v>(span: &'v Value, name: &str) -> Option<&'v str> {
    words(attribute(span, name), "")
}
