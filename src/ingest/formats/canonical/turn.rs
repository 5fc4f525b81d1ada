//! One turn of the canonical format.

use super::value::{self, Fields, confidence, few_keys, few_listed, keep, number, text, texts, truth};
use crate::domain::{Feedback, Ranked, Role, Turn};
use crate::ingest::context::Context;
use crate::ingest::distinct::Distinct;
use crate::ingest::formats::record_error::RecordError;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Reads turn `i`.
///
/// # Errors
/// Why it is none, with its number.
pub fn read(i: usize, value: Value, cx: &mut Context) -> Result<Turn, RecordError> {
    let Value::Object(map) = value else {
        return Err(value::wrong_kind(place(i), "an object", &value));
    };
    of(map, cx).map_err(|e| e.at(place(i)))
}

/// Reads a turn from its keys.
///
/// # Errors
/// Why it is none.
pub fn of(map: Map<String, Value>, cx: &mut Context) -> Result<Turn, RecordError> {
    few_keys(&map)?;
    let mut draft = Draft::new();
    for (key, value) in map {
        draft.take(Cow::Owned(key), value, cx)?;
    }
    draft.finish()
}

fn place(i: usize) -> String {
    format!("turn {i}")
}

/// A turn while its keys are read.
pub(super) struct Draft {
    turn: Turn,
    role: Option<Role>,
    text: Option<String>,
    extra: Map<String, Value>,
}

impl Draft {
    pub fn new() -> Self {
        Self { turn: Turn::new(Role::System, ""), role: None, text: None, extra: Map::new() }
    }

    /// Takes one key. What is not known is kept.
    pub fn take(&mut self, key: Cow<'_, str>, value: Value, cx: &mut Context) -> Result<(), RecordError> {
        if let Some(value) = self.field(&key, value, cx)? {
            keep(&mut self.extra, "", key.into_owned(), value, cx);
        }
        Ok(())
    }

    /// Takes one key; gives the value back when it is not known, of another kind, or a second spelling of one that
    /// was there.
    fn field(&mut self, key: &str, value: Value, cx: &mut Context) -> Result<Option<Value>, RecordError> {
        few_listed(key, &value)?;
        let turn = &mut self.turn;
        match key {
            "role" => self.role = Some(role(&value)?),
            "text" | "message" | "content" | "utterance" => return Ok(self.words(value)),
            "at" | "timestamp" | "ts" | "created_at" if turn.at.is_some() => return Ok(Some(value)),
            "at" | "timestamp" | "ts" | "created_at" => turn.at = cx.times.read(&value)?,
            _ if value.is_null() => {}
            "intent" => return Ok(self.intent(value, cx)),
            "confidence" => turn.confidence = confidence(&value, cx).or(turn.confidence),
            "ranking" => return Ok(self.ranking(value, cx)),
            "gold_intent" => return Ok(self.gold(value, true)),
            "gold_intents" => return Ok(self.gold(value, false)),
            "sentiment" => turn.sentiment = value::sentiment(&value, cx),
            "fallback" => return Ok(truth(value).map(|b| turn.fallback = b).err()),
            "payload" => return Ok(truth(value).map(|b| turn.payload = b).err()),
            "feedback" => return Ok(self.feedback(value, cx)),
            "latency_ms" => match number(&value) {
                Some(ms) => turn.latency_ms = Some(ms),
                None => return Ok(Some(value)),
            },
            _ => return Ok(self.label(key, value)),
        }
        Ok(None)
    }

    /// The keys that hold plain text or are kept as they stand.
    fn label(&mut self, key: &str, value: Value) -> Option<Value> {
        let turn = &mut self.turn;
        let slot = match key {
            "id" => &mut turn.id,
            "action" => &mut turn.action,
            "corrected" => &mut turn.corrected,
            "model" => &mut turn.model,
            "name" => &mut turn.name,
            "event" => &mut turn.event,
            _ => return self.other(key, value),
        };
        text(value).map(|s| *slot = Some(s)).err()
    }

    fn other(&mut self, key: &str, value: Value) -> Option<Value> {
        match (key, value) {
            ("entities", Value::Array(list)) => self.turn.entities = list,
            ("meta", Value::Object(meta)) => self.turn.meta = meta,
            (_, value) => return Some(value),
        }
        None
    }

    /// The words, under the first of their spellings that holds any.
    fn words(&mut self, value: Value) -> Option<Value> {
        let said = self.text.as_ref().is_some_and(|t| !t.is_empty());
        match value {
            Value::Null => self.text.get_or_insert_default(),
            value if said => return Some(value),
            value => match text(value) {
                Ok(words) => self.text.insert(words),
                Err(value) => return Some(value),
            },
        };
        None
    }

