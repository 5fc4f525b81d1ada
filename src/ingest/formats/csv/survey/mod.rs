//! What the columns of a whole file hold, as far as its sense hangs on it: who speaks, in which order dates are written,
//! what ratings and outcomes look like. Memory is bounded; one pass over the rows.

mod places;
mod repeated;
pub mod seen;
mod words;

pub use places::FieldPlaces;
use places::OF_MESSAGES;
pub use repeated::RepeatedRows;
pub use words::WordTally;

use super::cells::{structures, values};
use super::columns::field::CsvField;
use super::columns::mapping::{Mapping, RowShape};
use super::read::kinds::{RowKind, RowKinds};
use super::read::transcript;
use super::read::width::RowWidth;
use crate::ingest::derive::speakers as senders;
use crate::ingest::html::{is_body, is_html};
use crate::ingest::rows::cut::{CutRow, CutRows, CutStep};
use crate::ingest::rows::dialect::{decode, encoding_of, is_separator};
use crate::ingest::rows::text::RewindableText;
use crate::ingest::times::{OrderEvidence, TimeReading, is_nothing};
use rustc_hash::FxHashMap;
use seen::{SeenValues, hashed};
use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::io;

/// Conversations of which the order of rows is looked at; those that begin later are as these.
const MOST_HEARD: usize = 100_000;

/// Rows after which values that cost much to look at are looked at no more, unless they may tell an order of dates.
const CLOSELY: u64 = 20_000;

/// What the rows of a file hold under a mapping.
#[derive(Clone, Debug, Default)]
pub struct CsvSurvey {
    /// Rows.
    pub rows: u64,
    /// Runs of rows with the same id.
    pub conversations: u64,
    /// Who speaks, by the folded word; in transcripts the names that start lines.
    pub senders: SeenValues,
    /// Of those in transcripts: names that start a first line, several lines of one cell, or what follows a time where all do.
    pub certain: HashSet<String>,
    /// Of those in transcripts: names that stand behind a time.
    pub stamped: HashSet<String>,
    /// In transcripts: lines that somebody begins, and those that go on with what was said before.
    pub spoken: [u64; 2],
    /// In transcripts: cells, those that begin with a time and who speaks, lines that do, and those of a known speaker that do not.
    pub stamps: [u64; 4],
    /// Cells with words, of those that were looked at closely, that say themselves who speaks.
    pub speaking: u64,
    /// Rows with words and without a sender.
    pub no_sender: u64,
    /// Rows with words and without an id, where a column has it.
    pub no_id: u64,
    /// Times by their field.
    pub times: Vec<(CsvField, OrderEvidence)>,
    /// Words for how conversations ended.
    pub outcomes: SeenValues,
    /// Conversations in which the outcome's column says two things.
    pub differs: u64,
    /// Ratings.
    pub ratings: SeenValues,
    /// Ids in the way of a spreadsheet that has rounded them, and one.
    pub rounded_ids: u64,
    /// One of them.
    pub rounded: Option<String>,
    /// Ids of 16 digits and more, and how many of them end in zeros from the 16th on.
    pub long_ids: (u64, u64),
    /// Least and largest latency, and whether one has a fraction.
    pub latency: Option<(f64, f64, bool)>,
    /// Least and largest number among thumbs.
    pub thumbs: Option<(f64, f64)>,
    /// Of sentiments.
    pub sentiments: Option<(f64, f64)>,
    /// Largest confidence.
    pub confidence: f64,
    /// What the cells of texts hold, and those of replies.
    pub said: [WordTally; 2],
    /// Of those in HTML, bodies of it and not only words about it.
    pub bodies: u64,
    /// Where a row is a conversation: rows whose id another has that says something else, and one such id.
    pub shared_ids: u64,
    /// One of them.
    pub shared: Option<String>,
    /// What each id was first seen with there, up to [`MOST_HEARD`] of them.
    first_with: FxHashMap<u64, u64>,
    /// Steps from row to row of a conversation: forward in time, back.
    pub steps: (u64, u64),
    /// Steps of the log's own numbers of messages within a conversation: up, down.
    pub number_steps: (u64, u64),
    /// The number of the last message of each, up to [`MOST_HEARD`] of them.
    last_number: FxHashMap<u64, i64>,
    /// When each conversation was last heard, up to [`MOST_HEARD`] of them.
    heard: FxHashMap<u64, i64>,
    last: Option<(u64, Option<String>, bool)>,
    /// Rows that repeat a message without an id.
    pub repeated: RepeatedRows,
    /// Columns without a field that differ within a conversation, by their places.
    differing: BTreeSet<usize>,
    /// Whether a row says the message of the row before once more.
    repeats: bool,
    /// Of the row before: its conversation, its message, and what stands in columns without a field.
    beside: Option<(u64, Option<u64>, Vec<u64>)>,
}

