//! The true counts of whole weeks, as a job in a lake writes them: joint rows in CSV, JSON Lines or Parquet (rule 52). All of a
//! file is taken, or nothing: counts with holes are no true counts.

use super::error::IngestError;
use super::input::source::{Input, InputSource};
use super::rows::named::NamedRows;
use super::unpacking::unpacked;
use crate::base::did_you_mean::nearest;
use crate::domain::{Outcome, Resolution, TrafficRow};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::io::{Cursor, Read};

/// Bytes of a file at most: a week has some thousand rows.
const LARGEST: u64 = 256 << 20;
/// Faults that are told.
const TOLD: usize = 10;

/// The columns, in the order in which jobs write them.
pub const TRAFFIC_COLUMNS: [&str; 12] = [
    "source",
    "week",
    "intent",
    "channel",
    "language",
    "outcome",
    "resolution",
    "n",
    "csat_n",
    "csat_good",
    "user_turns",
    "fallback_turns",
];
/// Those without which there are no counts.
const NEEDED: [&str; 4] = ["source", "week", "outcome", "n"];

/// Why there are no counts to be had.
#[derive(Debug, thiserror::Error)]
pub enum TrafficError {
    /// It cannot be opened, or is no text.
    #[error(transparent)]
    Open(#[from] IngestError),
    /// It cannot be read to its end.
    #[error("cannot read {name}: {error}")]
    Read {
        /// Path or name.
        name: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// It holds something else.
    #[error(
        "{name} holds no counts: it has no `{missing}`. Columns (or keys of JSON lines): {}", TRAFFIC_COLUMNS.join(",")
    )]
    Columns {
        /// Path or name.
        name: String,
        /// The first column that is missing.
        missing: &'static str,
    },
    /// It names its columns and says nothing under them.
    #[error("{name} holds no counts: there is no row in it")]
    Empty {
        /// Path or name.
        name: String,
    },
    /// Rows that are wrong; nothing is taken then.
    #[error("{name}: {n} of its rows cannot be read, so none is taken: {}", first.join("; "))]
    Rows {
        /// Path or name.
        name: String,
        /// How many.
        n: u64,
        /// The first of them, with their lines.
        first: Vec<String>,
    },
}

/// Reads joint rows.
///
/// # Errors
/// The file cannot be read, has no such columns, or any of its rows is wrong.
pub fn traffic(input: Input) -> Result<Vec<TrafficRow>, TrafficError> {
    let name = input.name();
    let source = InputSource::open(input).map_err(|error| IngestError::Open { name: name.clone(), error })?;
    // What it is unpacked into is there until it is read.
    let (source, _kept) = unpacked(source).map_err(|error| IngestError::Open { name: name.clone(), error })?;
    let text = source.into_text().map_err(std::io::Error::other);
    let text = text.map_err(|error| IngestError::Open { name: name.clone(), error })?;
    let mut bytes = Vec::new();
    let read = text.read().take(LARGEST).read_to_end(&mut bytes);
    read.map_err(|error| TrafficError::Read { name: name.clone(), error })?;
    let mut table = TrafficTable::new(&name);
    match bytes.iter().find(|b| !b.is_ascii_whitespace()) {
        Some(b'{' | b'[') => table.take_json(&bytes)?,
        _ => table.take_rows(bytes)?,
    }
    table.finish()
}

/// What is read so far.
struct TrafficTable<'n> {
    name: &'n str,
    rows: Vec<TrafficRow>,
    /// The line of each cell, so that none is told twice.
    cells: HashMap<String, u64>,
    wrong: u64,
    first: Vec<String>,
}

impl<'n> TrafficTable<'n> {
    fn new(name: &'n str) -> Self {
        Self { name, rows: Vec::new(), cells: HashMap::new(), wrong: 0, first: Vec::new() }
    }

