//! Dialogflow ES: answers as JSON, and log lines in protobuf text.

use super::answer::answers;
use super::keys::{ES, camel, last_part};
use crate::domain::{Conversation, Outcome, Role, Timestamp, Turn};
use crate::ingest::context::Context;
use crate::ingest::formats::canonical::value::confidence;
use crate::ingest::formats::grouped::ending::{KnownEnding, event, finish};
use crate::ingest::formats::grouped::look::{at, first_id, id, is_true, number, time, words};
use crate::ingest::formats::grouped::{Built, PartSink, RecordPiece};
use crate::ingest::formats::record_error::RecordError;
use serde_json::{Value, json};

/// Whether a log line is one of ES.
pub(super) fn is_line(text: &str) -> bool {
    text.starts_with("Dialogflow Response")
        || text.starts_with("Dialogflow Request")
        || text.starts_with("Dialogflow fulfillment")
}

/// Takes an answer or a log line apart.
pub(super) fn take(value: Value, out: &mut PartSink<'_>) -> Result<(), RecordError> {
    if let Some(text) = words(&value, "/textPayload") {
        if !text.starts_with("Dialogflow Response") {
            return Ok(());
        }
        let session = field(text, "session_id").or_else(|| first_id(&value, &["/trace", "/labels/session_id"]));
        let session = session.ok_or(RecordError::Missing("`trace` or `session_id`"))?;
        let answer = json!({
            "id": id(&value, "/insertId").or_else(|| field(text, "id")), "at": value["timestamp"], "lang": field(text, "lang"),
            "result": {
                "queryText": field(text, "resolved_query"),
                "fulfillmentText": field(text, "speech"),
                "intent": {
                    "displayName": field(text, "intent_name"),
                    "isFallback": field(text, "is_fallback_intent"),
                    "endInteraction": field(text, "end_conversation"),
                },
                "intentDetectionConfidence": field(text, "score"),
            },
        });
        return out.piece(&session, ES, &answer);
    }
    let value = camel(value);
    let result = at(&value, "/queryResult");
    if !result.is_object() {
        out.cx.warnings.add("a record that is no turn of Dialogflow, left out");
        return Ok(());
    }
    let context = words(result, "/outputContexts/0/name").and_then(|name| name.split("/sessions/").nth(1));
    let session = words(&value, "/session").map(last_part).or_else(|| context.and_then(|c| c.split('/').next()));
    let session = session.ok_or(RecordError::Missing("`session`"))?.to_owned();
    let moment = ["timestamp", "requestTime", "at"].iter().find_map(|key| value.get(*key)).cloned();
    let answer = json!({"id": value["responseId"], "at": moment, "lang": result["languageCode"], "result": result});
    out.piece(&session, ES, &answer)
}

/// A field of protobuf text: `name: "text"`, `name: 0.9`, `name: true`.
fn field(text: &str, name: &str) -> Option<String> {
    let wanted = format!("{name}: ");
    let mut from = 0;
    let start = loop {
        let at = from + text.get(from..)?.find(&wanted)?;
        let stands_alone = text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '_');
        from = at + wanted.len();
        if stands_alone {
            break from;
        }
    };
    let rest = &text[start..];
    let Some(quoted) = rest.strip_prefix('"') else {
        let bare = rest.split(|c: char| c.is_whitespace() || matches!(c, '}' | ']' | ',')).next()?;
        return Some(bare.to_owned()).filter(|b| !b.is_empty());
    };
    let mut out = Vec::new();
    let mut bytes = quoted.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return Some(String::from_utf8_lossy(&out).into_owned()).filter(|t| !t.is_empty()),
            b'\\' => match bytes.next()? {
                b'n' => out.push(b'\n'),
                b't' => out.push(b'\t'),
                // Bytes that are no ASCII stand as three octal digits.
                first @ b'0'..=b'3' => {
                    let digits = [first, bytes.next()?, bytes.next()?];
                    let value = digits.iter().try_fold(0_u32, |n, d| char::from(*d).to_digit(8).map(|d| n * 8 + d));
                    out.push(u8::try_from(value?).ok()?);
                }
                other => out.push(other),
            },
            byte => out.push(byte),
        }
    }
    None
}

/// The turns of a session.
pub(super) fn conversation(own: String, pieces: &[&RecordPiece], cx: &mut Context) -> Built {
    let mut turns: Vec<(Option<Timestamp>, &Value)> = Vec::new();
    for piece in pieces {
        turns.push((time(&piece.value, "/at", cx)?, &piece.value));
    }
    turns.sort_by_key(|(at, _)| *at);
    let mut c = Conversation::new(cx.source.clone(), own, Vec::new());
    let mut said = None;
    for (moment, answer) in turns {
        let first = c.turns.len();
        let result = at(answer, "/result");
        let is_fallback =
            is_true(at(result, "/intent/isFallback")) || words(result, "/action") == Some("input.unknown");
        if let Some(text) = words(result, "/queryText") {
            let mut turn = Turn::new(Role::User, text);
            turn.id = id(answer, "/id");
            turn.intent = words(result, "/intent/displayName").map(str::to_owned);
            turn.fallback = is_fallback;
            if turn.intent.is_some() && !is_fallback {
                turn.confidence = confidence(at(result, "/intentDetectionConfidence"), cx);
            }
            turn.sentiment = number(result, "/sentimentAnalysisResult/queryTextSentiment/score")
                .filter(|s| (-1.0..=1.0).contains(s));
            c.turns.push(turn);
        }
        let mut texts = answers(at(result, "/fulfillmentMessages"), cx).texts;
        if texts.is_empty() {
            texts.extend(words(result, "/fulfillmentText").map(str::to_owned));
        }
        for text in texts {
            let mut turn = Turn::new(Role::Bot, text);
            turn.fallback = is_fallback;
            c.turns.push(turn);
        }
        if is_true(at(result, "/intent/liveAgentHandoff")) {
            c.turns.push(event("handoff", "liveAgentHandoff"));
        }
        let ends = is_true(at(result, "/intent/endInteraction"));
        said = (ends && !is_fallback).then(|| KnownEnding::new(Outcome::Resolved, "endInteraction"));
        c.turns[first..].iter_mut().for_each(|t| t.at = moment);
        c.lang = c.lang.or_else(|| words(answer, "/lang").map(str::to_owned));
    }
    finish(c, said, cx)
}
