//! Conversations in CSV files: rows of turns, of utterances, or of whole conversations.
//!
//! Which column holds what is a [`Mapping`]. It is guessed ([`guess()`]) from headers and values, shown ([`MappingGuess`],
//! [`columns()`]), corrected ([`Mapping::set`], [`Mapping::apply_flags`], [`correct`], [`amend()`]) and saved as a profile
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

mod ask;
pub(in crate::ingest::formats) mod cells;
pub(in crate::ingest::formats) mod columns;
mod guess;
mod markdown;
mod objects;
mod read;
pub(in crate::ingest) mod scales;
mod survey;
mod talks;
mod workbook;

pub(in crate::ingest::formats) use columns::answers::answers;
pub use columns::field::{CsvField, FieldScope};
pub use columns::flags::SETTINGS;
pub use columns::mapping::{Mapping, MappingError, RowShape};
pub use guess::{ListedColumn, MappingGuess, amend, columns, correct, guess, refit};

use super::contract::{Format, FormatChoice, Found, OpenError, OpenedInput, Records, Sniff};
use crate::ingest::context::{Context, ImportQuestion, Warnings};
use crate::ingest::error::IngestError;
use crate::ingest::input::frames::trim;
use crate::ingest::input::source::{Input, InputSource};
use crate::ingest::rows::encoding::{self, FoundEncoding, OddText};
use crate::ingest::rows::text::HeldText;
use columns::flags;
use guess::KnownFile;
use read::plan::CellPlan;
use read::rating_rows::RatingRows;
use read::table::CsvConversations;
use std::io;
use std::sync::Arc;
use survey::CsvSurvey;
use workbook::{KeptRecords, WorkbookSheet};

/// What the format is called.
pub const NAME: &str = "csv";

/// The format, with what a person said about the columns.
#[derive(Clone, Debug, Default)]
pub struct CsvFormat {
    /// Which column holds what; `None`: guessed.
    pub mapping: Option<Mapping>,
    /// Corrections to that, or to the guess, as [`Mapping::apply_flags`] takes them.
    pub map: Option<String>,
}

/// The format as it reads files of which nobody said anything.
pub(in crate::ingest) static PLAIN: CsvFormat = CsvFormat { mapping: None, map: None };

impl CsvFormat {
    /// The choice of this format where anything was said about its columns.
    pub fn chosen(self) -> Option<FormatChoice> {
        let said = self.mapping.is_some() || self.map.is_some();
        let ratings = self.map.clone().filter(|map| self.mapping.is_none() && scales::is_of_ratings(map));
        said.then(|| FormatChoice { format: Arc::new(self), why: "a mapping was given", ratings })
    }
}

impl Format for CsvFormat {
    fn name(&self) -> &'static str {
        NAME
    }

    fn sniff(&self, source: &InputSource) -> Option<Sniff> {
        if workbook::is_one(source) {
            return Some(Sniff { sure: 90, why: "rows of an Excel workbook".to_owned() });
        }
        let head = &source.text()?.head;
        if markdown::is_one(head) {
            return Some(Sniff { sure: 85, why: "rows of a table in Markdown".to_owned() });
        }
        if talks::is_one(head) {
            return Some(Sniff { sure: 60, why: "conversations in text, a line a turn behind who speaks".to_owned() });
        }
        told(head).or_else(|| objects::told(head))
    }

    fn open(&self, source: InputSource, cx: &mut Context) -> Result<OpenedInput, OpenError> {
        let file = objects::stem(&source.name);
        self.open_rows(source, &file, false, cx)
    }
}

impl CsvFormat {
    /// The column of the words, where somebody named it.
    fn words(&self) -> Option<String> {
        let flagged = self.map.as_deref().and_then(|map| flags::pairs(map).ok()).into_iter().flatten();
        let flagged = flagged.filter(|(key, _)| key == CsvField::Text.name()).map(|(_, column)| column).next_back();
        let mapped = || self.mapping.as_ref()?.column(CsvField::Text).map(str::to_owned);
        flagged.or_else(mapped)
    }

