//! Chatwoot: conversations and messages as its API hands them out, and the tables `messages`, `conversations`,
//! `csat_survey_responses` and `reporting_events` as CSV. A folder of them is one import.

mod message;

use super::grouped::ending::{KnownEnding, event, finish};
use super::grouped::look::{at, first_id, id, list, number, shown, unquoted, words};
use super::grouped::rated::of_five;
use super::grouped::{Built, GroupedFormat, PartSink, RecordGroup, RecordPiece};
use super::record_error::RecordError;
use crate::domain::{Bot, Conversation, Csat, Outcome, Role, Turn};
use crate::ingest::context::Context;
use crate::ingest::distinct::Distinct;
use serde_json::Value;

/// The format.
pub(in crate::ingest) static CHATWOOT: GroupedFormat = GroupedFormat {
    name: "chatwoot",
    marks: &["message_type", "feedback_message", "inbox_id", "event_start_time"],
    tell,
    lists: &["payload", "data"],
    has_tables: true,
    asks: false,
    take,
    build,
};

const CONVERSATION: u8 = b'v';
const MESSAGE: u8 = b'm';
const RATING: u8 = b'r';
const EVENT: u8 = b'e';
/// Silence after which a conversation that waits for the customer counts as left, in milliseconds: 30 minutes.
const SILENCE: i64 = 30 * 60_000;

fn has(v: &Value, keys: &[&str]) -> bool {
    keys.iter().all(|key| v.get(*key).is_some())
}

fn is_message(v: &Value) -> bool {
    has(v, &["message_type", "content"]) && whose(v).is_some() && !has(v, &["messages"])
}

/// The conversation: of a row or an answer of the API by its number, of a webhook's message in whole.
fn whose(v: &Value) -> Option<String> {
    first_id(v, &["/conversation_id", "/conversation/id"])
}

fn is_conversation(v: &Value) -> bool {
    let holds_messages = list(v, "/messages").iter().any(is_message);
    has(v, &["status"])
        && !is_message(v)
        && (holds_messages
            || has(v, &["inbox_id"]) && (has(v, &["meta"]) || has(v, &["messages"]) || has(v, &["contact_id"])))
}

fn is_rating(v: &Value) -> bool {
    has(v, &["conversation_id", "rating", "feedback_message"])
}

fn is_event(v: &Value) -> bool {
    has(v, &["conversation_id", "name", "event_start_time"])
}

fn tell(values: &[Value]) -> Option<(u8, &'static str)> {
    let any = |f: fn(&Value) -> bool| values.iter().any(f);
    if any(|v| is_message(v) && (has(v, &["content_type"]) || has(v, &["sender_type"]))) {
        return Some((97, "messages of Chatwoot"));
    }
    if any(is_conversation) {
        return Some((96, "conversations of Chatwoot"));
    }
    any(|v| is_rating(v) || is_event(v)).then_some((96, "ratings or reporting events of Chatwoot"))
}

fn take(mut value: Value, out: &mut PartSink<'_>) -> Result<(), RecordError> {
    let whose = |v: &Value| whose(v).ok_or(RecordError::Missing("`conversation_id`"));
    if is_message(&value) {
        if let Some(conversation) = value.get("conversation").filter(|v| is_conversation(v)) {
            out.piece(&whose(&value)?, CONVERSATION, conversation)?;
        }
        return out.piece(&whose(&value)?, MESSAGE, &value);
    }
    if is_rating(&value) {
        return out.piece(&whose(&value)?, RATING, &value);
    }
    if is_event(&value) {
        return out.piece(&whose(&value)?, EVENT, &value);
    }
    if !is_conversation(&value) {
        out.cx.warnings.add("a record that is no conversation, message, rating or reporting event, left out");
        return Ok(());
    }
    let messages = value.get_mut("messages").map(Value::take).unwrap_or_default();
    let own = id(&value, "/id").ok_or(RecordError::Missing("`id`"))?;
    out.piece(&own, CONVERSATION, &value)?;
    list(&messages, "").iter().try_for_each(|m| out.piece(&own, MESSAGE, m))
}

fn build(group: RecordGroup<'_>, cx: &mut Context) -> Vec<Built> {
    let mut seen = Distinct::default();
    let of = |tag: u8| group.pieces.iter().filter(move |p| p.tag == tag).map(|p: &RecordPiece| &p.value);
    let mut messages: Vec<&Value> = of(MESSAGE).filter(|m| id(m, "/id").is_none_or(|id| seen.add(id))).collect();
    if messages.is_empty() {
        cx.warnings.add("a conversation without its messages, left out: Chatwoot hands them out apart");
        return Vec::new();
    }
    // Messages are numbered as they come; the API begins with the newest.
    if messages.iter().all(|m| number(m, "/id").is_some()) {
        messages.sort_by(|a, b| number(a, "/id").partial_cmp(&number(b, "/id")).unwrap_or(std::cmp::Ordering::Equal));
    }
    let described = of(CONVERSATION).next_back().cloned().unwrap_or_default();
    vec![conversation(&group.id, &messages, &described, of(RATING).next_back(), &of(EVENT).collect::<Vec<_>>(), cx)]
}

