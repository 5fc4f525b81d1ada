//! What a guess settles beside the columns (who speaks, the order, the scale of ratings), and what it asks people to
//! look at.

use super::dialect::Sample;
use crate::domain::{Role, Timestamp};
use crate::ingest::formats::csv::cells::senders;
use crate::ingest::formats::csv::cells::values::{self, truth};
use crate::ingest::formats::csv::columns::field::{Field, plain};
use crate::ingest::formats::csv::columns::mapping::{Mapping, Shape};
use crate::ingest::times::{DateOrder, Times};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Senders that a mapping lists; a column of names or numbers has any number.
const SENDERS: usize = 20;

/// Settles who speaks, in which order rows stand, and the scale of ratings.
pub(super) fn complete(m: &mut Mapping, sample: &Sample, warnings: &mut Vec<String>) {
    if m.shape == Shape::Turns {
        speakers(m, sample, warnings);
        m.newest_first |= newest_first(m, sample);
    }
    let most = column(m, sample, Field::Csat).map(|i| {
        let plain_numbers = sample.values(i).filter_map(values::rating).filter(|(_, max)| max.is_none());
        plain_numbers.map(|(score, _)| score).fold(0.0, f64::max)
    });
    m.csat_max = m.csat_max.or(match most {
        Some(most) if most > 10.0 => Some(100.0),
        Some(most) if most > 5.0 => Some(10.0),
        _ => None,
    });
}

fn column(m: &Mapping, sample: &Sample, field: Field) -> Option<usize> {
    let name = m.column(field)?;
    sample.columns.iter().position(|c| c == name)
}

/// Says of every sender's word who it is, as far as anybody can tell.
fn speakers(m: &mut Mapping, sample: &Sample, warnings: &mut Vec<String>) {
    let Some(i) = column(m, sample, Field::Role) else { return };
    let header = plain(&sample.columns[i]);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    sample.values(i).for_each(|v| *seen.entry(senders::word(v)).or_default() += 1);
    let says_bot = matches!(header.as_str(), "isbot" | "frombot");
    let says_user =
        header.contains("customer") || header.contains("user") || header.contains("incoming") || header == "inbound";
    if (says_bot || says_user) && seen.keys().all(|w| truth(w).is_some()) {
        let role = |yes: bool| if yes == says_user { Role::User } else { Role::Bot };
        m.senders.extend(seen.keys().filter_map(|w| Some((w.clone(), role(truth(w)?)))));
        return;
    }
    let role_of = |m: &Mapping, w: &str| m.senders.get(w).copied().or_else(|| senders::known(w));
    let known: BTreeSet<Role> = seen.keys().filter_map(|w| role_of(m, w)).collect();
    let listed: Vec<(String, Role)> =
        seen.keys().filter_map(|w| Some((w.clone(), role_of(m, w)?))).take(SENDERS).collect();
    let unknown: Vec<&String> = seen.keys().filter(|w| role_of(m, w).is_none()).collect();
    m.senders.extend(listed);
    if m.other_senders.is_none() && !unknown.is_empty() {
        strangers(m, &unknown, &known, warnings);
    }
}

/// Senders whose word says nothing: telephone numbers are customers, many names are customers, and one name beside
/// customers is the AI's.
fn strangers(m: &mut Mapping, unknown: &[&String], known: &BTreeSet<Role>, warnings: &mut Vec<String>) {
    let (contacts, names): (Vec<&&String>, Vec<&&String>) = unknown.iter().partition(|w| senders::is_contact(w));
    let customers = !contacts.is_empty() || (names.len() >= 5 && !known.contains(&Role::User));
    if customers {
        m.other_senders = Some(Role::User);
    }
    let has_user = customers || known.contains(&Role::User);
    if let [name] = names[..]
        && has_user != known.contains(&Role::Bot)
    {
        let role = if has_user { Role::Bot } else { Role::User };
        m.senders.insert((**name).clone(), role);
        warnings.push(format!("sender `{name}` is taken for the {role}: if not, --map \"role:{name}=agent\""));
    }
}

