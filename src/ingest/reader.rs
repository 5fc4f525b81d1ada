//! From an input to conversations, one at a time.

use super::context::{Context, Salt, Warning, Warnings};
use super::rejects::{Reject, excerpt};
use super::times::{DateOrder, Times};
use crate::base::did_you_mean::nearest;
use crate::domain::Zone;
use crate::domain::{Conversation, Timestamp};
use crate::ingest::formats::csv;
use crate::ingest::formats::{Adapter, CSV, FORMATS, Records, detect};
use crate::ingest::input::frames::{Frame, Frames, layout};
use crate::ingest::input::record;
use crate::ingest::input::record::Fault;
use crate::ingest::input::source::{Input, Source};
use serde_json::Value;
use std::io::{self, BufReader, Read};
use std::path::PathBuf;
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
    /// Which column of a CSV file holds what; `None`: guessed.
    pub mapping: Option<csv::Mapping>,
    /// Corrections to that, or to the guess, as [`csv::Mapping::apply_flags`] takes them.
    pub map: Option<String>,
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
            mapping: None,
            map: None,
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
    /// The columns of a CSV file do not fit the mapping.
    #[error("{name}: {error}")]
    Mapping {
        /// Path or name.
        name: String,
        /// What does not fit.
        error: csv::MappingError,
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
    records: Cut,
    cx: Context,
    summary: Summary,
    max_line: usize,
    read: Arc<AtomicU64>,
    total: Option<u64>,
    /// The source that conversations get for want of a better one.
    guessed: Option<String>,
    done: bool,
}

/// A text cut into its records.
enum Cut {
    Json {
        frames: Frames<BufReader<Box<dyn Read + Send>>>,
        buf: Vec<u8>,
        read: fn(Value, &mut Context) -> Result<Conversation, String>,
        at_once: fn(&str, &mut Context) -> Option<Conversation>,
    },
    Table(Box<csv::Table>),
}

impl Reader {
    /// Opens an input, undoes compression (gzip, Zstandard) and encoding (UTF-16), and tells its format.
    ///
    /// # Errors
    /// When it cannot be opened, is of no known format, or `options.from` names none.
    pub fn open(input: Input, options: Options) -> Result<Self, IngestError> {
        let asked = options.from.as_deref().filter(|from| !from.eq_ignore_ascii_case("auto"));
        let mapped = options.mapping.is_some() || options.map.is_some();
        let named = asked.is_some();
        let asked = asked.or(mapped.then_some(CSV)).map(format_named).transpose()?;
        let (name, stem) = (input.name(), input.stem());
        let path = if let Input::File(path) = &input { Some(path.clone()) } else { None };
        let source = Source::open(input).map_err(|error| IngestError::Open { name: name.clone(), error })?;
        let (adapter, mut why) = match asked {
            Some(adapter) if !named => (adapter, "a mapping was given".to_owned()),
            Some(adapter) => (adapter, "asked for with --from".to_owned()),
            None => detect(&source.head)
                .map(|(adapter, sniff)| (adapter, sniff.why))
                .ok_or_else(|| IngestError::UnknownFormat { name: name.clone(), known: known() })?,
        };
        let (read, total) = (Arc::clone(&source.read), source.total);
        let mut warnings = Warnings::default();
        let records = match adapter.read {
            Records::Json { read, at_once } => {
                let layout = layout(&source.head);
                let text = BufReader::with_capacity(1 << 16, source.into_text());
                Cut::Json { frames: Frames::new(text, layout, options.max_line), buf: Vec::new(), read, at_once }
            }
            Records::Table => {
                let (table, words) = table(source, path, &options, &mut warnings)
                    .map_err(|error| IngestError::Mapping { name: name.clone(), error })?;
                why = format!("{why}; {words}");
                Cut::Table(Box::new(table))
            }
        };
        let guessed = options.source.is_none().then(|| stem.clone());
        let cx = Context {
            times: Times { zone: options.tz, order: options.date_order },
            source: options.source.unwrap_or_else(|| stem.clone()),
            handoff_names: options.handoff_names,
            now: options.now,
            salt: options.pseudonymise,
            warnings,
        };
        let summary = Summary {
            format: adapter.name,
            why,
            warnings: Vec::new(),
            invalid_utf8: 0,
            bytes: 0,
            conversations: 0,
            rejected: 0,
        };
        Ok(Self { name, records, cx, summary, max_line: options.max_line, read, total, guessed, done: false })
    }