/// How the cells of columns are written, by all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CellForms {
    /// Texts are HTML.
    pub html: bool,
    /// Texts, and replies, are JSON, or lists as Python prints them.
    pub structures: [bool; 2],
    /// Confidences are percentages.
    pub percent: bool,
    /// In transcripts a time stands before all that is said, and before nothing else.
    pub stamped: bool,
}

impl CsvSurvey {
    /// That of ratings which stand in no table.
    pub fn of_ratings(ratings: SeenValues) -> Self {
        Self { ratings, ..Self::default() }
    }

    /// Of rows that are in memory.
    pub fn of_rows(m: &Mapping, columns: &[String], rows: &[Vec<String>]) -> Self {
        let (places, mut survey) = (FieldPlaces::of(m, columns), Self::default());
        let kinds = RowKinds::of(m, columns);
        for row in rows {
            let cell = |i: usize| row.get(i).map_or(Cow::Borrowed(""), |c| Cow::Borrowed(c.as_str()));
            if kinds.kind(row.len(), &cell) == RowKind::Data {
                survey.add(&places, &cell);
            }
        }
        survey.end(&places);
        survey
    }

    fn end(&mut self, places: &FieldPlaces) {
        self.repeated.end(&places.beside, places.of_field(CsvField::Time).is_some());
    }

    /// Of all rows of a file; `above`: rows above the one that names the columns.
    ///
    /// # Errors
    /// What the input says.
    pub fn of_file(
        again: &RewindableText,
        m: &Mapping,
        columns: &[String],
        above: usize,
        max: usize,
    ) -> io::Result<Self> {
        let (places, kinds, encoding) =
            (FieldPlaces::of(m, columns), RowKinds::of(m, columns), encoding_of(m.encoding.as_deref()));
        let width = RowWidth::of(m, columns);
        let mut rows = CutRows::new(again.stream()?, m.delimiter as u8, max, 0);
        let (mut row, mut survey, mut skip) = (CutRow::default(), Self::default(), above + usize::from(m.header));
        loop {
            match rows.next(&mut row)? {
                CutStep::End => break,
                CutStep::Row if !is_separator(&row) && skip > 0 => skip -= 1,
                CutStep::Row if !is_separator(&row) => {
                    let cell = |i: usize| decode(row.cell(i), encoding).0;
                    match kinds.kind(row.len(), &cell) {
                        // A row that is rejected says nothing of what the columns hold.
                        RowKind::Data if width.fits(&row) => survey.add(&places, &cell),
                        RowKind::OtherHeader => break,
                        RowKind::Data | RowKind::Header | RowKind::Sum => {}
                    }
                }
                CutStep::Row | CutStep::Bad(_) => {}
            }
        }
        survey.end(&places);
        Ok(survey)
    }

    /// What the cells with words hold, those of both columns.
    pub fn words(&self) -> WordTally {
        let [texts, replies] = self.said;
        texts.and(replies)
    }