    /// A name, or as Rasa has it an object with name and confidence.
    fn intent(&mut self, value: Value, cx: &mut Context) -> Option<Value> {
        let turn = &mut self.turn;
        match value {
            Value::Object(map) if map.contains_key("name") => {
                let mut fields = Fields::new(map);
                turn.intent = fields.take("name").and_then(|v| text(v).ok()).filter(|s| !s.is_empty());
                turn.confidence = turn.confidence.or(fields.take("confidence").and_then(|v| confidence(&v, cx)));
                fields.keep_rest(&mut self.extra, "intent.", cx);
                None
            }
            value => text(value).map(|s| turn.intent = Some(s).filter(|s| !s.is_empty())).err(),
        }
    }

    fn ranking(&mut self, value: Value, cx: &mut Context) -> Option<Value> {
        let Value::Array(list) = value else { return Some(value) };
        let ranked = |place: &Value, cx: &mut Context| {
            let intent = place.get("intent").or_else(|| place.get("name"))?.as_str()?.to_owned();
            let given = place.get("confidence").or_else(|| place.get("score"))?;
            Some(Ranked { intent, confidence: confidence(given, cx)? })
        };
        match list.iter().map(|place| ranked(place, cx)).collect::<Option<Vec<_>>>() {
            Some(ranking) => self.turn.ranking = ranking,
            None => return Some(Value::Array(list)),
        }
        None
    }

    /// Labels from both spellings, each once; the one called `gold_intent` comes first.
    fn gold(&mut self, value: Value, primary: bool) -> Option<Value> {
        let mut names = match texts(value) {
            Ok(names) => names,
            Err(value) => return Some(value),
        };
        let before = std::mem::take(&mut self.turn.gold);
        let (first, second) = if primary { (&mut names, before) } else { (&mut { before }, names) };
        let mut seen = Distinct::default();
        let all = std::mem::take(first).into_iter().chain(second);
        self.turn.gold = all.filter(|name| !name.is_empty() && seen.add(name.clone())).collect();
        None
    }

    /// An object with a score, or the bare score; only its sign counts.
    fn feedback(&mut self, value: Value, cx: &mut Context) -> Option<Value> {
        let score = match value.get("score").unwrap_or(&value) {
            Value::Bool(up) => {
                if *up {
                    1
                } else {
                    -1
                }
            }
            given => match number(given) {
                Some(x) if x > 0.0 => 1,
                Some(x) if x < 0.0 => -1,
                Some(_) => 0,
                None => return Some(value),
            },
        };
        let mut feedback = Feedback { score, comment: None };
        if let Value::Object(mut map) = value {
            map.shift_remove("score");
            let mut fields = Fields::new(map);
            feedback.comment = fields.take("comment").and_then(|v| text(v).ok());
            fields.keep_rest(&mut self.extra, "feedback.", cx);
        }
        self.turn.feedback = Some(feedback);
        None
    }

    pub fn finish(self) -> Result<Turn, RecordError> {
        let mut turn = self.turn;
        turn.role = self.role.ok_or(RecordError::Missing("`role`"))?;
        turn.text = match self.text {
            Some(text) => text,
            None if turn.role == Role::System => String::new(),
            None => return Err(RecordError::Missing("`text`")),
        };
        for (key, value) in self.extra {
            turn.meta.entry(key).or_insert(value);
        }
        Ok(turn)
    }
}

fn role(value: &Value) -> Result<Role, RecordError> {
    let name = value.as_str().unwrap_or_default().trim();
    role_named(name).ok_or_else(|| RecordError::Unknown {
        what: "role",
        given: value::short(value),
        hint: "user, bot, agent, tool or system".to_owned(),
    })
}

/// The role of a name or of one of its usual spellings.
pub fn role_named(name: &str) -> Option<Role> {
    if let Some(role) = Role::from_name(name) {
        return Some(role);
    }
    match name.to_ascii_lowercase().replace('_', "-").as_str() {
        "user" | "customer" | "human" | "visitor" | "end-user" | "enduser" | "contact" => Some(Role::User),
        "bot" | "assistant" | "ai" | "model" | "system-bot" | "chatbot" => Some(Role::Bot),
        "agent" | "operator" | "admin" | "teammate" | "human-agent" => Some(Role::Agent),
        "tool" | "function" => Some(Role::Tool),
        "system" | "developer" => Some(Role::System),
        _ => None,
    }
}