fn conversation(
    own: &str,
    messages: &[&Value],
    described: &Value,
    rated: Option<&Value>,
    events: &[&Value],
    cx: &mut Context,
) -> Built {
    let mut c = Conversation::new(cx.source.clone(), own, Vec::new());
    for message in messages {
        c.turns.push(
            message::turn(message, cx)
                .map_err(|e| e.at(format!("message {}", id(message, "/id").unwrap_or_default())))?,
        );
        let given = unquoted(at(message, "/content_attributes").clone());
        c.csat = csat(at(&given, "/submitted_values/csat_survey_response"), cx).or(c.csat);
    }
    c.csat = rated.and_then(|r| csat(r, cx)).or(c.csat);
    let bots = messages.iter().filter(|m| message::speaker(m) == Some(Role::Bot));
    let name = bots.filter_map(|m| words(m, "/sender/name")).next_back();
    c.bot = name.map(|n| Bot { name: Some(n.to_owned()), version: None });
    c.channel = words(described, "/meta/channel").map(|ch| ch.trim_start_matches("Channel::").to_owned());
    let contact = messages.iter().find(|m| message::speaker(m) == Some(Role::User));
    c.customer_id = first_id(described, &["/meta/sender/id", "/contact_id"])
        .or_else(|| first_id(contact?, &["/sender/id", "/sender_id"]));
    c.lang = first_id(
        described,
        &["/additional_attributes/browser/browser_language", "/additional_attributes/conversation_language"],
    );
    let labels =
        words(described, "/cached_label_list").map(|l| l.split(',').map(|l| l.trim().into()).collect::<Vec<String>>());
    let listed = list(described, "/labels").iter().filter_map(Value::as_str).map(str::to_owned).collect();
    c.tags = labels.unwrap_or(listed);
    c.tags.retain(|t| !t.is_empty());
    if let Value::Object(own) = unquoted(at(described, "/custom_attributes").clone()) {
        c.meta.extend(own.into_iter().take(100));
    }
    let named = |name: &str| events.iter().find(|e| words(e, "/name") == Some(name));
    if let Some(handoff) = named("conversation_bot_handoff") {
        let mut turn = event("handoff", "conversation_bot_handoff");
        turn.at = cx.times.read(at(handoff, "/event_end_time")).unwrap_or_default();
        insert_by_time(&mut c.turns, turn);
    }
    let by_bot = named("conversation_bot_resolved").is_some();
    let said = if by_bot {
        Some(KnownEnding::new(Outcome::Resolved, "conversation_bot_resolved"))
    } else {
        ended(&c, described, cx)
    };
    finish(c, said, cx)
}

/// Behind what was said before it, where its time is known.
fn insert_by_time(turns: &mut Vec<Turn>, turn: Turn) {
    let place = turn.at.and_then(|at| turns.iter().rposition(|t| t.at.is_some_and(|t| t <= at)));
    turns.insert(place.map_or(turns.len(), |p| p + 1), turn);
}

fn csat(given: &Value, cx: &mut Context) -> Option<Csat> {
    let score = of_five(at(given, "/rating"), cx)?;
    let comment = words(given, "/feedback_message").map(str::to_owned);
    let at = cx.times.read(at(given, "/created_at")).unwrap_or_default();
    Some(Csat { score, max: 5.0, comment, at })
}

/// The end by the conversation's status; a rating by the customer is more than an agent's click on "resolve".
fn ended(c: &Conversation, described: &Value, cx: &mut Context) -> Option<KnownEnding> {
    let status = id(described, "/status")?;
    let people = c.turns.iter().any(|t| t.role == Role::Agent);
    match status.as_str() {
        "resolved" | "1" if c.csat.as_ref().is_some_and(|r| r.score <= 2.0) => {
            Some(KnownEnding::new(Outcome::Failed, "resolved, and rated 2 of 5 or less"))
        }
        "resolved" | "1" if !people => Some(KnownEnding::assumed("resolved without a person's message")),
        "resolved" | "1" => Some(KnownEnding::new(Outcome::Resolved, "resolved")),
        "open" | "0" | "snoozed" | "3" => Some(KnownEnding::new(Outcome::Pending, "open")),
        "pending" | "2" => {
            let last = c.turns.iter().rfind(|t| matches!(t.role, Role::User | Role::Bot));
            let silent = last.filter(|t| t.role == Role::Bot).and_then(|t| t.at);
            Some(match silent.is_some_and(|at| cx.now.0.saturating_sub(at.0) >= SILENCE) {
                true => {
                    KnownEnding::derived(Outcome::Abandoned, "pending, and the customer has been silent for 30 minutes")
                }
                false => KnownEnding::new(Outcome::Pending, "pending"),
            })
        }
        other => {
            cx.warnings.add(&format!("the status `{}` is not known: the outcome is derived", shown(other)));
            None
        }
    }
}
