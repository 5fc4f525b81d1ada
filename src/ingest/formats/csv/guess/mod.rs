//! What a file's columns hold, told from their names and their values.

mod amend;
mod answers;
mod dialect;
mod give;
mod headless;
mod hints;
mod ids;
mod moments;
mod opinions;
mod opposed;
mod repeats;
mod senders;
mod stats;
mod surveys;
mod zones;

use super::ask::{self, PersonsWord};
use super::cells::values::truth;
use super::columns::field::{CsvField, plain};
use super::columns::flags;
use super::columns::mapping::{Mapping, MappingError, RowShape};
use super::survey::{CellForms, CsvSurvey};
use crate::domain::Zone;
use crate::ingest::context::ImportQuestion;
use crate::ingest::times::DateOrder;
pub use amend::{amend, refit};
use dialect::{Dialect, Sample};
use give::{by_name, by_value, clock, is_missing_words};
pub(super) use ids::IdColumns;
pub(super) use senders::SenderColumn;
use serde::Serialize;
use stats::CellStats;
use std::collections::BTreeSet;

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
    /// Columns without a field that differ within conversations.
    pub(super) of_turns: BTreeSet<String>,
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
    let mut guess = asked(&mut mapping, &sample, &KnownFile::default(), &PersonsWord::default());
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
    /// The zone of times that name none.
    pub zone: Zone,
    /// What its rows hold under a mapping, with these columns and so many rows above the first; `None`: only the beginning is
    /// known.
    pub survey: Option<&'k Surveying<'k>>,
    /// Whether its rows were JSON objects.
    pub of_objects: bool,
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
    let said = PersonsWord { keys: &|key| everything || says(key), order: known.order, of_objects: known.of_objects };
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
    answers::give(&mut mapping, sample, &stats);
    give::said_as_answers(&mut mapping, sample, &stats);
    give::names_of_answers(&mut mapping, sample, &stats);
    let named = mapping.columns.len();
    by_value(&mut mapping, sample, &stats);
    clock(&mut mapping, sample, &stats);
    mapping.shape = shape(&mapping, sample);
    settle(&mut mapping);
    by_all_values(&mut mapping, sample, &stats);
    surveys::comments(&mut mapping, sample, &stats);
    (mapping, named)
}

/// Gives fields the columns that their values tell, against their headers.
fn by_all_values(m: &mut Mapping, sample: &Sample, stats: &[CellStats]) {
    if let Some(taken) = ids::better(m, sample, stats) {
        m.set(CsvField::Id, Some(&taken.column));
        if m.shape == RowShape::Turns && m.column(CsvField::MessageId).is_none() {
            m.set(CsvField::MessageId, Some(&taken.instead_of));
        }
    }
    if let Some(column) = ids::of_messages(m, sample, stats) {
        m.set(CsvField::MessageId, Some(&column));
    }
    if let Some(column) = give::notes(m, sample, stats) {
        m.set(CsvField::Private, Some(&column));
    }
    if let Some(column) = moments::of_each_turn(m, sample) {
        m.set(CsvField::Time, Some(&column));
    }
    if let [only] = moments::unnamed(m, sample, stats).as_slice() {
        m.set(CsvField::Time, Some(only));
    }
}

/// Says which fields were given so, where nobody said otherwise.
fn told_by_values(m: &Mapping, sample: &Sample, stats: &[CellStats], asked: &mut ask::AskedValues) {
    let mut by_names = Mapping::new(m.shape);
    by_name(&mut by_names, sample, stats);
    let mut without_time = m.clone();
    if m.column(CsvField::Time).is_some_and(|c| CsvField::Time.alias(&plain(c)).is_none()) {
        without_time.set(CsvField::Time, None);
    }
    if let Some(taken) = ids::better(&by_names, sample, stats).filter(|t| m.column(CsvField::Id) == Some(&*t.column)) {
        let (column, instead, why) = (taken.column, taken.instead_of, taken.why);
        asked.warnings.push(format!(
            "column `{column}` names the conversation, and not `{instead}`: {why} (--map \"id={instead}\" for that)"
        ));
    }
    match moments::unnamed(&without_time, sample, stats).as_slice() {
        [only] if m.column(CsvField::Time) == Some(only) => {
            asked.warnings.push(format!("column `{only}` holds nothing but times: taken for when each was said"));
        }
        _ => {
            let several = moments::of_something(m, sample, stats);
            let Some(first) = several.first() else { return };
            let named = several.iter().map(|c| format!("`{c}`")).collect::<Vec<_>>().join(", ");
            let hold = if several.len() == 1 { "holds" } else { "hold" };
            // `conversation_` before a name is ours: it is said of what the messages belong to.
            let of_talk = m.shape == RowShape::Conversations || first.starts_with("conversation_");
            let field = if of_talk { CsvField::Started } else { CsvField::Time };
            let seen = format!("{named} {hold} times, and nobody says whether that is when it was said: kept in meta");
            asked.wonder("when it was said", seen, format!("--map \"{field}={first}\" or another, where it is"));
        }
    }
}

