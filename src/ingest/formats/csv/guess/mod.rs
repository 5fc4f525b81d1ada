//! What a file's columns hold, told from their names and their values.

mod dialect;
mod hints;
mod stats;

use super::cells::values::truth;
use super::columns::field::{Field, plain};
use super::columns::flags;
use super::columns::mapping::{Mapping, MappingError, Shape};
use dialect::{Dialect, Sample};
use serde::Serialize;
use stats::Stats;

/// Examples that a column shows.
const EXAMPLES: usize = 3;
/// Characters of an example.
const EXAMPLE_LEN: usize = 80;

/// One column of a file, as a screen lists it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Column {
    /// What it is called; `column 3` where nothing names it.
    pub name: String,
    /// Some of its values, exactly as they stand: clean them before they go to a screen.
    pub examples: Vec<String>,
    /// What it holds; `None`: kept in `meta`.
    pub field: Option<Field>,
}

/// A mapping that was guessed from the beginning of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Guess {
    /// The mapping.
    pub mapping: Mapping,
    /// The columns of the file.
    pub columns: Vec<Column>,
    /// How sure the guess is, 0 to 100. Below 50 somebody should look at it.
    pub sure: u8,
    /// What should be looked at.
    pub warnings: Vec<String>,
}

impl Guess {
    /// The columns' names.
    pub fn names(&self) -> Vec<String> {
        self.columns.iter().map(|c| c.name.clone()).collect()
    }
}

/// Guesses from the beginning of a text (UTF-8, without byte order mark) how its columns are to be read.
pub fn guess(head: &[u8]) -> Guess {
    guess_in(head, &Dialect::guess(head))
}

/// The columns of a text as a mapping has them, for a screen on which the mapping is changed.
pub fn columns(head: &[u8], mapping: &Mapping) -> Vec<Column> {
    listed(&Sample::read(head, &Dialect::of(mapping)), mapping)
}

/// A guess, or `base` where there is one, corrected by what `--map` says. Flags about delimiter, header and encoding
/// count before anything is guessed.
///
/// # Errors
/// A flag that cannot be, or a profile that does not fit.
pub fn correct(head: &[u8], base: Option<&Mapping>, given: &str) -> Result<Guess, MappingError> {
    let mut dialect = base.map_or_else(|| Dialect::guess(head), Dialect::of);
    let pairs = flags::pairs(given)?;
    for (key, value) in &pairs {
        match key.as_str() {
            "delimiter" => dialect.delimiter = flags::delimiter(value)?,
            "encoding" => dialect.encoding = flags::encoding(value)?.map(str::to_owned),
            "header" => dialect.header = truth(value).or(dialect.header),
            _ => {}
        }
    }
    let mut guess = match base {
        None => guess_in(head, &dialect),
        Some(base) => Guess { mapping: base.clone(), columns: Vec::new(), sure: 100, warnings: Vec::new() },
    };
    let sample = Sample::read(head, &Dialect { header: dialect.header.or(Some(guess.mapping.header)), ..dialect });
    let guessed = guess.mapping.clone();
    guess.mapping.apply_flags(given, &sample.columns)?;
    if base.is_none() && !pairs.is_empty() {
        let m = &mut guess.mapping;
        let says = |setting: &str| pairs.iter().any(|(key, _)| key.eq_ignore_ascii_case(setting));
        if !says("shape") {
            m.shape = shape(m, &sample);
        }
        if m.column(Field::Role) != guessed.column(Field::Role) {
            // Those senders stood in another column.
            m.senders.retain(|word, role| guessed.senders.get(word) != Some(role));
            m.other_senders = m.other_senders.filter(|_| m.other_senders != guessed.other_senders);
        }
        let newest_first = m.newest_first;
        guess.warnings.clear();
        hints::complete(m, &sample, &mut guess.warnings);
        m.newest_first = if says("order") { newest_first } else { m.newest_first };
        hints::warn(m, &sample, &mut guess.warnings);
    }
    guess.columns = listed(&sample, &guess.mapping);
    Ok(guess)
}

fn guess_in(head: &[u8], dialect: &Dialect) -> Guess {
    let sample = Sample::read(head, dialect);
    let stats: Vec<Stats> = (0..sample.columns.len()).map(|i| Stats::of(sample.values(i))).collect();
    let mut mapping = Mapping::new(Shape::Utterances);
    mapping.delimiter = dialect.delimiter;
    mapping.encoding.clone_from(&dialect.encoding);
    mapping.header = sample.header;
    by_name(&mut mapping, &sample, &stats);
    let named = mapping.columns.len();
    by_value(&mut mapping, &sample, &stats);
    mapping.shape = shape(&mapping, &sample);
    settle(&mut mapping);
    let mut warnings = Vec::new();
    hints::complete(&mut mapping, &sample, &mut warnings);
    hints::warn(&mapping, &sample, &mut warnings);
    let sure = sureness(&mapping, &sample, named, &warnings);
    Guess { columns: listed(&sample, &mapping), mapping, sure, warnings }
}

