//! From an input to conversations, one at a time.

use super::context::{
    Context, DamagedRecords, ImportQuestion, PlainScales, ProvedReading, WHO_SPEAKS, Warning, Warnings,
};
use super::error::IngestError;
use super::formats::contract::{EMPTY, Format, FormatChoice, Found, OpenedInput, Records};
use super::formats::json::described;
use super::formats::table::taught;
use super::formats::{self, csv, detect};
use super::input::frames::trim;
use super::input::lists::unwrapped;
use super::input::odd_encodings;
use super::input::source::{Input, InputContent, InputSource, Text, is_yaml};
use super::options::ReadOptions;
use super::rejects::{BadRecord, Reject};
use super::rows::encoding;
use super::times::TimeReading;
use super::unpacking::{UnpackedInput, is_table, unpacked};
use crate::base::did_you_mean::nearest;
use crate::domain::Conversation;
use encoding_rs::Encoding;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Cursor, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// One record of a log.
#[derive(Clone, Debug, PartialEq)]
pub enum LogRecord {
    /// It could be read.
    Conversation {
        /// The conversation, outcome settled.
        conversation: Box<Conversation>,
        /// The line on which it starts.
        line: u64,
        /// Nobody named its source: it is the file's name.
        is_source_guessed: bool,
        /// The log names no conversation: its id is made of what it says.
        is_id_made: bool,
        /// The log is a chat that is cut into conversations: behind a longer silence than this, in milliseconds, another begins.
        silence: Option<i64>,
    },
    /// It could not.
    Reject(Reject),
}

/// What there is to say about a log once it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSummary {
    /// Name of the format.
    pub format: &'static str,
    /// Why this format.
    pub why: String,
    /// What was put up with.
    pub warnings: Vec<Warning>,
    /// What only a person can tell; known before the first record.
    pub questions: Vec<ImportQuestion>,
    /// Whether a file of a folder is left out until its questions are answered.
    pub unanswered: bool,
    /// What its dates mean and who its speakers are, as far as that was said or the log proves it.
    pub proved: ProvedReading,
    /// Records with bytes that are no UTF-8, and the line of the first; those bytes are now U+FFFD.
    pub invalid_utf8: DamagedRecords,
    /// Bytes read from the input, before decompression.
    pub bytes: u64,
    /// Conversations read.
    pub conversations: u64,
    /// Records rejected.
    pub rejected: u64,
}

/// Reads a log. Iterate over it; memory is bounded by the longest record.
pub struct LogReader {
    name: String,
    records: Box<dyn Records>,
    cx: Context,
    summary: LogSummary,
    read: Arc<AtomicU64>,
    total: Option<u64>,
    /// Records that were read before it was known whether there is anything to ask.
    ahead: VecDeque<LogRecord>,
    done: bool,
    /// What the input was unpacked into, where it was.
    unpacked: Option<UnpackedInput>,
}

