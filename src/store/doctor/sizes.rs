//! How much there is of what.

use crate::disk::beside;
use crate::store::{DoingWhat, Result, Store};
use serde::Serialize;

/// How much there is of something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoredSize {
    /// A table, or a part of the file.
    pub what: String,
    /// Rows, where it has any.
    pub rows: Option<u64>,
    /// Bytes, where they are known.
    pub bytes: Option<u64>,
}

/// Tables whose values may be large, and the column that is.
const LARGE: [(&str, &str); 3] = [("artefact", "data"), ("embedding", "vector"), ("segment", "data")];

impl Store {
    /// Rows of every table, bytes of the file and of its largest parts.
    pub(super) fn sizes(&self) -> Result<Vec<StoredSize>> {
        let number = |sql: &str| self.conn.query_row(sql, [], |r| r.get::<_, u64>(0)).doing("measuring the store");
        let part = |what: &str, bytes: u64| StoredSize { what: what.to_owned(), rows: None, bytes: Some(bytes) };
        let page = number("PRAGMA page_size")?;
        let mut out = vec![
            part("file", number("PRAGMA page_count")? * page),
            part("free pages", number("PRAGMA freelist_count")? * page),
            part("write-ahead log", std::fs::metadata(beside(self.path(), "-wal")).map_or(0, |m| m.len())),
        ];
        // Names of our own tables: the schema has been compared.
        let tables: Vec<String> = self
            .conn
            .prepare(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search%' AND name NOT LIKE 'sqlite_%' ORDER BY name",
            )
            .and_then(|mut s| s.query_map([], |r| r.get(0)).and_then(Iterator::collect))
            .doing("measuring the store")?;
        for table in tables {
            let rows = Some(number(&format!("SELECT count(*) FROM \"{table}\""))?);
            let large = LARGE.iter().find(|(name, _)| *name == table);
            let bytes = large
                .map(|(name, column)| number(&format!("SELECT coalesce(sum(length({column})), 0) FROM {name}")))
                .transpose()?;
            out.push(StoredSize { what: table, rows, bytes });
        }
        Ok(out)
    }
}
