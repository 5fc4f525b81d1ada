//! Which column names the conversation, where by headers alone it would be another; and which may.

use super::dialect::Sample;
use super::stats::CellStats;
use crate::ingest::derive::speakers as senders;
use crate::ingest::formats::csv::columns::field::{CsvField, plain};
use crate::ingest::formats::csv::columns::mapping::{Mapping, RowShape};
use std::collections::{HashMap, HashSet};

/// Words in headers of what many messages belong to.
const WHOLES: &[&str] = &[
    "conversation",
    "thread",
    "session",
    "chat",
    "ticket",
    "dialog",
    "interaction",
    "contact",
    "room",
    "channel",
    "case",
];
/// Those of them in which conversations come one after the other.
const PLACES: &[&str] = &["room", "channel"];
/// Headers of anything's id.
const OF_ANYTHING: &[&str] = &["id", "uuid", "ref"];

/// What the ids of a file look like.
#[derive(Debug, Default)]
pub(in crate::ingest::formats::csv) struct IdColumns {
    /// Whether every row has an id of its own, where rows are turns.
    pub own: bool,
    /// Columns that may name the conversation instead.
    pub others: Vec<String>,
    /// Columns with ids that are the same in all rows: they name no conversation among several.
    pub constant: Vec<String>,
    /// Whether several speak, so that no row is a conversation by itself.
    pub several_speak: bool,
}

/// A column that was taken for the id because of its values.
pub(super) struct TakenId {
    /// The column.
    pub column: String,
    /// The one that by its header was it.
    pub instead_of: String,
    /// Why.
    pub why: &'static str,
}

fn last(header: &str) -> &str {
    header.rsplit('.').next().unwrap_or(header)
}

/// How early a header stands among those of conversations' ids.
fn place(header: &str) -> Option<usize> {
    // `id` behind a point is the id of anything.
    let deep = || Some(plain(last(header))).filter(|name| !OF_ANYTHING.contains(&name.as_str()));
    CsvField::Id.alias(&plain(header)).or_else(|| CsvField::Id.alias(&deep()?))
}

fn is_id(header: &str) -> bool {
    let name = plain(last(header));
    place(header).is_some() || ["id", "sid", "key", "guid", "no"].iter().any(|end| name.ends_with(end))
}

/// Whether a header is that of a message's own id, and of nothing else's.
fn is_of_message(header: &str) -> bool {
    let name = plain(last(header));
    CsvField::MessageId.alias(&name).is_some() && !OF_ANYTHING.contains(&name.as_str())
}

/// The place of the column that names the conversation.
pub(super) fn chosen_id(m: &Mapping, sample: &Sample) -> Option<usize> {
    let name = m.column(CsvField::Id)?;
    sample.columns.iter().position(|c| c == name)
}

/// Whether a column has a value in each row, and each its own.
fn is_unique(sample: &Sample, stats: &[CellStats], i: usize) -> bool {
    stats[i].n == sample.rows.len() && stats[i].distinct == stats[i].n
}

/// Whether it is the same in all rows, and its header does not say that it names the one conversation there is.
fn is_constant(sample: &Sample, stats: &[CellStats], i: usize) -> bool {
    let header = plain(last(&sample.columns[i]));
    let of_a_talk = WHOLES.iter().any(|word| !PLACES.contains(word) && header.contains(word));
    let same = stats[i].distinct == 1 && stats[i].n > 1 && stats[i].n == sample.rows.len();
    same && !of_a_talk && place(&sample.columns[i]).is_none()
}

/// Whether its values are short, stand in every row, and come again, some of them.
fn repeats(sample: &Sample, stats: &[CellStats], i: usize) -> bool {
    !is_constant(sample, stats, i)
        && stats[i].n == sample.rows.len()
        && stats[i].distinct < stats[i].n
        && stats[i].len <= 120.0
        && stats[i].spaces < 0.2
}

