//! What a file's columns hold, told from their names and their values.

mod dialect;
mod hints;
mod stats;

use super::ask::{self, PersonsWord};
use super::cells::values::truth;
use super::columns::field::{CsvField, plain};
use super::columns::flags;
use super::columns::mapping::{Mapping, MappingError, RowShape};
use super::survey::{CellForms, CsvSurvey};
use crate::ingest::context::ImportQuestion;
use crate::ingest::times::DateOrder;
use dialect::{Dialect, Sample};
use serde::Serialize;
use stats::CellStats;

/// Examples that a column shows.
const EXAMPLES: usize = 3;
/// Characters of an example.
const EXAMPLE_LEN: usize = 80;

/// One column of a file, as a screen lists it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListedColumn {
    /// What it is called; `column 3` where nothing names it.
    pub name: String,
    /// Some of its values, exactly as they stand: clean them before they go to a screen.
    pub examples: Vec<String>,
    /// What it holds; `None`: kept in `meta`.
    pub field: Option<CsvField>,
}

/// A mapping that was guessed from the beginning of a file, or from all of it.
#[derive(Clone, Debug, PartialEq)]
pub struct MappingGuess {
    /// The mapping, as far as it is settled.
    pub mapping: Mapping,
    /// The same with every guess taken that is asked about.
    pub guessed: Mapping,
    /// The columns of the file.
    pub columns: Vec<ListedColumn>,
    /// Rows above the one that names the columns.
    pub above: usize,
    /// How cells are written.
    pub(super) forms: CellForms,
    /// How sure the guess is, 0 to 100. Below 50 somebody should look at it.
    pub sure: u8,
    /// What should be looked at.
    pub warnings: Vec<String>,
    /// What only a person can tell.
    pub questions: Vec<ImportQuestion>,
}

impl MappingGuess {
    /// The columns' names.
    pub fn names(&self) -> Vec<String> {
        self.columns.iter().map(|c| c.name.clone()).collect()
    }
}

/// Guesses from the beginning of a text (UTF-8, without byte order mark) how its columns are to be read.
pub fn guess(head: &[u8]) -> MappingGuess {
    let sample = Sample::read(head, &Dialect::guess(head));
    let dialect = Dialect::guess(head);
    let (mut mapping, named) = by_sample(&sample, &dialect);
    let mut guess = asked(&mut mapping, &sample, &KnownFile::default(), &PersonsWord { keys: &|_| false, order: None });
    guess.sure = sureness(&guess.mapping, &sample, named, &guess);
    guess
}

/// The columns of a text as a mapping has them, for a screen on which the mapping is changed.
pub fn columns(head: &[u8], mapping: &Mapping) -> Vec<ListedColumn> {
    listed(&Sample::read(head, &Dialect::of(mapping)), mapping)
}

/// A guess, or `base` where there is one, corrected by what `--map` says. Flags about delimiter, header and encoding
/// count before anything is guessed.
///
/// # Errors
/// A flag that cannot be, or a profile that does not fit.
pub fn correct(head: &[u8], base: Option<&Mapping>, given: &str) -> Result<MappingGuess, MappingError> {
    read(head, base, given, &KnownFile::default())
}

/// Looks through a whole file under a mapping, with these columns and so many rows above the first.
pub(super) type Surveying<'k> = dyn Fn(&Mapping, &[String], usize) -> Option<CsvSurvey> + 'k;

/// What is known of the file beside its beginning.
#[derive(Default)]
pub(super) struct KnownFile<'k> {
    /// Its encoding, where that is no UTF-8.
    pub encoding: Option<&'static str>,
    /// What `03/04/2026` means, where somebody says it.
    pub order: Option<DateOrder>,
    /// What its rows hold under a mapping, with these columns and so many rows above the first; `None`: only the beginning is
    /// known.
    pub survey: Option<&'k Surveying<'k>>,
}

