//! From an input to conversations, one at a time.

use super::context::{Context, Question, Warning, Warnings};
use super::error::IngestError;
use super::formats::contract::{Format, Found, Opened, Records};
use super::formats::{self, detect};
use super::input::source::{Content, Input, Source};
use super::options::Options;
use super::rejects::{BadRecord, Reject};
use super::times::Times;
use crate::base::did_you_mean::nearest;
use crate::domain::Conversation;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// One record of a log.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// It could be read.
    Conversation {
        /// The conversation, outcome settled.
        conversation: Box<Conversation>,
        /// The line on which it starts.
        line: u64,
        /// Nobody named its source: it is the file's name.
        is_source_guessed: bool,
    },
    /// It could not.
    Reject(Reject),
}

/// What there is to say about a log once it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Name of the format.
    pub format: &'static str,
    /// Why this format.
    pub why: String,
    /// What was put up with.
    pub warnings: Vec<Warning>,
    /// What only a person can tell; known before the first record.
    pub questions: Vec<Question>,
    /// Records with bytes that are no UTF-8; those are now U+FFFD.
    pub invalid_utf8: u64,
    /// Bytes read from the input, before decompression.
    pub bytes: u64,
    /// Conversations read.
    pub conversations: u64,
    /// Records rejected.
    pub rejected: u64,
}

/// Reads a log. Iterate over it; memory is bounded by the longest record.
pub struct Reader {
    name: String,
    records: Box<dyn Records>,
    cx: Context,
    summary: Summary,
    read: Arc<AtomicU64>,
    total: Option<u64>,
    done: bool,
}

impl Reader {
    /// Opens an input, undoes compression (gzip, Zstandard) and encoding (UTF-16), and tells its format.
    ///
    /// # Errors
    /// When it cannot be opened, is of no known format, its format cannot read it, or `options.from` names none.
    pub fn open(input: Input, options: Options) -> Result<Self, IngestError> {
        let asked = options.from.as_deref().filter(|from| !from.eq_ignore_ascii_case("auto"));
        let asked = asked.map(format_named).transpose()?;
        let (name, stem) = (input.name(), input.stem());
        let source = Source::open(input).map_err(|error| IngestError::Open { name: name.clone(), error })?;
        let (format, mut why) = chosen(&source, asked, &options)?;
        let (read, total) = (Arc::clone(&source.read), source.total);
        let mut cx = Context {
            times: Times { zone: options.tz, order: options.date_order },
            source: options.source.clone().unwrap_or(stem),
            is_source_guessed: options.source.is_none(),
            handoff_names: options.handoff_names.clone(),
            now: options.now,
            salt: options.pseudonymise.clone(),
            max_record: options.max_line,
            warnings: Warnings::default(),
            accept_guesses: options.accept_guesses,
            questions: Vec::new(),
        };
        let Opened { records, how } = format.open(source, &mut cx).map_err(|error| IngestError::Format {
            name: name.clone(),
            format: format.name(),
            error,
        })?;
        if let Some(how) = how {
            why = format!("{why}; {how}");
        }
        let summary = Summary {
            format: format.name(),
            why,
            warnings: Vec::new(),
            questions: Vec::new(),
            invalid_utf8: 0,
            bytes: 0,
            conversations: 0,
            rejected: 0,
        };
        Ok(Self { name, records, cx, summary, read, total, done: false })
    }

    /// Bytes of the input read so far, before decompression: what progress is measured in.
    pub fn bytes_read(&self) -> u64 {
        match (self.records.share(), self.total) {
            (Some(share), Some(total)) => (total as f64 * share) as u64,
            _ => self.read.load(Ordering::Relaxed),
        }
    }

    /// Size of the input in bytes, where it is known.
    pub fn bytes_total(&self) -> Option<u64> {
        self.total
    }

    /// What there is to say so far; all of it once the iteration is over.
    pub fn summary(&self) -> Summary {
        let warnings = &self.cx.warnings;
        Summary {
            warnings: warnings.list(),
            questions: self.cx.questions.clone(),
            invalid_utf8: warnings.invalid_utf8,
            bytes: self.bytes_read(),
            ..self.summary.clone()
        }
    }

    fn item(&mut self, found: Found) -> Item {
        match found {
            Ok((mut conversation, line)) => {
                conversation.number_turns();
                self.summary.conversations += 1;
                let is_source_guessed = self.cx.is_source_guessed && conversation.source == self.cx.source;
                Item::Conversation { conversation, line, is_source_guessed }
            }
            Err(bad) => {
                self.summary.rejected += 1;
                Item::Reject(bad.of(self.records.file().unwrap_or(&self.name)))
            }
        }
    }

    /// The input broke off: what was not read is one reject.
    fn broken_off(&mut self, error: &io::Error) -> Item {
        self.done = true;
        self.item(Err(BadRecord::broken_off(self.records.line(), error)))
    }
}

impl Iterator for Reader {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        if self.done {
            return None;
        }
        match self.records.next(&mut self.cx) {
            Ok(Some(found)) => Some(self.item(found)),
            Err(error) => Some(self.broken_off(&error)),
            Ok(None) => {
                self.done = true;
                None
            }
        }
    }
}

/// The format that is to read an input, and why this one: the one that is named, with settings where there are some;
/// else the one with settings; else what the input looks like.
fn chosen<'a>(
    source: &Source,
    asked: Option<&'static dyn Format>,
    options: &'a Options,
) -> Result<(&'a dyn Format, String), IngestError> {
    match (asked, &options.choice) {
        (Some(asked), Some(choice)) if choice.format.name() == asked.name() => {
            Ok((choice.format.as_ref(), ASKED.to_owned()))
        }
        (Some(asked), _) => Ok((asked, ASKED.to_owned())),
        (None, Some(choice)) => Ok((choice.format.as_ref(), choice.why.to_owned())),
        (None, None) => match (detect(source), &source.content) {
            (Some((format, sniff)), _) => Ok((format, sniff.why)),
            (None, Content::Other(container)) => {
                Err(IngestError::Open { name: source.name.clone(), error: io::Error::other(*container) })
            }
            (None, Content::Text(_)) => Err(IngestError::UnknownFormat { name: source.name.clone(), known: known() }),
        },
    }
}

/// Whether a file, or a folder as a whole, is a log that some format reads; a folder of files that stand by themselves is none.
pub fn is_log(path: &Path) -> bool {
    if path.is_dir() {
        return formats::folder::holds_parts(path);
    }
    Source::open(Input::File(path.to_owned())).is_ok_and(|source| detect(&source).is_some())
}

const ASKED: &str = "asked for with --from";

fn known() -> String {
    formats::all().map(|f| f.name()).collect::<Vec<_>>().join(", ")
}

fn format_named(from: &str) -> Result<&'static dyn Format, IngestError> {
    formats::all().copied().find(|f| f.name().eq_ignore_ascii_case(from)).ok_or_else(|| {
        let meant = nearest(from, formats::all().map(|f| f.name()));
        let hint = meant.map(|m| format!(": did you mean `{m}`?")).unwrap_or_default();
        IngestError::NoSuchFormat { from: from.to_owned(), hint, known: known() }
    })
}

#[cfg(test)]
mod tests;
