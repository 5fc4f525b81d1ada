//! Which column says who speaks, where no header and no word tells: few values, two or so in a conversation, that take turns.

use super::dialect::Sample;
use super::ids::chosen_id;
use super::stats::CellStats;
use crate::ingest::formats::csv::cells::values::number;
use crate::ingest::formats::csv::columns::field::{CsvField, plain};
use crate::ingest::formats::csv::columns::mapping::Mapping;
use std::collections::HashMap;

/// Values that a question can name one by one; of more, others speak in each conversation.
const FEW: usize = 4;
/// Speakers that a conversation has at most.
const IN_ONE: usize = 4;
/// Shares of conversations with several speakers, and of steps from one to another, that a header which names people needs; and any other.
const NAMED: (f64, f64) = (0.6, 0.3);
const NAMELESS: (f64, f64) = (0.9, 0.7);
/// Words in headers of who speaks.
const PEOPLE: &[&str] = &[
    "agent",
    "speaker",
    "sender",
    "author",
    "worker",
    "participant",
    "turker",
    "person",
    "party",
    "writer",
    "user",
    "actor",
    "talker",
    "interlocutor",
    "role",
    "side",
    "who",
    "from",
    "bot",
    "customer",
    "member",
    "name",
];

/// A column that may say who speaks.
#[derive(Clone, Debug, Default)]
pub(in crate::ingest::formats::csv) struct SenderColumn {
    /// It.
    pub column: String,
    /// Its values in the beginning of the file and how many rows have each, the most frequent first; none where they are too many to name.
    pub values: Vec<(String, u64)>,
    /// The one with which most conversations begin.
    pub first: Option<String>,
}

/// The likeliest column of who speaks, where none is known and a row names the columns.
pub(super) fn look(m: &Mapping, sample: &Sample, stats: &[CellStats]) -> Option<SenderColumn> {
    if sample.header { likeliest(m, sample, stats) } else { None }
}

/// The same, whatever names the columns.
pub(super) fn likeliest(m: &Mapping, sample: &Sample, stats: &[CellStats]) -> Option<SenderColumn> {
    let is_told = [CsvField::Role, CsvField::Reply, CsvField::Transcript].iter().any(|f| m.column(*f).is_some());
    if is_told {
        return None;
    }
    let has_id = chosen_id(m, sample).is_some();
    let free = |i: &usize| match m.field_of(&sample.columns[*i]) {
        None => true,
        // Ids of messages are no two alike, and customers do not change within a conversation.
        Some(CsvField::Customer) => has_id,
        Some(field) => matches!(field, CsvField::MessageId | CsvField::Bot | CsvField::Source),
    };
    let fits = |i: usize| {
        let s = &stats[i];
        let short =
            s.len <= 40.0 && s.times < 0.5 && s.distinct > 1 && s.distinct < s.n && s.n * 10 >= sample.rows.len() * 9;
        let turns = TakenTurns::of(m, sample, i).filter(|_| short)?;
        let names = is_of_people(&sample.columns[i]);
        // Where nothing says what belongs together, any rows may follow each other.
        let (several, steps) = if names && has_id { NAMED } else { NAMELESS };
        let is_number = turns.counts_up && !names;
        (turns.several >= several && turns.steps >= steps && !is_number).then_some((i, names, turns))
    };
    let found = (0..sample.columns.len()).filter(free).filter_map(fits);
    let (i, _, turns) = found.max_by(|a, b| a.1.cmp(&b.1).then(a.2.pairs.total_cmp(&b.2.pairs)).then(b.0.cmp(&a.0)))?;
    Some(SenderColumn { column: sample.columns[i].clone(), values: values(sample, i), first: turns.first })
}

fn is_of_people(header: &str) -> bool {
    let header = plain(header);
    PEOPLE.iter().any(|word| header.contains(word))
}

fn values(sample: &Sample, i: usize) -> Vec<(String, u64)> {
    let mut counts: HashMap<&str, u64> = HashMap::new();
    sample.values(i).for_each(|value| *counts.entry(value.trim()).or_default() += 1);
    if counts.len() > FEW {
        return Vec::new();
    }
    let mut counts: Vec<(String, u64)> = counts.into_iter().map(|(value, n)| (value.to_owned(), n)).collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}

/// How the values of a column follow each other within conversations.
struct TakenTurns {
    /// The share of conversations with several rows that have two values and not many more.
    several: f64,
    /// The share that has just two.
    pairs: f64,
    /// The share of rows that have another value than the one before.
    steps: f64,
    /// Whether they are numbers that rise from row to row of each conversation: they say where a row stands.
    counts_up: bool,
    first: Option<String>,
}

impl TakenTurns {
    /// `None` where no conversation has several rows.
    fn of(m: &Mapping, sample: &Sample, column: usize) -> Option<Self> {
        let id = chosen_id(m, sample).filter(|i| *i != column);
        let mut talks: HashMap<&str, Vec<&str>> = HashMap::new();
        let mut begun: Vec<&str> = Vec::new();
        for row in &sample.rows {
            let cell = |i: usize| row.get(i).map_or("", |cell| cell.trim());
            let said = talks.entry(id.map_or("", cell)).or_default();
            if said.is_empty() {
                begun.push(cell(column));
            }
            said.push(cell(column));
        }
        let all: Vec<Vec<&str>> = talks.into_values().filter(|said| said.len() > 1).collect();
        let distinct = |said: &Vec<&str>| {
            let mut names = said.clone();
            names.sort_unstable();
            names.dedup();
            names.len()
        };
        // Of three rows and more somebody comes back; numbers of rows and times do not.
        let comes_back = |said: &Vec<&str>| said.len() < 3 || distinct(said) < said.len();
        let (several, pairs) = all.iter().fold((0, 0), |(several, pairs), said| {
            let n = distinct(said);
            let counts = n > 1 && n <= IN_ONE && comes_back(said);
            (several + usize::from(counts), pairs + usize::from(n == 2 && counts))
        });
        let rises = |two: &[&str]| number(two[0]).zip(number(two[1])).is_some_and(|(a, b)| a < b);
        let counts_up = all.iter().all(|said| said.windows(2).all(rises));
        let changes = all.iter().map(|said| said.windows(2).filter(|two| two[0] != two[1]).count()).sum::<usize>();
        let steps = all.iter().map(|said| said.len() - 1).sum::<usize>();
        let mut firsts: HashMap<&str, usize> = HashMap::new();
        begun.iter().for_each(|first| *firsts.entry(first).or_default() += 1);
        let first = firsts.into_iter().filter(|(_, n)| n * 2 > begun.len()).map(|(first, _)| first.to_owned()).next();
        (steps > 0).then(|| Self {
            several: several as f64 / all.len() as f64,
            pairs: pairs as f64 / all.len() as f64,
            steps: changes as f64 / steps as f64,
            counts_up,
            first,
        })
    }
}
