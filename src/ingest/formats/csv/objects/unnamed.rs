//! Words under a key that no program is known for: told by the speaker beside them, or by whoever knows.

use super::columns::{MessageColumns, speaks_for_itself};
use super::own::{DEEPEST, own_columns};
use crate::domain::Role;
use crate::ingest::derive::speakers;
use crate::ingest::formats::csv::cells::structures::structure;
use crate::ingest::formats::csv::cells::values::is_time;
use crate::text;
use serde_json::Value;
use std::cmp::Reverse;

/// Words from which on a value says something: a name has two.
const SAID: usize = 2;

/// The key under which objects with a known speaker say most; `None` where none of them says anything.
pub(super) fn key_of_words(values: &[Value]) -> Option<String> {
    let of = |role: fn(Role) -> bool| {
        move |own: &MessageColumns| own.iter().any(|(key, value)| speaker(key, value).is_some_and(role))
    };
    // Without a customer they are people that something is about.
    if keys(values, of(|role| role == Role::User)).is_empty() {
        return None;
    }
    keys(values, of(|role| role != Role::System)).into_iter().next()
}

/// The keys under which anything is said, those under which most is said first.
pub(super) fn keys_that_say(values: &[Value]) -> Vec<String> {
    keys(values, |_| true)
}

/// The keys under which JSON stands in a text, in the order in which they are met.
pub(super) fn packed_keys(values: &[Value]) -> Vec<String> {
    let mut packed = Vec::new();
    values.iter().for_each(|value| note_packed(value, 0, &mut packed));
    packed
}

fn note_packed(value: &Value, depth: usize, packed: &mut Vec<String>) {
    match value {
        Value::Array(list) if depth < DEEPEST => list.iter().for_each(|value| note_packed(value, depth + 1, packed)),
        Value::Object(object) if depth < DEEPEST => {
            for (key, value) in object {
                if value.as_str().is_some_and(is_packed) && !packed.contains(key) {
                    packed.push(key.clone());
                }
                note_packed(value, depth + 1, packed);
            }
        }
        _ => {}
    }
}

/// Whether a text is an object or a list in JSON: what is said may be in it, and it is nothing that was said.
fn is_packed(text: &str) -> bool {
    structure(text).is_some_and(|inner| inner.is_object() || inner.is_array())
}

fn keys(values: &[Value], takes: impl Fn(&MessageColumns) -> bool) -> Vec<String> {
    let mut said: Vec<(String, usize)> = Vec::new();
    values.iter().for_each(|value| count(value, 0, &takes, &mut said));
    // Of equal ones the first that was met.
    said.sort_by_key(|(_, words)| Reverse(*words));
    said.into_iter().map(|(key, _)| key).collect()
}

fn count(value: &Value, depth: usize, takes: &dyn Fn(&MessageColumns) -> bool, said: &mut Vec<(String, usize)>) {
    match value {
        Value::Array(list) if depth < DEEPEST => list.iter().for_each(|v| count(v, depth + 1, takes, said)),
        Value::Object(object) => {
            let (own, lists) = own_columns(object, depth);
            if takes(&own) {
                for (key, words) in spoken(&own) {
                    match said.iter_mut().find(|(known, _)| known == key) {
                        Some((_, sum)) => *sum += words,
                        None => said.push((key.to_owned(), words)),
                    }
                }
            }
            let lists = lists.iter().filter(|_| depth < DEEPEST).flat_map(|(_, list)| list.iter());
            lists.for_each(|v| count(v, depth + 1, takes, said));
        }
        _ => {}
    }
}

/// Who a value under a key that says so is.
fn speaker(key: &str, value: &Value) -> Option<Role> {
    value.as_str().filter(|_| speaks_for_itself(key)).and_then(|who| speakers::known(&speakers::word(who)))
}

fn spoken(own: &MessageColumns) -> impl Iterator<Item = (&str, usize)> {
    own.iter().filter(|(key, _)| !speaks_for_itself(key)).filter_map(|(key, value)| {
        let says = |words: &&str| text::has_words(words, SAID) && !is_time(words) && !is_packed(words);
        let words = value.as_str().filter(says)?;
        Some((key.as_str(), words.split_whitespace().count()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_a_known_speaker_says_most_of_is_the_words() {
        let chat = json!({"id": "k1", "note": "a long remark about all of this", "turns": [
            {"senderType": "customer", "senderName": "Maria Ioannou", "saidThen": "My internet disconnects"},
            {"senderType": "staff", "senderName": "Nikos P", "saidThen": "Please check the cable"}]});
        assert_eq!(key_of_words(&[chat]).as_deref(), Some("saidThen"));
        let settings = json!({"name": "shop", "users": [{"role": "admin", "about": "who may do all of it"}, {"role": "admin", "about": "x y"}]});
        assert_eq!(key_of_words(std::slice::from_ref(&settings)), None);
        assert_eq!(keys_that_say(&[settings]), ["about"]);
        assert_eq!(key_of_words(&[json!({"role": "user", "said": "hi"}), json!(7)]), None);
        let event = [
            json!({"event": "user_message", "at": "2026-03-04 10:00:01", "payload": "{\"text\": \"my internet is down\"}"}),
        ];
        assert_eq!((keys_that_say(&event), packed_keys(&event)), (vec![], vec!["payload".to_owned()]));
    }
}