    /// How the cells of columns are written.
    pub fn forms(&self) -> CellForms {
        let WordTally { all, html, .. } = self.words();
        let [cells, begin, lines, bare] = self.stamps;
        CellForms {
            html: html * 5 > all,
            structures: self.said.map(WordTally::holds_structures),
            percent: self.confidence > 1.0,
            stamped: cells > 1 && begin == cells && lines > cells && bare * 10 < lines,
        }
    }

    /// Looks at one row.
    pub fn add<'r>(&mut self, places: &FieldPlaces, cell: &dyn Fn(usize) -> Cow<'r, str>) {
        self.rows += 1;
        let get = |field: CsvField| places.of_field(field).map(cell);
        let filled = |field: CsvField| get(field).filter(|c| !is_nothing(&c.trim().to_lowercase()));
        let id = filled(CsvField::Id);
        let pair = places.pair.map(|pair| {
            let mut two = pair.map(|i| cell(i).trim().to_owned());
            two.sort();
            hashed(&two.join(" "))
        });
        let conversation = id.as_deref().map(|id| hashed(id.trim())).or(pair).or(places.whole_file.then_some(0));
        if let Some(id) = &id {
            self.id(id.trim());
        }
        let closely = self.rows <= CLOSELY;
        let has_words = self.hears(&get, closely);
        self.no_id += u64::from(has_words && id.is_none() && places.of_field(CsvField::Id).is_some());
        match places.shape {
            RowShape::Conversations => {
                let cell = get(CsvField::Transcript).unwrap_or_default();
                if let (Some(id), Some(hash)) = (&id, conversation) {
                    self.shares(id, hash, hashed(&cell));
                }
                self.transcript(&cell, conversation)
            }
            RowShape::Turns => match filled(CsvField::Role) {
                Some(sender) => self.senders.add(senders::word(&sender), &sender, conversation),
                None => self.no_sender += u64::from(has_words && places.of_field(CsvField::Role).is_some()),
            },
            RowShape::Utterances => {}
        }
        for field in [CsvField::Time, CsvField::Started, CsvField::Ended] {
            if let Some(value) = get(field) {
                self.time(field, &value, closely);
            }
        }
        let outcome = filled(CsvField::Outcome).map(|c| senders::word(&c));
        if let (Some(word), Some(shown)) = (&outcome, get(CsvField::Outcome)) {
            self.outcomes.add(word.clone(), &shown, conversation);
        }
        if let Some(rating) = get(CsvField::Csat).filter(|c| !c.trim().is_empty()) {
            self.ratings.add(rating.trim().to_lowercase(), &rating, conversation);
        }
        if let Some(ms) = get(CsvField::Latency).and_then(|c| values::number(&c)) {
            let (least, most, fraction) = self.latency.unwrap_or((ms, ms, false));
            self.latency = Some((least.min(ms), most.max(ms), fraction || ms.fract() != 0.0));
        }
        let number = |field| get(field).and_then(|c| values::number(&c));
        widen(&mut self.thumbs, number(CsvField::Feedback));
        widen(&mut self.sentiments, number(CsvField::Sentiment));
        if let Some(confidence) =
            get(CsvField::Confidence).filter(|c| !c.contains('%')).and_then(|c| values::number(&c))
        {
            self.confidence = self.confidence.max(confidence);
        }
        let at = if closely { get(CsvField::Time).and_then(|c| moment(&c, places.order)) } else { None };
        let number = if closely { get(CsvField::MessageId).and_then(|c| c.trim().parse().ok()) } else { None };
        if let (Some(conversation), Some(number)) = (conversation, number) {
            self.number(conversation, number);
        }
        if let Some(conversation) = conversation.filter(|_| closely) {
            self.compare(conversation, places, cell);
            self.repeat(conversation, places, cell);
        }
        self.step(conversation, at, outcome);
    }

    /// Compares what stands in columns without a field with the row of the same conversation before. Where rows repeat messages, joins have
    /// multiplied them: what differs there is said of no turn.
    fn compare<'r>(&mut self, conversation: u64, places: &FieldPlaces, cell: &dyn Fn(usize) -> Cow<'r, str>) {
        let hash = |field| places.of_field(field).map(|i| hashed(cell(i).trim()));
        let message = hash(CsvField::MessageId).or_else(|| {
            let (at, who, said) = (hash(CsvField::Time)?, hash(CsvField::Role)?, hash(CsvField::Text)?);
            Some(at ^ who.rotate_left(1) ^ said.rotate_left(2))
        });
        let here: Vec<u64> = places.free.iter().map(|&i| hashed(cell(i).trim())).collect();
        if let Some((_, before, beside)) = self.beside.as_ref().filter(|(of, ..)| *of == conversation) {
            self.repeats |= message.is_some() && *before == message;
            let differ = places.free.iter().zip(beside.iter().zip(&here)).filter(|(_, (a, b))| a != b);
            self.differing.extend(differ.map(|(&i, _)| i));
        }
        self.beside = Some((conversation, message, here));
    }

    fn repeat<'r>(&mut self, conversation: u64, places: &FieldPlaces, cell: &dyn Fn(usize) -> Cow<'r, str>) {
        if places.beside.is_empty() || self.rows > CLOSELY {
            return;
        }
        let parts = OF_MESSAGES.iter().map(|f| places.of_field(*f).map_or(0, |i| hashed(cell(i).trim())));
        let message = parts.fold(0, |all: u64, part| all.rotate_left(5) ^ part);
        let cells = places.beside.iter().map(|&i| hashed(cell(i).trim())).collect();
        let timed = places.of_field(CsvField::Time).is_some();
        self.repeated.add(conversation, message, cells, &places.beside, timed);
    }

    /// Columns without a field that differ within conversations, by their places: what they hold is said of turns.
    pub fn of_turns(&self) -> impl Iterator<Item = usize> {
        self.differing.iter().copied().filter(|_| !self.repeats)
    }

    fn number(&mut self, conversation: u64, number: i64) {
        let room = self.last_number.len() < MOST_HEARD || self.last_number.contains_key(&conversation);
        if let Some(before) = room.then(|| self.last_number.insert(conversation, number)).flatten() {
            self.number_steps.0 += u64::from(before < number);
            self.number_steps.1 += u64::from(before > number);
        }
    }

    fn id(&mut self, id: &str) {
        let digits = id.bytes().all(|b| b.is_ascii_digit());
        if digits && id.len() >= 16 {
            self.long_ids.0 += 1;
            self.long_ids.1 += u64::from(id[15..].bytes().all(|b| b == b'0'));
        }
        let scientific = id.split_once(['E', 'e']).is_some_and(|(number, power)| {
            let power = power.strip_prefix('+').unwrap_or_default();
            number.contains(['.', ','])
                && values::number(number).is_some()
                && !power.is_empty()
                && power.bytes().all(|b| b.is_ascii_digit())
        });
        if scientific {
            self.rounded_ids += 1;
            self.rounded.get_or_insert_with(|| id.to_owned());
        }
    }

    /// Looks at the cells with words; whether there are any.
    fn hears<'r>(&mut self, get: &dyn Fn(CsvField) -> Option<Cow<'r, str>>, closely: bool) -> bool {
        let mut any = false;
        for (said, field) in self.said.iter_mut().zip([CsvField::Text, CsvField::Reply]) {
            let Some(cell) = get(field).filter(|cell| !cell.trim().is_empty()) else { continue };
            any = true;
            if closely {
                said.all += 1;
                said.html += u64::from(is_html(&cell));
                self.bodies += u64::from(is_body(&cell));
                if let Some(structure) = structures::structure(&cell) {
                    let quoted = structure.is_string();
                    self.speaking += u64::from(structures::speaker(&structure).is_some());
                    *(if quoted { &mut said.quoted } else { &mut said.structures }) += 1;
                    said.wordless += u64::from(!quoted && structures::words(&structure).is_none());
                }
            }
        }
        any
    }

    /// Notes whether another row of its own words has the id.
    fn shares(&mut self, id: &str, hash: u64, words: u64) {
        let room = self.first_with.len() < MOST_HEARD || self.first_with.contains_key(&hash);
        if room && *self.first_with.entry(hash).or_insert(words) != words {
            self.shared_ids += 1;
            self.shared.get_or_insert_with(|| id.trim().to_owned());
        }
    }

    fn transcript(&mut self, cell: &str, conversation: Option<u64>) {
        let names = transcript::named(cell);
        let begun: u64 = names.iter().map(|n| n.lines).sum();
        let lines = cell.lines().filter(|line| !line.trim().is_empty()).count() as u64;
        self.spoken = [self.spoken[0] + begun, self.spoken[1] + lines.saturating_sub(begun)];
        if !cell.trim().is_empty() {
            let told: [u64; 4] = [1, u64::from(names.iter().any(|n| n.first && n.stamps > 0)), 0, 0];
            self.stamps.iter_mut().zip(told).for_each(|(all, one)| *all += one);
        }
        for name in names {
            let word = senders::word(&name.name);
            self.stamps[2] += name.stamps;
            if name.stamps > 0 {
                self.stamped.insert(word.clone());
            } else if senders::known(&word).is_some() {
                self.stamps[3] += name.lines;
            }
            if name.first || name.must_speak() {
                self.certain.insert(word.clone());
            }
            self.senders.add(word, &name.name, conversation);
        }
    }

    fn time(&mut self, field: CsvField, value: &str, closely: bool) {
        // `25/03/2026`: what may tell the order is looked at to the end.
        let in_numbers = value.trim().as_bytes().iter().take(3).any(|b| matches!(b, b'/' | b'.' | b'-'));
        if !closely && !in_numbers {
            return;
        }
        match self.times.iter_mut().find(|(f, _)| *f == field) {
            Some((_, evidence)) => evidence.add(value),
            None => {
                let mut evidence = OrderEvidence::default();
                evidence.add(value);
                self.times.push((field, evidence));
            }
        }
    }

    /// The step from the row before.
    fn step(&mut self, conversation: Option<u64>, at: Option<i64>, outcome: Option<String>) {
        let Some(conversation) = conversation else { return };
        let before = self.last.take().filter(|last| last.0 == conversation);
        self.conversations += u64::from(before.is_none());
        let mut counted = before.as_ref().is_some_and(|b| b.2);
        if let Some(at) = at {
            self.hear(conversation, at);
        }
        if let Some((_, said, _)) = &before
            && !counted
            && said.is_some()
            && outcome.is_some()
            && *said != outcome
        {
            self.differs += 1;
            counted = true;
        }
        let outcome = outcome.or_else(|| before.and_then(|b| b.1));
        self.last = Some((conversation, outcome, counted));
    }

    /// Counts the step from the row of a conversation before to this one, wherever that stood.
    fn hear(&mut self, conversation: u64, at: i64) {
        if let Some(then) = self.heard.get_mut(&conversation) {
            self.steps.0 += u64::from(*then < at);
            self.steps.1 += u64::from(*then > at);
            *then = at;
        } else if self.heard.len() < MOST_HEARD {
            self.heard.insert(conversation, at);
        }
    }

    /// The evidence of all columns with times.
    pub fn dates(&self) -> OrderEvidence {
        self.times.iter().fold(OrderEvidence::default(), |mut all, (_, e)| {
            all.join(e);
            all
        })
    }
}

/// Takes a number into the least and the largest.
fn widen(range: &mut Option<(f64, f64)>, number: Option<f64>) {
    if let Some(x) = number {
        let (least, most) = range.unwrap_or((x, x));
        *range = Some((least.min(x), most.max(x)));
    }
}

fn moment(cell: &str, order: Option<crate::ingest::DateOrder>) -> Option<i64> {
    let times = TimeReading { order: order.or(Some(crate::ingest::DateOrder::DayFirst)), ..TimeReading::default() };
    times.read(&serde_json::Value::from(cell.trim())).ok().flatten().map(|t| t.0)
}
