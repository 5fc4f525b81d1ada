//! One comment of a ticket.

use crate::domain::{Role, Turn};
use crate::ingest::context::Context;
use crate::ingest::formats::grouped::ending::event;
use crate::ingest::formats::grouped::look::{at, id, list, time, unknown, words};
use crate::ingest::formats::record_error::RecordError;
use crate::ingest::html;
use serde_json::Value;
use std::collections::HashMap;

/// Who takes part in a ticket.
pub(super) struct TicketPeople<'a> {
    pub requester: Option<String>,
    pub assignee: Option<String>,
    /// Roles of users, where the log has them.
    pub known: &'a HashMap<String, String>,
}

impl TicketPeople<'_> {
    /// Who wrote a comment: Zendesk itself and its AI agents are number -1.
    fn role(&self, comment: &Value) -> Result<Role, RecordError> {
        let author = id(comment, "/author_id").ok_or(RecordError::Missing("`author_id`"))?;
        if author == "-1" {
            return Ok(Role::Bot);
        }
        match self.known.get(&format!("user {author}")).map(String::as_str) {
            Some("end-user") => Ok(Role::User),
            Some("agent" | "admin") => Ok(Role::Agent),
            _ if self.requester.as_ref() == Some(&author) => Ok(Role::User),
            _ if self.assignee.as_ref() == Some(&author) => Ok(Role::Agent),
            _ => {
                let hint = "put the users (users.json) with their roles into the same folder, and import the folder";
                Err(unknown("role of author", at(comment, "/author_id"), hint))
            }
        }
    }
}

/// Reads a comment; one that the customer does not see is a note.
///
/// # Errors
/// Nobody knows who wrote it, or its time cannot be read.
pub(super) fn turn(comment: &Value, people: &TicketPeople<'_>, cx: &Context) -> Result<Turn, RecordError> {
    let is_private = at(comment, "/public").as_bool() == Some(false);
    let text = text(comment);
    let mut turn = if is_private { event("note", text) } else { Turn::new(people.role(comment)?, text) };
    turn.id = id(comment, "/id");
    turn.at = time(comment, "/created_at", cx)?;
    Ok(turn)
}

fn text(comment: &Value) -> String {
    let plain = words(comment, "/plain_body").or_else(|| words(comment, "/body")).map(html::entities);
    let mut text = plain.or_else(|| words(comment, "/html_body").map(|body| html::read(body).text)).unwrap_or_default();
    for file in list(comment, "/attachments").iter().take(20) {
        let name = words(file, "/file_name").unwrap_or("file");
        text.push_str(if text.is_empty() { "" } else { "\n" });
        text.push_str(&format!("[attachment: {name}]"));
    }
    text.replace('\u{a0}', " ")
}