/// Settles what the values settle, and asks the rest.
fn asked(mapping: &mut Mapping, sample: &Sample, known: &KnownFile<'_>, said: &PersonsWord<'_>) -> MappingGuess {
    let survey = known.survey.and_then(|survey| survey(mapping, &sample.columns, sample.above));
    let survey = survey.unwrap_or_else(|| CsvSurvey::of_rows(mapping, &sample.columns, &sample.rows));
    let before = mapping.clone();
    let stats: Vec<CellStats> = (0..sample.columns.len()).map(|i| CellStats::of(sample.values(i))).collect();
    let ids = ids::look(mapping, sample, &stats);
    let sender = senders::look(mapping, sample, &stats);
    let mut asked = ask::settle(mapping, &sample.columns, &survey, said, (&ids, sender.as_ref()));
    let is_asked = headless::ask(&before, sample, &stats, said, &mut asked);
    hints::sources(mapping, sample, said, &mut asked);
    hints::halves(mapping, sample, &mut asked);
    told_by_values(&before, sample, &stats, &mut asked);
    let strange = hints::strange(&before, sample, &stats).into_iter();
    for (name, field, values, is_read) in strange.filter(|(_, f, ..)| !(said.keys)(f.name())) {
        asked.strange(&name, field, &values, is_read);
    }
    zones::ask(mapping, sample, known.zone, said, &mut asked);
    opinions::ratings(mapping, sample, &stats, said, &mut asked);
    opinions::thumbs(mapping, sample, &stats, said, &mut asked);
    hints::ends(mapping, sample, &stats, said, &mut asked);
    hints::offers(mapping, sample, said, &mut asked);
    opposed::ask(mapping, sample, &stats, said, &mut asked);
    surveys::tell(mapping, &mut asked);
    surveys::whose(mapping, said, &mut asked);
    // Who rates twice says nothing twice.
    if !mapping.rates_alone() {
        repeats::ask(mapping, sample, &stats, &survey, said, &mut asked);
    }
    answers::ask(mapping, sample, &stats, &survey, said, &mut asked);
    let mut warnings = std::mem::take(&mut asked.warnings);
    hints::warn(mapping, sample, &ids, is_asked, &mut warnings);
    let mut guessed = asked.guessed(mapping, &sample.columns);
    ask::place_others(&mut guessed, &survey);
    MappingGuess {
        columns: listed(sample, mapping),
        guessed,
        mapping: mapping.clone(),
        above: sample.above,
        forms: survey.forms(),
        of_turns: survey.of_turns().filter_map(|i| sample.columns.get(i).cloned()).collect(),
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

/// What a row is, from the fields that there are.
fn shape(m: &Mapping, sample: &Sample) -> RowShape {
    let has = |f| m.column(f).is_some();
    let repeats = || {
        let i = sample.columns.iter().position(|c| Some(c.as_str()) == m.column(CsvField::Id));
        i.is_some_and(|i| CellStats::of(sample.values(i)).distinct < sample.values(i).count())
    };
    match () {
        () if has(CsvField::Transcript) && !has(CsvField::Role) => RowShape::Conversations,
        () if has(CsvField::Role) || m.whole_file => RowShape::Turns,
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
    // What became of an offer says nothing without what was offered.
    if m.column(CsvField::Offer).is_none() {
        m.set(CsvField::OfferStatus, None);
    }
}

fn sureness(m: &Mapping, sample: &Sample, named: usize, guess: &MappingGuess) -> u8 {
    let has = |f| m.column(f).is_some();
    let enough = match m.shape {
        RowShape::Turns => has(CsvField::Id) && has(CsvField::Text),
        RowShape::Utterances => has(CsvField::Text),
        RowShape::Conversations => has(CsvField::Transcript),
    };
    let wide = sample.rows.iter().filter(|r| r.len() == sample.columns.len()).count();
    let even = wide * 10 >= (sample.rows.len() + sample.ragged) * 9;
    match (enough, named) {
        // A table without words, if it is one: it can only be asked about.
        _ if is_missing_words(m) && (named == 0 || !even || !sample.header) => 0,
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
