//! Amazon Lex: conversation logs of version 2 and 1, raw or as CloudWatch hands them out (`filter-log-events`, Logs Insights,
//! subscription batches), and the analytics lists of utterances and sessions.
//!
//! A session id is often a person's number: more than a day of silence begins another conversation.

mod record;

use super::grouped::ending::{KnownEnding, event, finish};
use super::grouped::look::{first_id, list, shown, unquoted, words};
use super::grouped::spells::{DAY, part_id};
use super::grouped::{Built, GroupedFormat, PartSink, RecordGroup, RecordPiece};
use super::record_error::RecordError;
use crate::domain::{Bot, Conversation, Outcome, Timestamp, Turn};
use crate::ingest::context::Context;
use crate::ingest::distinct::Distinct;
use record::LexRecord;
use serde_json::Value;

/// The format.
pub(in crate::ingest) static LEX: GroupedFormat = GroupedFormat {
    name: "lex",
    marks: &["inputTranscript", "conversationEndState", "utteranceUnderstood"],
    tell,
    lists: &["events", "logEvents", "results", "utterances", "sessions"],
    has_tables: true,
    asks: false,
    take,
    build,
};

/// What a piece is: an utterance and its answer.
const HEARD: u8 = b'h';
/// How a session ended.
const SESSION: u8 = b's';
/// Silence after which a question counts as left, in milliseconds: 30 minutes.
const SILENCE: i64 = 30 * 60_000;

fn tell(values: &[Value]) -> Option<(u8, &'static str)> {
    let inner: Vec<Value> = values.iter().filter_map(|v| logged(v.clone())).collect();
    let is_v2 = |v: &Value| {
        v.get("sessionId").is_some() && (v.get("sessionState").is_some() || v.get("interpretations").is_some())
    };
    let is_v1 = |v: &Value| {
        v.get("inputTranscript").is_some() && (v.get("dialogState").is_some() || v.get("botName").is_some())
    };
    let is_list = |v: &Value| v.get("conversationEndState").is_some() || v.get("utteranceUnderstood").is_some();
    if inner.iter().any(is_v2) {
        return Some((98, "conversation logs of Amazon Lex V2"));
    }
    if inner.iter().any(is_v1) {
        return Some((98, "conversation logs of Amazon Lex V1"));
    }
    values.iter().any(is_list).then_some((96, "analytics of Amazon Lex"))
}

/// The record in what CloudWatch puts around it; `None` for a line that is no record.
fn logged(value: Value) -> Option<Value> {
    if let Value::Array(fields) = &value {
        // A row of Logs Insights: a list of fields with their values.
        let message = fields.iter().find(|f| words(f, "/field") == Some("@message"))?;
        return logged_text(words(message, "/value")?);
    }
    match words(&value, "/message").or_else(|| words(&value, "/@message")) {
        Some(text) => logged_text(text),
        None => value.is_object().then_some(value),
    }
}

fn logged_text(text: &str) -> Option<Value> {
    Some(unquoted(Value::String(text.trim().to_owned()))).filter(Value::is_object)
}

fn take(value: Value, out: &mut PartSink<'_>) -> Result<(), RecordError> {
    let Some(record) = logged(value) else {
        out.cx.warnings.add("a line of the log that is no conversation log, left out");
        return Ok(());
    };
    let batch = ["logEvents", "events"].iter().find_map(|key| record.get(*key).and_then(Value::as_array));
    if let Some(batch) = batch {
        return batch.iter().try_for_each(|event| take(event.clone(), out));
    }
    let session = first_id(&record, &["/sessionId", "/userId"]);
    let is_end = record.get("conversationEndState").is_some();
    let is_heard =
        ["inputTranscript", "utterance", "messages", "botResponse"].iter().any(|key| record.get(*key).is_some());
    match session {
        Some(id) if is_end => out.piece(&id, SESSION, &record),
        Some(id) if is_heard => out.piece(&id, HEARD, &record),
        Some(_) => {
            out.cx.warnings.add("a record without words of customer or AI, left out");
            Ok(())
        }
        None => Err(RecordError::Missing("`sessionId`")),
    }
}

