//! One turn of the canonical format.

use super::fallback;
use super::feedback;
use super::told;
use super::value::{self, Fields, confidence, few_keys, few_listed, keep, number, text, texts, truth};
use crate::domain::{Ranked, Role, Turn};
use crate::ingest::context::Context;
use crate::ingest::derive::speakers::{known, role_named, word};
use crate::ingest::derive::strangers::{TAKE_TURNS, named_before};
use crate::ingest::distinct::Distinct;
use crate::ingest::formats::record_error::RecordError;
use crate::ingest::times::is_offset;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Reads turn `i`.
///
/// `named`: of the turns around it that are texts alone some begin with who speaks.
///
/// # Errors
/// Why it is none, with its number.
pub fn read(i: usize, value: Value, named: bool, cx: &mut Context) -> Result<Turn, RecordError> {
    match value {
        Value::Object(map) => of(map, cx).map_err(|e| e.at(place(i))),
        Value::String(text) if named => named_in_text(&text, cx).map_err(|e| e.at(place(i))),
        Value::String(text) => words_alone(i, text, cx).map_err(|e| e.at(place(i))),
        other => Err(value::wrong_kind(place(i), "an object", &other)),
    }
}

/// A turn of which the words say who speaks.
fn named_in_text(text: &str, cx: &Context) -> Result<Turn, RecordError> {
    let (who, said) = named_before(text).ok_or(RecordError::NoSpeaker(String::new()))?;
    let role = cx.speakers.role(who).or_else(|| known(&word(who))).or_else(|| cx.speakers.others());
    let stranger = || RecordError::Stranger { key: "turns".to_owned(), given: value::short(&Value::from(who)) };
    Ok(Turn::new(role.ok_or_else(stranger)?, said))
}

/// A turn that is nothing but its words: two take turns, and only a person can say who.
fn words_alone(i: usize, text: String, cx: &Context) -> Result<Turn, RecordError> {
    let name = TAKE_TURNS[i % TAKE_TURNS.len()];
    let role = cx.speakers.role(name).or_else(|| cx.speakers.others());
    let stranger = || RecordError::Stranger { key: "turns".to_owned(), given: value::short(&Value::from(name)) };
    Ok(Turn::new(role.ok_or_else(stranger)?, text))
}

/// Reads a turn from its keys.
///
/// # Errors
/// Why it is none.
pub fn of(map: Map<String, Value>, cx: &mut Context) -> Result<Turn, RecordError> {
    few_keys(&map)?;
    let mut draft = TurnDraft::new();
    for (key, value) in map {
        draft.take(Cow::Owned(key), value, cx)?;
    }
    draft.finish(cx)
}

fn place(i: usize) -> String {
    format!("turn {i}")
}

/// A turn while its keys are read.
pub(in crate::ingest::formats) struct TurnDraft {
    turn: Turn,
    role: Option<Role>,
    text: Option<String>,
    /// The key under which that stands.
    said_under: &'static str,
    /// Who speaks in another spelling, with its key: holds where there is no `role`.
    speaker: Option<(String, Value)>,
    /// Whether the log itself says if it is a fallback.
    is_told: bool,
    extra: Map<String, Value>,
}

/// Other keys under which times stand, in logs that mean something else by them too (seconds from the start): what is no
/// time of these years is kept as it is.
const TIMES: &[&str] = &[
    "time",
    "date",
    "datetime",
    "sentAt",
    "created",
    "created_time",
    "createdTime",
    "createdDate",
    "created_date",
    "startTime",
    "start_time",
];

/// Characters within which a text may be a number that counts from the beginning of a talk.
const SHORT: usize = 12;

/// Keys under which words stand.
const WORDS: &[&str] = &["text", "message", "content", "utterance", "body", "body_text", "msg"];

/// Other keys under which it stands who speaks.
const SPEAKERS: &[&str] = &["sender", "speaker", "author", "from", "author_type"];

impl TurnDraft {
    pub fn new() -> Self {
        Self {
            turn: Turn::new(Role::System, ""),
            role: None,
            text: None,
            said_under: "",
            speaker: None,
            is_told: false,
            extra: Map::new(),
        }
    }

    /// Takes one key. What is not known is kept.
    pub fn take(&mut self, key: Cow<'_, str>, value: Value, cx: &mut Context) -> Result<(), RecordError> {
        if let Some(value) = self.field(&key, value, cx)? {
            keep(&mut self.extra, "", key.into_owned(), value, cx);
        }
        Ok(())
    }