    fn take_json(&mut self, bytes: &[u8]) -> Result<(), TrafficError> {
        let mut line = 0;
        for value in serde_json::Deserializer::from_slice(bytes).into_iter::<Value>() {
            let values = match value {
                Ok(Value::Array(list)) => list,
                Ok(one) => vec![one],
                Err(error) => {
                    self.fault(line + 1, error.to_string());
                    return Ok(());
                }
            };
            for value in values {
                line += 1;
                let Value::Object(map) = value else {
                    self.fault(line, "no object".to_owned());
                    continue;
                };
                if line == 1 {
                    self.has(|column| map.contains_key(column))?;
                }
                self.take(line, |column| cell(&map, column));
            }
        }
        Ok(())
    }

    fn take_rows(&mut self, bytes: Vec<u8>) -> Result<(), TrafficError> {
        let stream = Input::Stream { name: self.name.to_owned(), read: Box::new(Cursor::new(bytes)) };
        let rows = NamedRows::open(stream, &NEEDED)?;
        let places: HashMap<&str, Option<usize>> =
            TRAFFIC_COLUMNS.into_iter().map(|column| (column, rows.column(&[column]))).collect();
        let at = |column: &str| places.get(column).copied().flatten();
        self.has(|column| at(column).is_some())?;
        for row in rows {
            match row {
                Ok(row) => self.take(row.line, |column| row.cell(at(column)).to_owned()),
                Err(bad) => self.fault(bad.line, bad.reason),
            }
        }
        Ok(())
    }

    fn has(&self, column: impl Fn(&str) -> bool) -> Result<(), TrafficError> {
        match NEEDED.into_iter().find(|needed| !column(needed)) {
            Some(missing) => Err(TrafficError::Columns { name: self.name.to_owned(), missing }),
            None => Ok(()),
        }
    }

    fn take(&mut self, line: u64, cell: impl Fn(&str) -> String) {
        match row(&cell) {
            Ok(row) => {
                let key = TRAFFIC_COLUMNS[..7].iter().map(|column| cell(column)).collect::<Vec<_>>().join("\u{1f}");
                match self.cells.insert(key, line) {
                    Some(before) => self.fault(line, format!("says the same cell as line {before} once more")),
                    None => self.rows.push(row),
                }
            }
            Err(why) => self.fault(line, why),
        }
    }

    fn fault(&mut self, line: u64, why: String) {
        self.wrong += 1;
        if self.first.len() < TOLD {
            self.first.push(format!("line {line}: {why}"));
        }
    }

    fn finish(self) -> Result<Vec<TrafficRow>, TrafficError> {
        match (self.wrong, self.rows.is_empty()) {
            (0, false) => Ok(self.rows),
            (0, true) => Err(TrafficError::Empty { name: self.name.to_owned() }),
            (n, _) => Err(TrafficError::Rows { name: self.name.to_owned(), n, first: self.first }),
        }
    }
}

/// A key's value as a cell has it.
fn cell(map: &Map<String, Value>, column: &str) -> String {
    match map.get(column) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(other) => other.to_string(),
    }
}

