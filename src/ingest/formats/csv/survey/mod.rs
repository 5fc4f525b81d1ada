//! What the columns of a whole file hold, as far as its sense hangs on it: who speaks, in which order dates are written,
//! what ratings and outcomes look like. Memory is bounded; one pass over the rows.

pub mod seen;

use super::cells::{structures, values};
use super::columns::field::Field;
use super::columns::mapping::{Mapping, Shape};
use super::read::kinds::{Kind, Kinds};
use super::read::transcript;
use crate::ingest::derive::speakers as senders;
use crate::ingest::html::is_html;
use crate::ingest::rows::cut::{Row, Rows, Step};
use crate::ingest::rows::dialect::{decode, encoding_of, is_separator};
use crate::ingest::rows::text::Again;
use crate::ingest::times::{Evidence, Times, is_nothing};
use seen::Seen;
use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;

/// Rows after which values that cost much to look at are looked at no more, unless they may tell an order of dates.
const CLOSELY: u64 = 20_000;

/// What the rows of a file hold under a mapping.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// Rows.
    pub rows: u64,
    /// Runs of rows with the same id.
    pub conversations: u64,
    /// Who speaks, by the folded word; in transcripts the names that start lines.
    pub senders: Seen,
    /// Of those in transcripts: names that start a first line, or several lines of one cell.
    pub certain: HashSet<String>,
    /// Rows with words and without a sender.
    pub no_sender: u64,
    /// Times by their field.
    pub times: Vec<(Field, Evidence)>,
    /// Words for how conversations ended.
    pub outcomes: Seen,
    /// Conversations in which the outcome's column says two things.
    pub differs: u64,
    /// Ratings.
    pub ratings: Seen,
    /// Ids in the way of a spreadsheet that has rounded them, and one.
    pub rounded_ids: u64,
    /// One of them.
    pub rounded: Option<String>,
    /// Ids of 16 digits and more, and how many of them end in zeros from the 16th on.
    pub long_ids: (u64, u64),
    /// Least and largest latency, and whether one has a fraction.
    pub latency: Option<(f64, f64, bool)>,
    /// Largest confidence.
    pub confidence: f64,
    /// Cells with words: all, those in HTML, those that are lists or objects, those of them of which no words are found, and those
    /// that are a text in JSON's quotes.
    pub texts: [u64; 5],
    /// Steps from row to row of a conversation: forward in time, back.
    pub steps: (u64, u64),
    last: Option<(u64, Option<i64>, Option<String>, bool)>,
}

/// How the cells of columns are written, by all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forms {
    /// Texts are HTML.
    pub html: bool,
    /// Texts are JSON, or lists as Python prints them.
    pub structures: bool,
    /// Confidences are percentages.
    pub percent: bool,
}

/// Where fields stand in the rows.
pub struct Places {
    index: Vec<Option<usize>>,
    shape: Shape,
    order: Option<crate::ingest::DateOrder>,
}

impl Places {
    /// Of a mapping in a file with these columns.
    pub fn of(m: &Mapping, columns: &[String]) -> Self {
        let place = |f: &Field| columns.iter().position(|c| Some(c.as_str()) == m.column(*f));
        Self { index: Field::ALL.iter().map(place).collect(), shape: m.shape, order: m.date_order }
    }

    fn of_field(&self, field: Field) -> Option<usize> {
        self.index[field as usize]
    }
}

impl Survey {
    /// Of rows that are in memory.
    pub fn of_rows(m: &Mapping, columns: &[String], rows: &[Vec<String>]) -> Self {
        let (places, mut survey) = (Places::of(m, columns), Self::default());
        let kinds = Kinds::of(m, columns);
        for row in rows {
            let cell = |i: usize| row.get(i).map_or(Cow::Borrowed(""), |c| Cow::Borrowed(c.as_str()));
            if kinds.kind(row.len(), &cell) == Kind::Data {
                survey.add(&places, &cell);
            }
        }
        survey
    }

    /// Of all rows of a file; `above`: rows above the one that names the columns.
    ///
    /// # Errors
    /// What the input says.
    pub fn of_file(again: &Again, m: &Mapping, columns: &[String], above: usize, max: usize) -> io::Result<Self> {
        let (places, kinds, encoding) =
            (Places::of(m, columns), Kinds::of(m, columns), encoding_of(m.encoding.as_deref()));
        let mut rows = Rows::new(again.stream()?, m.delimiter as u8, max, 0);
        let (mut row, mut survey, mut skip) = (Row::default(), Self::default(), above + usize::from(m.header));
        loop {
            match rows.next(&mut row)? {
                Step::End => return Ok(survey),
                Step::Row if !is_separator(&row) && skip > 0 => skip -= 1,
                Step::Row if !is_separator(&row) => {
                    let cell = |i: usize| decode(row.cell(i), encoding).0;
                    match kinds.kind(row.len(), &cell) {
                        Kind::Data => survey.add(&places, &cell),
                        Kind::OtherHeader => return Ok(survey),
                        Kind::Header | Kind::Sum => {}
                    }
                }
                Step::Row | Step::Bad(_) => {}
            }
        }
    }

    /// Whether most texts are structures. Quotes alone are quotes.
    pub fn holds_structures(&self) -> bool {
        let [all, _, structures, _, quoted] = self.texts;
        structures > 0 && (structures + quoted) * 2 > all
    }