    /// Opens rows of a file that is called so; they may have been another kind of table there. `headed`: their first line names the columns.
    fn open_rows(
        &self,
        source: InputSource,
        file: &str,
        headed: bool,
        cx: &mut Context,
    ) -> Result<OpenedInput, OpenError> {
        if let Some(sheet) = converted(&source) {
            let headed = matches!(sheet, ConvertedInput::Objects);
            let words = self.words();
            let named = Some(file).filter(|_| source.path.is_some());
            let sheet = sheet.of(source, named, words.as_deref(), cx.max_record, &mut cx.warnings)?;
            let WorkbookSheet { source, kept, is_named_by_file } = sheet;
            if is_named_by_file {
                cx.holds_one_talk();
            }
            // It was written anew, in UTF-8; further files are as they stand.
            let encoding = cx.encoding.take();
            let opened = self.open_rows(source, file, headed, cx);
            cx.encoding = encoding;
            let OpenedInput { records, how } = opened?;
            return Ok(OpenedInput { records: Box::new(KeptRecords { records, _file: kept }), how });
        }
        let HeldText { text, again, look: held } = HeldText::of(source)?;
        let speakers = cx.speakers.given().iter();
        let speakers = speakers
            .map(|(name, role)| flags::pair(&format!("role:{name}"), role.name()))
            .collect::<Vec<_>>()
            .join(",");
        let named = cx.encoding.map(|name| format!("encoding={name}")).unwrap_or_default();
        let header = if headed { "header=yes" } else { "" };
        let of_ratings = cx.said_of_ratings.clone().unwrap_or_default();
        let said = [header, self.map.as_deref().unwrap_or(&of_ratings), &speakers, &named];
        let map = said.into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(",");
        let map = map.as_str();
        let encoding = encoding::of(held.stream()?);
        let max = cx.max_record;
        // What goes wrong here goes wrong again when the rows are read, and is said then.
        let look =
            |m: &Mapping, columns: &[String], above: usize| CsvSurvey::of_file(&held, m, columns, above, max).ok();
        let other = encoding.map(|e| e.name).filter(|name| *name != encoding_rs::UTF_8.name());
        let known = KnownFile {
            encoding: other,
            order: cx.times.order,
            zone: cx.times.zone,
            survey: Some(&look),
            of_objects: headed,
        };
        let guess = guess::read(&text.head, self.mapping.as_ref(), map, &known)?;
        let mut mapping = if cx.accept_guesses { guess.guessed } else { guess.mapping };
        let columns: Vec<String> = guess.columns.into_iter().map(|c| c.name).collect();
        cx.warnings.line = 1;
        guess.warnings.iter().for_each(|w| cx.warnings.add(w));
        cx.questions.extend(guess.questions);
        let said = |key: &str| flags::pairs(map).is_ok_and(|pairs| pairs.iter().any(|(k, _)| k == key));
        if let Some(found) = encoding.filter(|e| e.in_doubt && self.mapping.is_none() && !said("encoding")) {
            cx.questions.push(doubt(found));
        }
        if let Some((name, (utf8, other))) = encoding.and_then(|e| Some((e.name, e.mixed?))) {
            let says = format!(
                "{utf8} lines are UTF-8 and {other} are not: cells are read as what they are, the others as {name}"
            );
            cx.warnings.add(&says);
        }
        if let Err(error) = mapping.check(&columns) {
            // What is missing was asked for; what somebody said wrongly is an error.
            let missing = matches!(error, MappingError::Missing { .. }) && self.mapping.is_none() && self.map.is_none();
            if !missing || !cx.questions.iter().any(|q| q.needed) {
                return Err(error.into());
            }
            return Ok(OpenedInput { records: Box::new(UnansweredInput), how: None });
        }
        cx.times.order = cx.times.order.or(mapping.date_order);
        let named = mapping.column(CsvField::Id).filter(|column| *column != objects::FILE);
        if mapping.whole_file || mapping.column(CsvField::Id) == Some(objects::FILE) {
            cx.holds_one_talk();
        }
        cx.makes_ids |= named.is_none() && mapping.pair.is_none();
        let guessed = if self.mapping.is_none() { "mapping guessed" } else { "mapping given" };
        let how = Some(format!("{guessed}: {}", mapping.describe(&columns)));
        let plan = CellPlan::new(mapping, &columns, guess.above, guess.forms, file).with_own(guess.of_turns);
        if plan.mapping.rates_alone() {
            cx.rates_alone = true;
            let ratings = RatingRows::new(plan, again.as_ref(), text.read(), max, cx);
            return Ok(OpenedInput { records: Box::new(ratings), how });
        }
        Ok(OpenedInput { records: Box::new(CsvConversations::new(plan, text.read(), again, max)), how })
    }
}