fn row(cell: &impl Fn(&str) -> String) -> Result<TrafficRow, String> {
    let some = |column: &str| Some(cell(column)).filter(|text| !text.is_empty());
    let needed = |column: &str| some(column).ok_or_else(|| format!("no `{column}`"));
    let number = |column: &str| match some(column) {
        None => Ok(0),
        // Programs that keep whole numbers as fractions write 12.0.
        Some(text) => text
            .strip_suffix(".0")
            .unwrap_or(&text)
            .parse::<u64>()
            .map_err(|_| format!("`{column}` is {text:?}: a whole number from 0 on is needed")),
    };
    let word = needed("outcome")?;
    let outcome = Outcome::from_name(&word.to_ascii_lowercase())
        .ok_or_else(|| unknown("outcome", &word, Outcome::ALL.iter().map(|o| o.name())))?;
    let resolution = some("resolution").map(|word| {
        Resolution::from_name(&word.to_ascii_lowercase())
            .ok_or_else(|| unknown("resolution", &word, Resolution::ALL.iter().map(|r| r.name())))
    });
    needed("n")?;
    let row = TrafficRow {
        source: needed("source")?,
        week: needed("week")?.parse().map_err(|e: crate::domain::NoWeek| e.to_string())?,
        intent: some("intent"),
        channel: some("channel"),
        language: some("language"),
        outcome,
        resolution: resolution.transpose()?,
        n: number("n")?,
        csat_n: number("csat_n")?,
        csat_good: number("csat_good")?,
        user_turns: number("user_turns")?,
        fallback_turns: number("fallback_turns")?,
    };
    for (part, less, whole, more) in [
        ("csat_n", row.csat_n, "n", row.n),
        ("csat_good", row.csat_good, "csat_n", row.csat_n),
        ("fallback_turns", row.fallback_turns, "user_turns", row.user_turns),
    ] {
        if less > more {
            return Err(format!("`{part}` is {less}, more than `{whole}`, which is {more}"));
        }
    }
    // Sums of a store must stay whole numbers of SQLite.
    if row.n.max(row.user_turns) > 1 << 48 {
        return Err("more conversations or turns than there can be".to_owned());
    }
    Ok(row)
}

fn unknown(what: &str, word: &str, known: impl Iterator<Item = &'static str> + Clone) -> String {
    let hint = nearest(word, known.clone());
    let hint = hint.map_or_else(|| known.collect::<Vec<_>>().join(", "), |meant| format!("did you mean `{meant}`?"));
    format!("no {what} called {word:?}: {hint}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<TrafficRow>, String> {
        let read = Box::new(Cursor::new(text.as_bytes().to_vec()));
        traffic(Input::Stream { name: "week".into(), read }).map_err(|e| e.to_string())
    }

    #[test]
    fn csv_and_json_lines_say_the_same() {
        let head = TRAFFIC_COLUMNS.join(",");
        let csv = read(&format!("{head}\nshop,2026-W20,refund,web,en,resolved,assumed,120,30,21,340,12\nshop,2026-W20,,,,failed,,4,0,0,9,3\n")).unwrap();
        assert_eq!((csv.len(), csv[0].n, csv[0].csat_good, csv[1].intent.clone()), (2, 120, 21, None));
        assert_eq!(csv[0].resolution, Some(Resolution::Assumed));
        let json = r#"{"source":"shop","week":"2026-W20","intent":"refund","channel":"web","language":"en","outcome":"resolved","resolution":"assumed","n":120,"csat_n":30,"csat_good":21,"user_turns":340,"fallback_turns":12}
{"source":"shop","week":"2026-W20","intent":null,"outcome":"failed","n":4.0,"user_turns":9,"fallback_turns":3}"#;
        assert_eq!(read(json).unwrap(), csv);
        assert_eq!(read(&format!("[{}]", json.replace('\n', ","))).unwrap(), csv);
    }

    #[test]
    fn a_wrong_row_takes_the_file_with_it() {
        let of = |row: &str| {
            read(&format!("source,week,outcome,n,csat_n,csat_good\nshop,2026-W20,failed,4,0,0\n{row}\n")).unwrap_err()
        };
        assert!(
            of("shop,2026-W20,faild,4,0,0").contains("line 3: no outcome called \"faild\": did you mean `failed`?")
        );
        assert!(of("shop,2026-W60,failed,4,0,0").contains("no ISO week"));
        assert!(of("shop,2026-W20,resolved,4,5,0").contains("`csat_n` is 5, more than `n`"));
        assert!(of("shop,2026-W20,resolved,-4,0,0").contains("whole number"));
        assert!(of("shop,2026-W20,failed,9,0,0").contains("same cell as line 2"));
        assert!(of(",2026-W20,failed,9,0,0").contains("no `source`"));
        assert!(read("id,text\n1,hi\n").unwrap_err().contains("no `source`"));
        assert!(read("source,week,outcome,n\n").unwrap_err().contains("no row in it"));
    }
}
