//! The formats that can be read, and how one is told from its beginning.

mod botframework;
mod botpress;
pub(in crate::ingest) mod canonical;
mod chatwoot;
pub(in crate::ingest) mod contract;
pub mod csv;
mod dialogflow;
mod folder;
mod freshchat;
mod grouped;
mod intercom;
pub(in crate::ingest) mod json;
mod langfuse;
mod langsmith;
mod lex;
pub(in crate::ingest) mod messages;
mod model_messages;
mod openai;
mod otel;
mod rasa;
pub(in crate::ingest) mod record_error;
mod telegram;
mod whatsapp;
mod zendesk;

use crate::ingest::input::source::Source;
use contract::{Format, Sniff};

/// Every format. A new one is a row here and a file or folder beside `canonical`.
pub(in crate::ingest) static FORMATS: &[&dyn Format] = &[
    &canonical::Canonical,
    &messages::Messages,
    &csv::PLAIN,
    &folder::Folder,
    &openai::OPENAI,
    &openai::SHAREGPT,
    &rasa::Rasa,
    &lex::LEX,
    &langfuse::LANGFUSE,
    &langsmith::LANGSMITH,
    &chatwoot::CHATWOOT,
    &intercom::INTERCOM,
    &zendesk::ZENDESK,
    &dialogflow::DIALOGFLOW,
    &botframework::BOT_FRAMEWORK,
    &botpress::BOTPRESS,
    &freshchat::FRESHCHAT,
    &otel::OTEL,
    &whatsapp::WhatsApp,
    &telegram::TELEGRAM,
];

/// The format that an input most likely is of, and why; `None` when it is none that can be read.
pub(in crate::ingest) fn detect(source: &Source) -> Option<(&'static dyn Format, Sniff)> {
    let found = FORMATS.iter().filter_map(|format| format.sniff(source).map(|sniff| (*format, sniff)));
    // The earlier row wins a tie.
    found.rev().max_by_key(|(_, sniff)| sniff.sure)
}

#[cfg(test)]
mod fixtures_tests;
#[cfg(test)]
mod mutation_tests;
#[cfg(test)]
mod sample_tests;
#[cfg(test)]
mod tests;
