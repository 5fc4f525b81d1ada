//! Logs of one message a line, or a value: JSON objects that name their conversation, who speaks, and the words. Messages
//! with the same id are one conversation: in the order of their times where all have one, else in the file's.
//!
//! Where those of a conversation stand together, memory holds one conversation. Where they do not (a log in the order of
//! time), a first pass over the file counts the messages of each, and one is held until all of its messages have come.

mod gather;
mod keys;
mod settle;

use super::contract::{Format, OpenError, OpenedInput, Sniff};
use super::csv::answers;
use super::json::first_values;
use crate::domain::Role;
use crate::ingest::context::Context;
use crate::ingest::derive::speakers;
use crate::ingest::input::source::InputSource;
use crate::ingest::rows::text::HeldText;
use crate::text;
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
        // Rows know who said what stands beside a customer's words.
        if values.iter().any(holds_answer) && !values.iter().any(is_of_business) {
            return None;
        }
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

/// Whether a message holds what was answered to it.
fn holds_answer(value: &Value) -> bool {
    let said = |value: &Value| value.as_str().is_some_and(|text| text::has_words(text, 2));
    value.as_object().is_some_and(|message| message.iter().any(|(key, value)| answers(key).is_some() && said(value)))
}

fn is_of_business(value: &Value) -> bool {
    let spoken = SPEAKERS.iter().filter_map(|key| value.get(key)?.as_str());
    spoken.map(speakers::word).any(|word| matches!(speakers::known(&word), Some(Role::Bot | Role::Agent)))
}

#[cfg(test)]
mod tests;
