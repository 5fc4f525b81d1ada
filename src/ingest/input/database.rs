//! Databases of other programs, to be read and nothing else: only by our own statements, and only from plain tables, so that
//! nothing that somebody wrote into the file is run (views, triggers, virtual tables, generated columns).

use crate::disk::{Temporary, beside};
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

/// Bytes that are read at once.
const AT_ONCE: usize = 8 << 20;
/// Columns that a table may have.
const MAX_COLUMNS: i32 = 500;

/// A database of another program.
pub(in crate::ingest) struct Foreign {
    conn: Connection,
    /// Where it was copied to, when it could not be read where it is.
    _copy: Option<Temporary>,
}

/// Why a database cannot be read.
#[derive(Debug, thiserror::Error)]
pub(in crate::ingest) enum ForeignError {
    /// SQLite's word.
    #[error("the database cannot be read: {0}")]
    Sql(#[from] rusqlite::Error),
    /// The system's word.
    #[error("the database cannot be read: {0}")]
    System(#[from] std::io::Error),
    /// Its rows are not in the order of their numbers.
    #[error(
        "the database is damaged: its rows are out of order; read a copy, or let the program that writes it repair it"
    )]
    Damaged,
    /// Its writer was stopped in the middle of something.
    #[error(
        "the database is in the middle of a change (there is a `-journal` file): open it once with the program that writes it"
    )]
    Unfinished,
}

/// Rows with their number; after the last of them reading goes on.
pub(in crate::ingest) type ForeignPage = Vec<(i64, Vec<Value>)>;