/// Whether times within conversations run backwards, as in exports that list the newest first.
fn newest_first(m: &Mapping, sample: &Sample) -> bool {
    let (Some(id), Some(time)) = (column(m, sample, Field::Id), column(m, sample, Field::Time)) else { return false };
    if m.column(Field::Turn).is_some() {
        return false;
    }
    let times = Times { order: Some(DateOrder::DayFirst), ..Times::default() };
    let mut last: BTreeMap<&str, Timestamp> = BTreeMap::new();
    let (mut up, mut down) = (0, 0);
    for row in &sample.rows {
        let (Some(id), Some(cell)) = (row.get(id), row.get(time)) else { continue };
        let Ok(Some(at)) = times.read(&Value::from(cell.as_str())) else { continue };
        match last.insert(id.trim(), at) {
            Some(before) if before < at => up += 1,
            Some(before) if before > at => down += 1,
            _ => {}
        }
    }
    down > 3 * up
}

/// What somebody should look at.
pub(super) fn warn(m: &Mapping, sample: &Sample, warnings: &mut Vec<String>) {
    let has = |f| m.column(f).is_some();
    let mut say = |when: bool, what: &str| {
        if when {
            warnings.push(what.to_owned());
        }
    };
    let words = has(Field::Text) || has(Field::Transcript) || has(Field::Reply);
    say(!words, "no column looks like text: name it with --map text=COLUMN");
    say(
        !sample.header,
        "no header was found: columns go by their number (--map header=yes where the first row names them)",
    );
    let turns = m.shape == Shape::Turns;
    say(turns && !has(Field::Id), "no column says which conversation a row belongs to: --map id=COLUMN");
    say(
        turns && !has(Field::Role) && !has(Field::Reply),
        "no column says who speaks: every row counts as the customer's",
    );
    let lone = column(m, sample, Field::Id).is_some_and(|i| {
        let n = sample.values(i).count();
        n >= 4 && sample.values(i).map(str::trim).collect::<BTreeSet<_>>().len() == n
    });
    say(
        turns && lone && !has(Field::Reply),
        "every row has an id of its own: if it is the message's, --map id=COLUMN names the conversation's",
    );
    say(
        m.shape == Shape::Utterances && has(Field::Intent) && !has(Field::Gold) && !has(Field::Confidence),
        "`intent` is read as the AI's prediction, which is never a label: where people gave it, --map gold=COLUMN, or import the file as base examples",
    );
    say(m.newest_first, "times run backwards: each conversation is read from its last row to its first");
    if let Some(max) = m.csat_max {
        say(true, &format!("ratings go above 5, so the best is taken to be {max}: --map csat_max=N where it is not"));
    }
    if let Some(encoding) = &m.encoding {
        say(true, &format!("the text is no UTF-8; it looks like {encoding} (--map encoding=NAME for another)"));
    }
    unknown_senders(m, sample, warnings);
    if no_ai(m, sample) {
        warnings.push(
            "the senders are customers and people, none is the AI: if `agent` is, --map role:agent=bot".to_owned(),
        );
    }
    warnings.extend(sample.odd_headers.iter().cloned());
}

fn unknown_senders(m: &Mapping, sample: &Sample, warnings: &mut Vec<String>) {
    let Some(i) = column(m, sample, Field::Role).filter(|_| m.other_senders.is_none()) else { return };
    let unknown: BTreeSet<String> = sample
        .values(i)
        .map(senders::word)
        .filter(|w| !m.senders.contains_key(w) && senders::known(w).is_none())
        .take(5)
        .collect();
    if let Some(first) = unknown.first() {
        let list = unknown.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        warnings
            .push(format!("nobody says who these senders are: {list} (--map \"role:{first}=user\", or bot, or agent)"));
    }
}

/// Whether people answer customers and no AI does, as far as the senders are known.
fn no_ai(m: &Mapping, sample: &Sample) -> bool {
    let Some(i) = column(m, sample, Field::Role).filter(|_| m.shape == Shape::Turns) else { return false };
    let role = |w: String| m.senders.get(&w).copied().or_else(|| senders::known(&w)).or(m.other_senders);
    let roles: BTreeSet<Option<Role>> = sample.values(i).map(senders::word).map(role).collect();
    roles.contains(&Some(Role::Agent)) && !roles.contains(&Some(Role::Bot)) && !roles.contains(&None)
}
