//! What a format is: something that can be told, and opened as conversations.
//!
//! A format gets the whole input and keeps what it needs of it: lines, an archive, a database, a folder of files that
//! belong together, events that it gathers by conversation. It holds one conversation at a time, or says what bounds it.

use crate::domain::Conversation;
use crate::ingest::context::Context;
use crate::ingest::input::source::InputSource;
use crate::ingest::rejects::BadRecord;
use std::error::Error;
use std::fmt::Debug;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// Why an input in which nothing stands is read as what it is.
pub const EMPTY: &str = "it is empty";

/// One format that can be read. Code names it in its own file and in the table of `table.rs`, nowhere else.
pub(in crate::ingest) trait Format: Debug + Send + Sync {
    /// What `--from` calls it.
    fn name(&self) -> &'static str;

    /// How sure it is that the input is of this format, and why; `None`: it is not. Looks at the beginning of a text,
    /// at what else the input is, and at what stands at its path.
    fn sniff(&self, source: &InputSource) -> Option<Sniff>;

    /// Begins to read the input. Notes in `cx` what is put up with from the start.
    ///
    /// # Errors
    /// The input cannot be of this format, or the format's own settings do not fit it.
    fn open(&self, source: InputSource, cx: &mut Context) -> Result<OpenedInput, OpenError>;

    /// Whether only its records tell what has to be asked, such as who a speaker is: then some are read before it is said that there is
    /// nothing to ask.
    fn asks_while_reading(&self) -> bool {
        false
    }

    /// Whether what stands in one file of it may go on in another: files of a folder are then read together by [`Self::join`].
    fn spans_files(&self) -> bool {
        false
    }

    /// Begins to read several files whose records belong together, in their order: events of a conversation may stand in any
    /// of them. `None`: each file stands by itself.
    fn join(&self, _files: &[PathBuf], _cx: &Context) -> Option<Box<dyn Records>> {
        None
    }
}

/// How sure it is that an input is of a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ingest) struct Sniff {
    /// 0 to 100.
    pub sure: u8,
    /// What speaks for it, in a few words.
    pub why: String,
}

/// Why a format cannot read an input at all, for a person.
pub(in crate::ingest) type OpenError = Box<dyn Error + Send + Sync>;

/// An input that a format reads.
pub(in crate::ingest) struct OpenedInput {
    /// What it holds.
    pub records: Box<dyn Records>,
    /// How it is read, in words, where the format had a choice.
    pub how: Option<String>,
}

/// A conversation with the line on which it starts, or what cannot be read.
pub(in crate::ingest) type Found = Result<(Box<Conversation>, u64), BadRecord>;

/// The conversations of an input, one at a time.
pub(in crate::ingest) trait Records: Send {
    /// The next conversation, or what cannot be read; `None` at the end.
    ///
    /// # Errors
    /// What the input says where it breaks off. Nothing can be read after it.
    fn next(&mut self, cx: &mut Context) -> io::Result<Option<Found>>;

    /// The line that is read next, from 1.
    fn line(&self) -> u64;

    /// The share read, 0 to 1, where it is not the share of the input's bytes: for what is read out of order.
    fn share(&self) -> Option<f64> {
        None
    }

    /// The file that the last record came from, where there is more than one.
    fn file(&self) -> Option<&str> {
        None
    }
}

/// A format with settings of its own, which reads an input unless another one is named.
#[derive(Clone, Debug)]
pub struct FormatChoice {
    /// The format, settings included.
    pub(in crate::ingest) format: Arc<dyn Format>,
    /// Why it is to be this one, in a few words.
    pub(in crate::ingest) why: &'static str,
    /// What it says of ratings, where it says nothing else: that holds for whatever format reads the log.
    pub(in crate::ingest) ratings: Option<String>,
}
