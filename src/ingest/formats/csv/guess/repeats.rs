//! Messages that stand in several rows, without an id that says so: a join may have multiplied them, or somebody said them several times.

use super::dialect::Sample;
use super::stats::CellStats;
use crate::ingest::formats::csv::ask::{AskedValues, PersonsWord};
use crate::ingest::formats::csv::columns::mapping::Mapping;
use crate::ingest::formats::csv::survey::CsvSurvey;

/// Rows that repeat a message, and one of how many: fewer are of people who say something twice.
const SEVERAL: u64 = 2;
const ONE_OF: u64 = 10;

/// Asks whether rows that repeat a message are one, by the columns in which they differ.
pub(super) fn ask(
    m: &Mapping,
    sample: &Sample,
    stats: &[CellStats],
    survey: &CsvSurvey,
    said: &PersonsWord<'_>,
    asked: &mut AskedValues,
) {
    let repeated = &survey.repeated;
    let often = repeated.rows >= SEVERAL && repeated.rows * ONE_OF >= repeated.of;
    if !often || said.of_objects || (said.keys)("repeats") || m.joins_repeats {
        return;
    }
    // What differs in every row differs without a join.
    let comes_again = |&&(i, _): &&(usize, u64)| stats.get(i).is_some_and(|s| s.distinct < s.n);
    let differ: Vec<(usize, u64)> = repeated.differ.iter().map(|(i, n)| (*i, *n)).collect();
    let Some((most, _)) = differ.iter().filter(comes_again).max_by_key(|(i, n)| (*n, std::cmp::Reverse(*i))) else {
        return;
    };
    let name = &sample.columns[*most];
    let seen = format!(
        "{} of {} rows say what another row of the conversation says, and differ in it: a join may have multiplied the messages",
        repeated.rows, repeated.of
    );
    let settle = "--map repeats=one where they are one message, and what else they say is kept together; --map repeats=each where it was said so \
                  often; --map message_id=COLUMN where a column names the message";
    asked.need(&format!("column `{name}`"), seen, settle.to_owned(), &[("repeats", "one")], None);
}