impl LogReader {
    /// Opens an input, undoes compression (gzip, Zstandard) and encoding (UTF-16), and tells its format.
    ///
    /// # Errors
    /// When it cannot be opened, is of no known format, its format cannot read it, or `options.from` names none.
    pub fn open(input: Input, options: ReadOptions) -> Result<Self, IngestError> {
        let asked = options.from.as_deref().filter(|from| !from.eq_ignore_ascii_case("auto"));
        let asked = asked.map(format_named).transpose()?;
        let (name, stem) = (input.name(), input.stem());
        let cannot = |error| IngestError::Open { name: name.clone(), error };
        let source = InputSource::open(input).map_err(cannot)?;
        let (source, unpacked) = unpacked(source).map_err(cannot)?;
        let is_mac_greek = options.encoding.as_deref().is_some_and(odd_encodings::is_named);
        let source = if is_mac_greek { source.in_mac_greek().map_err(cannot)? } else { source };
        let named = options.encoding.as_deref().filter(|_| !is_mac_greek).map(encoding_named).transpose()?;
        let choice = choice_for(&source, &options);
        let (source, named) = match asked.is_none() && choice.is_none() && detect(&source).is_none() {
            true => decoded(source, named).map_err(cannot)?,
            false => (source, named),
        };
        let is_file = source.path.is_some();
        let source = if choice.is_some() { source } else { told_better(source, asked).map_err(cannot)? };
        let (format, mut why) = chosen(&source, asked, choice)?;
        // From there on it is UTF-8.
        let source = match format.name() == csv::NAME && csv::tells_encoding(&source) {
            true => Ok(source),
            false => {
                let encoding = named.or_else(|| told_encoding(&source));
                source.in_encoding(encoding.filter(|e| *e != encoding_rs::UTF_8))
            }
        };
        let source = source.map_err(cannot)?;
        // Of a pipe no more is read ahead than its beginning holds.
        let ahead = match (format.asks_while_reading(), is_file, source.text()) {
            (false, ..) => 0,
            (true, true, _) => AHEAD,
            (true, false, text) => text.map_or(0, Text::lines_at_hand).min(AHEAD),
        };
        let told = source.encoding.map(Encoding::name);
        let (read, total) = (Arc::clone(&source.read), source.total);
        let said_of_ratings = options.choice.as_ref().and_then(|choice| choice.ratings.clone());
        // A table asks by its own columns.
        let scales = options.scales.clone().unwrap_or_else(|| match format.name() == csv::NAME {
            true => Arc::default(),
            false => csv::scales::of_source(&source, said_of_ratings.as_deref()),
        });
        let mut cx = Context {
            times: TimeReading { zone: options.tz, order: options.date_order },
            source: options.source.clone().unwrap_or(stem),
            is_source_guessed: options.source.is_none(),
            folder: options.folder.clone().filter(|_| options.source.is_none()),
            speakers: options.speakers.clone(),
            encoding: named.map(Encoding::name),
            handoff_names: options.handoff_names.clone(),
            now: options.now,
            salt: options.pseudonymise.clone(),
            max_record: options.max_line,
            warnings: Warnings::default(),
            accept_guesses: options.accept_guesses,
            questions: Vec::new(),
            unanswered: false,
            makes_ids: false,
            silence: None,
            scales,
            is_rated: false,
            rates_alone: false,
            said_of_ratings,
        };
        let OpenedInput { records, how } = format.open(source, &mut cx).map_err(|error| IngestError::Format {
            name: name.clone(),
            format: format.name(),
            error,
        })?;
        if let Some(how) = how {
            why = format!("{why}; {how}");
        }
        if let Some(encoding) = told {
            why = format!("{why}; its text is {encoding}");
        }
        let summary = LogSummary {
            format: format.name(),
            why,
            warnings: Vec::new(),
            questions: Vec::new(),
            unanswered: false,
            proved: ProvedReading::default(),
            invalid_utf8: DamagedRecords::default(),
            bytes: 0,
            conversations: 0,
            rejected: 0,
        };
        let mut reader =
            Self { unpacked, name, records, cx, summary, read, total, ahead: VecDeque::new(), done: false };
        reader.read_ahead(ahead);
        Ok(reader)
    }

    /// Whether it holds ratings alone, of conversations that stand somewhere else.
    pub fn rates_alone(&self) -> bool {
        self.cx.rates_alone
    }

    /// Reads some records before they are given.
    fn fill_ahead(&mut self, most: usize) {
        let mut bytes = 0;
        while self.ahead.len() < most && bytes < AHEAD_BYTES && !self.done {
            let Some(item) = self.step() else { break };
            if let LogRecord::Conversation { conversation, .. } = &item {
                bytes += conversation.turns.iter().map(|t| t.text.len()).sum::<usize>();
            }
            self.ahead.push_back(item);
        }
    }

    /// The first conversations, where the log does not name itself: whether it is known under another name is told by what they say. Of a
    /// pipe, which may bring the next one tomorrow, only where it names no conversations either.
    pub fn first_of_its_own(&mut self) -> Vec<&Conversation> {
        let may_wait = self.cx.makes_ids || self.total.is_some();
        if !may_wait || !self.cx.is_source_guessed {
            return Vec::new();
        }
        self.fill_ahead(AHEAD);
        let own = |item| match item {
            &LogRecord::Conversation { ref conversation, is_source_guessed: true, .. } => Some(conversation.as_ref()),
            _ => None,
        };
        self.ahead.iter().filter_map(own).collect()
    }

    /// Reads some records, to ask for what only they tell.
    fn read_ahead(&mut self, most: usize) {
        self.fill_ahead(most);
        // One odd line keeps no log waiting; it is rejected, and asked about all the same.
        let rejected = self.ahead.iter().filter(|i| matches!(i, LogRecord::Reject(_))).count();
        // A format that knows more of its speakers has asked itself.
        if !self.cx.questions.iter().any(|q| q.about == WHO_SPEAKS) {
            self.cx.questions.extend(ImportQuestion::of_strangers(&self.cx.speakers, rejected * 10 > self.ahead.len()));
            self.cx.questions.extend(self.without_ai());
        }
        self.cx.questions.extend(self.written_twice());
    }

    /// Speakers whom nobody has placed, the most frequent first, with how often each was met so far.
    pub fn strangers(&self) -> Vec<(String, u64)> {
        self.cx.speakers.strangers().into_iter().map(|(name, n)| (name.to_owned(), n)).collect()
    }