    /// Takes one key whose value is text.
    pub fn take_text(&mut self, key: Cow<'_, str>, text: Cow<'_, str>, cx: &mut Context) -> Result<(), RecordError> {
        match &*key {
            // What nearly every turn has is taken at once; what nothing keeps as it stands needs no copy.
            "role" => self.role = Some(role(&text, || Value::from(&*text), cx)?),
            "at" if self.turn.at.is_none() && text.len() > SHORT => self.turn.at = cx.times.read_text(&text)?,
            "text" if self.text.is_none() => {
                self.said_under = "text";
                self.text = Some(text.into_owned());
            }
            "intent" => self.turn.intent = Some(text.into_owned()).filter(|name| !name.is_empty()),
            _ => return self.take(key, Value::String(text.into_owned()), cx),
        }
        Ok(())
    }

    /// Takes one key; gives the value back when it is not known, of another kind, or a second spelling of one that
    /// was there.
    fn field(&mut self, key: &str, value: Value, cx: &mut Context) -> Result<Option<Value>, RecordError> {
        few_listed(key, &value)?;
        let turn = &mut self.turn;
        match key {
            "role" => self.role = Some(role(value.as_str().unwrap_or_default(), || value.clone(), cx)?),
            _ if self.speaker.is_none() && SPEAKERS.contains(&key) => self.speaker = Some((key.to_owned(), value)),
            "text" | "message" | "content" | "utterance" | "body" | "body_text" | "msg" => {
                return Ok(self.words(key, value, cx));
            }
            "at" | "timestamp" | "ts" | "created_at" | "createdAt" | "sent_at" | "created_datetime"
                if turn.at.is_some() =>
            {
                return Ok(Some(value));
            }
            "at" | "timestamp" | "ts" | "created_at" | "createdAt" | "sent_at" | "created_datetime" => {
                turn.at = value::time(key, &value, cx)?;
                if is_offset(&value) {
                    self.extra.insert(key.to_owned(), value);
                }
            }
            _ if turn.at.is_none() && TIMES.contains(&key) => match value::moment(&value, cx) {
                Some(at) => turn.at = Some(at),
                None => return Ok(Some(value)),
            },
            _ if value.is_null() => {}
            "intent" => return Ok(self.intent(value, cx)),
            "confidence" => turn.confidence = confidence(&value, cx).or(turn.confidence),
            "ranking" => return Ok(self.ranking(value, cx)),
            "gold_intent" => return Ok(self.gold(value, true)),
            "gold_intents" => return Ok(self.gold(value, false)),
            "sentiment" => turn.sentiment = value::sentiment(&value, cx),
            "fallback" => {
                self.is_told = true;
                return Ok(truth(value).map(|b| turn.fallback = b).err());
            }
            "payload" | "data" if value.is_object() => return Ok(self.enclosed(value)),
            "payload" => return Ok(truth(value).map(|b| turn.payload = b).err()),
            "feedback" => return Ok(self.feedback(value, cx)),
            "annotation" if value.get("rating").is_some() => return Ok(self.feedback(value, cx)),
            "propensity" | "policy" => return Ok(self.drawn(key, value)),
            "latency_ms" => match number(&value) {
                Some(ms) => turn.latency_ms = Some(ms),
                None => return Ok(Some(value)),
            },
            _ => return Ok(self.label(key, value)),
        }
        Ok(None)
    }

    /// The words in an object of a message that holds none itself; gives back what else that says.
    fn enclosed(&mut self, value: Value) -> Option<Value> {
        let key = ["text", "message", "content", "body"].into_iter().find(|key| value[*key].is_string());
        let (Some(key), Value::Object(mut map), true) = (key, value.clone(), self.text.is_none()) else {
            return Some(value);
        };
        self.text = map.shift_remove(key).and_then(|words| text(words).ok());
        // What a message says itself goes before it.
        self.said_under = "msg";
        map.shift_remove("type");
        (!map.is_empty()).then_some(Value::Object(map))
    }

