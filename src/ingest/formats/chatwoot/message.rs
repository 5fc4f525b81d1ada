//! One message of Chatwoot.

use crate::domain::{Role, Turn};
use crate::ingest::context::Context;
use crate::ingest::formats::grouped::ending::event;
use crate::ingest::formats::grouped::look::{at, id, is_true, list, time, unknown, unquoted, words};
use crate::ingest::formats::record_error::RecordError;
use crate::ingest::html;
use serde_json::Value;

/// Kinds of message, by the number in the database and by the API's name.
fn kind(message: &Value) -> Result<&'static str, RecordError> {
    let given = at(message, "/message_type");
    match id(message, "/message_type").as_deref() {
        Some("0" | "incoming") => Ok("incoming"),
        Some("1" | "outgoing") => Ok("outgoing"),
        Some("2" | "activity") => Ok("activity"),
        Some("3" | "template") => Ok("template"),
        _ => Err(unknown("message_type", given, "0 incoming, 1 outgoing, 2 activity or 3 template")),
    }
}

fn sender(message: &Value) -> Option<&str> {
    words(message, "/sender_type").or_else(|| words(message, "/sender/type"))
}

/// Who speaks; nobody in activities and templates, which Chatwoot writes itself.
pub(super) fn speaker(message: &Value) -> Option<Role> {
    match (kind(message).ok()?, sender(message)) {
        ("incoming", _) => Some(Role::User),
        ("outgoing", Some("AgentBot" | "agent_bot" | "Captain::Assistant" | "captain_assistant")) => Some(Role::Bot),
        ("outgoing", Some("User" | "user")) => Some(Role::Agent),
        _ => None,
    }
}

/// Reads a message.
///
/// # Errors
/// Its kind or sender is none of Chatwoot's, or its time cannot be read.
pub(super) fn turn(message: &Value, cx: &mut Context) -> Result<Turn, RecordError> {
    let kind = kind(message)?;
    let text = text(message);
    let mut turn = match (speaker(message), kind, sender(message)) {
        _ if is_true(at(message, "/private")) => event("note", text),
        (Some(role), _, _) => Turn::new(role, text),
        (None, "outgoing", None) => {
            cx.warnings.add("an outgoing message without a sender: shown as a system row");
            Turn::new(Role::System, text)
        }
        (None, "outgoing", Some(other)) => {
            return Err(unknown("sender_type", &other.into(), "Contact, User, AgentBot or Captain::Assistant"));
        }
        (None, ..) => Turn::new(Role::System, text),
    };
    turn.id = id(message, "/id");
    turn.at = time(message, "/created_at", cx)?;
    // Buttons of a form that the customer pressed.
    turn.payload = turn.role == Role::User && words(message, "/content_type") == Some("input_select");
    Ok(turn)
}

fn text(message: &Value) -> String {
    let given = unquoted(at(message, "/content_attributes").clone());
    let mut parts: Vec<String> = Vec::new();
    if let Some(content) = words(message, "/content") {
        let is_mail = matches!(id(message, "/content_type").as_deref(), Some("incoming_email" | "8"));
        parts.push(if is_mail && content.contains('<') { html::read(content).text } else { content.to_owned() });
    }
    let titles: Vec<&str> = list(&given, "/items").iter().filter_map(|i| words(i, "/title")).take(20).collect();
    if !titles.is_empty() {
        parts.push(format!("[{}]", titles.join(" | ")));
    }
    for file in list(message, "/attachments").iter().take(20) {
        parts.push(format!("[{}]", words(file, "/file_type").unwrap_or("attachment")));
    }
    parts.join("\n")
}
