//! Columns that say of the same row that its conversation ended in two ways.

use super::dialect::Sample;
use super::give::NAMES_OUTCOMES;
use super::hints::may_tell_ends;
use super::stats::CellStats;
use crate::domain::Outcome;
use crate::ingest::context::in_shell;
use crate::ingest::formats::csv::ask::{AskedValues, PersonsWord};
use crate::ingest::formats::csv::cells::outcomes::outcome;
use crate::ingest::formats::csv::columns::field::{CsvField, plain};
use crate::ingest::formats::csv::columns::flags;
use crate::ingest::formats::csv::columns::mapping::Mapping;

/// Asks which of two columns says how conversations ended. Where the header of the one that is taken leaves no doubt, the other is named.
pub(super) fn ask(m: &Mapping, sample: &Sample, stats: &[CellStats], said: &PersonsWord<'_>, asked: &mut AskedValues) {
    let Some(taken) = m.column(CsvField::Outcome).filter(|_| !(said.keys)(CsvField::Outcome.name())) else { return };
    let Some(at) = sample.columns.iter().position(|c| c == taken) else { return };
    let is_plain = NAMES_OUTCOMES.contains(&plain(taken).as_str());
    for (i, name) in sample.columns.iter().enumerate().filter(|(i, name)| *i != at && m.field_of(name).is_none()) {
        if stats[i].outcomes < 0.5 || !may_tell_ends(name) {
            continue;
        }
        let both: Vec<(&str, &str)> =
            sample.rows.iter().filter_map(|row| Some((ended(row, at)?, ended(row, i)?))).collect();
        let differ = both.iter().filter(|(one, other)| outcome(one) != outcome(other));
        let Some((one, other)) = differ.clone().next() else { continue };
        let seen = format!(
            "it tells another end than `{taken}` in {} of {} rows in which both tell one, such as `{other}` beside `{one}`",
            differ.count(),
            both.len()
        );
        let line = |column: &str| in_shell(&flags::pair(CsvField::Outcome.name(), column));
        let about = format!("column `{name}`");
        let (this, that) = (line(name), line(taken));
        match is_plain {
            true => asked.wonder(&about, seen, format!("--map {this} where it says how conversations ended")),
            false => asked.need(
                &about,
                seen,
                format!("--map {that} or --map {this} says which of them tells how conversations ended"),
                &[(CsvField::Outcome.name(), taken)],
                None,
            ),
        }
    }
}

/// The cell in which a row tells an end that is one.
fn ended(row: &[String], i: usize) -> Option<&str> {
    let cell = row.get(i)?.trim();
    outcome(cell).filter(|end| !matches!(end, Outcome::Pending | Outcome::Unknown)).map(|_| cell)
}