    /// Bytes of the input read so far, before decompression: what progress is measured in.
    pub fn bytes_read(&self) -> u64 {
        let sorted = if let Cut::Table(table) = &self.records { table.share() } else { None };
        match (sorted, self.total) {
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
        Summary { warnings: self.cx.warnings.list(), bytes: self.bytes_read(), ..self.summary.clone() }
    }

    /// The next record, `None` at the end.
    fn record(&mut self) -> io::Result<Option<csv::Found>> {
        let (cx, invalid) = (&mut self.cx, &mut self.summary.invalid_utf8);
        let (frames, buf, read, at_once) = match &mut self.records {
            Cut::Table(table) => return table.next(cx, invalid),
            Cut::Json { frames, buf, read, at_once } => (frames, buf, read, at_once),
        };
        let Some(frame) = frames.next(buf)? else { return Ok(None) };
        cx.warnings.line = frame.line;
        if let Some(c) = record::plain(buf, frame.end).and_then(|text| at_once(text, cx)) {
            return Ok(Some(Ok((Box::new(c), frame.line))));
        }
        let parsed = record::parse(buf, frame.end, self.max_line, invalid, &mut cx.warnings);
        let read = parsed.and_then(|value| read(value, cx).map_err(Fault::whole));
        Ok(Some(read.map(|c| (Box::new(c), frame.line)).map_err(|fault| bad(frame, fault, buf))))
    }

    fn item(&mut self, found: csv::Found) -> Item {
        match found {
            Ok((mut conversation, line)) => {
                conversation.number_turns();
                self.summary.conversations += 1;
                let is_source_guessed = self.guessed.as_ref().is_some_and(|stem| *stem == conversation.source);
                Item::Conversation { conversation, line, is_source_guessed }
            }
            Err(csv::Bad { line, column, reason, excerpt }) => {
                self.summary.rejected += 1;
                Item::Reject(Reject { file: self.name.clone(), line, column, reason, excerpt })
            }
        }
    }

    /// The input broke off: what was not read is one reject.
    fn broken_off(&mut self, error: &io::Error) -> Item {
        self.done = true;
        let line = match &self.records {
            Cut::Json { frames, .. } => frames.line(),
            Cut::Table(table) => table.line(),
        };
        let reason = match error.kind() {
            io::ErrorKind::UnexpectedEof => "the file is cut off here: what follows is missing".to_owned(),
            _ => format!("cannot be read from here on: {error}"),
        };
        self.item(Err(csv::Bad { line, column: 1, reason, excerpt: String::new() }))
    }
}

impl Iterator for Reader {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        if self.done {
            return None;
        }
        match self.record() {
            Ok(Some(found)) => Some(self.item(found)),
            Err(error) => Some(self.broken_off(&error)),
            Ok(None) => {
                self.done = true;
                None
            }
        }
    }
}

fn bad(frame: Frame, fault: Fault, buf: &[u8]) -> csv::Bad {
    let indent = if fault.line == 0 { frame.column - 1 } else { 0 };
    csv::Bad {
        line: frame.line + fault.line,
        column: fault.column + indent,
        excerpt: excerpt(buf, fault.line, fault.column),
        reason: fault.reason,
    }
}

/// The rows of a source, and the mapping by which they are read in words.
fn table(
    source: Source,
    path: Option<PathBuf>,
    options: &Options,
    warnings: &mut Warnings,
) -> Result<(csv::Table, String), csv::MappingError> {
    let again = path.filter(|_| source.total.is_some()).map(|path| csv::Again { path, plain: source.plain });
    let map = options.map.as_deref().unwrap_or_default();
    let csv::Guess { mut mapping, columns, warnings: found, .. } =
        csv::correct(&source.head, options.mapping.as_ref(), map)?;
    let columns: Vec<String> = columns.into_iter().map(|c| c.name).collect();
    mapping.check(&columns)?;
    warnings.line = 1;
    found.iter().for_each(|w| warnings.add(w));
    let guessed = if options.mapping.is_none() { "mapping guessed" } else { "mapping given" };
    let words = format!("{guessed}: {}", mapping.describe(&columns));
    Ok((csv::Table::new(mapping, &columns, source.into_text(), again, options.max_line), words))
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
