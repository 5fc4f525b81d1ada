//! What a format of pieces says of itself.

use super::out::PartSink;
use crate::domain::Conversation;
use crate::ingest::context::Context;
use crate::ingest::formats::record_error::RecordError;
use serde_json::Value;
use std::collections::HashMap;

/// A piece of a conversation.
#[derive(Debug)]
pub(in crate::ingest::formats) struct RecordPiece {
    /// Its kind, as [`PartSink::piece`] was told.
    pub tag: u8,
    /// What it says.
    pub value: Value,
}

/// All that was said of one conversation.
pub(in crate::ingest::formats) struct RecordGroup<'a> {
    /// Its id.
    pub id: String,
    /// Its pieces, in the log's order.
    pub pieces: Vec<RecordPiece>,
    /// What was remembered for all conversations.
    pub known: &'a HashMap<String, String>,
}

/// What a conversation came to, or why there is none.
pub(in crate::ingest::formats) type Built = Result<Conversation, RecordError>;

/// A format of values that are taken apart and put together.
#[derive(Clone, Copy, Debug)]
pub(in crate::ingest) struct GroupedFormat {
    /// What `--from` calls it.
    pub name: &'static str,
    /// Words of which the beginning of every such log holds one: nothing is parsed where none of them stands.
    pub marks: &'static [&'static str],
    /// How sure it is by the first values, and why.
    pub tell: fn(&[Value]) -> Option<(u8, &'static str)>,
    /// Keys under which a file may hold all its values as one list.
    pub lists: &'static [&'static str],
    /// Whether rows under a line of names are values, too.
    pub has_tables: bool,
    /// Whether a value alone may hold what has to be asked ([`Format::asks_while_reading`](super::Format::asks_while_reading)).
    pub asks: bool,
    /// Takes a value apart.
    pub take: fn(Value, &mut PartSink<'_>) -> Result<(), RecordError>,
    /// Puts the pieces of a conversation together: to one or, where it came back several times, to more.
    pub build: fn(RecordGroup<'_>, &mut Context) -> Vec<Built>,
}

/// [`GroupedFormat::build`] of a format whose values are whole conversations.
pub(in crate::ingest::formats) fn no_pieces(_: RecordGroup<'_>, _: &mut Context) -> Vec<Built> {
    Vec::new()
}
