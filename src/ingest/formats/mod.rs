//! The formats that can be read, and how one is told from its beginning.

pub(in crate::ingest) mod canonical;
pub(in crate::ingest) mod contract;
pub mod csv;
pub(in crate::ingest) mod json;
pub(in crate::ingest) mod messages;
pub(in crate::ingest) mod record_error;

use crate::ingest::input::source::Source;
use contract::{Format, Sniff};

/// Every format. A new one is a row here and a file or folder beside `canonical`.
pub(in crate::ingest) static FORMATS: &[&dyn Format] = &[&canonical::Canonical, &messages::Messages, &csv::PLAIN];

/// The format that an input most likely is of, and why; `None` when it is none that can be read.
pub(in crate::ingest) fn detect(source: &Source) -> Option<(&'static dyn Format, Sniff)> {
    let found = FORMATS.iter().filter_map(|format| format.sniff(source).map(|sniff| (*format, sniff)));
    // The earlier row wins a tie.
    found.rev().max_by_key(|(_, sniff)| sniff.sure)
}

#[cfg(test)]
mod tests;
