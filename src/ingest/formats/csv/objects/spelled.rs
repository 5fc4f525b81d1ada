//! Messages whose words, speaker or conversation stand a step deeper than usual, as programs nest them: brought to the top.

use super::columns::{MessageColumns, has_words, last, speaks_for_itself};
use crate::domain::Role;
use crate::ingest::context::Warnings;
use crate::ingest::derive::speakers;
use crate::ingest::formats::csv::cells::structures;
use crate::ingest::formats::csv::columns::field::{CsvField, plain};
use crate::ingest::formats::model_messages::exchange::{answered, asked};
use serde_json::map::Entry;
use serde_json::{Map, Value};

/// Objects of a message in which its words stand.
const AROUND_WORDS: &[&str] = &[
    "message",
    "messages",
    "content",
    "contents",
    "body",
    "data",
    "payload",
    "messagedata",
    "components",
    "input",
    "msg",
];
/// Objects of an event that are the message it tells of.
const ENVELOPES: &[&str] =
    &["payload", "data", "record", "detail", "event", "new", "after", "value", "document", "doc", "jsonPayload"];
/// What the words are called in them, most telling first.
const WORDS: &[&str] = &["text", "body", "content", "message", "plain", "query", "value"];
/// Objects of a message that say who speaks.
const AROUND_SPEAKER: &[&str] =
    &["sender", "from", "author", "initiator", "participant", "actor", "createdby", "creator", "user", "u"];
/// What the speaker's kind, or else name, is called in them.
const KINDS: &[&str] = &["type", "role", "kind"];
const NAMES: &[&str] = &["displayname", "name", "username"];
/// What went into a step of an AI, and what came out of it.
const EXCHANGES: &[(&str, &str)] = &[("request", "response"), ("request_body", "response_body"), ("input", "output")];

/// A value that is a question and its answer in one: both as objects or lists of messages with words in them, or an answer that
/// nobody asked for.
pub(super) fn exchange(object: &Map<String, Value>, own: &mut MessageColumns, warnings: &mut Warnings) {
    let pair = EXCHANGES.iter().find_map(|(from, to)| {
        let (question, answer) = (object.get(*from)?, object.get(*to)?);
        let fits = match (question, answer) {
            (Value::Object(_), Value::Object(_)) => true,
            (Value::Object(_) | Value::Array(_) | Value::String(_), Value::Array(list))
            | (Value::Array(list), Value::Object(_)) => !list.is_empty() && list.iter().all(Value::is_object),
            _ => false,
        };
        if !fits {
            return None;
        }
        let said = answered(answer, warnings)?;
        let lists = [(*from, question), (*to, answer)].into_iter().filter(|(_, v)| v.is_array()).map(|(key, _)| key);
        let asked = asked(question, warnings);
        let asked = if question.is_object() { asked.unwrap_or_default() } else { asked? };
        Some((asked, said, answer, lists.collect::<Vec<_>>()))
    });
    let Some((question, answer, whole, lists)) = pair else { return };
    // What a list of one message names once is the message's.
    own.retain(|key, _| !lists.iter().any(|list| key.strip_prefix(list).is_some_and(|rest| rest.starts_with('.'))));
    // The likeliest of several intents stands first.
    if let Some(first) = whole.get("intents").and_then(Value::as_array).and_then(|intents| intents.first()) {
        let told = ["intent", "confidence"].map(|key| (key, first.get(key).filter(|v| v.is_string() || v.is_number())));
        for (key, value) in told.into_iter().filter_map(|(key, value)| Some((key, value?))) {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            own.entry(key).or_insert_with(|| value.into());
        }
    }
    for (field, name) in
        [(CsvField::Id, "conversation_id"), (CsvField::Intent, "intent"), (CsvField::Confidence, "confidence")]
    {
        let deep = own.iter().find(|(key, value)| {
            key.contains('.')
                && field.alias(&plain(last(key))).is_some_and(|_| last(key) != "id")
                && value.as_str().is_some()
        });
        if let Some((_, value)) =
            deep.filter(|_| !own.keys().any(|key| field.alias(&plain(key)).is_some_and(|_| key != "id")))
        {
            let value = value.clone();
            own.insert(name.to_owned(), value);
        }
    }
    own.insert("text".to_owned(), question.into());
    own.insert("reply".to_owned(), answer.into());
}

/// What a message shows in place of words: the titles of its cards. And a message that is a form's answer in JSON, in which nobody
/// says anything, holds none.
pub(super) fn shown(own: &mut MessageColumns, lists: &[(String, &[Value])]) {
    let structure = |value: &Value| {
        let text = value.as_str().filter(|text| text.trim_start().starts_with('{'))?;
        structures::structure(text).filter(|found| structures::words(found).is_none())
    };
    own.retain(|key, value| CsvField::Text.alias(&plain(key)).is_none() || structure(value).is_none());
    if has_words(own) {
        return;
    }
    let cards = lists.iter().filter(|(key, _)| matches!(last(key), "elements" | "cards" | "embeds"));
    let said =
        |card: &Value| ["title", "description"].map(|key| card.get(key).and_then(Value::as_str).map(str::to_owned));
    let titles: Vec<String> = cards.flat_map(|(_, list)| list.iter()).flat_map(said).flatten().collect();
    if !titles.is_empty() {
        own.insert("text".to_owned(), titles.join("\n").into());
    }
}

