//! Telegram Desktop's export (`result.json`): one chat, or all under `chats`. Only in a chat with a bot it is known who is the
//! AI: whoever writes there and is not the bot is the customer. A day of silence begins another conversation.

use super::grouped::ending::finish;
use super::grouped::look::{at, first_id, id, list, shown, time, words};
use super::grouped::spells::{by_day, part_id};
use super::grouped::{Built, GroupedFormat, PartSink, RecordGroup};
use super::record_error::RecordError;
use crate::domain::{Bot, Conversation, Role, Turn};
use crate::ingest::context::Context;
use crate::ingest::distinct::Distinct;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// The format.
pub(in crate::ingest) static TELEGRAM: GroupedFormat = GroupedFormat {
    name: "telegram",
    marks: &["\"bot_chat\"", "\"personal_chat\"", "\"text_entities\"", "\"date_unixtime\"", "_group\""],
    tell,
    lists: &["chats", "list"],
    has_tables: false,
    asks: true,
    take,
    build,
};

fn tell(values: &[Value]) -> Option<(u8, &'static str)> {
    let is_chat = |v: &Value| {
        let kind = words(v, "/type").unwrap_or_default();
        let known = kind.ends_with("_chat")
            || kind.ends_with("_group")
            || kind.ends_with("_channel")
            || kind == "saved_messages";
        known && v.get("messages").is_some()
    };
    values.iter().any(is_chat).then_some((97, "an export of Telegram"))
}

fn take(chat: Value, out: &mut PartSink<'_>) -> Result<(), RecordError> {
    let kind = words(&chat, "/type").unwrap_or_default();
    if kind.is_empty() || chat.get("messages").is_none() {
        out.cx.warnings.add("a part of the export that is no chat, left out");
        return Ok(());
    }
    let own = id(&chat, "/id").ok_or(RecordError::Missing("`id` of the chat"))?;
    out.piece(&own, CHAT, &chat)
}

const CHAT: u8 = b'c';

/// All that was exported of a chat, from whatever message on, as one.
fn whole(group: RecordGroup<'_>) -> Value {
    let mut seen = Distinct::default();
    let several = group.pieces.len() > 1;
    let mut messages = Vec::new();
    let mut chat = Value::Null;
    for piece in group.pieces {
        let mut part = piece.value;
        let said = part.get_mut("messages").map(Value::take);
        let Some(Value::Array(said)) = said else { continue };
        messages.extend(said.into_iter().filter(|m| !several || id(m, "/id").is_none_or(|id| seen.add(id))));
        if chat.is_null() {
            chat = part;
        }
    }
    if several {
        messages.sort_by_key(|m| m.get("id").and_then(Value::as_i64));
    }
    if let Value::Object(keys) = &mut chat {
        keys.insert("messages".to_owned(), messages.into());
    }
    chat
}

fn build(group: RecordGroup<'_>, cx: &mut Context) -> Vec<Built> {
    let own = group.id.clone();
    let chat = whole(group);
    match spells(&own, &chat, cx) {
        Ok(found) => found,
        Err(why) => vec![Err(why)],
    }
}

/// The conversations of a chat.
fn spells(own: &str, chat: &Value, cx: &mut Context) -> Result<Vec<Built>, RecordError> {
    let kind = words(chat, "/type").unwrap_or_default();
    if kind != "bot_chat" {
        known_by_name(chat, kind, cx)?;
    }
    let name = words(chat, "/name").map(str::to_owned);
    let (mut turns, shared) = (Vec::new(), shared_names(chat));
    for message in list(chat, "/messages") {
        turns.extend(
            turn(message, own, &shared, cx)
                .map_err(|e| e.at(format!("message {}", id(message, "/id").unwrap_or_default())))?,
        );
    }
    let customer = list(chat, "/messages").iter().find(|m| speaker(m, own, &shared, cx) == Some(Role::User));
    let customer = customer.and_then(|m| first_id(m, &["/from_id"]));
    // A chat with a bot is called as the bot is, one among people as one of them.
    let ai = match kind {
        "bot_chat" => name,
        _ => {
            let said = |m: &&Value| speaker(m, own, &shared, cx) == Some(Role::Bot);
            list(chat, "/messages").iter().find(said).and_then(|m| words(m, "/from")).map(str::to_owned)
        }
    };
    // An export may begin later than the one before: only what a conversation begins with names it.
    cx.makes_ids = true;
    let spells = by_day(turns, cx).into_iter().enumerate();
    let conversation = |(i, spell): (usize, Vec<Turn>)| {
        let first = spell.first().and_then(|turn| turn.id.as_ref());
        let id = first.map_or_else(|| part_id(own, i), |message| format!("{own}/{message}"));
        let mut c = Conversation::new(cx.source.clone(), id, spell);
        c.channel = Some("telegram".to_owned());
        c.customer_id.clone_from(&customer);
        c.bot = ai.clone().map(|name| Bot { name: Some(name), version: None });
        finish(c, None, cx)
    };
    Ok(spells.map(conversation).collect())
}

