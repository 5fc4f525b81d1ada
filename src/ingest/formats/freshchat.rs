//! Freshchat: messages and conversations as the API hands them out. Each time a conversation is resolved and comes back, a
//! new `interaction_id` begins: that is a conversation of its own here.

use super::grouped::ending::{KnownEnding, event, finish};
use super::grouped::look::{at, first_id, id, list, shown, time, unknown, words};
use super::grouped::spells::part_id;
use super::grouped::{Built, GroupedFormat, PartSink, RecordGroup};
use super::record_error::RecordError;
use crate::domain::{Conversation, Outcome, Role, Turn};
use crate::ingest::context::Context;
use crate::ingest::distinct::Distinct;
use crate::ingest::html;
use serde_json::Value;

/// The format.
pub(in crate::ingest) static FRESHCHAT: GroupedFormat = GroupedFormat {
    name: "freshchat",
    marks: &["\"actor_type\"", "\"message_parts\"", "\"assigned_agent_id\""],
    tell,
    lists: &["messages", "conversations"],
    has_tables: false,
    asks: false,
    take,
    build,
};

const MESSAGE: u8 = b'm';
const CONVERSATION: u8 = b'v';

fn tell(values: &[Value]) -> Option<(u8, &'static str)> {
    let is_message = |v: &Value| {
        let v = reported(v);
        v.get("actor_type").is_some() && v.get("message_parts").is_some()
    };
    let is_conversation =
        |v: &Value| v.get("conversation_id").is_some() && v.get("status").is_some() && v.get("channel_id").is_some();
    if values.iter().any(is_message) {
        return Some((97, "messages of Freshchat"));
    }
    values.iter().any(is_conversation).then_some((94, "conversations of Freshchat"))
}

/// What a webhook reports: a message, or the conversation that was resolved.
fn reported(value: &Value) -> &Value {
    let within = ["/data/message", "/data/resolve/conversation"].iter().find_map(|path| value.pointer(path));
    within.unwrap_or(value)
}

fn take(value: Value, out: &mut PartSink<'_>) -> Result<(), RecordError> {
    if value.get("action").is_some() && std::ptr::eq(reported(&value), &value) {
        out.cx.warnings.add("a webhook that reports neither a message nor a resolution, left out");
        return Ok(());
    }
    let value = reported(&value);
    let own = id(value, "/conversation_id").ok_or(RecordError::Missing("`conversation_id`"))?;
    let tag = if value.get("actor_type").is_some() { MESSAGE } else { CONVERSATION };
    out.piece(&own, tag, value)
}

fn build(group: RecordGroup<'_>, cx: &mut Context) -> Vec<Built> {
    let mut seen = Distinct::default();
    let described =
        group.pieces.iter().rev().find(|p| p.tag == CONVERSATION).map(|p| p.value.clone()).unwrap_or_default();
    let mut messages: Vec<&Value> = group.pieces.iter().filter(|p| p.tag == MESSAGE).map(|p| &p.value).collect();
    messages.retain(|m| id(m, "/id").is_none_or(|id| seen.add(id)));
    if messages.is_empty() {
        cx.warnings.add("a conversation without its messages, left out: Freshchat hands them out apart");
        return Vec::new();
    }
    // The API begins with the newest.
    messages.sort_by_key(|m| cx.times.read(at(m, "/created_time")).unwrap_or_default());
    let mut cycles: Vec<(Option<String>, Vec<&Value>)> = Vec::new();
    for message in messages {
        let cycle = first_id(message, &["/interaction_id"]);
        match cycles.last_mut() {
            Some((current, cycle_messages)) if cycle.is_none() || *current == cycle => cycle_messages.push(message),
            _ => cycles.push((cycle, vec![message])),
        }
    }
    let last = cycles.len() - 1;
    let cycles = cycles.into_iter().enumerate();
    cycles.map(|(i, (_, messages))| conversation(part_id(&group.id, i), &messages, &described, i == last, cx)).collect()
}

fn conversation(own: String, messages: &[&Value], described: &Value, is_last: bool, cx: &mut Context) -> Built {
    let mut c = Conversation::new(cx.source.clone(), own, Vec::new());
    for message in messages {
        c.turns
            .push(turn(message, cx).map_err(|e| e.at(format!("message {}", id(message, "/id").unwrap_or_default())))?);
    }
    c.customer_id = id(described, "/user_id").or_else(|| {
        let user = messages.iter().find(|m| words(m, "/actor_type") == Some("user"))?;
        id(user, "/actor_id")
    });
    let said = ended(&c, described, is_last, cx);
    finish(c, said, cx)
}

fn turn(message: &Value, cx: &Context) -> Result<Turn, RecordError> {
    let text = list(message, "/message_parts").iter().take(100).filter_map(part).collect::<Vec<_>>().join("\n");
    let kind = words(message, "/message_type").unwrap_or("normal");
    let role = match words(message, "/actor_type") {
        Some("user") => Role::User,
        Some("agent") => Role::Agent,
        Some("bot") => Role::Bot,
        Some("system") => Role::System,
        _ => return Err(unknown("actor_type", at(message, "/actor_type"), "user, agent, bot or system")),
    };
    let mut turn = match kind {
        "normal" => Turn::new(role, text),
        "private" => event("note", text),
        "system" => Turn::new(Role::System, text),
        _ => return Err(unknown("message_type", at(message, "/message_type"), "normal, private or system")),
    };
    (turn.id, turn.at) = (id(message, "/id"), time(message, "/created_time", cx)?);
    Ok(turn)
}

fn part(part: &Value) -> Option<String> {
    if let Some(text) = words(part, "/text/content") {
        return Some(if text.contains("</") { html::read(text).text } else { text.to_owned() });
    }
    if let Some(text) = words(part, "/email/content") {
        return Some(html::read(text).text);
    }
    let title = words(part, "/url_button/label").or_else(|| words(part, "/quick_reply_button/label"));
    title.map(|t| format!("[{t}]")).or_else(|| part.as_object()?.keys().next().map(|kind| format!("[{kind}]")))
}

/// The end by the status, which is that of the last time it came back; what came back before was resolved.
fn ended(c: &Conversation, described: &Value, is_last: bool, cx: &mut Context) -> Option<KnownEnding> {
    let people = c.turns.iter().any(|t| t.role == Role::Agent);
    let resolved =
        |why: &str| Some(if people { KnownEnding::new(Outcome::Resolved, why) } else { KnownEnding::assumed(why) });
    if !is_last {
        return resolved("resolved before it came back");
    }
    match words(described, "/status") {
        Some("resolved") => resolved("resolved"),
        Some(open @ ("new" | "assigned" | "reopened")) => Some(KnownEnding::new(Outcome::Pending, open)),
        None => None,
        Some(other) => {
            cx.warnings.add(&format!("the status `{}` is not known: the outcome is derived", shown(other)));
            None
        }
    }
}
