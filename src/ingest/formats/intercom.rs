//! Intercom: conversations as the API hands them out, one a record, with their parts. The first message is the `source` and
//! no part. Fin's word on how it ended (`ai_agent.resolution_state`) is the outcome, in its older and its newer names.

use super::grouped::ending::{KnownEnding, event, finish};
use super::grouped::look::{at, first_id, id, is_true, list, number, shown, time, unknown, words};
use super::grouped::rated::of_five;
use super::grouped::{GroupedFormat, PartSink, no_pieces};
use super::record_error::RecordError;
use crate::domain::{Bot, Conversation, Csat, Outcome, Role, Turn};
use crate::ingest::context::Context;
use crate::ingest::formats::canonical::conversation::MAX_TURNS;
use crate::ingest::html;
use serde_json::Value;

/// The format.
pub(in crate::ingest) static INTERCOM: GroupedFormat = GroupedFormat {
    name: "intercom",
    marks: &["\"conversation_parts\"", "\"ai_agent_participated\""],
    tell,
    lists: &["conversations", "data"],
    has_tables: false,
    asks: false,
    take,
    build: no_pieces,
};

/// Parts that tell of the conversation itself: what an administrator's screen shows between messages.
const QUIET: &[&str] = &[
    "snoozed",
    "unsnoozed",
    "timer_unsnooze",
    "participant_added",
    "participant_removed",
    "away_mode_assignment",
    "default_assignment",
    "conversation_attribute_updated_by_admin",
    "conversation_attribute_updated_by_user",
    "conversation_attribute_updated_by_workflow",
    "merged_primary_conversation",
    "merged_secondary_conversation",
    "ticket_state_updated_by_admin",
    "conversation_rating_changed",
    "language_detection_details",
    "custom_action_started",
    "custom_action_finished",
];
/// Parts in which somebody speaks.
const SPOKEN: &[&str] = &["comment", "quick_reply", "assign_and_reopen", "assignment", "open", "close"];

fn tell(values: &[Value]) -> Option<(u8, &'static str)> {
    values.iter().any(|value| !within(value, 0).is_empty()).then_some((97, "conversations of Intercom"))
}

fn is_one(value: &Value) -> bool {
    words(value, "/type") == Some("conversation") && value.get("source").is_some()
        || at(value, "/conversation_parts/conversation_parts").is_array()
}

/// The conversations that a value is or holds: answers of the API may stand under names of their own, as in examples of it.
fn within(value: &Value, depth: usize) -> Vec<&Value> {
    let own = whole(value);
    if is_one(own) {
        return vec![own];
    }
    match value {
        Value::Object(object) if depth < DEEPEST => object.values().flat_map(|v| within(v, depth + 1)).collect(),
        Value::Array(list) if depth < DEEPEST => list.iter().flat_map(|v| within(v, depth + 1)).collect(),
        _ => Vec::new(),
    }
}

/// Objects and lists around a conversation; of the API's description there are nine.
const DEEPEST: usize = 12;

/// The conversation of a record: what a webhook sends holds it.
fn whole(value: &Value) -> &Value {
    let held = value.pointer("/data/item").or_else(|| value.get("item"));
    held.filter(|item| words(item, "/type") == Some("conversation")).unwrap_or(value)
}

fn take(value: Value, out: &mut PartSink<'_>) -> Result<(), RecordError> {
    let found = within(&value, 0);
    let is_alone = found.len() < 2;
    for one in if found.is_empty() { vec![whole(&value)] } else { found } {
        let own = id(one, "/id").ok_or(RecordError::Missing("`id`"));
        match own.and_then(|own| conversation(own, one, out.cx)) {
            Ok(c) => out.conversation(c),
            Err(why) if is_alone => return Err(why),
            Err(why) => out.reject(&why),
        }
    }
    Ok(())
}

fn conversation(own: String, value: &Value, cx: &mut Context) -> Result<Conversation, RecordError> {
    let mut c = Conversation::new(cx.source.clone(), own, Vec::new());
    // Before its API 2.0 the first message had another name.
    let source = value.get("source").unwrap_or_else(|| at(value, "/conversation_message"));
    let began = time(value, "/created_at", cx)?;
    if let Some(text) = body(source) {
        let mut turn = Turn::new(speaker(source)?, text);
        (turn.id, turn.at) = (id(source, "/id"), began);
        c.turns.push(turn);
    }
    let parts = list(value, "/conversation_parts/conversation_parts");
    if parts.len() > MAX_TURNS {
        return Err(RecordError::TooMany { what: format!("{} parts", parts.len()), most: MAX_TURNS });
    }
    let total = number(value, "/conversation_parts/total_count").unwrap_or(0.0);
    if total > parts.len() as f64 {
        cx.warnings.add("a conversation of which Intercom handed out only the latest parts");
    }
    for part in parts {
        let turn = part_turn(part, cx).map_err(|e| e.at(format!("part {}", id(part, "/id").unwrap_or_default())))?;
        c.turns.extend(turn);
    }
    c.customer_id = first_id(
        value,
        &["/contacts/contacts/0/external_id", "/contacts/contacts/0/id", "/source/author/id", "/user/id"],
    );
    c.channel = words(value, "/source/type").filter(|t| *t != "conversation").map(str::to_owned);
    c.lang = first_id(value, &["/custom_attributes/Language", "/language"]);
    c.tags =
        list(value, "/tags/tags").iter().filter_map(|t| words(t, "/name")).map(str::to_owned).take(1_000).collect();
    let bot = parts.iter().find(|p| speaker(p).is_ok_and(|r| r == Role::Bot)).and_then(|p| words(p, "/author/name"));
    c.bot = bot.map(|name| Bot { name: Some(name.to_owned()), version: None });
    c.csat = csat(value, "/ai_agent/rating", "/ai_agent/rating_remark", cx)
        .or_else(|| csat(value, "/conversation_rating/rating", "/conversation_rating/remark", cx));
    let said = ended(&c, value, cx);
    finish(c, said, cx)
}

