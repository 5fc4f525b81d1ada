//! From an input to conversations, one at a time.

use super::context::{Context, Salt, Warning, Warnings};
use super::format::{Adapter, FORMATS, detect};
use super::frames::{Frame, Frames, layout};
use super::record::{self, Fault};
use super::rejects::{Reject, excerpt};
use super::source::{Input, Source};
use super::times::{DateOrder, Times, Zone};
use crate::domain::nearest::nearest;
use crate::domain::{Conversation, Timestamp};
use std::io::{self, BufReader, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How a log is to be read.
#[derive(Clone, Debug)]
pub struct Options {
    /// Name of the format; `None` or `auto`: tell it from the beginning.
    pub from: Option<String>,
    /// Source of conversations that name none; `None`: the file's stem.
    pub source: Option<String>,
    /// Zone of times that name none.
    pub tz: Zone,
    /// What `03/04/2026` means; without it such a time is refused.
    pub date_order: Option<DateOrder>,
    /// When the import happens.
    pub now: Timestamp,
    /// Names of events, actions, tools and intents that mean a handoff, beside [`super::HANDOFF_NAMES`]; `*` at the
    /// end stands for anything.
    pub handoff_names: Vec<String>,
    /// With it, customer ids become pseudonyms.
    pub pseudonymise: Option<Salt>,
    /// Longest record in bytes; longer ones are rejected.
    pub max_line: usize,
}

impl Options {
    /// Everything by default: format told, source by name, UTC, 64 MiB.
    pub fn new(now: Timestamp) -> Self {
        Self {
            from: None,
            source: None,
            tz: Zone::default(),
            date_order: None,
            now,
            handoff_names: Vec::new(),
            pseudonymise: None,
            max_line: 64 << 20,
        }
    }
}

/// Why a log cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// It cannot be opened, or is no log.
    #[error("cannot read {name}: {error}")]
    Open {
        /// Path or name.
        name: String,
        /// What the system says.
        error: io::Error,
    },
    /// No format fits.
    #[error("{name} is in no format that can be read ({known}); if it is in one of them, name it with --from")]
    UnknownFormat {
        /// Path or name.
        name: String,
        /// The formats there are.
        known: String,
    },
    /// `from` names no format.
    #[error("no format called `{from}`{hint}; there are: auto, {known}")]
    NoSuchFormat {
        /// What was asked for.
        from: String,
        /// What may have been meant.
        hint: String,
        /// The formats there are.
        known: String,
    },
}

/// One record of a log.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// It could be read.
    Conversation {
        /// The conversation, outcome settled.
        conversation: Box<Conversation>,
        /// The line on which it starts.
        line: u64,
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
    frames: Frames<BufReader<Box<dyn Read + Send>>>,
    buf: Vec<u8>,
    adapter: &'static Adapter,
    cx: Context,
    summary: Summary,
    max_line: usize,
    read: Arc<AtomicU64>,
    total: Option<u64>,
    /// What the input said when the head was read; comes after the records before it.
    broken: Option<io::Error>,
    done: bool,
}