/// A task with what it is about and how it was done, as training files write a question and its answer.
pub(super) fn instruction(own: &mut MessageColumns) {
    let word =
        |key: &str| own.get(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty()).map(str::to_owned);
    let either = |one: &str, other: &str| word(one).or_else(|| word(other));
    let (Some(task), Some(done)) = (word("instruction"), either("output", "response")) else { return };
    let asked = either("input", "context").map_or_else(|| task.clone(), |about| format!("{task}\n{about}"));
    for key in ["instruction", "input", "context", "output", "response"] {
        own.shift_remove(key);
    }
    own.insert("text".to_owned(), asked.into());
    own.insert("reply".to_owned(), done.into());
}

/// Brings to the top what a message says a step deeper.
pub(super) fn raise(own: &mut MessageColumns) {
    attributes(own);
    chainlit(own);
    voiceflow(own);
    envelope(own);
    // That a message is one tells nobody who speaks.
    own.retain(|key, value| plain(key) != "messagetype" || !matches!(value.as_str(), Some("message" | "text")));
    words(own);
    if !own.keys().any(|key| speaks_for_itself(key)) {
        speaker(own);
    }
}

/// `attributes` and `relationships`, as JSON:API has them.
fn attributes(own: &mut MessageColumns) {
    if !own.keys().any(|key| key.starts_with("attributes.")) {
        return;
    }
    for (key, value) in std::mem::take(own) {
        let related = key.strip_prefix("relationships.").and_then(|k| k.strip_suffix(".data.id"));
        let name = match (key.strip_prefix("attributes."), related) {
            (Some(short), _) if !short.contains('.') => short.to_owned(),
            (_, Some(related)) => format!("{related}_id"),
            _ => key,
        };
        own.entry(name).or_insert(value);
    }
}

/// A message in an object of an event, as what a program tells of it at once has it: `{"event": "message.created", "payload": {…}}`.
fn envelope(own: &mut MessageColumns) {
    if own.keys().any(|key| speaks_for_itself(key)) {
        return;
    }
    let inner = |around: &str| {
        let within = own.iter().filter_map(|(key, value)| Some((key.strip_prefix(around)?.strip_prefix('.')?, value)));
        let within: MessageColumns = within.map(|(key, value)| (key.to_owned(), value.clone())).collect();
        (within.keys().any(|key| speaks_for_itself(key)) && has_words(&within)).then_some(within)
    };
    let Some((around, within)) = ENVELOPES.iter().find_map(|around| Some((*around, inner(around)?))) else { return };
    for (key, value) in within {
        // What the event says of itself by that name stays: its id may be all that tells conversations apart.
        if let Entry::Vacant(free) = own.entry(key.clone()) {
            free.insert(value);
            own.shift_remove(&format!("{around}.{key}"));
        }
    }
}

/// The words of a message, where they stand in an object of it.
fn words(own: &mut MessageColumns) {
    if has_words(own) {
        return;
    }
    let around = |key: &str| {
        let (outer, _) = key.rsplit_once('.')?;
        let fits = outer.split('.').count() <= 2 && AROUND_WORDS.contains(&plain(outer.split('.').next()?).as_str());
        fits.then(|| outer.to_owned())
    };
    let says = |name: &str| {
        let fits = |(key, value): (&String, &Value)| {
            let told = plain(last(key)) == name && value.as_str().is_some_and(|v| !v.trim().is_empty());
            told.then(|| around(key).map(|outer| (outer, value.clone()))).flatten()
        };
        own.iter().find_map(fits)
    };
    let Some((outer, value)) = WORDS.iter().find_map(|name| says(name)) else { return };
    let who = KINDS.iter().chain(&["sender"]).find_map(|kind| {
        let who = own.get(&format!("{outer}.{kind}"))?.as_str()?.to_owned();
        speakers::known(&speakers::word(&who)).filter(|role| *role != Role::System).map(|_| who)
    });
    own.insert("text".to_owned(), value);
    own.extend(who.map(|who| ("author_type".to_owned(), who.into())));
}

