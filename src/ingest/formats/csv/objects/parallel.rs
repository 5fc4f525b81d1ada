//! What customer and AI said in two lists beside each other, `{"user": ["hi", …], "bot": ["hello", …]}`, as messages in turn.

use crate::domain::Role;
use crate::ingest::derive::speakers;
use serde_json::{Map, Value, json};

/// The object with its two lists as one of messages; `None`: it holds none.
pub(super) fn as_messages(object: &Map<String, Value>) -> Option<Map<String, Value>> {
    let said = |role: Role| {
        let mut of = object.iter().filter_map(|(key, value)| {
            let texts: Option<Vec<&str>> = value.as_array()?.iter().map(Value::as_str).collect();
            let texts = texts.filter(|texts| !texts.is_empty())?;
            (speakers::known(&speakers::word(key)) == Some(role)).then_some((key, texts))
        });
        of.next().filter(|_| of.next().is_none())
    };
    let ((user, asked), (bot, answered)) = (said(Role::User)?, said(Role::Bot)?);
    // One may wait for an answer.
    if !(answered.len()..=answered.len() + 1).contains(&asked.len()) {
        return None;
    }
    let mut messages = Vec::new();
    for (i, text) in asked.iter().enumerate() {
        messages.push(json!({"role": user, "text": text}));
        messages.extend(answered.get(i).map(|text| json!({"role": bot, "text": text})));
    }
    let mut whole = object.clone();
    whole.shift_remove(user);
    whole.shift_remove(bot);
    whole.insert("messages".to_owned(), messages.into());
    Some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_lists_are_messages_in_turn() {
        let of = |value: Value| as_messages(value.as_object().unwrap()).map(Value::Object);
        assert_eq!(
            of(json!({"id": "a", "user": ["where", "thanks"], "bot": ["soon"]})),
            Some(json!({"id": "a", "messages": [
                {"role": "user", "text": "where"}, {"role": "bot", "text": "soon"}, {"role": "user", "text": "thanks"}]}))
        );
        for other in [
            json!({"user": ["a", "b", "c"], "bot": ["d"]}),
            json!({"user": "a", "bot": ["d"]}),
            json!({"user": [1], "bot": ["d"]}),
            json!({"user": ["a"], "customer": ["b"], "bot": ["d"]}),
            json!({"tags": ["a"], "bot": ["d"]}),
        ] {
            assert_eq!(of(other.clone()), None, "{other}");
        }
    }
}
