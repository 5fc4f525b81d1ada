//! One utterance with its answer, as Lex logs it.

use crate::domain::{Ranked, Role, Timestamp, Turn};
use crate::ingest::context::Context;
use crate::ingest::formats::canonical::value::{confidence, number};
use crate::ingest::formats::csv::cells::values::truth;
use crate::ingest::formats::grouped::look::{at, first_id, is_true, keep, list, words};
use crate::ingest::html;
use serde_json::Value;

/// What one record says.
pub(super) struct LexRecord {
    pub at: Option<Timestamp>,
    pub turns: Vec<Turn>,
    pub intent: Option<String>,
    /// The intent's state, or the dialogue's where that is all there is.
    pub state: Option<String>,
    /// The AI wants something of the customer next.
    pub asks: bool,
    pub is_fallback: bool,
    pub hands_over: bool,
    /// Where the conversation's own fields stand.
    pub record: Value,
}

/// Names of intents that are fulfilled by handing over, without case and signs.
const HANDOVER_INTENTS: &[&str] = &[
    "speaktoagent",
    "talktoagent",
    "speaktohuman",
    "talktohuman",
    "transfertoagent",
    "escalatetoagent",
    "connecttoagent",
    "agenttransfer",
    "humanagent",
    "liveagent",
];

/// Reads a record. Each of its parts that cannot be read is left out with a warning: the rest is still what was said.
pub(super) fn read(record: &Value, cx: &mut Context) -> LexRecord {
    let time = ["timestamp", "utteranceTimestamp"].iter().find_map(|key| record.get(*key)).unwrap_or(&Value::Null);
    let moment = cx.times.read(time).unwrap_or_else(|_| {
        cx.warnings.add("a time that cannot be read, left out");
        None
    });
    let ranking = ranked(record, cx);
    let intent = first_id(
        record,
        &["/interpretations/0/intent/name", "/sessionState/intent/name", "/intent", "/associatedIntentName"],
    );
    let fallback = |name: &String| name == "FallbackIntent" || name == "AMAZON.FallbackIntent";
    let understood = at(record, "/utteranceUnderstood").as_bool();
    let is_fallback =
        is_true(at(record, "/missedUtterance")) || intent.as_ref().is_some_and(fallback) || understood == Some(false);
    let mut turns = Vec::new();
    if let Some(text) = words(record, "/inputTranscript").or_else(|| words(record, "/utterance")) {
        let mut turn = Turn::new(Role::User, text);
        turn.id = first_id(record, &["/requestId", "/utteranceRequestId"]);
        turn.at = moment;
        turn.fallback = is_fallback;
        // What a missed utterance was taken for is in the ranking, and no prediction.
        turn.confidence =
            ranking.first().filter(|r| !is_fallback && Some(&r.intent) == intent.as_ref()).map(|r| r.confidence);
        turn.intent.clone_from(&intent);
        turn.ranking = ranking;
        turn.sentiment = sentiment(record);
        keep(&mut turn, "input_mode", at(record, "/inputMode"));
        keep(&mut turn, "slots", at(record, "/sessionState/intent/slots"));
        turns.push(turn);
    }
    for text in answers(record) {
        let mut turn = Turn::new(Role::Bot, text);
        (turn.at, turn.fallback) = (moment, is_fallback);
        turns.push(turn);
    }
    let state = first_id(record, &["/sessionState/intent/state", "/interpretations/0/intent/state", "/dialogState"]);
    let next = words(record, "/sessionState/dialogAction/type").or_else(|| words(record, "/dialogState"));
    let bare: String = intent.iter().flat_map(|i| i.chars()).filter(char::is_ascii_alphanumeric).collect();
    let named = HANDOVER_INTENTS.contains(&bare.to_ascii_lowercase().as_str()) && state.as_deref() == Some("Fulfilled");
    let attributes = at(record, "/sessionState/sessionAttributes");
    LexRecord {
        at: moment,
        turns,
        intent,
        state,
        asks: matches!(next, Some("ElicitSlot" | "ElicitIntent" | "ConfirmIntent")),
        is_fallback,
        hands_over: named || is_escalated(attributes) || is_escalated(at(record, "/sessionAttributes")),
        record: record.clone(),
    }
}

