//! Slack's export: a folder a channel with a file a day, and `users.json` beside them. A thread is a conversation, and so is a message
//! that nobody answered in one. The export says names, and which of them are apps, but not which app is the AI: somebody must say so.

use super::grouped::ending::finish;
use super::grouped::look::{first_id, is_true, time, words};
use super::grouped::{Built, GroupedFormat, PartSink, RecordGroup};
use super::record_error::RecordError;
use crate::domain::{Bot, Conversation, Role, Turn};
use crate::ingest::context::Context;
use crate::ingest::formats::grouped::look::at;
use serde_json::Value;
use std::collections::HashMap;

/// The format.
pub(in crate::ingest) static SLACK: GroupedFormat = GroupedFormat {
    name: "slack",
    marks: &["\"ts\"", "\"team_id\"", "\"members\""],
    tell,
    lists: &["messages"],
    has_tables: false,
    asks: true,
    take,
    build,
};

fn is_message(value: &Value) -> bool {
    let ts = words(value, "/ts").and_then(|ts| ts.split_once('.'));
    let counts = |part: &str, least: usize| part.len() >= least && part.bytes().all(|b| b.is_ascii_digit());
    words(value, "/type") == Some("message") && ts.is_some_and(|(seconds, rest)| counts(seconds, 9) && counts(rest, 1))
}

/// A person or an app, or a channel.
fn is_about(value: &Value) -> bool {
    let id = words(value, "/id").unwrap_or_default();
    let of = |letters: [char; 3]| id.len() > 1 && id.starts_with(letters) && !id.contains(char::is_lowercase);
    of(['U', 'W', 'B']) && value.get("profile").is_some() || of(['C', 'G', 'D']) && value["members"].is_array()
}

fn tell(values: &[Value]) -> Option<(u8, &'static str)> {
    let known = values.iter().filter(|value| is_message(value) || is_about(value)).count();
    let is_one = known > 0 && known * 10 >= values.len() * 8;
    let has_messages = values.iter().any(is_message);
    let why = if has_messages { "messages of Slack's export" } else { "people or channels of Slack's export" };
    is_one.then_some((97, why))
}

fn take(value: Value, out: &mut PartSink<'_>) -> Result<(), RecordError> {
    if !is_message(&value) {
        let Some(id) = words(&value, "/id").filter(|_| is_about(&value)) else {
            out.cx.warnings.add("a part of the export that is neither message nor person, left out");
            return Ok(());
        };
        let names = ["/profile/display_name", "/real_name", "/profile/real_name", "/name"];
        let name = names.iter().find_map(|path| words(&value, path)).unwrap_or(id).to_owned();
        if is_true(at(&value, "/is_bot")) {
            out.remember(format!("app {id}"), String::new());
            // What it writes names it by another number.
            if let Some(bot) = words(&value, "/profile/bot_id") {
                out.remember(format!("name {bot}"), name.clone());
            }
        }
        out.remember(format!("name {id}"), name);
        return Ok(());
    }
    let thread = words(&value, "/thread_ts").or_else(|| words(&value, "/ts")).unwrap_or_default().to_owned();
    out.piece(&thread, b'm', &value)
}

/// Who wrote a message.
struct Writer {
    id: String,
    name: String,
    is_app: bool,
}

impl Writer {
    fn of(message: &Value, known: &HashMap<String, String>) -> Self {
        let bot = first_id(message, &["/bot_id"]);
        let id = first_id(message, &["/user"]).or_else(|| bot.clone()).unwrap_or_default();
        let own = ["/username", "/bot_profile/name", "/user_profile/display_name", "/user_profile/real_name"];
        let listed = known.get(&format!("name {id}")).cloned();
        let name = listed.or_else(|| own.iter().find_map(|path| words(message, path)).map(str::to_owned));
        let is_app = bot.is_some()
            || known.contains_key(&format!("app {id}"))
            || words(message, "/subtype") == Some("bot_message");
        Self { name: name.unwrap_or_else(|| id.clone()), id, is_app }
    }

