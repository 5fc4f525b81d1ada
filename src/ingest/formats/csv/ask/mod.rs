//! What the values of a file settle, and what only a person can tell: asked by name, with what was seen and what settles
//! it. Nothing is taken for something else in the meantime.

mod asked;
mod feelings;
mod ids;
mod outcomes;
mod ratings;
mod rest;
mod sender;
mod speakers;

pub(super) use asked::{AskedValues, PersonsWord};
pub(super) use speakers::place_others;

use super::columns::field::CsvField;
use super::columns::mapping::Mapping;
use super::guess::{IdColumns, SenderColumn};
use super::survey::CsvSurvey;

/// Settles what ratings are of by their values alone, and asks the rest.
pub(super) fn ratings(m: &mut Mapping, survey: &CsvSurvey, said: &PersonsWord<'_>) -> AskedValues {
    let mut asked = AskedValues::default();
    ratings::settle(m, survey, said, &mut asked);
    asked
}

/// Settles what the values settle, and asks the rest; where nothing holds words, that alone. `looks`: what the columns
/// with ids look like, and which may say who speaks.
pub(super) fn settle(
    m: &mut Mapping,
    columns: &[String],
    survey: &CsvSurvey,
    said: &PersonsWord<'_>,
    (ids, sender): (&IdColumns, Option<&SenderColumn>),
) -> AskedValues {
    if m.rates_alone() {
        let mut asked = ratings(m, survey, said);
        // Nothing else is in it.
        let is_settled = m.column(CsvField::Csat).is_some();
        asked.questions.iter_mut().for_each(|question| question.needed = !is_settled);
        return asked;
    }
    let mut asked = AskedValues::default();
    if !rest::words(m, columns, survey, said, &mut asked) {
        return asked;
    }
    ids::settle(m, columns, survey, said, ids, &mut asked);
    speakers::settle(m, columns, survey, said, (ids, sender), &mut asked);
    rest::dates(m, survey, said, &mut asked);
    rest::order(m, survey, said, &mut asked);
    rest::latency(m, survey, said, &mut asked);
    feelings::thumbs(m, survey, &mut asked);
    feelings::sentiments(m, survey, said, &mut asked);
    ratings::settle(m, survey, said, &mut asked);
    outcomes::settle(m, survey, said, &mut asked);
    asked
}
