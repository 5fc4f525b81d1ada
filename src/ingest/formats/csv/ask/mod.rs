//! What the values of a file settle, and what only a person can tell: asked by name, with what was seen and what settles
//! it. Nothing is taken for something else in the meantime.

mod outcomes;
mod ratings;
mod rest;
mod speakers;

use super::columns::field::Field;
use super::columns::flags;
use super::columns::mapping::Mapping;
use super::survey::Survey;
use crate::ingest::context::Question;
use crate::ingest::times::DateOrder;

/// What came of looking at the values.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// What only a person can tell.
    pub questions: Vec<Question>,
    /// What was settled, and should be looked at.
    pub warnings: Vec<String>,
    /// What guesses would be taken, as `--map` writes them.
    guesses: Vec<(String, String)>,
}

/// What somebody has said of the file.
pub(super) struct Said<'s> {
    /// A whole mapping, or corrections to the guess.
    pub keys: &'s dyn Fn(&str) -> bool,
    /// What `03/04/2026` means.
    pub order: Option<DateOrder>,
}

impl Said<'_> {
    fn setting(&self, key: &str) -> bool {
        (self.keys)(key)
    }

    fn field(&self, field: Field) -> bool {
        (self.keys)(field.name())
    }
}

impl Asked {
    /// Without an answer nothing is imported.
    fn need(&mut self, about: &str, seen: String, settle: String, guess: &[(&str, &str)], taken: Option<&str>) {
        self.guesses.extend(guess.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
        let flags = guess.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(",");
        let guess = taken.map(str::to_owned).or_else(|| (!guess.is_empty()).then_some(flags));
        self.questions.push(Question { about: about.to_owned(), seen, settle, guess, needed: true });
    }

    /// Without an answer it is left out.
    fn wonder(&mut self, about: &str, seen: String, settle: String) {
        self.questions.push(Question { about: about.to_owned(), seen, settle, guess: None, needed: false });
    }

    /// A column whose header is known and whose values are not.
    pub fn strange(&mut self, name: &str, field: Field, values: &str) {
        let seen = format!("by its name it holds {}, by its values ({values}) it does not: kept in meta", what(field));
        let settle = format!("--map {field}={name} reads it so all the same; --map {field}= leaves it");
        self.wonder(&format!("column `{name}`"), seen, settle);
    }

    /// The mapping with every guess taken.
    pub fn guessed(&self, mapping: &Mapping, columns: &[String]) -> Mapping {
        let mut guessed = mapping.clone();
        for (key, value) in &self.guesses {
            // A guess is made of names that are there.
            flags::apply(&mut guessed, key, value, columns).ok();
        }
        guessed
    }
}

/// Settles what the values settle, and asks the rest. `names_message`: every row has an id of its own.
pub(super) fn settle(
    m: &mut Mapping,
    columns: &[String],
    survey: &Survey,
    said: &Said<'_>,
    names_message: bool,
) -> Asked {
    let mut asked = Asked::default();
    rest::words(m, columns, survey, said, &mut asked);
    rest::ids(m, survey, said, names_message, &mut asked);
    speakers::settle(m, survey, &mut asked);
    rest::dates(m, survey, said, &mut asked);
    rest::order(m, survey, said, &mut asked);
    rest::latency(m, survey, said, &mut asked);
    ratings::settle(m, survey, said, &mut asked);
    outcomes::settle(m, survey, said, &mut asked);
    asked
}

/// A column as questions name it.
fn column(m: &Mapping, field: Field) -> String {
    format!("column `{}`", m.column(field).unwrap_or(field.name()))
}

/// What a field is, in the few words before the first sign.
fn what(field: Field) -> &'static str {
    match field {
        Field::Time | Field::Started | Field::Ended => "times that can be read",
        Field::Csat => "ratings",
        Field::Outcome => "outcomes",
        _ => field.help().split([':', ',']).next().unwrap_or_default(),
    }
}