    /// The next record as it is read.
    fn step(&mut self) -> Option<LogRecord> {
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
    pub fn summary(&self) -> LogSummary {
        let (warnings, scales) = (&self.cx.warnings, Some(&self.cx.scales).filter(|_| self.cx.is_rated));
        let of_ratings = scales.iter().flat_map(|s| s.questions.iter().cloned());
        let settled =
            scales.iter().flat_map(|s| &s.warnings).map(|text| Warning { text: text.clone(), count: 1, line: 1 });
        LogSummary {
            warnings: settled.chain(warnings.list()).collect(),
            questions: (self.cx.questions.iter().cloned().chain(of_ratings))
                .chain(ImportQuestion::of_offers(warnings))
                .collect(),
            unanswered: self.cx.unanswered,
            proved: ProvedReading { date_order: self.cx.times.order, speakers: self.cx.speakers.known_by_now() },
            invalid_utf8: warnings.invalid_utf8,
            bytes: self.bytes_read(),
            ..self.summary.clone()
        }
    }

    fn item(&mut self, found: Found) -> LogRecord {
        match found {
            Ok((mut conversation, line)) => {
                conversation.number_turns();
                let is_source_guessed = self.cx.is_source_guessed && conversation.source == self.cx.source;
                let (is_id_made, silence) = (self.cx.makes_ids, self.cx.silence);
                LogRecord::Conversation { conversation, line, is_source_guessed, is_id_made, silence }
            }
            Err(bad) => {
                let file = self.records.file().unwrap_or(&self.name);
                LogRecord::Reject(match &self.unpacked {
                    Some(unpacked) => bad.of(&unpacked.shown(file)),
                    None => bad.of(file),
                })
            }
        }
    }

    /// The input broke off: what was not read is one reject.
    fn broken_off(&mut self, error: &io::Error) -> LogRecord {
        self.done = true;
        self.item(Err(BadRecord::broken_off(self.records.line(), error)))
    }
}

impl Iterator for LogReader {
    type Item = LogRecord;

    fn next(&mut self) -> Option<LogRecord> {
        let item = self.ahead.pop_front().or_else(|| self.step())?;
        match &item {
            LogRecord::Conversation { .. } => self.summary.conversations += 1,
            LogRecord::Reject(_) => self.summary.rejected += 1,
        }
        Some(item)
    }
}

/// Records that are read before it is said that there is nothing to ask, and bytes of text in them.
const AHEAD: usize = 200;
const AHEAD_BYTES: usize = 8 << 20;

fn encoding_named(name: &str) -> Result<&'static Encoding, IngestError> {
    Encoding::for_label(name.trim().as_bytes()).ok_or_else(|| IngestError::NoSuchEncoding(name.to_owned()))
}

/// A text of which its bytes tell no format, as letters of the encoding that is named or told; what is still to be undone of it.
fn decoded(
    source: InputSource,
    named: Option<&'static Encoding>,
) -> io::Result<(InputSource, Option<&'static Encoding>)> {
    let encoding = named.or_else(|| told_encoding(&source)).filter(|e| *e != encoding_rs::UTF_8);
    if encoding.is_none() {
        return Ok((source, named));
    }
    let mut source = source.in_encoding(encoding)?;
    // Opened anew it would be the bytes as they stand.
    source.path = None;
    Ok((source, None))
}

/// In what a text is written that is no UTF-8, by all of it; of what is packed, by its beginning.
fn told_encoding(source: &InputSource) -> Option<&'static Encoding> {
    let text = source.text()?;
    match (&source.path, text.plain) {
        (Some(path), Some(start)) => {
            let bytes = std::fs::metadata(path).map_or(0, |file| file.len().saturating_sub(start));
            encoding::beyond_doubt(bytes, &|from| {
                let mut file = File::open(path)?;
                file.seek(SeekFrom::Start(start + from))?;
                Ok(Box::new(file))
            })
        }
        // It is short, and looked at in one part.
        _ => {
            let head = &text.head;
            encoding::beyond_doubt(0, &|_| Ok(Box::new(Cursor::new(head.clone()))))
        }
    }
}

/// The records of a list that stands in an object, where they are told better without it: `{"results": [span, …]}`.
fn told_better(source: InputSource, asked: Option<&'static dyn Format>) -> io::Result<InputSource> {
    let Some(inner) = source.text().and_then(|text| unwrapped(&text.head)) else { return Ok(source) };
    let sure = |source: &InputSource| {
        let sniff = match asked {
            Some(format) => format.sniff(source),
            None => detect(source).map(|(_, sniff)| sniff),
        };
        sniff.map_or(0, |sniff| sniff.sure)
    };
    let within = Input::Stream { name: source.name.clone(), read: Box::new(Cursor::new(inner)) };
    if sure(&InputSource::open(within)?) > sure(&source) { source.without_wrapper() } else { Ok(source) }
}

