//! Rasa's databases: which tables there are, and their rows as values.

use crate::ingest::context::Context;
use crate::ingest::formats::contract::OpenError;
use crate::ingest::formats::grouped::values::{FoundValue, Values};
use crate::ingest::input::database::{Foreign, ForeignError};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::path::Path;

/// A table that is read, with the columns that must be there and those that may be.
struct ReadTable {
    name: &'static str,
    needs: &'static [&'static str],
    may_have: &'static [&'static str],
}

/// The tables of tracker stores and brokers (`events`) and of Rasa X. Names, passwords and tokens stand in others, which are
/// never read. Tags come before what names them.
const TABLES: &[ReadTable] = &[
    ReadTable { name: "events", needs: &["sender_id", "data"], may_have: &["type_name", "timestamp"] },
    ReadTable {
        name: "conversation_event",
        needs: &["conversation_id", "data"],
        may_have: &["type_name", "timestamp"],
    },
    ReadTable { name: "message_correction", needs: &["conversation_id", "message_timestamp", "intent"], may_have: &[] },
    ReadTable { name: "conversation_tag", needs: &["id", "value"], may_have: &[] },
    ReadTable { name: "conversation_to_tag_mapping", needs: &["conversation_id", "tag_id"], may_have: &[] },
];

/// Values looked at to tell a database may be this long.
const SHORT: usize = 1 << 20;

/// A database whose rows are read.
pub(super) struct Database {
    foreign: Foreign,
    /// Tables that are still to be read, with the columns they have.
    tables: VecDeque<(&'static str, Vec<&'static str>)>,
    after: i64,
    ready: VecDeque<Value>,
    read: u64,
}

fn there(tables: &BTreeMap<String, Vec<String>>) -> VecDeque<(&'static str, Vec<&'static str>)> {
    let found = TABLES.iter().filter_map(|table| {
        let columns = tables.get(table.name)?;
        let has = |c: &&&str| columns.iter().any(|own| own == **c);
        let all = table.needs.iter().filter(has).count() == table.needs.len();
        all.then(|| (table.name, table.needs.iter().chain(table.may_have.iter().filter(has)).copied().collect()))
    });
    found.collect()
}

fn events(tables: &VecDeque<(&'static str, Vec<&'static str>)>) -> Option<&'static str> {
    let has = |name: &str| tables.iter().any(|(table, _)| *table == name);
    match (has("conversation_event"), has("events")) {
        (true, _) => Some("Rasa X's database"),
        (false, true) => Some("a tracker store: a table `events` with `sender_id` and `data`"),
        (false, false) => None,
    }
}

impl Database {
    /// What speaks for a database being Rasa's.
    pub fn told(path: &Path) -> Option<&'static str> {
        events(&there(&Foreign::open(path, SHORT).ok()?.tables().ok()?))
    }

    /// Opens one.
    pub fn open(path: &Path, longest: usize) -> Result<Self, OpenError> {
        let foreign = Foreign::open(path, longest)?;
        let tables = there(&foreign.tables()?);
        events(&tables).ok_or("no table of Rasa's in it: `events` or `conversation_event`")?;
        Ok(Self { foreign, tables, after: i64::MIN, ready: VecDeque::new(), read: 0 })
    }

    /// Reads on; false at the end.
    fn fill(&mut self) -> Result<bool, ForeignError> {
        let Some((table, columns)) = self.tables.front() else { return Ok(false) };
        let page = self.foreign.page(table, columns, self.after)?;
        match page.last() {
            Some((last, _)) => self.after = *last,
            None => {
                self.after = i64::MIN;
                self.tables.pop_front();
                return Ok(true);
            }
        }
        for (_, cells) in page {
            let mut row: Map<String, Value> = columns.iter().map(|c| (*c).to_owned()).zip(cells).collect();
            row.insert("row".to_owned(), (*table).into());
            self.ready.push_back(row.into());
        }
        Ok(true)
    }
}

impl Values for Database {
    fn next(&mut self, _: &mut Context) -> io::Result<Option<FoundValue>> {
        while self.ready.is_empty() {
            if !self.fill().map_err(io::Error::other)? {
                return Ok(None);
            }
        }
        self.read += 1;
        Ok(self.ready.pop_front().map(|row| Ok((row, self.read))))
    }

    fn line(&self) -> u64 {
        self.read + 1
    }

    fn excerpt(&self) -> String {
        String::new()
    }
}
