//! Thumbs and sentiments, by all of their numbers.

use super::asked::{AskedValues, PersonsWord, as_ratings, column};
use crate::ingest::context::in_shell;
use crate::ingest::formats::csv::columns::field::CsvField;
use crate::ingest::formats::csv::columns::flags;
use crate::ingest::formats::csv::columns::mapping::Mapping;
use crate::ingest::formats::csv::survey::CsvSurvey;

/// Points of a scale are no thumbs, also where some of them are 1.
pub(super) fn thumbs(m: &mut Mapping, survey: &CsvSurvey, asked: &mut AskedValues) {
    let Some(name) = m.column(CsvField::Feedback).map(str::to_owned) else { return };
    let Some((least, most)) = survey.thumbs.filter(|(least, most)| *least < -1.0 || *most > 1.0) else { return };
    let about = column(m, CsvField::Feedback);
    m.set(CsvField::Feedback, None);
    asked.wonder(
        &about,
        format!("it holds numbers from {least} to {most}: points of a scale and no thumbs; kept in meta"),
        as_ratings(&name),
    );
}

/// Sentiments of which none is below 0 may be of 0 to 1, where the middle is another.
pub(super) fn sentiments(m: &mut Mapping, survey: &CsvSurvey, said: &PersonsWord<'_>, asked: &mut AskedValues) {
    let Some(name) = m.column(CsvField::Sentiment).map(str::to_owned) else { return };
    let Some((least, most)) = survey.sentiments.filter(|(least, most)| *least >= 0.0 && *most > *least) else { return };
    if said.field(CsvField::Sentiment) {
        return;
    }
    let about = column(m, CsvField::Sentiment);
    m.set(CsvField::Sentiment, None);
    let read = in_shell(&flags::pair(CsvField::Sentiment.name(), &name));
    asked.wonder(
        &about,
        format!("it runs from {least} to {most}: -1 or 0 may be the worst; sentiments are left out"),
        format!("--map {read} where it is of -1 to 1; what is of 0 to 1 is written as twice as much less 1"),
    );
}
