//! What single programs say of a message in ways of their own.

use super::columns::{MessageColumns, last, speaks_for_itself};
use crate::ingest::derive::speakers;
use crate::ingest::formats::csv::columns::field::plain;
use serde_json::Value;

fn word(row: &MessageColumns, key: &str) -> Option<String> {
    row.get(key).and_then(Value::as_str).map(str::to_owned)
}

/// The value of the first key of a message itself that is called so, whatever its case and signs.
fn called(row: &MessageColumns, name: &str) -> Option<String> {
    let found = row.iter().find(|(key, _)| !key.contains('.') && plain(key) == name);
    found.and_then(|(_, value)| value.as_str()).map(str::to_owned)
}

/// A ticket with what it is about says by its type what kind of matter it is, and not who speaks.
pub(super) fn ticket(row: &mut MessageColumns) {
    let has = |name: &str| row.keys().any(|key| !key.contains('.') && plain(key) == name);
    if has("description")
        && (has("subject") || has("priority"))
        && let Some(kind) = row.shift_remove("type")
    {
        row.insert("ticket_type".to_owned(), kind);
    }
}

/// A number that messages of a list have is their place in it; that of a row by itself may be anything.
pub(super) fn numbered(row: &mut MessageColumns) {
    let is_number = |value: &Value| value.as_str().is_some_and(|value| value.parse::<u32>().is_ok());
    let place = row.get("index").filter(|value| is_number(value)).cloned();
    if let Some(place) = place.filter(|_| !row.contains_key("turn_index")) {
        row.shift_remove("index");
        row.insert("turn_index".to_owned(), place);
    }
}

/// Messages that only say whether the AI wrote them: the others are the customer's.
pub(super) fn by_machine_alone(row: &mut MessageColumns) {
    let others = row.keys().any(|key| key == "author_type" || plain(key) != "isbot" && speaks_for_itself(key));
    if called(row, "isbot").as_deref() == Some("false") && !others {
        row.insert("author_type".to_owned(), "customer".into());
    }
}

/// Messages that only say whether somebody of the team wrote them, as Drift's do.
fn by_team(row: &mut MessageColumns) {
    let Some(by_team) = called(row, "teammember").filter(|_| !row.contains_key("author_type")) else { return };
    let who = if by_team == "true" { "agent" } else { "customer" };
    row.insert("author_type".to_owned(), who.into());
}

/// Messages that only say whether somebody of the business wrote them, and name the writer, as Gorgias' do: a machine's name is the AI's.
fn by_agent(row: &mut MessageColumns) {
    let name = word(row, "sender.name").or_else(|| word(row, "author.name"));
    let (Some(by_agent), Some(name)) = (called(row, "fromagent"), name) else { return };
    let who = match by_agent.as_str() {
        "true" if speakers::is_machine(&name) => "bot",
        "true" => "agent",
        _ => "customer",
    };
    row.insert("author_type".to_owned(), who.into());
}

/// Says who wrote a message, and whether the customer saw it.
pub(super) fn told(row: &mut MessageColumns) {
    by_team(row);
    by_agent(row);
    hubspot(row);
    inbound(row);
    noticed(row);
    spoken_by_machine(row);
    answered_to(row);
}

/// What names only whom it was said to is the AI's answer, as Rasa's channels have it.
fn answered_to(row: &mut MessageColumns) {
    let names_sender = row.keys().any(|key| speaks_for_itself(key) || plain(key) == "senderid");
    let Some(to) = called(row, "recipientid").filter(|_| !names_sender) else { return };
    row.insert("author_type".to_owned(), "bot".into());
    row.entry("conversation_id".to_owned()).or_insert_with(|| to.into());
}

/// Calls that an AI answers, as ElevenLabs and Retell keep them: who is called an agent there is the AI.
pub(super) fn voice(row: &mut MessageColumns, shared: &MessageColumns) {
    let is_retell =
        ["call_id", "conversation_call_status", "conversation_agent_id"].iter().all(|key| shared.contains_key(*key));
    let is_call = row.contains_key("time_in_call_secs") || is_retell;
    if is_call && word(row, "role").as_deref() == Some("agent") {
        row.insert("role".to_owned(), "bot".into());
    }
}

/// HubSpot's messages: the letter before an actor's number is their kind, and a comment is between its people.
fn hubspot(row: &mut MessageColumns) {
    if !row.contains_key("conversationsThreadId") {
        return;
    }
    let actor = word(row, "createdBy").or_else(|| word(row, "senders.actorId")).unwrap_or_default();
    let who = match actor.split_once('-').map(|(kind, _)| kind) {
        Some("V") => Some("visitor"),
        Some("A") => Some("agent"),
        Some("B" | "L") => Some("bot"),
        Some("S") => Some("system"),
        _ => None,
    };
    row.extend(who.map(|who| ("author_type".to_owned(), who.into())));
    if word(row, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("comment")) {
        row.insert("private".to_owned(), "true".into());
    }
}

/// Messages that only say whether they came in: of those that went out the writer may be known as a person of the team.
fn inbound(row: &mut MessageColumns) {
    let Some(comes_in) = called(row, "isinbound").or_else(|| called(row, "incoming")) else { return };
    if row.contains_key("author_type") {
        return;
    }
    let teammate = row.iter().any(|(key, value)| plain(last(key)) == "isteammate" && value.as_str() == Some("true"));
    let machine = row.iter().any(|(key, value)| {
        key.starts_with("author.") && value.as_str().is_some_and(speakers::is_machine) && !key.ends_with("email")
    });
    let who = match comes_in.as_str() {
        "true" => "customer",
        _ if machine => "bot",
        _ if teammate => "agent",
        _ => "outbound",
    };
    row.insert("author_type".to_owned(), who.into());
}

/// What a system tells by its kind: `systemEventMessage`.
fn noticed(row: &mut MessageColumns) {
    if called(row, "messagetype").is_some_and(|kind| kind.to_lowercase().contains("system")) {
        row.insert("author_type".to_owned(), "system".into());
    }
}

/// What stands under the system and has the name of a machine is what the AI said, as Amazon Connect has it.
fn spoken_by_machine(row: &mut MessageColumns) {
    let by_system = called(row, "participantrole").is_some_and(|role| role.eq_ignore_ascii_case("system"));
    let name = called(row, "displayname").unwrap_or_default();
    // Under the key that says it of the others.
    let key = row.keys().find(|key| plain(key) == "participantrole").cloned();
    row.extend(key.filter(|_| by_system && speakers::is_machine(&name)).map(|key| (key, "bot".into())));
}