/// The column that names the conversation better than the one whose header says so.
pub(super) fn better(m: &Mapping, sample: &Sample, stats: &[CellStats]) -> Option<TakenId> {
    let chosen = chosen_id(m, sample).filter(|_| sample.header && sample.rows.len() > 1)?;
    let (fits, why): (&dyn Fn(usize) -> bool, _) = match m.shape {
        RowShape::Conversations if !is_unique(sample, stats, chosen) => {
            (&|i| is_unique(sample, stats, i), "every row is a conversation, and it differs in each")
        }
        RowShape::Turns if m.column(CsvField::Reply).is_none() && is_unique(sample, stats, chosen) => {
            let named = |i: usize| place(&sample.columns[i]).is_some();
            (&move |i| named(i) && repeats(sample, stats, i), "the other differs in every row")
        }
        RowShape::Turns if names_messages(m, sample, chosen) => {
            let named = |i: usize| place(&sample.columns[i]).is_some();
            (&move |i| named(i) && repeats(sample, stats, i), "each of the other stands beside one message alone")
        }
        _ => return None,
    };
    let free = |i: usize| m.field_of(&sample.columns[i]).is_none_or(|f| f == CsvField::MessageId);
    let found = (0..sample.columns.len()).filter(|&i| i != chosen && free(i) && is_id(&sample.columns[i]) && fits(i));
    let best = found.min_by_key(|&i| (place(&sample.columns[i]).unwrap_or(usize::MAX), i))?;
    Some(TakenId { column: sample.columns[best].clone(), instead_of: sample.columns[chosen].clone(), why })
}

/// Whether a column with a header of anything's id names messages, as far as its values tell, which a join has multiplied.
fn names_messages(m: &Mapping, sample: &Sample, i: usize) -> bool {
    OF_ANYTHING.contains(&plain(&sample.columns[i]).as_str()) && parts_messages(m, sample, None, i)
}

/// Whether rows with the same value of a column, in the same conversation where a column names it, say the same, some of them, and those
/// with other values stand beside them.
fn parts_messages(m: &Mapping, sample: &Sample, whole: Option<usize>, i: usize) -> bool {
    let place = |field| sample.columns.iter().position(|c| Some(c.as_str()) == m.column(field));
    let said = [CsvField::Role, CsvField::Text].map(place);
    let mut messages: HashMap<[&str; 2], [&str; 2]> = HashMap::new();
    for row in &sample.rows {
        let cell = |at: Option<usize>| at.and_then(|at| row.get(at)).map_or("", |cell| cell.trim());
        let words = said.map(cell);
        if *messages.entry([cell(whole), cell(Some(i))]).or_insert(words) != words {
            return false;
        }
    }
    let talks: HashSet<&str> = messages.keys().map(|[talk, _]| *talk).collect();
    talks.len() < messages.len() && messages.len() < sample.rows.len()
}

/// The column of messages' ids that only its values tell: by its header it is some id, and rows that repeat it repeat a message.
pub(super) fn of_messages(m: &Mapping, sample: &Sample, stats: &[CellStats]) -> Option<String> {
    let whole = chosen_id(m, sample).filter(|_| sample.header && m.shape == RowShape::Turns)?;
    let free = |i: usize| m.field_of(&sample.columns[i]).is_none() && is_some_id(&sample.columns[i]);
    let fits = |&i: &usize| free(i) && stats[i].n == sample.rows.len() && parts_messages(m, sample, Some(whole), i);
    let known = m.column(CsvField::MessageId).is_some();
    (0..sample.columns.len()).filter(|_| !known).find(fits).map(|i| sample.columns[i].clone())
}

/// Whether a header is that of an id or a number of anything, in any of the usual words.
pub(super) fn is_some_id(header: &str) -> bool {
    let name = plain(last(header));
    is_id(header)
        || ["nr", "num", "number", "nummer", "numero", "ref", "uuid", "κωδικοσ"].iter().any(|end| name.ends_with(end))
}

/// Whether a column tells who speaks: the number or name of somebody, of whom each speaks in one way. What names a conversation has
/// several who speak in it.
fn is_of_speaker(sample: &Sample, role: usize, i: usize) -> bool {
    let distinct =
        |cells: &dyn Fn(&Vec<String>) -> (String, String)| sample.rows.iter().map(cells).collect::<HashSet<_>>().len();
    let cell = |row: &Vec<String>, at: usize| row.get(at).cloned().unwrap_or_default();
    let both = distinct(&|row| (cell(row, role), cell(row, i)));
    both > 1
        && both == distinct(&|row| (cell(row, i), String::new()))
        && 1 < distinct(&|row| (cell(row, role), String::new()))
}