/// As [`correct`], with what else is known of the file.
pub(super) fn read(
    head: &[u8],
    base: Option<&Mapping>,
    given: &str,
    known: &KnownFile<'_>,
) -> Result<MappingGuess, MappingError> {
    let mut dialect = match (base, known.encoding) {
        (Some(base), _) => Dialect::of(base),
        (None, Some(name)) => Dialect::guess_in(head, Some(name.to_owned())),
        (None, None) => Dialect::guess(head),
    };
    let pairs = flags::pairs(given)?;
    for (key, value) in &pairs {
        match key.as_str() {
            "delimiter" => dialect.delimiter = flags::delimiter(value)?,
            "encoding" => dialect.encoding = flags::encoding(value)?.map(str::to_owned),
            "header" => dialect.header = truth(value).or(dialect.header),
            _ => {}
        }
    }
    let sample = Sample::read(head, &dialect);
    let (mut mapping, named) = match base {
        Some(base) => (base.clone(), base.columns.len()),
        None => by_sample(&sample, &dialect),
    };
    mapping.apply_flags(given, &sample.columns)?;
    let keys: Vec<String> = pairs
        .iter()
        .map(|(key, _)| CsvField::from_name(key).map_or_else(|| key.to_ascii_lowercase(), |f| f.name().to_owned()))
        .collect();
    let says = |key: &str| keys.iter().any(|k| k == key);
    if base.is_none() && !pairs.is_empty() {
        if !says("shape") {
            mapping.shape = shape(&mapping, &sample);
        }
        if mapping.shape != RowShape::Conversations {
            mapping.set(CsvField::Transcript, None);
        }
    }
    let everything = base.is_some();
    let said = PersonsWord { keys: &|key| everything || says(key), order: known.order };
    let mut guess = asked(&mut mapping, &sample, known, &said);
    guess.sure = if everything { 100 } else { sureness(&guess.mapping, &sample, named, &guess) };
    Ok(guess)
}

/// What the columns' names and values in the beginning say; and how many columns their names told.
fn by_sample(sample: &Sample, dialect: &Dialect) -> (Mapping, usize) {
    let stats: Vec<CellStats> = (0..sample.columns.len()).map(|i| CellStats::of(sample.values(i))).collect();
    let mut mapping = Mapping::new(RowShape::Utterances);
    mapping.delimiter = dialect.delimiter;
    mapping.encoding.clone_from(&dialect.encoding);
    mapping.header = sample.header;
    by_name(&mut mapping, sample, &stats);
    let named = mapping.columns.len();
    by_value(&mut mapping, sample, &stats);
    clock(&mut mapping, sample, &stats);
    mapping.shape = shape(&mapping, sample);
    settle(&mut mapping);
    (mapping, named)
}

/// Settles what the values settle, and asks the rest.
fn asked(mapping: &mut Mapping, sample: &Sample, known: &KnownFile<'_>, said: &PersonsWord<'_>) -> MappingGuess {
    let survey = known.survey.and_then(|survey| survey(mapping, &sample.columns, sample.above));
    let survey = survey.unwrap_or_else(|| CsvSurvey::of_rows(mapping, &sample.columns, &sample.rows));
    let before = mapping.clone();
    let names_message = hints::every_row_its_own(mapping, sample);
    let mut asked = ask::settle(mapping, &sample.columns, &survey, said, names_message);
    let stats: Vec<CellStats> = (0..sample.columns.len()).map(|i| CellStats::of(sample.values(i))).collect();
    for (name, field, values) in
        hints::strange(&before, sample, &stats).into_iter().filter(|(_, f, _)| !(said.keys)(f.name()))
    {
        asked.strange(&name, field, &values);
    }
    let mut warnings = std::mem::take(&mut asked.warnings);
    hints::warn(mapping, sample, &mut warnings);
    MappingGuess {
        columns: listed(sample, mapping),
        guessed: asked.guessed(mapping, &sample.columns),
        mapping: mapping.clone(),
        above: sample.above,
        forms: survey.forms(),
        sure: 0,
        warnings,
        questions: asked.questions,
    }
}

fn listed(sample: &Sample, mapping: &Mapping) -> Vec<ListedColumn> {
    let short = |v: &str| v.chars().take(EXAMPLE_LEN).collect::<String>();
    let column = |(i, name): (usize, &String)| {
        let mut examples: Vec<String> = Vec::new();
        for value in sample.values(i).map(short) {
            if examples.len() < EXAMPLES && !examples.contains(&value) {
                examples.push(value);
            }
        }
        ListedColumn { name: name.clone(), examples, field: mapping.field_of(name) }
    };
    sample.columns.iter().enumerate().map(column).collect()
}