/// Who speaks, where an object of the message says it: by their kind, as an application, or by their name.
fn speaker(own: &mut MessageColumns) {
    let said = |names: &[&str]| {
        names.iter().find_map(|name| {
            own.iter().find_map(|(key, value)| {
                let (outer, inner) = key.split_once('.')?;
                let fits = AROUND_SPEAKER.contains(&plain(outer).as_str()) && plain(last(inner)) == *name;
                Some((inner.to_owned(), value.clone())).filter(|_| fits)
            })
        })
    };
    // `incoming` and `outgoing` as the type of a message say it, too.
    let own_type = own.get("type").filter(|kind| {
        let word = kind.as_str().map(speakers::word).unwrap_or_default();
        speakers::is_outward(&word) || speakers::of_kind(&word).is_some_and(|role| role != Role::System)
    });
    let own_type = own_type.map(|kind| (String::new(), kind.clone()));
    let kind = own_type.or_else(|| said(KINDS).filter(|(inner, _)| !inner.contains('.')));
    let named = said(NAMES);
    if let Some((_, kind)) = kind {
        own.insert("author_type".to_owned(), kind);
    } else if named.as_ref().is_some_and(|(inner, _)| plain(inner).starts_with("application")) {
        own.insert("author_type".to_owned(), "bot".into());
    } else if let Some((_, name)) = named {
        own.insert("author_type".to_owned(), name);
    }
}

/// Chainlit's steps: the kind says who speaks, and what they said is what came out of the step. What a model and other steps between
/// gave is in what was said at last.
fn chainlit(own: &mut MessageColumns) {
    let word = |key: &str| own.get(key).and_then(Value::as_str).map(str::to_owned);
    let kind = word("type");
    if own.contains_key("threadId") && kind.as_deref().is_some_and(|kind| BETWEEN.contains(&kind)) {
        ["input", "output", "text", "reply"].iter().for_each(|key| drop(own.shift_remove(*key)));
        return;
    }
    let kind = kind.filter(|kind| matches!(kind.as_str(), "user_message" | "assistant_message"));
    if let (Some(kind), Some(said)) = (kind, word("output").filter(|said| !said.trim().is_empty())) {
        ["type", "input", "output", "reply"].iter().for_each(|key| drop(own.shift_remove(*key)));
        own.insert("text".to_owned(), said.into());
        own.insert("author_type".to_owned(), if kind == "user_message" { "user" } else { "bot" }.into());
    }
}

/// Kinds of Chainlit's steps between what is said.
const BETWEEN: &[&str] = &["run", "llm", "retrieval", "embedding", "rerank"];

/// Voiceflow's steps of a dialogue: what the customer sends is a request or an action, what the AI shows a trace. What a step holds
/// stands under `payload`, in its newer logs under `data`.
fn voiceflow(own: &mut MessageColumns) {
    let word = |key: &str| own.get(key).and_then(Value::as_str).map(str::to_owned);
    let kind = word("type").unwrap_or_default();
    let is_log = matches!(kind.as_str(), "trace" | "action" | "request") && own.contains_key("data.type");
    let is_step = own.contains_key("turnID") && (own.contains_key("payload.type") || !kind.is_empty());
    if !is_log && !is_step {
        return;
    }
    let asked = matches!(kind.as_str(), "request" | "action");
    let around = if is_log { "data" } else { "payload" };
    let names: &[&str] = match asked {
        true => &["payload.query", "payload.label", "payload", "label"],
        false => &["payload.message", "message"],
    };
    let said = names.iter().find_map(|name| word(&format!("{around}.{name}"))).filter(|said| !said.trim().is_empty());
    let kept = [("intent", "payload.intent.name"), ("confidence", "payload.confidence")];
    let kept: Vec<(&str, Option<String>)> =
        kept.into_iter().map(|(name, path)| (name, word(&format!("{around}.{path}")).filter(|_| asked))).collect();
    let inner = format!("{around}.");
    own.retain(|key, _| !key.starts_with(&inner) && !matches!(key.as_str(), "type" | "format"));
    own.extend(said.map(|said| ("text".to_owned(), Value::from(said))));
    own.extend(kept.into_iter().filter_map(|(name, value)| Some((name.to_owned(), Value::from(value?)))));
    if let Some(turn) = own.shift_remove("turnID") {
        own.insert("message_id".to_owned(), turn);
    }
    own.insert("author_type".to_owned(), if asked { "user" } else { "bot" }.into());
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lists_that_went_into_a_model_and_came_out_of_it_are_a_question_and_its_answer() {
        let said = |step: &Value| {
            let mut own = MessageColumns::new();
            exchange(step.as_object().unwrap(), &mut own, &mut Warnings::default());
            ["text", "reply"].map(|key| own.get(key).and_then(Value::as_str).unwrap_or_default().to_owned())
        };
        let parts = json!({"input": [{"role": "user", "content": [{"type": "input_text", "text": "where"}]}],
            "output": [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "soon"}]}]});
        assert_eq!(said(&parts), ["where", "soon"]);
        assert_eq!(
            said(&json!({"input": "where", "output": [{"role": "assistant", "content": "soon"}]})),
            ["where", "soon"]
        );
        assert_eq!(said(&json!({"input": [{"n": 1}], "output": [{"n": 2}]})), ["", ""]);
    }
}