/// What plain ratings and thumbs are of in files that are imported together with these options: by all of them. `None`: each is judged by
/// itself, for there is one alone, or what else is named.
pub fn scales_of<'p>(files: impl Iterator<Item = &'p Path> + Clone, options: &ReadOptions) -> Option<Arc<PlainScales>> {
    let said = options.choice.as_ref().and_then(|choice| choice.ratings.as_deref());
    let are_several = files.clone().nth(1).is_some() && files.clone().all(Path::is_file);
    are_several.then(|| csv::scales::of_files(files, said))
}

/// The format with settings, where these are for this input: what is said of ratings alone leaves the format open.
fn choice_for<'o>(source: &InputSource, options: &'o ReadOptions) -> Option<&'o FormatChoice> {
    let is_table = || detect(source).is_none_or(|(format, _)| format.name() == csv::NAME);
    options.choice.as_ref().filter(|choice| choice.ratings.is_none() || is_table())
}

/// The format that is to read an input, and why this one: the one that is named, with settings where there are some;
/// else the one with settings; else what the input looks like.
fn chosen<'a>(
    source: &InputSource,
    asked: Option<&'static dyn Format>,
    choice: Option<&'a FormatChoice>,
) -> Result<(&'a dyn Format, String), IngestError> {
    match (asked, choice) {
        (Some(asked), Some(choice)) if choice.format.name() == asked.name() => {
            Ok((choice.format.as_ref(), ASKED.to_owned()))
        }
        (Some(asked), _) => Ok((asked, ASKED.to_owned())),
        (None, Some(choice)) => Ok((choice.format.as_ref(), choice.why.to_owned())),
        (None, None) => match (detect(source), &source.content) {
            (Some((format, sniff)), _) => Ok((format, sniff.why)),
            (None, InputContent::Other(container)) => {
                Err(IngestError::Open { name: source.name.clone(), error: io::Error::other(*container) })
            }
            (None, InputContent::Text(text)) => {
                if let Some(what) = taught(source) {
                    return Err(IngestError::Open { name: source.name.clone(), error: io::Error::other(what) });
                }
                let seen = seen(&text.head).map(|seen| format!(": {seen}")).unwrap_or_default();
                Err(IngestError::UnknownFormat { name: source.name.clone(), known: format_names(), seen })
            }
        },
    }
}

/// Whether a file, or a folder as a whole, is a log that some format reads; a folder of files that stand by themselves is none.
pub fn is_log(path: &Path) -> bool {
    if path.is_dir() {
        return formats::folder::holds_parts(path);
    }
    let is_empty = |source: &InputSource| source.text().is_some_and(|text| trim(&text.head).is_empty());
    let holds_one = |source: &InputSource| formats::folder::archive(source).is_ok_and(|files| files.is_some());
    InputSource::open(Input::File(path.to_owned())).is_ok_and(|source| {
        !is_empty(&source) && (is_table(&source) || detect(&source).is_some() || holds_one(&source))
    })
}

/// The name of the format that a file is read in, by its beginning; `None` where it is in none.
pub fn format_of(path: &Path) -> Option<&'static str> {
    let source = InputSource::open(Input::File(path.to_owned())).ok()?;
    detect(&source).map(|(format, _)| format.name())
}

/// What a file is that is no log, in a sentence, where that can be told.
pub fn why_no_log(path: &Path) -> Option<String> {
    let source = InputSource::open(Input::File(path.to_owned())).ok()?;
    if let InputContent::Other(container) = &source.content {
        return Some(container.to_string());
    }
    let text = || source.text().map(|text| text.head.as_slice());
    if text().is_some_and(|head| trim(head).is_empty()) {
        return Some(EMPTY.to_owned());
    }
    taught(&source).or_else(|| seen(text()?))
}

/// What the beginning of a text holds that is in no format, and how its words can be named.
fn seen(head: &[u8]) -> Option<String> {
    let named = csv::how_to_name_words(head).map(|how| format!("; {how}")).unwrap_or_default();
    let yaml = || is_yaml(head).then(|| YAML.to_owned());
    described(head).map(|seen| format!("it holds {seen}{named}")).or_else(yaml)
}

/// What is said of a text in YAML.
const YAML: &str = "it is YAML, which is not read as it stands: `yq -o=json . FILE > log.json` makes JSON of it";

const ASKED: &str = "asked for with --from";

/// The names of the formats that are read, in one line.
pub fn format_names() -> String {
    formats::all().map(|f| f.name()).collect::<Vec<_>>().join(", ")
}

fn format_named(from: &str) -> Result<&'static dyn Format, IngestError> {
    formats::all().copied().find(|f| f.name().eq_ignore_ascii_case(from)).ok_or_else(|| {
        let meant = nearest(from, formats::all().map(|f| f.name()));
        let hint = meant.map(|m| format!(": did you mean `{m}`?")).unwrap_or_default();
        IngestError::NoSuchFormat { from: from.to_owned(), hint, known: format_names() }
    })
}

mod ahead;
#[cfg(test)]
mod tests;
