//! The formats that can be read, and how one is told from its beginning.

mod botframework;
mod botpress;
pub(in crate::ingest) mod canonical;
mod chatwoot;
pub(in crate::ingest) mod contract;
pub mod csv;
mod dialogflow;
pub(in crate::ingest) mod folder;
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
mod slack;
pub(in crate::ingest) mod table;
mod telegram;
mod whatsapp;
mod zendesk;

use crate::ingest::input::source::InputSource;
use contract::{Format, Sniff};

/// A folder of files, each of a format of its own.
static FOLDER: &[&dyn Format] = &[&folder::Folder];

/// Every format.
pub(in crate::ingest) fn all() -> impl DoubleEndedIterator<Item = &'static &'static dyn Format> {
    table::FILES.iter().chain(FOLDER)
}

/// The format that an input most likely is of, and why; `None` when it is none that can be read.
pub(in crate::ingest) fn detect(source: &InputSource) -> Option<(&'static dyn Format, Sniff)> {
    table::likeliest(all(), source)
}

#[cfg(test)]
mod fixtures_tests;
#[cfg(test)]
mod mutation_tests;
#[cfg(test)]
mod sample_tests;
#[cfg(test)]
mod tests;
