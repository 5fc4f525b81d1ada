//! Looking at a file before anything in it is used: whether it is a store of ours, of which version, and nothing else.

use super::file;
use super::migrations::{APPLICATION_ID, MIGRATIONS};
use super::schema::{self, SchemaObject};
use crate::store::{DoingWhat, Result, StoreError};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;

/// What a file says of itself before anything in it is used.
pub(in crate::store) struct FileFacts {
    /// Of its schema; 0 for a file without tables.
    pub version: usize,
    /// Indexes that a first import has put off.
    pub missing: Vec<SchemaObject>,
}

/// Takes from the connection what no store needs and looks whether the file is a store of ours, and nothing else.
///
/// # Errors
/// It is something else, or holds what this program did not make; it cannot be read.
pub(in crate::store) fn look(conn: &Connection, path: &Path) -> Result<FileFacts> {
    conn.busy_handler(Some(wait_briefly)).doing("setting the busy handler")?;
    schema::harden(conn).doing("setting limits")?;
    // One moment of the file: somebody may be bringing it up to date meanwhile.
    let moment = conn.unchecked_transaction().doing("reading the store's header")?;
    let number = |pragma: &str| conn.query_row(pragma, [], |r| r.get::<_, i64>(0));
    let id = match number("PRAGMA application_id") {
        Ok(id) => id,
        Err(e) if e.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => {
            return Err(StoreError::Foreign(path.to_owned()));
        }
        Err(e) => return Err(e).doing("reading the store's header"),
    };
    let objects = number("SELECT count(*) FROM sqlite_schema").doing("reading the store's tables")?;
    if objects > 0 && id != APPLICATION_ID {
        return Err(StoreError::Foreign(path.to_owned()));
    }
    let version = number("PRAGMA user_version").doing("reading the store's version")?;
    let version = usize::try_from(version)
        .map_err(|_| StoreError::Damaged(format!("its version is {version}, which there has never been")))?;
    let missing = match objects {
        0 => Vec::new(),
        // What later versions make is not known here, and nothing of it is used.
        _ if version > MIGRATIONS.len() => Vec::new(),
        _ => schema::check(conn, path, version)?,
    };
    moment.commit().doing("reading the store's header")?;
    Ok(FileFacts { version, missing })
}

/// Opens a store of any version for reading, also where nothing can be written beside it, and looks at it.
///
/// # Errors
/// As [`look`].
pub(in crate::store) fn open_and_look(path: &Path) -> Result<(Connection, FileFacts)> {
    file::prepare(path, true)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let looked = Connection::open_with_flags(path, flags)
        .doing("opening the store")
        .and_then(|conn| look(&conn, path).map(|looked| (conn, looked)));
    match looked {
        Err(e) if e.is_for_want_of_writing() => match file::unchanging(path) {
            Some(conn) => look(&conn, path).map(|looked| (conn, looked)),
            None => Err(e),
        },
        looked => looked,
    }
}

/// Polls every half millisecond for ten seconds. SQLite's own handler backs off to 100 ms steps, which a reviewer
/// would feel while an import commits every 20 ms.
fn wait_briefly(tries: i32) -> bool {
    std::thread::sleep(std::time::Duration::from_micros(500));
    tries < 20_000
}