impl Foreign {
    /// Opens a database and what its writer has not moved into it yet (`-wal`). Nothing is written beside it: where SQLite
    /// would have to, a copy for our own use is read. Values of more than `longest` bytes are errors.
    ///
    /// # Errors
    /// It is none, is damaged, or cannot be read.
    pub fn open(path: &Path, longest: usize) -> Result<Self, ForeignError> {
        let filled = |ending: &str| std::fs::metadata(beside(path, ending)).is_ok_and(|m| m.len() > 0);
        if filled("-journal") {
            return Err(ForeignError::Unfinished);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let here = || -> Result<Connection, ForeignError> {
            let conn = Connection::open_with_flags(path, flags)?;
            conn.query_row("SELECT count(*) FROM main.sqlite_master", [], |_| Ok(()))?;
            Ok(conn)
        };
        let (conn, copy) = match (filled("-wal"), filled("-shm"), has_wal_mode(path)?) {
            (false, _, false) => (here()?, None),
            (false, _, true) => match unchanging(path) {
                Some(conn) => (conn, None),
                None => copied(path, flags)?,
            },
            (true, false, _) => copied(path, flags)?,
            (true, true, _) => match here() {
                Ok(conn) => (conn, None),
                Err(_) => copied(path, flags)?,
            },
        };
        conn.busy_timeout(Duration::from_secs(5))?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
        let longest = i32::try_from(longest).unwrap_or(i32::MAX);
        conn.set_limit(Limit::SQLITE_LIMIT_LENGTH, longest)?;
        conn.set_limit(Limit::SQLITE_LIMIT_COLUMN, MAX_COLUMNS)?;
        conn.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
        Ok(Self { conn, _copy: copy })
    }

    /// The plain tables with the columns that hold what was written into them.
    ///
    /// # Errors
    /// The database is damaged.
    pub fn tables(&self) -> Result<BTreeMap<String, Vec<String>>, ForeignError> {
        let mut list = self.conn.prepare("PRAGMA main.table_list")?;
        // Schema, name, kind, number of columns, and whether its rows have no number.
        let rows = list.query_map([], |r| {
            Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?, r.get::<_, String>(2)?, r.get::<_, bool>(4)?))
        })?;
        let plain: Vec<String> = rows
            .filter_map(Result::ok)
            .filter(|(schema, _, kind, unnumbered)| schema == "main" && kind == "table" && !unnumbered)
            .map(|(_, name, _, _)| name)
            .collect();
        let mut tables = BTreeMap::new();
        for name in plain {
            let mut info = self.conn.prepare(&format!("PRAGMA main.table_xinfo({})", quoted(&name)))?;
            // Number, name, type, not null, default, key, and whether it is hidden or computed.
            let rows = info.query_map([], |r| Ok((r.get::<_, String>(1)?, r.get::<_, i64>(6)?)))?;
            let columns: Vec<(String, i64)> = rows.filter_map(Result::ok).collect();
            let hides_number = columns.iter().any(|(c, _)| c.eq_ignore_ascii_case("rowid"));
            if !hides_number {
                let written = columns.into_iter().filter(|(_, kind)| *kind == 0).map(|(name, _)| name);
                tables.insert(name, written.collect());
            }
        }
        Ok(tables)
    }

    /// The next rows of a table after the one numbered `after`, by their number. Table and columns are some of
    /// [`Foreign::tables`]. Texts come as they are, numbers as numbers, everything else as null. Empty at the end.
    ///
    /// # Errors
    /// The database is damaged, or a value too long.
    pub fn page(&self, table: &str, columns: &[&str], after: i64) -> Result<ForeignPage, ForeignError> {
        let names: Vec<String> = columns.iter().map(|c| quoted(c)).collect();
        let sql = format!(
            "SELECT rowid, {} FROM main.{} WHERE rowid > ?1 ORDER BY rowid LIMIT 500",
            names.join(", "),
            quoted(table)
        );
        let mut statement = self.conn.prepare(&sql)?;
        let mut rows = statement.query([after])?;
        let (mut page, mut bytes) = (ForeignPage::new(), 0);
        while let Some(row) = rows.next()? {
            let cells = (1..=columns.len()).map(|i| row.get_ref(i).map(plain)).collect::<Result<Vec<_>, _>>()?;
            bytes += cells.iter().filter_map(Value::as_str).map(str::len).sum::<usize>();
            let number: i64 = row.get(0)?;
            // A damaged tree of pages goes round in circles, and its numbers go back where it does.
            if page.last().map_or(after, |(last, _)| *last) >= number && number != i64::MIN {
                return Err(ForeignError::Damaged);
            }
            page.push((number, cells));
            if bytes > AT_ONCE {
                break;
            }
        }
        Ok(page)
    }
}

fn plain(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Integer(n) => n.into(),
        ValueRef::Real(x) => x.into(),
        ValueRef::Text(bytes) => String::from_utf8_lossy(bytes).into(),
        ValueRef::Null | ValueRef::Blob(_) => Value::Null,
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Whether the file's header says that changes are written into a `-wal` first.
fn has_wal_mode(path: &Path) -> std::io::Result<bool> {
    let mut header = Vec::new();
    std::fs::File::open(path)?.take(20).read_to_end(&mut header)?;
    Ok(header.get(19) == Some(&2))
}

/// Opens a database where nothing can be written beside it. `None` where its path cannot be said.
fn unchanging(path: &Path) -> Option<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(format!("{}?immutable=1", crate::disk::uri(path)?), flags).ok()
}

/// A copy of the database and its `-wal`, opened.
fn copied(path: &Path, flags: OpenFlags) -> Result<(Connection, Option<Temporary>), ForeignError> {
    let folder = Temporary::new()?;
    let to = folder.path().join("copy.db");
    for ending in ["", "-wal"] {
        let from = beside(path, ending);
        if from.exists() {
            let mut out = crate::disk::make(&beside(&to, ending))?;
            std::io::copy(&mut std::fs::File::open(from)?, &mut out)?;
        }
    }
    let conn = Connection::open_with_flags(&to, flags)?;
    conn.query_row("SELECT count(*) FROM main.sqlite_master", [], |_| Ok(()))?;
    Ok((conn, Some(folder)))
}