    /// How the cells of columns are written.
    pub fn forms(&self) -> Forms {
        let [all, html, ..] = self.texts;
        Forms { html: html * 5 > all, structures: self.holds_structures(), percent: self.confidence > 1.0 }
    }

    /// Looks at one row.
    pub fn add<'r>(&mut self, places: &Places, cell: &dyn Fn(usize) -> Cow<'r, str>) {
        self.rows += 1;
        let get = |field: Field| places.of_field(field).map(cell);
        let filled = |field: Field| get(field).filter(|c| !is_nothing(&c.trim().to_lowercase()));
        let id = filled(Field::Id);
        let conversation = id.as_deref().map(|id| hashed(id.trim()));
        if let Some(id) = &id {
            self.id(id.trim());
        }
        let closely = self.rows <= CLOSELY;
        let has_words = self.words(&get, closely);
        match places.shape {
            Shape::Conversations => {
                self.transcript(get(Field::Transcript).as_deref().unwrap_or_default(), conversation)
            }
            Shape::Turns => match filled(Field::Role) {
                Some(sender) => self.senders.add(senders::word(&sender), &sender, conversation),
                None => self.no_sender += u64::from(has_words && places.of_field(Field::Role).is_some()),
            },
            Shape::Utterances => {}
        }
        for field in [Field::Time, Field::Started, Field::Ended] {
            if let Some(value) = get(field) {
                self.time(field, &value, closely);
            }
        }
        let outcome = filled(Field::Outcome).map(|c| senders::word(&c));
        if let (Some(word), Some(shown)) = (&outcome, get(Field::Outcome)) {
            self.outcomes.add(word.clone(), &shown, conversation);
        }
        if let Some(rating) = get(Field::Csat).filter(|c| !c.trim().is_empty()) {
            self.ratings.add(rating.trim().to_lowercase(), &rating, conversation);
        }
        if let Some(ms) = get(Field::Latency).and_then(|c| values::number(&c)) {
            let (least, most, fraction) = self.latency.unwrap_or((ms, ms, false));
            self.latency = Some((least.min(ms), most.max(ms), fraction || ms.fract() != 0.0));
        }
        if let Some(confidence) = get(Field::Confidence).filter(|c| !c.contains('%')).and_then(|c| values::number(&c)) {
            self.confidence = self.confidence.max(confidence);
        }
        let at = if closely { get(Field::Time).and_then(|c| moment(&c, places.order)) } else { None };
        self.step(conversation, at, outcome);
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
    fn words<'r>(&mut self, get: &dyn Fn(Field) -> Option<Cow<'r, str>>, closely: bool) -> bool {
        let mut any = false;
        for cell in [Field::Text, Field::Reply].into_iter().filter_map(get) {
            if cell.trim().is_empty() {
                continue;
            }
            any = true;
            if closely {
                self.texts[0] += 1;
                self.texts[1] += u64::from(is_html(&cell));
                if let Some(structure) = structures::structure(&cell) {
                    let quoted = structure.is_string();
                    self.texts[if quoted { 4 } else { 2 }] += 1;
                    self.texts[3] += u64::from(!quoted && structures::words(&structure).is_none());
                }
            }
        }
        any
    }

    fn transcript(&mut self, cell: &str, conversation: Option<u64>) {
        for name in transcript::named(cell) {
            let word = senders::word(&name.name);
            if name.first || name.lines > 1 {
                self.certain.insert(word.clone());
            }
            self.senders.add(word, &name.name, conversation);
        }
    }

    fn time(&mut self, field: Field, value: &str, closely: bool) {
        // `25/03/2026`: what may tell the order is looked at to the end.
        let in_numbers = value.trim().as_bytes().iter().take(3).any(|b| matches!(b, b'/' | b'.' | b'-'));
        if !closely && !in_numbers {
            return;
        }
        match self.times.iter_mut().find(|(f, _)| *f == field) {
            Some((_, evidence)) => evidence.add(value),
            None => {
                let mut evidence = Evidence::default();
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
        let mut counted = before.as_ref().is_some_and(|b| b.3);
        if let Some((_, then, said, _)) = &before {
            match (then, at) {
                (Some(then), Some(at)) if *then < at => self.steps.0 += 1,
                (Some(then), Some(at)) if *then > at => self.steps.1 += 1,
                _ => {}
            }
            if !counted && said.is_some() && outcome.is_some() && *said != outcome {
                self.differs += 1;
                counted = true;
            }
        }
        let outcome = outcome.or_else(|| before.and_then(|b| b.2));
        self.last = Some((conversation, at, outcome, counted));
    }

    /// The evidence of all columns with times.
    pub fn dates(&self) -> Evidence {
        self.times.iter().fold(Evidence::default(), |mut all, (_, e)| {
            all.join(e);
            all
        })
    }
}

fn moment(cell: &str, order: Option<crate::ingest::DateOrder>) -> Option<i64> {
    let times = Times { order: order.or(Some(crate::ingest::DateOrder::DayFirst)), ..Times::default() };
    times.read(&serde_json::Value::from(cell.trim())).ok().flatten().map(|t| t.0)
}

fn hashed(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}
