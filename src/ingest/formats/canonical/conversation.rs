//! One conversation of the canonical format.

use super::beside;
use super::branches;
use super::offer;
use super::order;
use super::turn;
use super::value::{self, Fields, few_keys, few_listed, keep, number, text};
use crate::base::did_you_mean::nearest;
use crate::domain::{Bot, Conversation, Csat, Outcome, OutcomeSource, Resolution, Sampling, Turn};
use crate::ingest::context::Context;
use crate::ingest::derive::hash::pseudonym;
use crate::ingest::derive::outcome;
use crate::ingest::derive::strangers::role_before;
use crate::ingest::formats::csv::cells::{rated, values};
use crate::ingest::formats::record_error::RecordError;
use crate::ingest::html;
use serde_json::{Map, Value};
use std::borrow::Cow;

pub(in crate::ingest) use super::value::MAX_TURNS;

/// Bytes that an id may have.
pub(in crate::ingest) const MAX_ID: usize = 1_024;

/// Turns a record into a conversation with its outcome.
///
/// # Errors
/// Why it cannot be: not an object, no id, no turns, an unknown role or outcome, a time that cannot be read.
pub(in crate::ingest) fn read(value: Value, cx: &mut Context) -> Result<Conversation, RecordError> {
    drafted(value, cx)?.finish(cx)
}

/// The same, where something is to be done with the turns before the rest follows from them.
///
/// # Errors
/// As [`read`].
pub(in crate::ingest) fn read_with(
    value: Value,
    settle: fn(&mut [Turn], &mut Context),
    cx: &mut Context,
) -> Result<Conversation, RecordError> {
    let mut draft = drafted(value, cx)?;
    settle(&mut draft.conversation.turns, cx);
    let mut c = draft.whole(cx)?;
    complete(&mut c, cx);
    Ok(c)
}

fn drafted(value: Value, cx: &mut Context) -> Result<ConversationDraft, RecordError> {
    let Value::Object(map) = value else {
        return Err(value::wrong_kind("a conversation", "a JSON object", &value));
    };
    few_keys(&map)?;
    let mut draft = ConversationDraft::new();
    for (key, value) in map {
        draft.take(Cow::Owned(key), value, cx)?;
    }
    Ok(draft)
}

/// A conversation while its keys are read.
pub(super) struct ConversationDraft {
    conversation: Conversation,
    /// The id in another spelling, with its key: holds where there is no `id`.
    other_id: Option<(String, Value)>,
    extra: Map<String, Value>,
}

/// Other keys under which conversations are named.
pub(in crate::ingest) const IDS: &[&str] = &[
    "conversation_id",
    "conversationId",
    "conversation_sid",
    "session_id",
    "sessionId",
    "thread_id",
    "threadId",
    "chat_id",
    "chatId",
    "dialogue_id",
    "dialog_id",
    "convo_id",
    "convoId",
    "conv_id",
    "convId",
    "dialogId",
    "dialogueId",
    "transcript_id",
    "ticket_id",
    "uuid",
    "_id",
];

/// Other keys under which it stands when a conversation began; the first that is a time of these years holds.
const STARTS: &[&str] =
    &["startedAt", "start_time", "startTime", "start_timestamp", "created_at", "createdAt", "opened_at", "openedAt"];
/// The same of its end.
pub(super) const ENDS: &[&str] = &["endedAt", "end_time", "endTime", "end_timestamp", "closed_at", "closedAt"];

impl ConversationDraft {
    pub fn new() -> Self {
        let conversation = Conversation::new(String::new(), String::new(), Vec::new());
        Self { conversation, other_id: None, extra: Map::new() }
    }

    pub fn has_no_turns(&self) -> bool {
        self.conversation.turns.is_empty()
    }

    pub fn put_turns(&mut self, key: &str, turns: Vec<Turn>, cx: &mut Context) {
        self.conversation.turns = as_seen(key, turns, cx);
    }

    /// Takes one key. What is not known is kept.
    pub fn take(&mut self, key: Cow<'_, str>, value: Value, cx: &mut Context) -> Result<(), RecordError> {
        if self.other_id.is_none() && IDS.contains(&&*key) {
            self.other_id = Some((key.into_owned(), value));
            return Ok(());
        }
        if let Some(value) = field(&mut self.conversation, &key, value, &mut self.extra, cx)? {
            keep(&mut self.extra, "", key.into_owned(), value, cx);
        }
        Ok(())
    }

