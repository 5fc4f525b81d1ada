//! What is asked, and what has been said already.

use crate::ingest::context::{ImportQuestion, in_shell};
use crate::ingest::formats::csv::columns::field::CsvField;
use crate::ingest::formats::csv::columns::flags;
use crate::ingest::formats::csv::columns::mapping::Mapping;
use crate::ingest::times::DateOrder;

/// What came of looking at the values.
#[derive(Debug, Default)]
pub(in crate::ingest::formats::csv) struct AskedValues {
    /// What only a person can tell.
    pub questions: Vec<ImportQuestion>,
    /// What was settled, and should be looked at.
    pub warnings: Vec<String>,
    /// What guesses would be taken, as `--map` writes them.
    pub(super) guesses: Vec<(String, String)>,
}

/// What somebody has said of the file.
pub(in crate::ingest::formats::csv) struct PersonsWord<'s> {
    /// A whole mapping, or corrections to the guess.
    pub keys: &'s dyn Fn(&str) -> bool,
    /// What `03/04/2026` means.
    pub order: Option<DateOrder>,
    /// Whether it was said of JSON objects, of which rows were made because of it.
    pub of_objects: bool,
}

impl Default for PersonsWord<'_> {
    fn default() -> Self {
        Self { keys: &|_| false, order: None, of_objects: false }
    }
}

impl PersonsWord<'_> {
    pub(super) fn setting(&self, key: &str) -> bool {
        (self.keys)(key)
    }

    pub(super) fn field(&self, field: CsvField) -> bool {
        (self.keys)(field.name())
    }
}

impl AskedValues {
    /// Without an answer nothing is imported.
    pub(in crate::ingest::formats::csv) fn need(
        &mut self,
        about: &str,
        seen: String,
        settle: String,
        guess: &[(&str, &str)],
        taken: Option<&str>,
    ) {
        self.guesses.extend(guess.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
        let flags = guess.iter().map(|(k, v)| flags::pair(k, v)).collect::<Vec<_>>().join(",");
        let guess = taken.map(str::to_owned).or_else(|| (!guess.is_empty()).then_some(flags));
        self.questions.push(ImportQuestion { about: about.to_owned(), seen, settle, guess, needed: true });
    }

    /// Without an answer it is left out.
    pub(in crate::ingest::formats::csv) fn wonder(&mut self, about: &str, seen: String, settle: String) {
        self.questions.push(ImportQuestion { about: about.to_owned(), seen, settle, guess: None, needed: false });
    }

    /// A column whose header is known and whose values are not; some of them can be read all the same where it `is_read`.
    pub(in crate::ingest::formats::csv) fn strange(
        &mut self,
        name: &str,
        field: CsvField,
        values: &str,
        is_read: bool,
    ) {
        let seen = format!("by its name it holds {}, by its values ({values}) it does not: kept in meta", what(field));
        let words = match field {
            CsvField::Csat => {
                " (and csat:WORD=N for each word says what it is worth, csat:WORD=none that nobody rated)"
            }
            CsvField::Outcome => " (and outcome:WORD=resolved for each word says what it means)",
            _ => "",
        };
        let read = in_shell(&format!("{field}={name}"));
        let settle = match field {
            CsvField::Time | CsvField::Started | CsvField::Ended => unreadable(field),
            CsvField::Feedback if !is_read => format!("write {}; {}", form(field), as_ratings(name)),
            _ if !is_read => format!("none of them can be read so: write {}, or --map {field}= leaves it", form(field)),
            _ => format!("--map {read} reads it so all the same{words}; --map {field}= leaves it"),
        };
        self.wonder(&format!("column `{name}`"), seen, settle);
    }

    /// The mapping with every guess taken.
    pub(in crate::ingest::formats::csv) fn guessed(&self, mapping: &Mapping, columns: &[String]) -> Mapping {
        let mut guessed = mapping.clone();
        for (key, value) in &self.guesses {
            // A guess is made of names that are there.
            flags::apply(&mut guessed, key, value, columns).ok();
        }
        guessed
    }
}

/// How the values of a field are written, where only some can be read.
fn form(field: CsvField) -> &'static str {
    match field {
        CsvField::Private => "yes, no or `note`",
        CsvField::Feedback => "up or down",
        CsvField::Latency => "`850` or `1.2 s`",
        CsvField::Confidence | CsvField::Sentiment | CsvField::Turn | CsvField::Propensity => "numbers",
        _ => "yes or no",
    }
}

/// The line that reads a column of points as ratings; their scale is asked for where it cannot be told.
pub(super) fn as_ratings(name: &str) -> String {
    let read = in_shell(&format!("feedback=,{}", flags::pair(CsvField::Csat.name(), name)));
    format!("--map {read} where it is the customer's rating, --map feedback= leaves it")
}

/// What settles times that cannot be read.
pub(super) fn unreadable(field: CsvField) -> String {
    format!("write them as 2026-03-03T08:00:00Z, or --map {field}= leaves the column out")
}

/// What a field is, in the few words before the first sign.
pub(super) fn what(field: CsvField) -> &'static str {
    match field {
        CsvField::Time | CsvField::Started | CsvField::Ended => "times that can be read",
        CsvField::Csat => "ratings",
        CsvField::Outcome => "outcomes",
        CsvField::Private => "whether the customer saw it",
        CsvField::Fallback => "whether the AI did not understand",
        CsvField::Payload => "whether a button was pressed",
        CsvField::Escalated | CsvField::Resolved | CsvField::Abandoned => "yes or no",
        _ => field.help().split([':', ',']).next().unwrap_or_default(),
    }
}

/// A column as questions name it.
pub(super) fn column(m: &Mapping, field: CsvField) -> String {
    format!("column `{}`", m.column(field).unwrap_or(field.name()))
}
