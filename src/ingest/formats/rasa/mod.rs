//! Rasa's logs: the tracker store in SQLite, Rasa X's database with what reviewers corrected, trackers as JSON, and the
//! events of a broker, one a line. All of them hold the same events.
//!
//! A sender comes back: each `session_started` begins another conversation, `sender#1`, `sender#2` and so on. What a
//! `rewind`, `undo` or `restart` takes back was said all the same, and stays.

mod database;
mod session;
mod turns;

#[cfg(test)]
mod tests;

use super::contract::{Format, OpenError, OpenedInput, Records, Sniff};
use super::grouped::look::{first_id, id, list, unquoted};
use super::grouped::{Built, GroupedFormat, PartSink, RecordGroup};
use super::record_error::RecordError;
use crate::ingest::context::Context;
use crate::ingest::input::source::{Container, InputContent, InputSource};
use database::Database;
use serde_json::{Value, json};
use session::Sessions;
use std::path::PathBuf;

/// What a piece is: an event.
const EVENT: u8 = b'e';
/// An intent that a reviewer gave to the message of a time.
const CORRECTION: u8 = b'c';
/// A tag of the conversation.
const TAG: u8 = b't';

/// The format.
#[derive(Debug)]
pub(in crate::ingest) struct Rasa;

const EVENTS: GroupedFormat = GroupedFormat {
    name: "rasa",
    marks: &["\"sender_id\"", "\"conversation_id\""],
    tell,
    lists: &[],
    has_tables: false,
    asks: false,
    take,
    build,
};

impl Format for Rasa {
    fn name(&self) -> &'static str {
        EVENTS.name
    }

    fn sniff(&self, source: &InputSource) -> Option<Sniff> {
        match (&source.content, &source.path) {
            (InputContent::Other(Container::Sqlite), Some(path)) => {
                let why = Database::told(path)?;
                Some(Sniff { sure: 99, why: why.to_owned() })
            }
            (InputContent::Text(_), _) => EVENTS.sniff(source),
            _ => None,
        }
    }

    fn open(&self, source: InputSource, cx: &mut Context) -> Result<OpenedInput, OpenError> {
        match (&source.content, &source.path) {
            (InputContent::Other(Container::Sqlite), Some(path)) => {
                let database = Database::open(path, cx.max_record)?;
                Ok(OpenedInput { records: EVENTS.records(Box::new(database), cx), how: None })
            }
            _ => EVENTS.open(source, cx),
        }
    }

    fn spans_files(&self) -> bool {
        true
    }

    fn join(&self, files: &[PathBuf], cx: &Context) -> Option<Box<dyn Records>> {
        // A database is opened by its path; logs of a broker go on from file to file.
        let is_text =
            |path: &PathBuf| path.extension().is_none_or(|e| !["db", "sqlite", "sqlite3"].iter().any(|d| e == *d));
        if files.iter().all(is_text) { EVENTS.join(files, cx) } else { None }
    }
}

fn tell(values: &[Value]) -> Option<(u8, &'static str)> {
    let is_tracker = |v: &Value| {
        v.get("sender_id").is_some() && list(v, "/events").iter().any(|e| e.get("event").is_some_and(Value::is_string))
    };
    let is_empty_tracker = |v: &Value| v.get("sender_id").is_some() && v.get("events").is_some_and(Value::is_array);
    let is_event = |v: &Value| {
        let sender = v.get("sender_id").or_else(|| v.get("conversation_id"));
        sender.is_some() && v.get("event").is_some_and(Value::is_string) && v.get("timestamp").is_some()
    };
    if values.iter().any(is_tracker) || values.iter().any(is_empty_tracker) {
        return Some((97, "trackers with `sender_id` and `events`"));
    }
    values.iter().any(is_event).then_some((96, "events with `sender_id`, one a record"))
}

fn take(mut value: Value, out: &mut PartSink<'_>) -> Result<(), RecordError> {
    let sender = first_id(&value, &["/sender_id", "/conversation_id"]);
    if let Some(row) = value.get("row").and_then(Value::as_str).map(str::to_owned) {
        return take_row(&row, sender, value, out);
    }
    if let Some(Value::Array(events)) = value.get_mut("events").map(Value::take) {
        let sender = sender.ok_or(RecordError::Missing("`sender_id`"))?;
        let mut sessions = Sessions::new(&sender);
        events.iter().for_each(|e| sessions.event(e, out.cx));
        for built in sessions.finish(out.cx) {
            match built {
                Ok(c) => out.conversation(c),
                Err(why) => out.reject(&why),
            }
        }
        return Ok(());
    }
    let is_event = value.get("event").is_some_and(Value::is_string);
    match sender {
        Some(sender) if is_event => out.piece(&sender, EVENT, &value),
        Some(_) => Err(RecordError::Missing("`events` or `event`")),
        None => Err(RecordError::Missing("`sender_id`")),
    }
}

/// A row of a database.
fn take_row(table: &str, sender: Option<String>, mut row: Value, out: &mut PartSink<'_>) -> Result<(), RecordError> {
    let whose = || sender.clone().ok_or(RecordError::Missing("`sender_id`"));
    match table {
        "message_correction" => out.piece(&whose()?, CORRECTION, &row),
        "conversation_to_tag_mapping" => out.piece(&whose()?, TAG, &row),
        "conversation_tag" => {
            if let (Some(number), Some(name)) = (id(&row, "/id"), id(&row, "/value")) {
                out.remember(format!("tag {number}"), name);
            }
            Ok(())
        }
        _ => {
            let data = row.get_mut("data").map(Value::take).unwrap_or_default();
            let mut event = unquoted(data);
            let Value::Object(map) = &mut event else {
                return Err(RecordError::Missing("event in `data`: it is no JSON object"));
            };
            if map.get("event").is_none_or(Value::is_null) {
                map.insert("event".to_owned(), row.get("type_name").cloned().unwrap_or_default());
            }
            if map.get("timestamp").is_none_or(Value::is_null) {
                map.insert("timestamp".to_owned(), row.get("timestamp").cloned().unwrap_or_default());
            }
            let sender = sender.or_else(|| id(&event, "/sender_id")).ok_or(RecordError::Missing("`sender_id`"))?;
            out.piece(&sender, EVENT, &event)
        }
    }
}

fn build(group: RecordGroup<'_>, cx: &mut Context) -> Vec<Built> {
    let mut sessions = Sessions::new(&group.id);
    for piece in &group.pieces {
        match piece.tag {
            EVENT => sessions.event(&piece.value, cx),
            CORRECTION => sessions.correction(&piece.value),
            _ => {
                let number = id(&piece.value, "/tag_id").unwrap_or_default();
                sessions.tag(
                    group.known.get(&format!("tag {number}")).cloned().unwrap_or_else(|| json!(number).to_string()),
                );
            }
        }
    }
    sessions.finish(cx)
}