/// Who wrote something.
fn speaker(part: &Value) -> Result<Role, RecordError> {
    let author = at(part, "/author");
    let is_ai = is_true(at(author, "/from_ai_agent")) || is_true(at(author, "/is_ai_answer"));
    match words(author, "/type") {
        Some("user" | "lead" | "contact") => Ok(Role::User),
        Some("bot") => Ok(Role::Bot),
        Some("admin" | "team") if is_ai => Ok(Role::Bot),
        Some("admin" | "team") => Ok(Role::Agent),
        _ => Err(unknown("author type", at(author, "/type"), "user, lead, contact, admin, team or bot")),
    }
}

fn part_turn(part: &Value, cx: &mut Context) -> Result<Option<Turn>, RecordError> {
    let kind = words(part, "/part_type").unwrap_or("comment");
    let text = body(part);
    let mut turn = match (kind, text) {
        ("note" | "note_and_reopen", text) => event("note", text.unwrap_or_default()),
        (kind, Some(text)) if SPOKEN.contains(&kind) => Turn::new(speaker(part)?, text),
        ("close", None) => event("close", ""),
        ("open" | "assign_and_reopen", None) => event("reopen", ""),
        (kind, None) if SPOKEN.contains(&kind) => return Ok(None),
        (kind, None) if QUIET.contains(&kind) => return Ok(None),
        (kind, text) => {
            cx.warnings.add(&format!("a part `{}` is not known here: shown as a system row", shown(kind)));
            Turn::new(Role::System, text.unwrap_or_default())
        }
    };
    (turn.id, turn.at) = (id(part, "/id"), time(part, "/created_at", cx)?);
    turn.payload = kind == "quick_reply" && turn.role == Role::User;
    Ok(Some(turn))
}

/// The words of a body, and what stands for attachments.
fn body(part: &Value) -> Option<String> {
    let mut text = words(part, "/body").map(|body| html::read(body).text).unwrap_or_default();
    if is_true(at(part, "/redacted")) && text.is_empty() {
        text.push_str("[redacted]");
    }
    for file in list(part, "/attachments").iter().take(20) {
        let name = words(file, "/name").map_or("[attachment]".to_owned(), |n| format!("[attachment: {n}]"));
        text.push_str(if text.is_empty() { "" } else { "\n" });
        text.push_str(&name);
    }
    (!text.is_empty()).then_some(text)
}

fn csat(value: &Value, rating: &str, remark: &str, cx: &mut Context) -> Option<Csat> {
    let score = of_five(at(value, rating), cx)?;
    Some(Csat { score, max: 5.0, comment: words(value, remark).map(str::to_owned), at: None })
}

fn ended(c: &Conversation, value: &Value, cx: &mut Context) -> Option<KnownEnding> {
    let word = |outcome, word: &str| Some(KnownEnding::new(outcome, format!("resolution_state {word}")));
    match words(value, "/ai_agent/resolution_state") {
        Some(s @ "confirmed_resolution") => return word(Outcome::Resolved, s),
        Some(s @ "assumed_resolution") => return Some(KnownEnding::assumed(format!("resolution_state {s}"))),
        Some(s @ ("routed_to_team" | "escalated" | "procedure_handoff")) => return word(Outcome::Escalated, s),
        Some(s @ "negative_feedback") => return word(Outcome::Failed, s),
        Some(s @ "abandoned") => return word(Outcome::Abandoned, s),
        Some(other) => {
            cx.warnings.add(&format!("the resolution_state `{}` is not known: the outcome is derived", shown(other)));
        }
        None => {}
    }
    let has_ai = c.turns.iter().any(|t| t.role == Role::Bot);
    let has_people = c.turns.iter().any(|t| t.role == Role::Agent);
    match words(value, "/state") {
        Some("open" | "snoozed") => Some(KnownEnding::new(Outcome::Pending, "open")),
        Some("closed") if has_ai && !has_people => closed(value),
        Some("closed") | None => None,
        Some(other) => {
            cx.warnings.add(&format!("the state `{}` is not known: the outcome is derived", shown(other)));
            None
        }
    }
}

/// Closed without a person's word: by a person, it was done; by the AI, after silence, nobody knows more than what was said.
fn closed(value: &Value) -> Option<KnownEnding> {
    let parts = list(value, "/conversation_parts/conversation_parts");
    let last = parts.iter().rfind(|p| words(p, "/part_type") == Some("close"))?;
    let by_person = matches!(words(last, "/author/type"), Some("admin" | "user" | "lead" | "contact"));
    by_person.then(|| KnownEnding::assumed("closed without a person's message"))
}
