//! Formats whose logs are JSON values or rows under names, and seldom one conversation each: an event, a message or a turn at
//! a time, in any order, over several files.
//!
//! A format says how a value is taken apart ([`GroupedFormat::take`]): into whole conversations, or into pieces that name the
//! conversation they belong to. Pieces wait in a [`spool`] until everything has been read, then each conversation is put
//! together from its own ([`GroupedFormat::build`]). Memory holds 24 bytes a piece, the ids of the conversations, and the pieces of
//! one conversation; the rest waits in a file without a name.

mod beginning;
pub(in crate::ingest::formats) mod ending;
pub(in crate::ingest::formats) mod look;
mod out;
pub(in crate::ingest::formats) mod rated;
mod records;
mod shape;
pub(in crate::ingest::formats) mod spells;
mod spool;
pub(in crate::ingest::formats) mod values;

pub(in crate::ingest::formats) use out::PartSink;
pub(in crate::ingest::formats) use records::{GroupedRecords, whole_file};
pub(in crate::ingest) use shape::GroupedFormat;
pub(in crate::ingest::formats) use shape::{Built, RecordGroup, RecordPiece, no_pieces};

use super::contract::{Format, OpenError, OpenedInput, Records, Sniff};
use crate::ingest::context::Context;
use crate::ingest::input::source::InputSource;
use std::path::PathBuf;

impl GroupedFormat {
    /// Reads values that come from anywhere.
    pub fn records(&self, values: Box<dyn values::Values>, cx: &Context) -> Box<dyn Records> {
        Box::new(GroupedRecords::of(*self, values, cx))
    }

    /// The values of a text.
    fn values(&self, source: InputSource, cx: &Context) -> Result<Box<dyn values::Values>, OpenError> {
        Ok(values::of(source.into_text()?, self.lists, self.has_tables, cx.max_record))
    }
}

impl Format for GroupedFormat {
    fn name(&self) -> &'static str {
        self.name
    }

    fn sniff(&self, source: &InputSource) -> Option<Sniff> {
        let head = &source.text()?.head;
        let marked = |mark: &&str| memchr::memmem::find(head, mark.as_bytes()).is_some();
        if !self.marks.iter().any(marked) {
            return None;
        }
        let (sure, why) = (self.tell)(&beginning::first(head, self.lists, self.has_tables))?;
        Some(Sniff { sure, why: why.to_owned() })
    }

    fn open(&self, source: InputSource, cx: &mut Context) -> Result<OpenedInput, OpenError> {
        let values = self.values(source, cx)?;
        Ok(OpenedInput { records: self.records(values, cx), how: None })
    }

    fn asks_while_reading(&self) -> bool {
        self.asks
    }

    fn spans_files(&self) -> bool {
        true
    }

    fn join(&self, files: &[PathBuf], cx: &Context) -> Option<Box<dyn Records>> {
        Some(Box::new(GroupedRecords::of_files(*self, files.to_vec(), cx)))
    }
}