fn build(group: RecordGroup<'_>, cx: &mut Context) -> Vec<Built> {
    let mut seen = Distinct::default();
    // The same utterance stands in several log streams.
    let fresh =
        |p: &&RecordPiece| first_id(&p.value, &["/requestId", "/utteranceRequestId"]).is_none_or(|id| seen.add(id));
    let ends: Vec<&RecordPiece> = group.pieces.iter().filter(|p| p.tag == SESSION).collect();
    let mut heard: Vec<LexRecord> =
        group.pieces.iter().filter(|p| p.tag == HEARD).filter(fresh).map(|p| record::read(&p.value, cx)).collect();
    heard.sort_by_key(|h| h.at);
    let mut spells: Vec<Vec<LexRecord>> = Vec::new();
    for next in heard {
        let before = spells.last().and_then(|s| s.last()).and_then(|h| h.at);
        let long = matches!((before, next.at), (Some(Timestamp(a)), Some(Timestamp(b))) if b.saturating_sub(a) > DAY);
        match spells.last_mut() {
            Some(spell) if !long => spell.push(next),
            _ => spells.push(vec![next]),
        }
    }
    if spells.is_empty() {
        cx.warnings.add("a session of which only the end is known, left out");
    }
    // What is said of the session's end is said of the last time.
    let last = spells.len().saturating_sub(1);
    let end = ends.last().and_then(|p| words(&p.value, "/conversationEndState"));
    let built = spells.into_iter().enumerate();
    built.map(|(i, s)| conversation(part_id(&group.id, i), s, end.filter(|_| i == last), cx)).collect()
}

fn conversation(id: String, heard: Vec<LexRecord>, end: Option<&str>, cx: &mut Context) -> Built {
    let said = ended(&heard, end, cx);
    let described = heard.last().map(|h| h.record.clone()).unwrap_or_default();
    let (mut turns, mut handed_over): (Vec<Turn>, bool) = (Vec::new(), false);
    for h in heard {
        turns.extend(h.turns);
        if h.hands_over && !handed_over {
            handed_over = true;
            let mut turn = event("handoff", h.intent.unwrap_or_default());
            turn.at = h.at;
            turns.push(turn);
        }
    }
    let mut c = Conversation::new(cx.source.clone(), id, turns);
    c.lang = first_id(&described, &["/bot/localeId", "/localeId", "/locale"]).map(|l| l.replace('_', "-"));
    c.customer_id = words(&described, "/userId").map(str::to_owned);
    let name = first_id(&described, &["/bot/name", "/botName"]);
    let version = first_id(&described, &["/bot/version", "/botVersion"]);
    c.bot = (name.is_some() || version.is_some()).then_some(Bot { name, version });
    c.channel = words(&described, "/requestAttributes/x-amz-lex:channels:platform").map(str::to_owned);
    if !list(&described, "/audioProperties").is_empty() || words(&described, "/inputMode") == Some("Speech") {
        c.channel = c.channel.or_else(|| Some("voice".to_owned()));
    }
    finish(c, said, cx)
}

/// The end by the state of the last intent, or by what the analytics say of the session.
fn ended(heard: &[LexRecord], end: Option<&str>, cx: &mut Context) -> Option<KnownEnding> {
    match end {
        Some("Success") => return Some(KnownEnding::new(Outcome::Resolved, "conversationEndState Success")),
        Some("Failure") => return Some(KnownEnding::new(Outcome::Failed, "conversationEndState Failure")),
        Some("Dropped") => return Some(KnownEnding::new(Outcome::Abandoned, "conversationEndState Dropped")),
        Some(other) => cx.warnings.add(&format!("conversationEndState `{}` is not known: left out", shown(other))),
        None => {}
    }
    let last = heard.last()?;
    if last.is_fallback {
        return None;
    }
    match last.state.as_deref()? {
        "Fulfilled" => Some(KnownEnding::new(Outcome::Resolved, "the last intent is Fulfilled")),
        "Failed" => Some(KnownEnding::new(Outcome::Failed, "the last intent is Failed")),
        "InProgress"
        | "ReadyForFulfillment"
        | "FulfillmentInProgress"
        | "Waiting"
        | "ElicitIntent"
        | "ElicitSlot"
        | "ConfirmIntent" => {
            let asks = last.asks && cx.now.0.saturating_sub(last.at?.0) >= SILENCE;
            asks.then(|| {
                KnownEnding::at_last(Outcome::Abandoned, "a question of the AI without an answer for 30 minutes")
            })
        }
        other => {
            cx.warnings.add(&format!("the state `{}` of an intent is not known: the outcome is derived", shown(other)));
            None
        }
    }
}