impl Reader {
    /// Opens an input, undoes compression (gzip, Zstandard) and encoding (UTF-16), and tells its format.
    ///
    /// # Errors
    /// When it cannot be opened, is of no known format, or `options.from` names none.
    pub fn open(input: Input, options: Options) -> Result<Self, IngestError> {
        let asked = options.from.as_deref().filter(|from| !from.eq_ignore_ascii_case("auto")).map(format_named);
        let asked = asked.transpose()?;
        let (name, stem) = (input.name(), input.stem());
        let source = Source::open(input).map_err(|error| IngestError::Open { name: name.clone(), error })?;
        let (adapter, why) = match asked {
            Some(adapter) => (adapter, "asked for with --from".to_owned()),
            None => detect(&source.head)
                .map(|(adapter, sniff)| (adapter, sniff.why))
                .ok_or_else(|| IngestError::UnknownFormat { name: name.clone(), known: known() })?,
        };
        let layout = layout(&source.head);
        let whole: Box<dyn Read + Send> = match source.broken {
            // What follows a broken place cannot be trusted.
            Some(_) => Box::new(Cursor::new(source.head)),
            None => Box::new(Cursor::new(source.head).chain(source.rest)),
        };
        let cx = Context {
            times: Times { zone: options.tz, order: options.date_order },
            source: options.source.unwrap_or(stem),
            handoff_names: options.handoff_names,
            now: options.now,
            salt: options.pseudonymise,
            warnings: Warnings::default(),
        };
        Ok(Self {
            name,
            frames: Frames::new(BufReader::with_capacity(1 << 16, whole), layout, options.max_line),
            buf: Vec::new(),
            adapter,
            cx,
            summary: Summary {
                format: adapter.name,
                why,
                warnings: Vec::new(),
                invalid_utf8: 0,
                bytes: 0,
                conversations: 0,
                rejected: 0,
            },
            max_line: options.max_line,
            read: source.read,
            total: source.total,
            broken: source.broken,
            done: false,
        })
    }

    /// Bytes of the input read so far, before decompression: what progress is measured in.
    pub fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Size of the input in bytes, where it is known.
    pub fn bytes_total(&self) -> Option<u64> {
        self.total
    }

    /// What there is to say so far; all of it once the iteration is over.
    pub fn summary(&self) -> Summary {
        Summary { warnings: self.cx.warnings.list(), bytes: self.bytes_read(), ..self.summary.clone() }
    }

    fn read_frame(&mut self, frame: Frame) -> Item {
        self.cx.warnings.line = frame.line;
        let parsed =
            record::parse(&self.buf, frame.end, self.max_line, &mut self.summary.invalid_utf8, &mut self.cx.warnings);
        let read = parsed.and_then(|value| (self.adapter.read)(value, &mut self.cx).map_err(Fault::whole));
        match read {
            Ok(conversation) => {
                self.summary.conversations += 1;
                Item::Conversation { conversation: Box::new(conversation), line: frame.line }
            }
            Err(fault) => self.reject(frame, fault),
        }
    }

    fn reject(&mut self, frame: Frame, fault: Fault) -> Item {
        self.summary.rejected += 1;
        let indent = if fault.line == 0 { frame.column - 1 } else { 0 };
        Item::Reject(Reject {
            file: self.name.clone(),
            line: frame.line + fault.line,
            column: fault.column + indent,
            excerpt: excerpt(&self.buf, fault.line, fault.column),
            reason: fault.reason,
        })
    }

    /// The input broke off: what was not read is one reject.
    fn broken_off(&mut self, error: &io::Error) -> Item {
        self.done = true;
        self.buf.clear();
        let frame = Frame { line: self.frames.line(), column: 1, end: super::frames::End::CutOff };
        let reason = match error.kind() {
            io::ErrorKind::UnexpectedEof => "the file is cut off here: what follows is missing".to_owned(),
            _ => format!("cannot be read from here on: {error}"),
        };
        self.reject(frame, Fault::whole(reason))
    }
}

impl Iterator for Reader {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        if self.done {
            return None;
        }
        match self.frames.next(&mut self.buf) {
            Ok(Some(frame)) => Some(self.read_frame(frame)),
            Err(error) => Some(self.broken_off(&error)),
            Ok(None) => match self.broken.take() {
                Some(error) => Some(self.broken_off(&error)),
                None => {
                    self.done = true;
                    None
                }
            },
        }
    }
}

fn known() -> String {
    FORMATS.iter().map(|f| f.name).collect::<Vec<_>>().join(", ")
}

fn format_named(from: &str) -> Result<&'static Adapter, IngestError> {
    FORMATS.iter().find(|f| f.name.eq_ignore_ascii_case(from)).ok_or_else(|| {
        let meant = nearest(from, FORMATS.iter().map(|f| f.name));
        let hint = meant.map(|m| format!(": did you mean `{m}`?")).unwrap_or_default();
        IngestError::NoSuchFormat { from: from.to_owned(), hint, known: known() }
    })
}

#[cfg(test)]
mod tests;