    pub fn finish(self, cx: &mut Context) -> Result<Conversation, RecordError> {
        let mut c = self.whole(cx)?;
        order::settle(&mut c, cx);
        beside::settle(&mut c, cx)?;
        complete(&mut c, cx);
        Ok(c)
    }

    /// What was taken, with its id and source.
    fn whole(mut self, cx: &mut Context) -> Result<Conversation, RecordError> {
        let mut c = self.conversation;
        match self.other_id {
            Some((_, value)) if c.id.is_empty() => c.id = identifier(&value)?,
            Some((key, value)) => keep(&mut self.extra, "", key, value, cx),
            None => {}
        }
        if c.id.is_empty() {
            return Err(RecordError::Missing("`id`"));
        }
        if c.turns.is_empty() {
            return Err(RecordError::Missing("`turns`: a conversation has at least one"));
        }
        if c.source.is_empty() {
            c.source.clone_from(&cx.source);
        }
        for (key, value) in self.extra {
            c.meta.entry(key).or_insert(value);
        }
        offer::placed(&mut c, cx);
        Ok(c)
    }
}

/// Takes one key of a conversation; gives the value back when it is not known or of another kind.
///
/// # Errors
/// What stands under it means nothing, and the sense of the conversation hangs on it.
pub(super) fn field(
    c: &mut Conversation,
    key: &str,
    value: Value,
    extra: &mut Map<String, Value>,
    cx: &mut Context,
) -> Result<Option<Value>, RecordError> {
    if value.is_null() && !matches!(key, "id" | "turns" | "messages") {
        return Ok(None);
    }
    if !matches!(key, "turns" | "messages") {
        few_listed(key, &value)?;
    }
    match key {
        "v" => return version(&value).map(|()| None),
        "id" => c.id = identifier(&value)?,
        "turns" | "messages" if c.turns.is_empty() => c.turns = as_seen(key, turns(unquoted(value), cx)?, cx),
        "source" => return Ok(text(value).map(|s| c.source = s).err()),
        "channel" => return Ok(text(value).map(|s| c.channel = Some(s)).err()),
        "lang" => return Ok(text(value).map(|s| c.lang = Some(s)).err()),
        "language" | "locale" if c.lang.is_none() && value.as_str().is_some_and(is_tag) => {
            return Ok(text(value).map(|s| c.lang = Some(s)).err());
        }
        "customer_id" => return Ok(text(value).map(|s| c.customer_id = Some(s)).err()),
        "started_at" => c.started_at = value::time_at(key, &value, cx)?,
        "ended_at" => c.ended_at = value::time_at(key, &value, cx)?,
        _ if c.started_at.is_none() && STARTS.contains(&key) => match value::moment(&value, cx) {
            Some(at) => c.started_at = Some(at),
            None => return Ok(Some(value)),
        },
        _ if c.ended_at.is_none() && ENDS.contains(&key) => match value::moment(&value, cx) {
            Some(at) => c.ended_at = Some(at),
            None => return Ok(Some(value)),
        },
        "bot" => return Ok(bot(c, value, extra, cx)),
        "outcome" => c.outcome = Some(outcome_named(&value)?),
        "outcome_source" => {
            return Ok(named(value, OutcomeSource::from_name).map(|v| c.outcome_source = Some(v)).err());
        }
        "resolution" => return Ok(named(value, Resolution::from_name).map(|v| c.resolution = Some(v)).err()),
        "outcome_reason" => return Ok(text(value).map(|s| c.outcome_reason = Some(s)).err()),
        "csat" | "satisfaction_survey" => return csat(c, value, extra, cx),
        "sentiment" => c.sentiment = value::sentiment(&value, cx),
        "offers" => return offer::offers(c, value, cx),
        "sampling" => c.sampling = Some(sampling(value)?),
        "tags" => return Ok(value::texts(value).map(|tags| c.tags = tags).err()),
        "meta" => match value {
            Value::Object(meta) => c.meta = meta,
            other => return Ok(Some(other)),
        },
        _ => return Ok(Some(value)),
    }
    Ok(None)
}

/// Whether a text is a language tag by its form: `en`, `el-GR`, `zh_Hant_TW`.
fn is_tag(text: &str) -> bool {
    let mut parts = text.split(['-', '_']);
    let first = parts.next().unwrap_or_default();
    let is_part = |p: &str| (2..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric());
    (2..=3).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_alphabetic()) && parts.all(is_part)
}