/// Among people nobody is the AI unless somebody says who: each name must be placed.
fn known_by_name(chat: &Value, kind: &str, cx: &mut Context) -> Result<(), RecordError> {
    let (mut unknown, shared) = (false, shared_names(chat));
    for message in list(chat, "/messages").iter().filter(|m| words(m, "/type") == Some("message")) {
        if named(message, &shared, cx).is_none() {
            unknown = true;
            cx.speakers.note(&called(message, &shared));
        }
    }
    match unknown {
        false => Ok(()),
        true => Err(RecordError::Unknown {
            what: "AI",
            given: format!("in chat `{}`", shown(words(chat, "/name").unwrap_or(kind))),
            hint: format!(
                "only a chat with a bot (`bot_chat`) says who it is, this is a `{}`; --speakers NAME=bot,NAME=user says so",
                shown(kind)
            ),
        }),
    }
}

/// Names that several people have, told by their numbers.
fn shared_names(chat: &Value) -> HashSet<String> {
    let mut numbers: HashMap<&str, String> = HashMap::new();
    let mut shared = HashSet::new();
    for message in list(chat, "/messages") {
        let (Some(name), Some(number)) = (words(message, "/from"), first_id(message, &["/from_id"])) else { continue };
        if *numbers.entry(name).or_insert_with(|| number.clone()) != number {
            shared.insert(name.to_owned());
        }
    }
    shared
}

/// What the writer of a message is called: by the name, and by the number where others have the same name.
fn called(message: &Value, shared: &HashSet<String>) -> String {
    let name = words(message, "/from").unwrap_or("(deleted account)");
    match first_id(message, &["/from_id"]).filter(|_| shared.contains(name)) {
        Some(number) => format!("{name} ({number})"),
        None => name.to_owned(),
    }
}

/// Who the writer of a message is, by what a person said of the name or the number.
fn named(message: &Value, shared: &HashSet<String>, cx: &Context) -> Option<Role> {
    let by_number = first_id(message, &["/from_id", "/actor_id"]).and_then(|number| cx.speakers.role(&number));
    cx.speakers.role(&called(message, shared)).or(by_number).or_else(|| cx.speakers.others())
}

/// By name where somebody said so; else the bot's number is the chat's.
fn speaker(message: &Value, chat: &str, shared: &HashSet<String>, cx: &Context) -> Option<Role> {
    if cx.speakers.is_told()
        && let Some(role) = named(message, shared, cx)
    {
        return Some(role);
    }
    let from = first_id(message, &["/from_id", "/actor_id"])?;
    Some(if from.trim_start_matches("user") == chat { Role::Bot } else { Role::User })
}

fn turn(message: &Value, chat: &str, shared: &HashSet<String>, cx: &Context) -> Result<Option<Turn>, RecordError> {
    let role = match words(message, "/type") {
        Some("message") => speaker(message, chat, shared, cx).ok_or(RecordError::Missing("`from_id`"))?,
        _ => return Ok(None),
    };
    let mut turn = Turn::new(role, text(message));
    turn.id = id(message, "/id");
    turn.at = match message.get("date_unixtime") {
        Some(_) => time(message, "/date_unixtime", cx)?,
        None => time(message, "/date", cx)?,
    };
    // `/start` and other commands are presses of a button.
    turn.payload = role == Role::User && turn.text.starts_with('/');
    Ok(Some(turn))
}

/// Plain words, or pieces of which some are links and mentions; media by kind.
fn text(message: &Value) -> String {
    let mut text = match at(message, "/text") {
        Value::String(text) => text.clone(),
        Value::Array(pieces) => pieces.iter().filter_map(|p| p.as_str().or_else(|| words(p, "/text"))).collect(),
        _ => String::new(),
    };
    let media = words(message, "/media_type")
        .or_else(|| message.get("photo").map(|_| "photo"))
        .or_else(|| message.get("file").map(|_| "file"));
    if let Some(media) = media {
        text = if text.is_empty() { format!("[{media}]") } else { format!("{text}\n[{media}]") };
    }
    text
}