/// Gives each field the column whose header is the most usual one for it, where the values allow it.
fn by_name(m: &mut Mapping, sample: &Sample, stats: &[CellStats]) {
    if !sample.header {
        return;
    }
    let mut found: Vec<(i32, CsvField, usize)> = Vec::new();
    let answers = sample.columns.iter().any(|c| CsvField::Reply.alias(&plain(c)).is_some());
    for (i, name) in sample.columns.iter().enumerate() {
        let header = plain(name);
        let fits = |f: &&CsvField| match f {
            CsvField::Outcome if NAMES_OUTCOMES.contains(&header.as_str()) => true,
            // A few rows may hold one line each, or odd ones.
            CsvField::Transcript if stats[i].n < FEW && NAMES_TRANSCRIPTS.contains(&header.as_str()) => true,
            CsvField::Source if stats[i].says_who() => false,
            // Beside an answer, what was sent with a question is the question and what came before it.
            CsvField::Text if answers && stats[i].structures >= 0.5 => true,
            _ => stats[i].can_hold(**f),
        };
        for &field in CsvField::ALL.iter().filter(fits) {
            if let Some(place) = field.alias(&header) {
                found.push((100 - place as i32 + bonus(field, &stats[i]), field, i));
            } else if field == CsvField::Role && CsvField::Source.alias(&header).is_some() && stats[i].says_who() {
                found.push((100 + bonus(field, &stats[i]), field, i));
            }
        }
    }
    found.sort_by_key(|&(score, field, i)| (-score, field, i));
    for (_, field, i) in found {
        let column = &sample.columns[i];
        if m.column(field).is_none() && m.field_of(column).is_none() {
            m.set(field, Some(column));
        }
    }
}

/// Headers under which how a conversation ended stands whatever its words.
const NAMES_OUTCOMES: &[&str] =
    &["outcome", "conversationoutcome", "finaloutcome", "resolutionstatus", "αποτελεσμα", "εκβαση"];

/// Headers under which whole conversations stand, whatever the cells look like; and rows that are too few to say otherwise.
const NAMES_TRANSCRIPTS: &[&str] =
    &["transcript", "transcription", "chatlog", "chattranscript", "conversationtranscript"];
const FEW: usize = 3;

/// Date and time of day in two columns; a time of day without a date is none.
fn clock(m: &mut Mapping, sample: &Sample, stats: &[CellStats]) {
    let time = m.column(CsvField::Time).and_then(|c| sample.columns.iter().position(|x| x == c));
    let bare = |i: usize| sample.values(i).all(|v| !v.contains(':'));
    if !time.is_some_and(|i| stats[i].n > 0 && bare(i)) {
        m.set(CsvField::Clock, None);
    }
}

/// What the values add to a header's word.
fn bonus(field: CsvField, stats: &CellStats) -> i32 {
    match field {
        CsvField::Role if stats.n > 0 && stats.roles >= 0.5 => 60,
        // Names under `from` are senders, yet any better column for it is better.
        CsvField::Role => -40,
        CsvField::Transcript if stats.n > 0 => 40,
        // `id` alone is the conversation's.
        CsvField::MessageId => -40,
        CsvField::Text if stats.spaces >= 0.3 => 10,
        _ => 0,
    }
}

/// Fills what no header names and the values make plain.
fn by_value(m: &mut Mapping, sample: &Sample, stats: &[CellStats]) {
    let give =
        |m: &mut Mapping, field: CsvField, fits: &dyn Fn(&CellStats) -> bool| give_of(m, sample, stats, field, fits);
    give(m, CsvField::Transcript, &|s| s.transcripts >= 0.5);
    // In a whole conversation each line says who speaks: who else is named is who took part.
    if m.column(CsvField::Transcript).is_none() {
        give(m, CsvField::Role, &|s| s.roles >= 0.8 && s.distinct <= 8);
    }
    // A header that says something else is no words.
    let heads = |i: usize| sample.header && CsvField::ALL.iter().any(|f| f.alias(&plain(&sample.columns[i])).is_some());
    if m_is_missing_words(m) {
        let stats: Vec<CellStats> =
            stats.iter().enumerate().map(|(i, s)| if heads(i) { CellStats::default() } else { s.clone() }).collect();
        let stats = stats.as_slice();
        give_of(m, sample, stats, CsvField::Text, &|s| s.spaces >= 0.3 && s.times < 0.5 && s.numbers < 0.5);
    }
    if sample.header || m.column(CsvField::Text).is_none() {
        return;
    }
    give(m, CsvField::Time, &|s| s.times >= 0.9);
    give(m, CsvField::Confidence, &|s| s.numbers == 1.0 && s.least >= 0.0 && s.most <= 1.0 && s.len > 1.0);
    if m.column(CsvField::Role).is_some() {
        give(m, CsvField::Id, &|s| s.spaces == 0.0 && s.len <= 40.0 && s.times < 0.5);
    } else {
        give(m, CsvField::Gold, &|s| s.spaces < 0.5 && s.numbers < 0.5 && s.len <= 40.0 && s.distinct < s.n.max(2));
    }
}