/// How it came into a sample. Every figure hangs on it: what is no probability is not guessed around.
fn sampling(value: Value) -> Result<Sampling, RecordError> {
    let Value::Object(map) = value else {
        return Err(value::wrong_kind("`sampling`", "an object with `stratum` and `probability`", &value));
    };
    let mut fields = Fields::new(map);
    let stratum = fields.take("stratum").and_then(|v| text(v).ok()).unwrap_or_default();
    let given = fields.take("probability").unwrap_or_default();
    number(&given).and_then(|p| Sampling::new(stratum, p)).ok_or_else(|| RecordError::Unknown {
        what: "`sampling.probability`",
        given: value::short(&given),
        hint: "a number above 0, at most 1".to_owned(),
    })
}

fn version(value: &Value) -> Result<(), RecordError> {
    match number(value) {
        Some(v) if v != 1.0 => Err(RecordError::Version(v.to_string())),
        _ => Ok(()),
    }
}

fn identifier(value: &Value) -> Result<String, RecordError> {
    let id = match value {
        Value::String(s) => s.clone(),
        Value::Number(n) => n.to_string(),
        Value::Null => String::new(),
        other => return Err(value::wrong_kind("`id`", "text or a number", other)),
    };
    if id.len() > MAX_ID { Err(RecordError::LongId(MAX_ID)) } else { Ok(id) }
}

/// Messages of programs, which write what they show, as people saw them; what stands in our own format is text.
fn as_seen(key: &str, mut turns: Vec<Turn>, cx: &mut Context) -> Vec<Turn> {
    if key == "messages" {
        turns.iter_mut().for_each(|turn| html::as_seen(turn, cx));
    }
    turns
}

/// A list that a database keeps as text.
fn unquoted(value: Value) -> Value {
    let list = value.as_str().filter(|text| text.trim_start().starts_with('['));
    list.and_then(|text| serde_json::from_str(text).ok()).unwrap_or(value)
}

fn turns(value: Value, cx: &mut Context) -> Result<Vec<Turn>, RecordError> {
    match value {
        Value::Array(list) if list.len() > MAX_TURNS => {
            Err(RecordError::TooMany { what: format!("{} turns", list.len()), most: MAX_TURNS })
        }
        Value::Array(list) => listed(branches::read_last(list, cx), cx),
        Value::Null => Ok(Vec::new()),
        Value::Object(map) if is_numbered(&map) && map.len() <= MAX_TURNS => {
            let mut turns: Vec<(u64, Value)> =
                map.into_iter().filter_map(|(number, turn)| Some((number.parse().ok()?, turn))).collect();
            turns.sort_by_key(|(number, _)| *number);
            listed(turns.into_iter().map(|(_, turn)| turn).collect(), cx)
        }
        other => Err(value::wrong_kind("`turns`", "a list", &other)),
    }
}

/// Whether an object holds turns under their numbers.
pub(super) fn is_numbered(map: &Map<String, Value>) -> bool {
    !map.is_empty() && map.iter().all(|(key, turn)| key.parse::<u64>().is_ok() && turn.is_object())
}

/// The turns of a list. Where somebody is not known who speaks, all of them are noted, so that they are asked for at once; the first
/// is the error.
fn listed(list: Vec<Value>, cx: &mut Context) -> Result<Vec<Turn>, RecordError> {
    let (mut turns, mut stranger) = (Vec::with_capacity(list.len()), None);
    let named = list.iter().filter_map(Value::as_str).any(|text| role_before(text).is_some());
    for (i, turn) in list.into_iter().enumerate() {
        match turn::read(i, turn, named, cx) {
            Ok(turn) => turns.push(turn),
            Err(error) => match (error.stranger(), &stranger) {
                (Some(name), Some(_)) => cx.speakers.note(&name),
                (Some(_), None) => stranger = Some(error),
                (None, _) => return Err(stranger.unwrap_or(error)),
            },
        }
    }
    stranger.map_or(Ok(turns), Err)
}

/// A name out of a closed set, without regard to case.
fn named<T>(value: Value, from_name: fn(&str) -> Option<T>) -> Result<T, Value> {
    value.as_str().and_then(|s| from_name(&s.trim().to_ascii_lowercase())).ok_or(value)
}

