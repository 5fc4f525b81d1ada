//! Logs of one message a line, or a value: JSON objects that name their conversation, who speaks, and the words. Messages
//! with the same id are one conversation: in the order of their times where all have one, else in the file's.
//!
//! Where those of a conversation stand together, memory holds one conversation. Where they do not (a log in the order of
//! time), a first pass over the file counts the messages of each, and one is held until all of its messages have come.

mod gather;
mod keys;
mod settle;

use super::contract::{Format, OpenError, OpenedInput, Sniff};
use super::json::first_values;
use crate::ingest::context::Context;
use crate::ingest::input::source::InputSource;
use crate::ingest::rows::text::HeldText;
use gather::GatheredLog;
use keys::{SPEAKERS, WORDS, key_of_id};
use serde_json::Value;

/// One message a line.
#[derive(Debug)]
pub(in crate::ingest) struct Messages;

impl Format for Messages {
    fn name(&self) -> &'static str {
        "messages"
    }

    fn sniff(&self, source: &InputSource) -> Option<Sniff> {
        let values = first_values(&source.text()?.head);
        let id = values.iter().filter_map(key_of_id).next()?;
        let fits = values.iter().filter(|v| is_message(v)).count();
        let why = format!("one message a line, joined by `{id}`");
        (fits * 10 >= values.len() * 8).then_some(Sniff { sure: 92, why })
    }

    fn asks_while_reading(&self) -> bool {
        true
    }

    fn open(&self, source: InputSource, cx: &mut Context) -> Result<OpenedInput, OpenError> {
        let HeldText { text, again, .. } = HeldText::of(source)?;
        Ok(OpenedInput { records: Box::new(GatheredLog::new(text, again, cx.max_record)), how: None })
    }
}

fn is_message(value: &Value) -> bool {
    let has = |keys: &[&str]| keys.iter().any(|key| value.get(key).is_some());
    let list = ["turns", "messages"].iter().any(|key| value.get(key).is_some_and(Value::is_array));
    key_of_id(value).is_some() && has(WORDS) && has(SPEAKERS) && !list
}

#[cfg(test)]
mod tests;
