//! Conversations that stand in an object twice: as pairs of who spoke and what was said, and as messages that were prepared for a learner
//! (`delexed`), with signs in the place of names and numbers. The pairs hold what was said.

use crate::ingest::derive::speakers;
use crate::ingest::formats::csv::columns::field::{CsvField, plain};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// Bytes of the name of a speaker.
const LONGEST_NAME: usize = 60;

/// The object with its pairs as messages. Of messages that say the same only what else they hold is left; of other messages of the same
/// speakers, which were made of parts of it, nothing but the keys of their lists.
pub(super) fn as_said(object: &Map<String, Value>) -> (Cow<'_, Map<String, Value>>, Vec<String>) {
    let Some((key, pairs)) = object.iter().find_map(|(key, value)| Some((key, pairs(value)?))) else {
        return (Cow::Borrowed(object), Vec::new());
    };
    let twin = object.iter().find_map(|(name, value)| Some((name, messages(value, &pairs)?)));
    let said = twin.as_ref().map_or_else(
        || pairs.iter().map(|(who, words)| json!({"speaker": who, "text": words})).collect(),
        |(_, messages)| messages.clone(),
    );
    let mut own = object.clone();
    if let Some((name, _)) = twin {
        own.shift_remove(name);
    }
    let prepared: Vec<String> = own
        .iter()
        .filter(|(name, value)| *name != key && are_prepared(value, &pairs))
        .map(|(name, _)| name.clone())
        .collect();
    own.retain(|name, _| !prepared.contains(name));
    own.insert(key.clone(), Value::Array(said));
    (Cow::Owned(own), prepared)
}

/// Whether a list holds nothing but messages with words of those who speak in the pairs.
fn are_prepared(value: &Value, pairs: &[(&str, &str)]) -> bool {
    let is_one = |value: &Value| {
        value.as_object().is_some_and(|o| {
            let speaks = o.values().filter_map(Value::as_str).any(|v| pairs.iter().any(|(who, _)| *who == v));
            speaks && o.keys().any(|key| CsvField::Text.alias(&plain(key)).is_some())
        })
    };
    value.as_array().is_some_and(|list| !list.is_empty() && list.iter().all(is_one))
}

/// A list of nothing but a speaker and words each, of whom one is known to speak.
fn pairs(value: &Value) -> Option<Vec<(&str, &str)>> {
    let found: Vec<(&str, &str)> = value.as_array()?.iter().map(pair_of).collect::<Option<_>>()?;
    let speaks = |(who, _): &(&str, &str)| speakers::known(&speakers::word(who)).is_some();
    (found.iter().any(speaks) && found.iter().all(|(who, _)| who.len() <= LONGEST_NAME)).then_some(found)
}

fn pair_of(value: &Value) -> Option<(&str, &str)> {
    match value.as_array()?.as_slice() {
        [Value::String(who), Value::String(words)] => Some((who, words)),
        _ => None,
    }
}

/// Messages of the same speakers in the same order, with the words of the pairs in the place of theirs.
fn messages(value: &Value, pairs: &[(&str, &str)]) -> Option<Vec<Value>> {
    let list = value.as_array().filter(|list| list.len() == pairs.len())?;
    let message = |(value, (who, words)): (&Value, &(&str, &str))| {
        let mut own = value.as_object().filter(|o| o.values().any(|v| v.as_str() == Some(*who)))?.clone();
        let text = own.keys().find(|key| CsvField::Text.alias(&plain(key)).is_some())?.clone();
        own.insert(text, (*words).into());
        Some(Value::Object(own))
    };
    list.iter().zip(pairs).map(message).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_goes_before_what_was_made_of_it() {
        let talk = json!({"id": 1, "original": [["agent", "hi"], ["customer", "order 4711, please"]],
            "delexed": [{"speaker": "agent", "text": "hi", "turn": 1}, {"speaker": "customer", "text": "order <id>, please", "turn": 2}]});
        let own = as_said(talk.as_object().unwrap()).0.into_owned();
        assert_eq!(own["original"][1], json!({"speaker": "customer", "text": "order 4711, please", "turn": 2}));
        assert_eq!(own.get("delexed"), None);
        let parts = json!({"original": [["agent", "hi! how are you?"], ["customer", "yes"]], "delexed": [{"speaker": "agent", "text": "hi!"}]});
        let (own, left_out) = as_said(parts.as_object().unwrap());
        assert_eq!((own.get("delexed"), left_out), (None, vec!["delexed".to_owned()]));
        let alone = json!({"original": [["agent", "hi"], ["customer", "yes"]], "tags": [["a", "b"]]});
        let own = as_said(alone.as_object().unwrap()).0.into_owned();
        assert_eq!(
            (&own["original"][0], &own["tags"]),
            (&json!({"speaker": "agent", "text": "hi"}), &json!([["a", "b"]]))
        );
        let other = json!({"points": [["x", "y"]]});
        assert!(matches!(as_said(other.as_object().unwrap()).0, Cow::Borrowed(_)));
    }
}
