//! Rows that a join has multiplied: a message once for each tag, each label, each event of it.

use super::said::SpokenRow;
use crate::domain::Role;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Makes one row of those that say the same under the same message id; what else they say is kept. Where there are no ids:
/// of those that agree in time, speaker and words, if all of the conversation's rows stand there equally often, or somebody said that they
/// are `one`. Returns how many rows were too many.
pub(super) fn join(rows: &mut Vec<SpokenRow>, one: bool) -> u64 {
    if rows.len() < 2 {
        return 0;
    }
    let before = rows.len();
    let ids = rows.iter().filter(|r| id(r).is_some()).count();
    if ids > 0 {
        by_id(rows);
    } else if multiplied(rows) || one && rows.iter().all(|row| moment(row).is_some()) {
        by(rows, moment);
    } else if one {
        beside_each_other(rows);
    }
    (before - rows.len()) as u64
}

type Words = (Option<String>, Vec<(Role, String)>);

fn id(row: &SpokenRow) -> Option<&str> {
    row.turns.first()?.id.as_deref()
}

fn words(row: &SpokenRow) -> Words {
    (row.sender.clone(), row.turns.iter().map(|t| (t.role, t.text.trim().to_owned())).collect())
}

fn moment(row: &SpokenRow) -> Option<(String, Words)> {
    let at = row.turns.first()?.at?;
    Some((at.0.to_string(), words(row)))
}

fn by_id(rows: &mut Vec<SpokenRow>) {
    by(rows, |row| Some((id(row)?.to_owned(), words(row))));
}

/// Whether every message stands there two times, or every one three times, and so on.
fn multiplied(rows: &[SpokenRow]) -> bool {
    let mut counts: HashMap<(String, Words), u32> = HashMap::new();
    for row in rows {
        let Some(key) = moment(row) else { return false };
        *counts.entry(key).or_default() += 1;
    }
    let mut each = counts.values();
    let Some(first) = each.next() else { return false };
    *first > 1 && counts.len() > 1 && each.all(|n| n == first)
}

fn beside_each_other(rows: &mut Vec<SpokenRow>) {
    let mut out: Vec<SpokenRow> = Vec::with_capacity(rows.len());
    for row in rows.drain(..) {
        match out.last_mut() {
            Some(last) if last.place == row.place && words(last) == words(&row) => merge(last, row),
            _ => out.push(row),
        }
    }
    *rows = out;
}

fn by(rows: &mut Vec<SpokenRow>, key: impl Fn(&SpokenRow) -> Option<(String, Words)>) {
    let mut places: HashMap<(String, Words), usize> = HashMap::new();
    let mut out: Vec<SpokenRow> = Vec::with_capacity(rows.len());
    for row in rows.drain(..) {
        let Some(key) = key(&row) else {
            out.push(row);
            continue;
        };
        match places.get(&key) {
            Some(&at) => merge(&mut out[at], row),
            None => {
                places.insert(key, out.len());
                out.push(row);
            }
        }
    }
    *rows = out;
}

fn merge(first: &mut SpokenRow, other: SpokenRow) {
    first.about.extend(other.about);
    for (turn, more) in first.turns.iter_mut().zip(other.turns) {
        let new: Vec<String> = more.gold.into_iter().filter(|g| !turn.gold.contains(g)).collect();
        turn.gold.extend(new);
    }
    for (key, value) in other.extra {
        add(&mut first.extra, key, value);
    }
}

/// Values that differ become a list.
fn add(extra: &mut Map<String, Value>, key: String, value: Value) {
    match extra.get_mut(&key) {
        None => drop(extra.insert(key, value)),
        Some(known) if *known == value => {}
        Some(Value::Array(list)) => {
            if !list.contains(&value) {
                list.push(value);
            }
        }
        Some(known) => *known = Value::Array(vec![known.take(), value]),
    }
}