/// How somebody can name the words of JSON objects that no format knows; `None` where these say nothing.
pub(in crate::ingest) fn how_to_name_words(head: &[u8]) -> Option<String> {
    if objects::are_objects(head) { objects::how_to_name_words(head) } else { None }
}

/// Whether the encoding of an input is told row by row; what becomes rows is read as text before.
pub(in crate::ingest) fn tells_encoding(source: &InputSource) -> bool {
    converted(source).is_none()
}

/// What is no rows of text as it stands, and becomes them.
enum ConvertedInput {
    Workbook,
    Markdown,
    Talks,
    Objects,
}

fn converted(source: &InputSource) -> Option<ConvertedInput> {
    match source.text() {
        None if workbook::is_one(source) => Some(ConvertedInput::Workbook),
        None => None,
        Some(text) if markdown::is_one(&text.head) => Some(ConvertedInput::Markdown),
        Some(text) if talks::is_one(&text.head) => Some(ConvertedInput::Talks),
        Some(text) if told(&text.head).is_none() && objects::are_objects(&text.head) => Some(ConvertedInput::Objects),
        Some(_) => None,
    }
}

impl ConvertedInput {
    /// As rows; what names no conversation may be named after the `file`, and the words of objects may stand under a key that somebody
    /// named.
    fn of(
        self,
        source: InputSource,
        file: Option<&str>,
        words: Option<&str>,
        max: usize,
        warnings: &mut Warnings,
    ) -> Result<WorkbookSheet, OpenError> {
        match self {
            Self::Workbook => workbook::sheet(&source, warnings),
            Self::Markdown => markdown::sheet(source, max, warnings),
            Self::Talks => talks::sheet(source, file, max, warnings),
            Self::Objects => objects::sheet(source, words, max, warnings),
        }
    }
}

/// An input of which nothing can be read before a question is answered.
struct UnansweredInput;

impl Records for UnansweredInput {
    fn next(&mut self, _: &mut Context) -> io::Result<Option<Found>> {
        Ok(None)
    }

    fn line(&self) -> u64 {
        1
    }
}

fn doubt(found: FoundEncoding) -> ImportQuestion {
    let FoundEncoding { name, odd, .. } = found;
    let anew = "save it as UTF-8 where it comes from";
    let usual = ["windows-1252", "windows-1253", "windows-1254"].into_iter().filter(|usual| *usual != name).take(2);
    let usual = usual.collect::<Vec<_>>().join(", ");
    let named = |name: &str| format!("--map encoding={name} (or {usual}, …)");
    let (seen, settle, guess) = match odd {
        None => (
            format!("the text is no UTF-8, and has too few letters to tell what it is; it may be {name}"),
            named(name),
            true,
        ),
        Some(OddText::As(first)) => (
            format!("the text is no UTF-8, and has signs within its words where it is read as {first}; it may be {name}"),
            named(name),
            true,
        ),
        Some(OddText::AsAny) => (
            format!("the text is no UTF-8, and has signs within its words where it is read as {name}"),
            format!("{anew}; {} takes it for that", named(name)),
            false,
        ),
        Some(OddText::OrElse(other)) => (
            format!("the text is no UTF-8, and too short to tell whether it is {name} or {other}: both read it, as other letters"),
            format!("--map encoding={name} or --map encoding={other} (or {usual}, …)"),
            true,
        ),
        Some(OddText::OneLine) => (
            format!("most lines are UTF-8 and one is not: that one may be {name}, or damaged"),
            format!("{}; --map encoding=utf-8 reads what is damaged in it as U+FFFD", named(name)),
            true,
        ),
        Some(OddText::Twice) => (
            "the text was UTF-8, was read as something else and written as UTF-8 once more: its letters are not what they were"
                .to_owned(),
            format!("{anew}; --map encoding=utf-8 takes it as it stands"),
            false,
        ),
    };
    let guess = guess.then(|| format!("encoding={name}"));
    ImportQuestion { about: "the encoding".to_owned(), seen, settle, guess, needed: true }
}