/// Gives a field the free column that fits: with the longest cells, of equal ones the first.
fn give_of(m: &mut Mapping, sample: &Sample, stats: &[CellStats], field: CsvField, fits: &dyn Fn(&CellStats) -> bool) {
    let free = |i: &usize| m.field_of(&sample.columns[*i]).is_none() && stats[*i].n > 0 && fits(&stats[*i]);
    let best = (0..stats.len()).filter(free).rev().max_by(|&a, &b| stats[a].len.total_cmp(&stats[b].len));
    if let Some(i) = best.filter(|_| m.column(field).is_none()) {
        m.set(field, Some(&sample.columns[i]));
    }
}

fn m_is_missing_words(m: &Mapping) -> bool {
    [CsvField::Text, CsvField::Transcript, CsvField::Reply].iter().all(|f| m.column(*f).is_none())
}

/// What a row is, from the fields that there are.
fn shape(m: &Mapping, sample: &Sample) -> RowShape {
    let has = |f| m.column(f).is_some();
    let repeats = || {
        let i = sample.columns.iter().position(|c| Some(c.as_str()) == m.column(CsvField::Id));
        i.is_some_and(|i| CellStats::of(sample.values(i)).distinct < sample.values(i).count())
    };
    match () {
        () if has(CsvField::Transcript) && !has(CsvField::Role) => RowShape::Conversations,
        () if has(CsvField::Role) => RowShape::Turns,
        () if has(CsvField::Id) && (has(CsvField::Reply) || repeats()) => RowShape::Turns,
        () => RowShape::Utterances,
    }
}

/// Takes away what does not go together with the shape.
fn settle(m: &mut Mapping) {
    let unfit: &[CsvField] = match m.shape {
        RowShape::Turns => &[CsvField::Transcript],
        RowShape::Utterances => &[CsvField::Transcript, CsvField::Turn],
        RowShape::Conversations => {
            &[CsvField::Text, CsvField::Reply, CsvField::Turn, CsvField::MessageId, CsvField::Corrected]
        }
    };
    // What is said of a whole conversation is when it began.
    if m.shape == RowShape::Conversations
        && m.column(CsvField::Started).is_none()
        && let Some(time) = m.column(CsvField::Time).map(str::to_owned)
    {
        m.set(CsvField::Started, Some(&time));
    }
    unfit.iter().for_each(|f| m.set(*f, None));
}

fn sureness(m: &Mapping, sample: &Sample, named: usize, guess: &MappingGuess) -> u8 {
    let has = |f| m.column(f).is_some();
    let enough = match m.shape {
        RowShape::Turns => has(CsvField::Id) && has(CsvField::Text),
        RowShape::Utterances => has(CsvField::Text),
        RowShape::Conversations => has(CsvField::Transcript),
    };
    let wide = sample.rows.iter().filter(|r| r.len() == sample.columns.len()).count();
    let even = wide * 10 >= sample.rows.len() * 9;
    match (enough, named) {
        // A table without words, if it is one: it can only be asked about.
        _ if m_is_missing_words(m) && (named == 0 || !even || !sample.header) => 0,
        // Prose has commas too.
        (_, 0) if !even || wide < 2 => 0,
        (false, _) | (_, 0) => 25,
        (true, 1) => 45,
        (true, _) if guess.warnings.is_empty() && guess.questions.is_empty() && even => 85,
        (true, _) => 60,
    }
}

#[cfg(test)]
mod tests;
