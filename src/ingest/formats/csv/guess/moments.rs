//! Which column holds when something was said, where no header says it.

use super::dialect::Sample;
use super::ids::is_some_id;
use super::stats::CellStats;
use crate::ingest::formats::csv::columns::field::{CsvField, plain};
use crate::ingest::formats::csv::columns::mapping::{Mapping, RowShape};
use std::collections::HashMap;

/// Words in headers of times that are of something else than the message's being sent.
const OF_ELSE: &[&str] =
    &["edit", "delet", "updat", "modif", "due", "expir", "birth", "deliver", "read", "seen", "export", "clos", "end"];

/// Whether a header says that its times are of something else.
fn is_of_else(header: &str) -> bool {
    OF_ELSE.iter().any(|word| plain(header).contains(word))
}

/// Words in headers of numbers that are times, in whatever unit.
const OF_TIMES: &[&str] = &["time", "stamp", "epoch", "unix", "sent", "created", "sort"];
/// From here on a number has the digits of milliseconds, and is no number of anything by chance.
const MILLISECONDS: f64 = 1e12;

/// Whether a column holds numbers that are times, by their shape and, where they may be numbers of anything, its header.
fn counts_time(sample: &Sample, stats: &[CellStats], i: usize) -> bool {
    let (header, s) = (plain(&sample.columns[i]), &stats[i]);
    let named = OF_TIMES.iter().any(|word| header.contains(word)) || header.starts_with("ts") || header.ends_with("ts");
    s.n > 0
        && s.epochs == 1.0
        && (named || s.least >= MILLISECONDS && s.distinct > 1 && !is_some_id(&sample.columns[i]))
}

/// Columns without a field that hold nothing but times, in the form of RFC 3339 or counted from 1970, one in every row.
pub(super) fn unnamed(m: &Mapping, sample: &Sample, stats: &[CellStats]) -> Vec<String> {
    if m.column(CsvField::Time).is_some() || m.shape == RowShape::Conversations || !sample.header {
        return Vec::new();
    }
    (0..sample.columns.len())
        .filter(|&i| stats[i].n > 0 && stats[i].n == sample.rows.len())
        .filter(|&i| stats[i].stamps == 1.0 || counts_time(sample, stats, i))
        .map(|i| sample.columns[i].clone())
        .filter(|column| m.field_of(column).is_none() && !is_of_else(column))
        .collect()
}

/// Columns without a field that hold times with a date in any form, in some rows: what they are times of only a person can tell.
pub(super) fn of_something(m: &Mapping, sample: &Sample, stats: &[CellStats]) -> Vec<String> {
    let known = [CsvField::Time, CsvField::Started].iter().any(|f| m.column(*f).is_some());
    if known || !sample.header {
        return Vec::new();
    }
    let free = |i: &usize| m.field_of(&sample.columns[*i]).is_none() && !is_of_else(&sample.columns[*i]);
    (0..sample.columns.len())
        .filter(|&i| {
            stats[i].n > 0 && stats[i].times >= 0.9 && (stats[i].numbers < 0.5 || counts_time(sample, stats, i))
        })
        .filter(free)
        .map(|i| sample.columns[i].clone())
        .collect()
}

/// The column of when conversations began, where it holds when each message was sent: it differs within one.
pub(super) fn of_each_turn(m: &Mapping, sample: &Sample) -> Option<String> {
    if m.shape != RowShape::Turns || m.column(CsvField::Time).is_some() {
        return None;
    }
    let place = |field: CsvField| sample.columns.iter().position(|c| Some(c.as_str()) == m.column(field));
    let started = place(CsvField::Started)?;
    let id = place(CsvField::Id);
    let mut first: HashMap<&str, &str> = HashMap::new();
    let differs = sample.rows.iter().any(|row| {
        let cell = |i: usize| row.get(i).map_or("", |cell| cell.trim());
        let (of, at) = (id.map_or("", cell), cell(started));
        !at.is_empty() && *first.entry(of).or_insert(at) != at
    });
    differs.then(|| sample.columns[started].clone())
}