fn listed(sample: &Sample, mapping: &Mapping) -> Vec<Column> {
    let short = |v: &str| v.chars().take(EXAMPLE_LEN).collect::<String>();
    let column = |(i, name): (usize, &String)| {
        let mut examples: Vec<String> = Vec::new();
        for value in sample.values(i).map(short) {
            if examples.len() < EXAMPLES && !examples.contains(&value) {
                examples.push(value);
            }
        }
        Column { name: name.clone(), examples, field: mapping.field_of(name) }
    };
    sample.columns.iter().enumerate().map(column).collect()
}

/// Gives each field the column whose header is the most usual one for it, where the values allow it.
fn by_name(m: &mut Mapping, sample: &Sample, stats: &[Stats]) {
    if !sample.header {
        return;
    }
    let mut found: Vec<(i32, Field, usize)> = Vec::new();
    for (i, name) in sample.columns.iter().enumerate() {
        let header = plain(name);
        for &field in Field::ALL.iter().filter(|f| stats[i].can_hold(**f)) {
            if let Some(place) = field.alias(&header) {
                found.push((100 - place as i32 + bonus(field, &stats[i]), field, i));
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

/// What the values add to a header's word.
fn bonus(field: Field, stats: &Stats) -> i32 {
    match field {
        Field::Role if stats.n > 0 && stats.roles >= 0.5 => 60,
        // Names under `from` are senders, yet any better column for it is better.
        Field::Role => -40,
        Field::Transcript if stats.n > 0 => 40,
        // `id` alone is the conversation's.
        Field::MessageId => -40,
        Field::Text if stats.spaces >= 0.3 => 10,
        _ => 0,
    }
}

/// Fills what no header names and the values make plain.
fn by_value(m: &mut Mapping, sample: &Sample, stats: &[Stats]) {
    let give = |m: &mut Mapping, field: Field, fits: &dyn Fn(&Stats) -> bool| {
        let free = |i: &usize| m.field_of(&sample.columns[*i]).is_none() && stats[*i].n > 0 && fits(&stats[*i]);
        // The longest cells; of equal ones the first.
        let best = (0..stats.len()).filter(free).rev().max_by(|&a, &b| stats[a].len.total_cmp(&stats[b].len));
        if let Some(i) = best.filter(|_| m.column(field).is_none()) {
            m.set(field, Some(&sample.columns[i]));
        }
    };
    give(m, Field::Transcript, &|s| s.transcripts >= 0.5);
    give(m, Field::Role, &|s| s.roles >= 0.8 && s.distinct <= 8);
    if m_is_missing_words(m) {
        give(m, Field::Text, &|s| s.spaces >= 0.3 && s.times < 0.5 && s.numbers < 0.5);
    }
    if sample.header || m.column(Field::Text).is_none() {
        return;
    }
    give(m, Field::Time, &|s| s.times >= 0.9);
    give(m, Field::Confidence, &|s| s.numbers == 1.0 && s.least >= 0.0 && s.most <= 1.0 && s.len > 1.0);
    if m.column(Field::Role).is_some() {
        give(m, Field::Id, &|s| s.spaces == 0.0 && s.len <= 40.0 && s.times < 0.5);
    } else {
        give(m, Field::Gold, &|s| s.spaces < 0.5 && s.numbers < 0.5 && s.len <= 40.0 && s.distinct < s.n.max(2));
    }
}

fn m_is_missing_words(m: &Mapping) -> bool {
    [Field::Text, Field::Transcript, Field::Reply].iter().all(|f| m.column(*f).is_none())
}

/// What a row is, from the fields that there are.
fn shape(m: &Mapping, sample: &Sample) -> Shape {
    let has = |f| m.column(f).is_some();
    let repeats = || {
        let i = sample.columns.iter().position(|c| Some(c.as_str()) == m.column(Field::Id));
        i.is_some_and(|i| Stats::of(sample.values(i)).distinct < sample.values(i).count())
    };
    match () {
        () if has(Field::Transcript) && !has(Field::Role) => Shape::Conversations,
        () if has(Field::Role) => Shape::Turns,
        () if has(Field::Id) && (has(Field::Reply) || repeats()) => Shape::Turns,
        () => Shape::Utterances,
    }
}

/// Takes away what does not go together with the shape.
fn settle(m: &mut Mapping) {
    let unfit: &[Field] = match m.shape {
        Shape::Turns => &[Field::Transcript],
        Shape::Utterances => &[Field::Transcript, Field::Turn],
        Shape::Conversations => &[Field::Text, Field::Reply, Field::Turn, Field::MessageId, Field::Corrected],
    };
    unfit.iter().for_each(|f| m.set(*f, None));
}

fn sureness(m: &Mapping, sample: &Sample, named: usize, warnings: &[String]) -> u8 {
    let has = |f| m.column(f).is_some();
    let enough = match m.shape {
        Shape::Turns => has(Field::Id) && has(Field::Text),
        Shape::Utterances => has(Field::Text),
        Shape::Conversations => has(Field::Transcript),
    };
    let wide = sample.rows.iter().filter(|r| r.len() == sample.columns.len()).count();
    let even = wide * 10 >= sample.rows.len() * 9;
    match (enough, named) {
        _ if m_is_missing_words(m) => 0,
        // Prose has commas too.
        (_, 0) if !even || wide < 2 => 0,
        (false, _) | (_, 0) => 25,
        (true, 1) => 45,
        (true, _) if warnings.is_empty() && even => 85,
        (true, _) => 60,
    }
}

#[cfg(test)]
mod tests;