/// The intents that came into question: those without a score are left out.
fn ranked(record: &Value, cx: &mut Context) -> Vec<Ranked> {
    let mut ranking = Vec::new();
    for place in list(record, "/interpretations").iter().take(100) {
        let score = score(at(place, "/nluConfidence"), cx);
        ranking.extend(words(place, "/intent/name").zip(score));
    }
    if let Some(intent) = words(record, "/intent") {
        ranking.extend(Some(intent).zip(score(at(record, "/nluIntentConfidence"), cx)));
        for place in list(record, "/alternativeIntents").iter().take(100) {
            let name = words(place, "/name").or_else(|| words(place, "/intentName"));
            ranking.extend(name.zip(score(at(place, "/nluIntentConfidence"), cx)));
        }
    }
    ranking.into_iter().map(|(intent, confidence)| Ranked { intent: intent.to_owned(), confidence }).collect()
}

/// A confidence: `"0.63"`, `0.63`, `{"score":0.63}`, and the text `{score: 0.63}` that is no JSON.
fn score(value: &Value, cx: &mut Context) -> Option<f64> {
    match value.as_str().filter(|s| s.trim_start().starts_with('{')) {
        Some(text) => confidence(&labelled(text, "score")?.into(), cx),
        None => confidence(value, cx),
    }
}

/// The number behind a label in a text such as `{Positive: 0.03,Negative: 0.54}`.
fn labelled(text: &str, label: &str) -> Option<f64> {
    let inside = text.trim().trim_start_matches('{').trim_end_matches('}');
    let pairs = inside.split(',').filter_map(|pair| pair.split_once(':'));
    let mut found = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case(label));
    found.next().and_then(|(_, number)| number.trim().parse().ok()).filter(|x: &f64| x.is_finite())
}

/// How the customer felt: positive less negative.
fn sentiment(record: &Value) -> Option<f64> {
    let paths = ["/interpretations/0/sentimentResponse/sentimentScore", "/sentimentResponse/sentimentScore"];
    let scores = paths.iter().map(|path| at(record, path)).find(|v| !v.is_null())?;
    let of = |label: &str| match scores.as_str() {
        Some(text) => labelled(text, label),
        None => number(at(scores, &format!("/{label}"))),
    };
    let sentiment = of("positive")? - of("negative")?;
    (-1.0..=1.0).contains(&sentiment).then_some(sentiment)
}

/// What the AI said: each message is an answer.
fn answers(record: &Value) -> Vec<String> {
    let messages = list(record, "/messages").iter().chain(list(record, "/botResponses"));
    let mut answers: Vec<String> = messages.filter_map(answer).collect();
    // A text of version 1 may hold several messages as JSON.
    answers.extend(words(record, "/botResponse").map(str::to_owned));
    answers
}

fn answer(message: &Value) -> Option<String> {
    let kind = first_id(message, &["/contentType"]).unwrap_or_default();
    let card = at(message, "/imageResponseCard");
    if let Some(title) = words(card, "/title") {
        let buttons: Vec<&str> = list(card, "/buttons").iter().filter_map(|b| words(b, "/text")).take(20).collect();
        let subtitle = words(card, "/subtitle").map(|s| format!("\n{s}")).unwrap_or_default();
        let shown = if buttons.is_empty() { String::new() } else { format!("\n[{}]", buttons.join(" | ")) };
        return Some(format!("{title}{subtitle}{shown}"));
    }
    let content = words(message, "/content")?;
    Some(if kind == "SSML" { html::read(content).text } else { content.to_owned() })
}

/// Whether the attributes of a session say that a person takes over.
pub(super) fn is_escalated(attributes: &Value) -> bool {
    let names = |key: &str| {
        let key = key.to_ascii_lowercase().replace(['-', '_'], "");
        matches!(
            key.as_str(),
            "escalate"
                | "escalated"
                | "escalation"
                | "handoff"
                | "handover"
                | "transfertoagent"
                | "agenttransfer"
                | "needshuman"
                | "needsagent"
        ) || (key.starts_with("xamzlex:") && key.contains("agent"))
    };
    let yes = |v: &Value| v.as_bool().or_else(|| truth(v.as_str()?)) == Some(true);
    at(attributes, "").as_object().is_some_and(|map| map.iter().any(|(key, value)| names(key) && yes(value)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_attribute_that_says_no_hands_nobody_over() {
        for (value, is) in [
            (json!("1"), true),
            (json!(true), true),
            (json!("Y"), true),
            (json!("0"), false),
            (json!("N"), false),
            (json!("no"), false),
            (json!(null), false),
        ] {
            for key in ["needs_human", "escalated", "hand-over"] {
                assert_eq!(is_escalated(&json!({key: value})), is, "{key} {value}");
            }
        }
        assert!(!is_escalated(&json!({"name": "yes"})));
    }
}