    /// Who that is, as far as anybody said. All others are people: an app that nobody placed only tells what happened, unless somebody
    /// says of what tells that that it is the AI.
    fn role(&self, cx: &mut Context) -> Option<Role> {
        let said = cx.speakers.role(&self.name).or_else(|| cx.speakers.role(&self.id));
        let app = || cx.speakers.role(Role::System.name()).unwrap_or(Role::System);
        let role = said.or_else(|| cx.speakers.others().map(|role| if self.is_app { app() } else { role }));
        if said.is_none() && role == Some(Role::System) {
            let name: String = self.name.chars().take(60).collect();
            cx.warnings.add(&format!("`{name}` is an app that nobody placed: what it wrote stands for what happened (--speakers NAME=bot for the AI)"));
        }
        role
    }
}

/// Kinds of message in which nobody says anything.
fn is_notice(message: &Value) -> bool {
    let kind = words(message, "/subtype").unwrap_or_default();
    ["channel_", "group_", "pinned_item", "reminder", "huddle", "bot_add", "bot_remove"]
        .iter()
        .any(|start| kind.starts_with(start))
}

fn build(group: RecordGroup<'_>, cx: &mut Context) -> Vec<Built> {
    let mut messages: Vec<Value> = group.pieces.into_iter().map(|p| p.value).collect();
    messages.retain(|message| !is_notice(message));
    messages.sort_by(|a, b| words(a, "/ts").cmp(&words(b, "/ts")));
    messages.dedup_by(|a, b| words(a, "/ts") == words(b, "/ts"));
    let mut c = Conversation::new(cx.source.clone(), group.id, Vec::new());
    c.channel = Some("slack".to_owned());
    let mut stranger = None;
    for message in &messages {
        let writer = Writer::of(message, group.known);
        let Some(role) = writer.role(cx) else {
            cx.speakers.note(&writer.name);
            stranger.get_or_insert(writer.name);
            continue;
        };
        let mut turn = Turn::new(role, plain(words(message, "/text").unwrap_or_default(), group.known));
        if turn.text.is_empty() {
            turn.text = if message.get("files").is_some() { "[file]" } else { "[attachment]" }.to_owned();
        }
        turn.id = words(message, "/ts").map(str::to_owned);
        turn.at = match time(message, "/ts", cx) {
            Ok(at) => at,
            Err(error) => return vec![Err(error)],
        };
        match role {
            Role::User => drop(c.customer_id.get_or_insert(writer.id)),
            Role::Bot => drop(c.bot.get_or_insert(Bot { name: Some(writer.name), version: None })),
            _ => {}
        }
        c.turns.push(turn);
    }
    if let Some(name) = stranger {
        return vec![Err(RecordError::Stranger { key: "user".to_owned(), given: name })];
    }
    if c.turns.iter().all(|t| t.role == Role::System) {
        if !c.turns.is_empty() {
            cx.warnings
                .add("a thread in which only apps speak that nobody placed: left out (--speakers NAME=bot for the AI)");
        }
        return Vec::new();
    }
    vec![finish(c, None, cx)]
}

/// Words without Slack's marks: `<@U1>` for somebody, `<https://shop.example|our shop>` for a link.
fn plain(text: &str, known: &HashMap<String, String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, mark)) = rest.split_once('<') {
        out.push_str(before);
        let Some((inner, after)) = mark.split_once('>') else {
            out.push('<');
            rest = mark;
            continue;
        };
        let (target, label) = inner.split_once('|').map_or((inner, None), |(target, label)| (target, Some(label)));
        match target.strip_prefix('@') {
            Some(id) => {
                out.push('@');
                out.push_str(known.get(&format!("name {id}")).map(String::as_str).or(label).unwrap_or(id));
            }
            None => out.push_str(label.unwrap_or(target).trim_start_matches('!')),
        }
        rest = after;
    }
    out.push_str(rest);
    out.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}
