//! Conversations in CSV files: rows of turns, of utterances, or of whole conversations.
//!
//! Which column holds what is a [`Mapping`]. It is guessed ([`guess`]) from headers and values, shown ([`Guess`],
//! [`columns`]), corrected ([`Mapping::set`], [`Mapping::apply_flags`], [`correct`]) and saved as a profile
//! ([`Mapping::to_toml`]).
//!
//! - **One row a turn**: `id` and `text`, usually `role`; rows with the same id are one conversation, in the file's order or
//!   by `turn`. With `reply`, a row is a question and its answer. A row that cannot be read costs its whole conversation:
//!   one with a hole would be taken for what it is not.
//! - **One row an utterance**: `text`, and `gold` where somebody labelled it: a conversation of one turn. Without `id` its id
//!   is a hash of text and time, with `-2` for the second such row, so that it stays the same when rows move.
//! - **One row a conversation**: `transcript`. `intent`, `confidence` and `gold` of the row are those of the customer's first
//!   turn that is no small talk.
//!
//! Columns without a field are kept in `meta`: of the conversation where all its rows agree, else of the turn.

mod dialect;
mod field;
mod flags;
mod guess;
mod hints;
mod mapping;
mod order;
mod plan;
mod profile;
mod rows;
mod said;
mod senders;
mod table;
mod text;
mod transcript;
mod values;
mod whole;

pub use field::{Field, Scope};
pub use flags::SETTINGS;
pub use guess::{Column, Guess, columns, correct, guess};
pub use mapping::{Mapping, MappingError, Shape};
pub(in crate::ingest) use rows::Bad;
pub(in crate::ingest) use table::{Found, Table};
pub(in crate::ingest) use text::Again;

use crate::ingest::input::source::{Input, Source};
use crate::ingest::reader::IngestError;

/// The beginning of a file as [`guess`], [`columns`] and [`correct`] take it: unpacked, as UTF-8, at most 64 KiB.
///
/// # Errors
/// It cannot be opened, or is no log.
pub fn head(input: Input) -> Result<Vec<u8>, IngestError> {
    let name = input.name();
    Source::open(input).map(|source| source.head).map_err(|error| IngestError::Open { name, error })
}

#[cfg(test)]
mod tests;