    /// How an answer was drawn: kept beside it as it is.
    fn drawn(&mut self, key: &str, value: Value) -> Option<Value> {
        if !value::of_a_draw(key, &value) {
            return Some(value);
        }
        self.extra.insert(key.to_owned(), value);
        None
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

    /// The words, under the first of their spellings that holds any; `text` goes before all others, and all go
    /// before `msg`, under which loggers put words of their own.
    fn words(&mut self, key: &str, value: Value, cx: &mut Context) -> Option<Value> {
        let holds = |text: &str| !text.trim().is_empty();
        let better = (key == "text" || self.said_under == "msg") && value.as_str().is_some_and(holds);
        if let Some(before) = self.text.take_if(|text| better && holds(text)) {
            keep(&mut self.extra, "", self.said_under.to_owned(), before.into(), cx);
        }
        let said = self.text.as_ref().is_some_and(|t| !t.is_empty());
        if !said {
            self.said_under = WORDS.iter().copied().find(|word| *word == key).unwrap_or_default();
        }
        match value {
            Value::Null => self.text.get_or_insert_default(),
            value if said => return Some(value),
            value => match text(value).or_else(parts) {
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

    fn feedback(&mut self, value: Value, cx: &mut Context) -> Option<Value> {
        feedback::read(value, &mut self.extra, cx).map(|given| self.turn.feedback = Some(given)).err()
    }

    pub fn finish(mut self, cx: &mut Context) -> Result<Turn, RecordError> {
        let mut turn = self.turn;
        turn.role = match (self.role, self.speaker) {
            (Some(role), Some((key, value))) => {
                keep(&mut self.extra, "", key, value, cx);
                role
            }
            (Some(role), None) => role,
            (None, given) => told::speaker(given.as_ref().map(|(key, value)| (key.as_str(), value)), &self.extra, cx)?,
        };
        if turn.role == Role::Agent && told::is_automated(&self.extra) {
            turn.role = Role::Bot;
        }
        if told::is_note(turn.role, &self.extra) {
            turn.role = Role::System;
            turn.event.get_or_insert_with(|| "note".to_owned());
        }
        if !self.is_told {
            turn.fallback |= fallback::is_fallback(&turn);
        }
        turn.text = match self.text {
            Some(text) => text,
            // What the AI did is an answer, also without words.
            None if turn.role == Role::System || turn.role == Role::Bot && turn.action.is_some() => String::new(),
            None if told::is_notice(&self.extra) => {
                turn.role = Role::System;
                String::new()
            }
            None => return Err(RecordError::Missing("`text`")),
        };
        if let Some(text) = turn.corrected.take() {
            turn.corrected = correction(text, &turn, &mut self.extra, cx);
        }
        for (key, value) in self.extra {
            turn.meta.entry(key).or_insert(value);
        }
        Ok(turn)
    }
}

/// What a person wrote instead of an answer of the AI. Nothing stands in its place, and its own words again correct nothing; what stands
/// beside another speaker's words is kept.
fn correction(text: String, turn: &Turn, extra: &mut Map<String, Value>, cx: &mut Context) -> Option<String> {
    if text.trim().is_empty() {
        return None;
    }
    if turn.role != Role::Bot {
        keep(extra, "", "corrected".to_owned(), text.into(), cx);
        return None;
    }
    if text.split_whitespace().eq(turn.text.split_whitespace()) {
        cx.warnings.add("`corrected` repeats what the AI said: no correction");
        return None;
    }
    Some(text)
}

/// The words of content parts: texts one below the other, anything else by what it is.
fn parts(value: Value) -> Result<String, Value> {
    let list = match &value {
        Value::Array(list) => list.as_slice(),
        Value::Object(_) => std::slice::from_ref(&value),
        _ => return Err(value),
    };
    let part = |part: &Value| -> Option<String> {
        if let Value::String(text) = part {
            return Some(text.clone());
        }
        let said = ["text", "content", "value", "body", "message"].iter().find_map(|key| match part.get(key)? {
            Value::String(text) => Some(text.clone()),
            Value::Object(inner) => inner.get("value")?.as_str().map(str::to_owned),
            _ => None,
        });
        said.or_else(|| {
            let kind = part.get("type")?.as_str()?;
            Some(format!("[{}]", kind.trim_start_matches("input_").trim_end_matches("_url")))
        })
    };
    let said: Option<Vec<String>> = list.iter().map(part).collect();
    match said {
        // Pieces of one text, a link or stressed words among them, and not parts below each other.
        Some(said) if list.iter().any(Value::is_string) && list.iter().any(Value::is_object) => Ok(said.concat()),
        Some(said) => Ok(said.join("\n")),
        None => Err(value),
    }
}

fn role(name: &str, value: impl FnOnce() -> Value, cx: &Context) -> Result<Role, RecordError> {
    let name = name.trim();
    let usual = || role_named(name).or_else(|| known(&word(name)));
    let found = cx.speakers.role(name).or_else(usual).or_else(|| cx.speakers.others());
    found.ok_or_else(|| RecordError::Unknown {
        what: "role",
        given: value::short(&value()),
        hint: "user, bot, agent, tool or system".to_owned(),
    })
}