/// The column under whose values several speak, where no header is that of an id: of several the one with the most values.
fn groups_speakers(m: &Mapping, sample: &Sample, stats: &[CellStats], role: usize) -> Option<usize> {
    let groups = |i: &usize| {
        let mut talks: HashMap<&str, HashSet<&str>> = HashMap::new();
        for row in &sample.rows {
            let cell = |at: usize| row.get(at).map_or("", |cell| cell.trim());
            talks.entry(cell(*i)).or_default().insert(cell(role));
        }
        talks.values().filter(|who| who.len() > 1).count() * 2 > talks.len()
    };
    let free = |i: &usize| *i != role && m.field_of(&sample.columns[*i]).is_none() && stats[*i].times < 0.5;
    (0..sample.columns.len())
        .filter(|i| sample.header && stats[*i].distinct > 1 && free(i) && repeats(sample, stats, *i))
        .filter(groups)
        .max_by_key(|&i| (stats[i].distinct, std::cmp::Reverse(i)))
}

/// Who writes to whom, by addresses or telephone numbers in both columns, where nothing else names a conversation.
fn pair(m: &Mapping, sample: &Sample) -> Option<String> {
    if m.column(CsvField::Id).is_some() {
        return None;
    }
    let place = |name: &str| sample.columns.iter().position(|c| plain(c) == name);
    let (from, to) = (place("from")?, place("to")?);
    let contacts = |i: usize| sample.values(i).all(|v| senders::is_contact(&senders::word(v)));
    (contacts(from) && contacts(to)).then(|| format!("{}+{}", sample.columns[from], sample.columns[to]))
}

/// What the ids look like under a mapping.
pub(super) fn look(m: &Mapping, sample: &Sample, stats: &[CellStats]) -> IdColumns {
    if m.shape == RowShape::Conversations {
        return IdColumns::default();
    }
    // `conversation_` before a name is ours: it is said of what the messages belong to.
    let own = |header: &str| header.strip_prefix("conversation_").unwrap_or(header).to_owned();
    let whole = |header: &str| WHOLES.iter().any(|word| plain(&own(header)).contains(word));
    let words = [CsvField::Role, CsvField::Text, CsvField::Time].map(|f| m.column(f));
    let chosen = chosen_id(m, sample);
    let role = m.column(CsvField::Role).and_then(|name| sample.columns.iter().position(|c| c == name));
    let mut others: Vec<String> = (0..sample.columns.len())
        .filter(|&i| Some(i) != chosen && !words.contains(&Some(sample.columns[i].as_str())))
        .filter(|&i| sample.header && is_id(&sample.columns[i]) && repeats(sample, stats, i))
        .filter(|&i| !is_of_message(&sample.columns[i]) && !role.is_some_and(|role| is_of_speaker(sample, role, i)))
        .map(|i| sample.columns[i].clone())
        .collect();
    // Any other id that comes again may be it only where there is no better one.
    if others.iter().any(|column| whole(column)) {
        others.retain(|column| whole(column));
    }
    others.extend(pair(m, sample));
    if others.is_empty() {
        others.extend(role.and_then(|role| groups_speakers(m, sample, stats, role)).map(|i| sample.columns[i].clone()));
    }
    let several_speak = role.is_some_and(|i| stats[i].distinct > 1);
    // Of few rows each may well be alone, where the header says of what the id is; of two by two who speak it says less.
    let few = |i: usize| {
        let of_anything = OF_ANYTHING.contains(&plain(&sample.columns[i]).as_str());
        stats[i].n >= 4 || stats[i].n > 1 && of_anything && (!others.is_empty() || stats[i].n > 2 || several_speak)
    };
    let own = m.column(CsvField::Reply).is_none()
        && chosen.is_some_and(|i| stats[i].n > 1 && stats[i].distinct == stats[i].n && few(i));
    let constant = (0..sample.columns.len())
        .filter(|&i| Some(i) != chosen && sample.header && is_id(&sample.columns[i]))
        .filter(|&i| is_constant(sample, stats, i))
        .map(|i| sample.columns[i].clone())
        .collect();
    IdColumns { own, others, constant, several_speak }
}