/// Rows of at least two cells of which one is text, or of one that is a whole conversation. Never what holds JSON: other formats know that better.
fn told(head: &[u8]) -> Option<Sniff> {
    let starts_json = |line: &[u8]| matches!(line.first(), Some(b'{' | b'['));
    let mut lines = head.split(|&b| b == b'\n').map(trim).filter(|l| !l.is_empty()).take(5);
    // Some NULs are damage, many are no text.
    let padded = head.iter().rev().take_while(|b| **b == 0).count();
    let nuls = memchr::memchr_iter(0, head).count() - padded;
    if starts_json(trim(head)) || nuls * 10 > head.len() || lines.any(|l| l.starts_with(b"{\"")) {
        return None;
    }
    let guess = guess(head);
    let whole = guess.mapping.shape == RowShape::Conversations;
    let known = (guess.columns.len() > 1 || whole) && guess.sure > 0;
    known.then(|| Sniff { sure: guess.sure, why: "rows of cells".to_owned() })
}

/// The beginning of a file as [`guess()`], [`columns()`] and [`correct`] take it: unpacked, as UTF-8, at most 64 KiB. `map`: what was said of it
/// as `--map` takes it; of JSON objects it may name the words.
///
/// # Errors
/// It cannot be opened, or is no log.
pub fn head(input: Input, map: Option<&str>) -> Result<TableHead, IngestError> {
    let name = input.name();
    let words = CsvFormat { mapping: None, map: map.map(str::to_owned) }.words();
    let mut headed = false;
    let text = InputSource::open(input).and_then(|source| match converted(&source) {
        // The sheet's beginning is in memory when the file it was written to goes.
        Some(sheet) => {
            headed = matches!(sheet, ConvertedInput::Objects);
            let file = source.path.is_some().then(|| objects::stem(&source.name));
            let sheet = sheet
                .of(source, file.as_deref(), words.as_deref(), 64 << 20, &mut Warnings::default())
                .map_err(io::Error::other)?;
            sheet.source.into_text().map_err(io::Error::other)
        }
        None => source.into_text().map_err(io::Error::other),
    });
    text.map(|text| TableHead { text: text.head, headed }).map_err(|error| IngestError::Open { name, error })
}

/// The beginning of a table, as it is told by its columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableHead {
    /// The beginning, as bytes of rows.
    pub text: Vec<u8>,
    /// Its first line names the columns, since it was made of objects.
    headed: bool,
}

impl TableHead {
    /// A guess of its columns, or `base` where there is one, corrected by what `--map` says.
    ///
    /// # Errors
    /// A flag that cannot be, or a profile that does not fit.
    pub fn correct(&self, base: Option<&Mapping>, given: &str) -> Result<MappingGuess, MappingError> {
        match (self.headed, given) {
            (false, _) => correct(&self.text, base, given),
            (true, "") => correct(&self.text, base, "header=yes"),
            (true, given) => correct(&self.text, base, &format!("header=yes,{given}")),
        }
    }
}

#[cfg(test)]
mod kinds_tests;
#[cfg(test)]
mod tests;
