//! Dialogflow: CX turns as BigQuery and Cloud Logging hold them and as the API's history gives them; answers of ES as JSON,
//! and its log lines, which are protobuf text.

mod answer;
mod es;
mod keys;
mod turn;

use super::grouped::ending::{KnownEnding, finish};
use super::grouped::look::{at, first_id, id, is_true, list, number, unquoted, words};
use super::grouped::{Built, GroupedFormat, PartSink, RecordGroup, RecordPiece};
use super::record_error::RecordError;
use crate::domain::{Conversation, Outcome};
use crate::ingest::context::Context;
use crate::ingest::distinct::Distinct;
use keys::{camel, last_part};
use serde_json::{Value, json};
use turn::TurnExchange;

/// The format.
pub(in crate::ingest) static DIALOGFLOW: GroupedFormat = GroupedFormat {
    name: "dialogflow",
    marks: &[
        "queryResult",
        "query_result",
        "conversation_name",
        "conversationName",
        "Dialogflow Re",
        "\"interactions\"",
    ],
    tell,
    lists: &["conversations", "entries"],
    has_tables: true,
    asks: false,
    take,
    build,
};

/// A turn of CX, in one form for all its logs.
const TURN: u8 = b't';

fn tell(values: &[Value]) -> Option<(u8, &'static str)> {
    let any = |f: fn(&Value) -> bool| values.iter().any(f);
    if any(|v| words(v, "/conversation_name").is_some() && v.get("turn_position").is_some()) {
        return Some((98, "turns of Dialogflow CX, exported by BigQuery"));
    }
    if any(|v| v.get("interactions").is_some_and(Value::is_array) && words(v, "/name").is_some()) {
        return Some((97, "the history of Dialogflow CX"));
    }
    if any(|v| at(v, "/jsonPayload/queryResult").is_object() || at(v, "/jsonPayload/queryInput").is_object()) {
        return Some((98, "log entries of Dialogflow CX"));
    }
    if any(|v| words(v, "/textPayload").is_some_and(es::is_line)) {
        return Some((97, "log entries of Dialogflow ES"));
    }
    any(|v| at(v, "/queryResult/queryText").is_string()).then_some((96, "answers of Dialogflow ES"))
}

fn take(value: Value, out: &mut PartSink<'_>) -> Result<(), RecordError> {
    if let Some(name) = words(&value, "/conversation_name") {
        let session = last_part(name).to_owned();
        let json = |key: &str| camel(unquoted(at(&value, key).clone()));
        let turn = json!({
            "response": json("/response"), "request": json("/request"), "signals": json("/conversation_signals"),
            "feedback": json("/bot_answer_feedback"), "at": value["request_time"], "place": value["turn_position"],
            "lang": value["language_code"], "agent": value["agent_id"],
        });
        return out.piece(&session, TURN, &turn);
    }
    if let Some(turns) = value.get("interactions").and_then(Value::as_array) {
        let session = last_part(words(&value, "/name").ok_or(RecordError::Missing("`name`"))?).to_owned();
        return turns.iter().try_for_each(|i| {
            let turn = json!({
                "response": i["response"], "request": i["request"], "feedback": i["answerFeedback"], "at": i["createTime"],
                "lang": value["languageCode"],
            });
            out.piece(&session, TURN, &turn)
        });
    }
    let payload = camel(at(&value, "/jsonPayload").clone());
    if payload.get("queryResult").is_some() {
        let session = first_id(&value, &["/labels/session_id"]).ok_or(RecordError::Missing("`labels.session_id`"))?;
        let turn = json!({
            "response": payload, "at": value["timestamp"], "insert": value["insertId"],
            "lang": at(&payload, "/queryResult/languageCode"), "agent": at(&value, "/labels/agent_id"),
        });
        return out.piece(&session, TURN, &turn);
    }
    if payload.get("queryInput").is_some() {
        // The answer repeats what was asked.
        return Ok(());
    }
    es::take(value, out)
}

fn build(group: RecordGroup<'_>, cx: &mut Context) -> Vec<Built> {
    let mut seen = Distinct::default();
    let fresh = |p: &&RecordPiece| {
        let own =
            id(&p.value, "/insert").or_else(|| id(&p.value, "/response/responseId")).or_else(|| id(&p.value, "/id"));
        own.is_none_or(|own| seen.add(own))
    };
    let pieces: Vec<&RecordPiece> = group.pieces.iter().filter(fresh).collect();
    let mut turns: Vec<&Value> = pieces.iter().filter(|p| p.tag == TURN).map(|p| &p.value).collect();
    if turns.is_empty() {
        return vec![es::conversation(group.id, &pieces, cx)];
    }
    if turns.iter().all(|t| number(t, "/place").is_some()) {
        turns
            .sort_by(|a, b| number(a, "/place").partial_cmp(&number(b, "/place")).unwrap_or(std::cmp::Ordering::Equal));
    } else {
        turns.sort_by_key(|t| cx.times.read(at(t, "/at")).unwrap_or_default());
    }
    vec![conversation(group.id, &turns, cx)]
}

fn conversation(own: String, turns: &[&Value], cx: &mut Context) -> Built {
    let mut c = Conversation::new(cx.source.clone(), own, Vec::new());
    let mut said = None;
    let mut handed_over = false;
    for (i, one) in turns.iter().enumerate() {
        let TurnExchange { turns: mut exchanged, success, hands_over } = turn::read(one, cx)?;
        handed_over |= hands_over;
        c.turns.append(&mut exchanged);
        said = ended(one, success, handed_over, i + 1 == turns.len()).or(said);
        c.lang = c.lang.or_else(|| words(one, "/lang").map(str::to_owned));
        c.bot = c.bot.or_else(|| {
            let name = words(one, "/agent").map(|a| last_part(a).to_owned());
            name.map(|name| crate::domain::Bot { name: Some(name), version: None })
        });
    }
    finish(c, said, cx)
}

/// What a turn says of the end: the signals that CX keeps, where it is the last turn or they hold for good.
fn ended(turn: &Value, success: bool, handed_over: bool, is_last: bool) -> Option<KnownEnding> {
    let signals = at(turn, "/signals/turnSignals");
    let has = |key: &str| is_true(at(signals, key));
    if has("/userEscalated") && !handed_over {
        return Some(KnownEnding::derived(Outcome::Failed, "the customer asked for a person, and got none"));
    }
    if success {
        return Some(KnownEnding::new(Outcome::Resolved, "conversationSuccess"));
    }
    if !is_last {
        return None;
    }
    if words(turn, "/feedback/rating") == Some("THUMBS_DOWN") {
        return Some(KnownEnding::derived(Outcome::Failed, "thumbs down on the last answer"));
    }
    if has("/triggeredAbandonmentEvent") {
        return Some(KnownEnding::new(Outcome::Abandoned, "triggeredAbandonmentEvent"));
    }
    if let Some(reason) = list(signals, "/failureReasons").iter().filter_map(failure).next() {
        return Some(KnownEnding::new(Outcome::Failed, reason));
    }
    has("/reachedEndPage").then(|| KnownEnding::new(Outcome::Resolved, "reachedEndPage"))
}

fn failure(reason: &Value) -> Option<String> {
    reason.as_str().filter(|r| *r != "FAILURE_REASON_UNSPECIFIED").map(str::to_owned)
}
