//! Freshdesk: tickets with their conversations, and conversations apart. Whoever is in a ticket is a number; what came in is the
//! customer's, a private one is a note.

use crate::domain::{Conversation, Outcome, Role, Turn};
use crate::ingest::context::Context;
use crate::ingest::distinct::Distinct;
use crate::ingest::formats::grouped::ending::{KnownEnding, event, finish};
use crate::ingest::formats::grouped::look::{at, first_id, id, is_true, list, number, time, words};
use crate::ingest::formats::grouped::{Built, GroupedFormat, PartSink, RecordGroup, RecordPiece};
use crate::ingest::formats::record_error::RecordError;
use crate::ingest::html;
use serde_json::Value;

/// The format.
pub(in crate::ingest) static FRESHDESK: GroupedFormat = GroupedFormat {
    name: "freshdesk",
    marks: &["\"responder_id\"", "\"description_text\"", "\"body_text\""],
    tell,
    lists: &["tickets", "results"],
    has_tables: false,
    asks: true,
    take,
    build,
};

const TICKET: u8 = b'k';
const MESSAGE: u8 = b'm';

fn is_ticket(v: &Value) -> bool {
    let of_ticket = ["responder_id", "description_text", "conversations"].iter().any(|key| v.get(key).is_some());
    v.get("requester_id").is_some() && v.get("status").is_some_and(Value::is_number) && of_ticket
}

fn is_message(v: &Value) -> bool {
    v.get("incoming").is_some_and(Value::is_boolean) && v.get("user_id").is_some() && v.get("private").is_some()
}

fn tell(values: &[Value]) -> Option<(u8, &'static str)> {
    if values.iter().any(is_ticket) {
        return Some((98, "tickets of Freshdesk"));
    }
    values.iter().any(|v| is_message(v) && v.get("ticket_id").is_some()).then_some((96, "conversations of Freshdesk"))
}

fn take(mut value: Value, out: &mut PartSink<'_>) -> Result<(), RecordError> {
    if is_message(&value) {
        let ticket = id(&value, "/ticket_id").ok_or(RecordError::Missing("`ticket_id`"))?;
        return out.piece(&ticket, MESSAGE, &value);
    }
    if !is_ticket(&value) {
        out.cx.warnings.add("a record that is no ticket and no conversation of one, left out");
        return Ok(());
    }
    let own = id(&value, "/id").ok_or(RecordError::Missing("`id`"))?;
    let messages = value.get_mut("conversations").map(Value::take).unwrap_or_default();
    out.piece(&own, TICKET, &value)?;
    list(&messages, "").iter().try_for_each(|message| out.piece(&own, MESSAGE, message))
}

fn build(group: RecordGroup<'_>, cx: &mut Context) -> Vec<Built> {
    let mut seen = Distinct::default();
    let ticket = group.pieces.iter().rev().find(|p| p.tag == TICKET).map(|p| p.value.clone()).unwrap_or_default();
    let messages = group.pieces.iter().filter(|p: &&RecordPiece| p.tag == MESSAGE).map(|p| &p.value);
    let messages: Vec<&Value> = messages.filter(|m| id(m, "/id").is_none_or(|id| seen.add(id))).collect();
    vec![conversation(group.id, &ticket, &messages, cx)]
}

fn conversation(own: String, ticket: &Value, messages: &[&Value], cx: &mut Context) -> Built {
    let mut c = Conversation::new(cx.source.clone(), own, Vec::new());
    if let Some(text) = body(ticket, "/description_text", "/description") {
        let mut turn = Turn::new(Role::User, text);
        turn.at = time(ticket, "/created_at", cx)?;
        c.turns.push(turn);
    }
    for message in messages {
        c.turns
            .push(turn(message, cx).map_err(|e| e.at(format!("message {}", id(message, "/id").unwrap_or_default())))?);
    }
    c.turns.sort_by_key(|turn| turn.at);
    if c.turns.iter().any(|turn| turn.role == Role::Agent) {
        cx.warnings
            .add("what went out is read as written by people: --speakers NUMBER=bot where that user_id is an AI's");
    }
    if messages.is_empty() {
        cx.warnings.add("a ticket without its conversations: only what it was opened with is known");
    }
    c.customer_id = id(ticket, "/requester_id");
    c.tags = list(ticket, "/tags").iter().filter_map(Value::as_str).map(str::to_owned).take(1_000).collect();
    for key in ["subject", "priority", "source", "type", "group_id", "responder_id", "satisfaction_rating"] {
        if let Some(value) = ticket.get(key).filter(|v| !v.is_null()) {
            c.meta.insert(key.to_owned(), value.clone());
        }
    }
    let said = ended(&c, ticket, cx);
    finish(c, said, cx)
}

/// A message: of what went out nobody but a person can tell whether a machine wrote it, and people answer tickets.
fn turn(message: &Value, cx: &Context) -> Result<Turn, RecordError> {
    let text = body(message, "/body_text", "/body").unwrap_or_default();
    let by_number = first_id(message, &["/user_id"]).and_then(|user| cx.speakers.role(&user));
    let mut turn = match (is_true(at(message, "/private")), is_true(at(message, "/incoming"))) {
        (true, _) => event("note", text),
        (_, true) => Turn::new(Role::User, text),
        (_, false) => Turn::new(by_number.unwrap_or(Role::Agent), text),
    };
    turn.id = id(message, "/id");
    turn.at = time(message, "/created_at", cx)?;
    for file in list(message, "/attachments").iter().take(20) {
        let name = words(file, "/name").unwrap_or("file");
        turn.text.push_str(if turn.text.is_empty() { "" } else { "\n" });
        turn.text.push_str(&format!("[attachment: {name}]"));
    }
    Ok(turn)
}

/// The plain words, else those of the HTML.
fn body(value: &Value, plain: &str, html: &str) -> Option<String> {
    words(value, plain).map(str::to_owned).or_else(|| words(value, html).map(|body| html::read(body).text))
}

/// The end by the ticket's status, which is a number: 2 open, 3 pending, 4 resolved, 5 closed; what a team adds is above.
fn ended(c: &Conversation, ticket: &Value, cx: &mut Context) -> Option<KnownEnding> {
    let status = number(ticket, "/status")?;
    let by_people = c.turns.iter().any(|t| t.role == Role::Agent);
    match status as i64 {
        2 | 3 => Some(KnownEnding::new(Outcome::Pending, format!("status {status}"))),
        4 | 5 if by_people => Some(KnownEnding::new(Outcome::Resolved, format!("status {status}"))),
        // Nobody answered in what is known of it.
        4 | 5 => None,
        _ => {
            cx.warnings.add(&format!("the status {status} is one of the team's own: the outcome is derived"));
            None
        }
    }
}