fn outcome_named(value: &Value) -> Result<Outcome, RecordError> {
    named(value.clone(), Outcome::from_name).map_err(|value| {
        let known = Outcome::ALL.iter().map(|o| o.name());
        let meant = value.as_str().and_then(|s| nearest(s, known.clone()));
        let hint = meant.map_or_else(|| known.collect::<Vec<_>>().join(", "), |m| format!("did you mean `{m}`?"));
        RecordError::Unknown { what: "outcome", given: value::short(&value), hint }
    })
}

fn bot(c: &mut Conversation, value: Value, extra: &mut Map<String, Value>, cx: &mut Context) -> Option<Value> {
    match value {
        Value::Object(map) => {
            let mut bot = Bot::default();
            for (key, value) in map {
                let left = match key.as_str() {
                    _ if value.is_null() => None,
                    "name" => text(value).map(|s| bot.name = Some(s)).err(),
                    "version" => text(value).map(|s| bot.version = Some(s)).err(),
                    _ => Some(value),
                };
                if let Some(value) = left {
                    keep(extra, "bot.", key, value, cx);
                }
            }
            c.bot = (bot != Bot::default()).then_some(bot);
            None
        }
        other => text(other).map(|name| c.bot = Some(Bot { name: Some(name), version: None })).err(),
    }
}

fn csat(
    c: &mut Conversation,
    value: Value,
    extra: &mut Map<String, Value>,
    cx: &mut Context,
) -> Result<Option<Value>, RecordError> {
    let map = match value {
        Value::Object(map) => map,
        other => {
            let rated = scored(&other, None, cx);
            c.csat = rated.map(|(score, max)| Csat { score, max, comment: None, at: None }).or(c.csat.take());
            return Ok(rated.is_none().then_some(other));
        }
    };
    let most = map.get("max").and_then(number).filter(|m| *m > 0.0);
    let Some((score, max)) = map.get("score").and_then(|score| scored(score, most, cx)) else {
        return Ok(Some(Value::Object(map)));
    };
    let mut fields = Fields::new(map);
    for taken in ["score", "max"] {
        fields.take(taken);
    }
    let comment = fields.take("comment").or_else(|| fields.take("body_text")).and_then(|v| text(v).ok());
    let at = fields
        .take("at")
        .or_else(|| fields.take("scored_datetime"))
        .map_or(Ok(None), |v| value::time_at("csat.at", &v, cx))?;
    c.csat = Some(Csat { score, max, comment, at });
    fields.keep_rest(extra, "csat.", cx);
    Ok(None)
}

/// A rating that says of how many it is, or one of the scale that all of the log have.
fn scored(value: &Value, most: Option<f64>, cx: &mut Context) -> Option<(f64, f64)> {
    let of_its_own = number(value).zip(most);
    let told = match of_its_own {
        Some((score, most)) => (score <= most).then_some((score, most)),
        None => of_all(value, cx),
    };
    let is_settled = of_its_own.is_none() && (cx.scales.by_all || !cx.scales.is_read);
    if told.is_none() && !is_settled && !value.as_str().is_some_and(values::is_unrated) {
        cx.warnings.add(
            "`csat` is no rating of the scale that the others have, 1 to 5 where none differs: not read; write {\"score\": 9, \"max\": 10}",
        );
    }
    told
}

fn of_all(value: &Value, cx: &mut Context) -> Option<(f64, f64)> {
    let written = text(value.clone()).ok()?;
    let scales = cx.rating_scale();
    let csat = if scales.is_read { rated::read(&written, &scales.ratings, cx)? } else { return None };
    Some((csat.score, csat.max))
}

/// What follows from the rest: the first and last moment, the pseudonym, the outcome.
pub(in crate::ingest) fn complete(c: &mut Conversation, cx: &Context) {
    let moments = c.turns.iter().filter_map(|t| t.at);
    c.started_at = c.started_at.or_else(|| moments.clone().min());
    c.ended_at = c.ended_at.or_else(|| moments.max());
    if let (Some(salt), Some(id)) = (&cx.salt, &c.customer_id) {
        c.customer_id = Some(pseudonym(salt, id));
    }
    let turns = c.turns.len();
    c.offers.iter_mut().for_each(|o| o.turn = o.turn.filter(|t| (*t as usize) < turns));
    outcome::settle(c, cx.now, &cx.handoff_names);
}
