//! What a value is taken apart into.

use super::spool::Spool;
use crate::domain::Conversation;
use crate::ingest::context::Context;
use crate::ingest::formats::canonical::conversation::MAX_ID;
use crate::ingest::formats::contract::Found;
use crate::ingest::formats::record_error::RecordError;
use crate::ingest::rejects::BadRecord;
use serde_json::Value;
use std::collections::{HashMap, VecDeque};
use std::io;

/// Names that are remembered beside conversations, such as who has which role.
const MAX_KNOWN: usize = 5_000_000;

/// Where the parts of a value go.
pub(in crate::ingest::formats) struct PartSink<'a> {
    /// How times are read, the source, the warnings.
    pub cx: &'a mut Context,
    pub(super) ready: &'a mut VecDeque<Found>,
    pub(super) spool: &'a mut Spool,
    pub(super) known: &'a mut HashMap<String, String>,
    /// The name of the file that is read, without its endings; the source where there is one input.
    pub(super) stem: Option<String>,
    pub(super) line: u64,
    pub(super) file: u32,
    /// What the disk said.
    pub(super) failed: Option<io::Error>,
}

impl PartSink<'_> {
    /// A whole conversation.
    pub fn conversation(&mut self, c: Conversation) {
        self.ready.push_back(Ok((Box::new(c), self.line)));
    }

    /// Something of this value that cannot be read, while the rest can.
    pub fn reject(&mut self, why: &RecordError) {
        let (line, reason) = (self.line, why.to_string());
        self.ready.push_back(Err(BadRecord { line, column: 1, reason, excerpt: String::new() }));
    }

    /// A piece of the conversation `id`; `tag` tells kinds of piece apart.
    ///
    /// # Errors
    /// Its id is longer than any log needs.
    pub fn piece(&mut self, id: &str, tag: u8, value: &Value) -> Result<(), RecordError> {
        if id.len() > MAX_ID {
            return Err(RecordError::LongId(MAX_ID));
        }
        let mut bytes = vec![tag];
        // JSON values can always be written.
        if serde_json::to_writer(&mut bytes, value).is_ok()
            && let Err(error) = self.spool.add(id, &bytes, self.line, self.file)
        {
            self.failed.get_or_insert(error);
        }
        Ok(())
    }

    /// What a conversation is called whose log names none: like its file.
    pub fn stem(&self) -> String {
        self.stem.clone().unwrap_or_else(|| self.cx.source.clone())
    }

    /// What came and comes for `part` belongs to the conversation `whole`.
    pub fn belongs(&mut self, part: &str, whole: &str) {
        if part.len() <= MAX_ID && whole.len() <= MAX_ID {
            self.spool.join(part, whole);
        }
    }

    /// As [`PartSink::belongs`], unless it is said of several conversations: then nobody knows which one is meant.
    pub fn claims(&mut self, part: &str, whole: &str) {
        if part.len() <= MAX_ID && whole.len() <= MAX_ID {
            self.spool.claim(part, whole);
        }
    }

    /// Remembers something that is said once for all conversations.
    pub fn remember(&mut self, key: String, value: String) {
        if self.known.len() < MAX_KNOWN && key.len() + value.len() <= MAX_ID {
            self.known.insert(key, value);
        }
    }
}
