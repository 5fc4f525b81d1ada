//! Who takes part, as a list beside the messages says it.

use super::columns::MessageColumns;
use crate::domain::Role;
use crate::ingest::derive::speakers;
use crate::ingest::formats::csv::columns::field::plain;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Keys by which a message names who wrote it in a list of people.
const BY_ID: &[&str] = &["authorid", "senderid", "userid", "user", "actorid", "fromid", "participantid"];

/// Who the people of a whole are: by their id, the name where it says it, else their kind.
pub(super) fn people(lists: &[(String, &[Value])]) -> HashMap<String, String> {
    let mut out = HashMap::new();
    for person in lists.iter().flat_map(|(_, list)| list.iter()).filter_map(Value::as_object) {
        let Some(id) = field(person, &["id", "participantid"]).and_then(scalar) else { continue };
        let word = |keys: &[&str]| field(person, keys).and_then(Value::as_str);
        let is_bot = field(person, &["isbot"]).and_then(Value::as_bool) == Some(true);
        let by_name = word(&["name", "displayname"]).filter(|n| speakers::is_machine(n));
        let by_kind = word(&["role"]).or_else(|| word(&["participantrole"])).or_else(|| word(&["type"]));
        if let Some(who) = by_name.or(is_bot.then_some("bot")).or(by_kind) {
            out.insert(id, who.to_owned());
        }
    }
    out
}

fn field<'v>(person: &'v Map<String, Value>, keys: &[&str]) -> Option<&'v Value> {
    person.iter().find(|(key, _)| keys.contains(&plain(key).as_str())).map(|(_, value)| value)
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Says of a message who wrote it, where it only names them.
pub(super) fn introduce(row: &mut MessageColumns, people: &HashMap<String, String>) {
    if people.is_empty() || row.contains_key("author_type") {
        return;
    }
    let named = |(key, value): (&String, &Value)| {
        BY_ID.contains(&plain(key).as_str()).then(|| people.get(value.as_str()?)).flatten()
    };
    // What a message itself says of its writer's role beats a list.
    let says = row.iter().any(|(key, value)| {
        plain(key).ends_with("role")
            && value.as_str().is_some_and(|w| speakers::known(&speakers::word(w)).is_some_and(|r| r != Role::System))
    });
    if let Some(who) = row.iter().find_map(named).filter(|_| !says).cloned() {
        row.insert("author_type".to_owned(), who.into());
    }
}
