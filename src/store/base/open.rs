//! Opening a store: file, schema, pragmas, migrations, settings.

use super::schema::{self, Object};
use super::{backup, file};
use crate::domain::Timestamp;
use crate::store::base::still_here::Ground;
use crate::store::{Doing, Result, Store, StoreError};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use rusqlite_migration::{M, Migrations};
use std::path::{Path, PathBuf};

/// "appr" in ASCII: marks the file as ours.
pub(in crate::store) const APPLICATION_ID: i64 = 0x6170_7072;

/// Append-only: a migration that has been released is never edited.
pub(in crate::store) const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/001.sql"),
    include_str!("../migrations/002.sql"),
    include_str!("../migrations/003.sql"),
    include_str!("../migrations/004.sql"),
    include_str!("../migrations/005.sql"),
    include_str!("../migrations/006.sql"),
    include_str!("../migrations/007.sql"),
    include_str!("../migrations/008.sql"),
    include_str!("../migrations/009.sql"),
    include_str!("../migrations/010.sql"),
    include_str!("../migrations/011.sql"),
    include_str!("../migrations/012.sql"),
    include_str!("../migrations/013.sql"),
    include_str!("../migrations/014.sql"),
    include_str!("../migrations/015.sql"),
    include_str!("../migrations/016.sql"),
    include_str!("../migrations/017.sql"),
    include_str!("../migrations/018.sql"),
];

/// What SQL cannot do of a step to a schema, within its transaction.
fn hook(version: usize) -> Option<fn(&Connection) -> rusqlite::Result<()>> {
    match version {
        12 => Some(crate::store::conversations::travel::catch_up),
        _ => None,
    }
}

pub(in crate::store) fn migrations() -> Migrations<'static> {
    Migrations::from_iter((1..).zip(MIGRATIONS).map(|(version, sql)| match hook(version) {
        Some(hook) => M::up_with_hook(sql, move |tx: &rusqlite::Transaction<'_>| Ok(hook(tx)?)),
        None => M::up(sql),
    }))
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// People's decisions: every commit reaches the disk before it returns.
    ReadWrite,
    /// Bulk loading: a commit survives a crash of the program, a power cut may take the last ones.
    Bulk,
    /// Looking only.
    ReadOnly,
}

/// Settings of a store that are fixed when it is made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Founding {
    /// Seed of the hash that puts groups into parts.
    pub seed: u64,
    /// Share of groups that are test groups, 0 to 1.
    pub test_share: f64,
    /// When.
    pub now: Timestamp,
}

impl Store {
    /// Opens a store, making the file (readable by its owner alone) and its tables where they are missing.
    ///
    /// # Errors
    /// The file cannot be made or read, belongs to another program or to a newer version, or (read-only) is missing.
    pub fn open(path: &Path, access: Access, founding: Founding) -> Result<Self> {
        file::prepare(path, access == Access::ReadOnly)?;
        let flags = match access {
            Access::ReadOnly => OpenFlags::SQLITE_OPEN_READ_ONLY,
            _ => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        };
        let conn =
            Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).doing("opening the store")?;
        match Self::set_up(conn, path.to_owned(), access, founding) {
            Err(e) if access == Access::ReadOnly && e.is_for_want_of_writing() => {
                Self::without_writing(path, founding).unwrap_or(Err(e))
            }
            done => done.map(|store| store.standing_on(true)),
        }
    }

    /// Opens a store for looking where nothing can be written beside it. `None` where that cannot be.
    fn without_writing(path: &Path, founding: Founding) -> Option<Result<Self>> {
        let conn = file::unchanging(path).or_else(|| alone(path))?;
        let store = Self::set_up(conn, path.to_owned(), Access::ReadOnly, founding);
        Some(store.map(|store| store.standing_on(false)))
    }

    /// Notes which files it is on.
    fn standing_on(mut self, log: bool) -> Self {
        self.ground = Ground::of(&self.path, log);
        self
    }

    /// A store that lives in memory and dies with its connection: for tests.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn in_memory(founding: Founding) -> Result<Self> {
        let conn = Connection::open_in_memory().doing("opening a store in memory")?;
        Self::set_up(conn, PathBuf::from(":memory:"), Access::Bulk, founding)
    }

    fn set_up(mut conn: Connection, path: PathBuf, access: Access, founding: Founding) -> Result<Self> {
        let looked = look(&conn, &path)?;
        set_pragmas(&conn, access)?;
        if looked.version > MIGRATIONS.len() {
            return Err(StoreError::Newer(path));
        }
        if looked.version < MIGRATIONS.len() {
            if access == Access::ReadOnly {
                return Err(StoreError::Older(path));
            }
            migrate(&mut conn, &path, &looked)?;
        }
        let mut store = Self::from_parts(conn, path, access);
        if access != Access::ReadOnly {
            store.found(founding)?;
        }
        let (seed, share) = store.founding()?;
        store.group_seed = seed;
        store.test_share = share;
        if access != Access::ReadOnly {
            store.settle_former(founding.now)?;
        }
        Ok(store)
    }

    /// Brings a store that is there up to date without keeping a copy of what it was, for want of room. One that is up to date
    /// is left alone.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn update_without_copy(path: &Path) -> Result<()> {
        file::prepare(path, false)?;
        let mut conn =
            Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)
                .doing("opening the store")?;
        let looked = look(&conn, path)?;
        if looked.version == 0 || looked.version >= MIGRATIONS.len() {
            return Ok(());
        }
        set_pragmas(&conn, Access::ReadWrite)?;
        to_latest(&mut conn, &looked)
    }

    fn found(&mut self, f: Founding) -> Result<()> {
        for (key, value) in [
            ("group_seed", f.seed.to_string()),
            ("test_share", f.test_share.to_string()),
            ("created_at", f.now.0.to_string()),
        ] {
            if self.setting(key)?.is_none() {
                self.conn
                    .execute("INSERT OR IGNORE INTO setting(key, value) VALUES (?, ?)", params![key, value])
                    .doing("founding the store")?;
            }
        }
        Ok(())
    }

    fn founding(&self) -> Result<(u64, f64)> {
        let read = |key: &str| -> Result<String> {
            self.setting(key)?.ok_or_else(|| StoreError::Damaged(format!("setting {key} is missing")))
        };
        let bad = |key: &str| StoreError::Damaged(format!("setting {key} is no number"));
        let seed = read("group_seed")?.parse().map_err(|_| bad("group_seed"))?;
        let share = read("test_share")?.parse().map_err(|_| bad("test_share"))?;
        match (0.0..=1.0).contains(&share) {
            true => Ok((seed, share)),
            false => Err(bad("test_share")),
        }
    }

    /// Whether nothing may be written.
    pub fn is_read_only(&self) -> bool {
        self.access == Access::ReadOnly
    }

    /// A setting of the store.
    pub(in crate::store) fn setting(&self, key: &str) -> Result<Option<String>> {
        self.conn
            .query_row("SELECT value FROM setting WHERE key = ?", [key], |r| r.get(0))
            .optional()
            .doing("reading a setting")
    }
}

/// What a file says of itself before anything in it is used.
pub(in crate::store) struct Looked {
    /// Of its schema; 0 for a file without tables.
    pub version: usize,
    /// Indexes that a first import has put off.
    pub missing: Vec<Object>,
}

/// Takes from the connection what no store needs and looks whether the file is a store of ours, and nothing else.
///
/// # Errors
/// It is something else, or holds what this program did not make; it cannot be read.
pub(in crate::store) fn look(conn: &Connection, path: &Path) -> Result<Looked> {
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
    Ok(Looked { version, missing })
}

/// Opens a store of any version for reading, also where nothing can be written beside it, and looks at it.
///
/// # Errors
/// As [`look`].
pub(in crate::store) fn open_and_look(path: &Path) -> Result<(Connection, Looked)> {
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

/// Brings a store up to date; an older one is copied before, so that its program can go on with it.
fn migrate(conn: &mut Connection, path: &Path, looked: &Looked) -> Result<()> {
    if looked.version > 0 {
        backup::keep_older(conn, path, looked.version)?;
    }
    to_latest(conn, looked)
}

fn to_latest(conn: &mut Connection, looked: &Looked) -> Result<()> {
    const DOING: &str = "bringing the store up to date";
    conn.pragma_update(None, "application_id", APPLICATION_ID).doing("marking the store")?;
    // A first import with an older version may have been killed before it built its indexes, which a migration may change.
    schema::build(conn, &looked.missing)?;
    let version = |conn: &Connection| {
        conn.query_row("PRAGMA user_version", [], |r| r.get::<_, i64>(0)).doing(DOING).map(|v| v as usize)
    };
    let mut reached = looked.version;
    loop {
        let failed = match migrations().to_latest(conn) {
            Ok(()) => return Ok(()),
            Err(rusqlite_migration::Error::RusqliteError { err, .. }) => err,
            Err(other) => return Err(StoreError::Damaged(format!("{DOING}: {other}"))),
        };
        // Another program may be doing the same: then what failed here is done there.
        let now = version(conn)?;
        if now == reached {
            return Err(failed).doing(DOING);
        }
        reached = now;
    }
}

/// Opens a store with a write-ahead log where no index of the log can be made beside it, for want of room: the index is kept in
/// memory, which asks that nobody else has the store open. Nothing is written, not even the log into the file.
fn alone(path: &Path) -> Option<Connection> {
    let conn =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX).ok()?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).ok()?;
    conn.pragma_update_and_check(None, "locking_mode", "EXCLUSIVE", |_| Ok(())).ok()?;
    conn.pragma_update(None, "query_only", true).ok()?;
    Some(conn)
}

/// Polls every half millisecond for ten seconds. SQLite's own handler backs off to 100 ms steps, which a reviewer
/// would feel while an import commits every 20 ms.
fn wait_briefly(tries: i32) -> bool {
    std::thread::sleep(std::time::Duration::from_micros(500));
    tries < 20_000
}

/// What a write-ahead log that grew large is cut back to.
const LOG_BYTES: i64 = 64 << 20;
/// Pages of the write-ahead log after which a bulk connection folds them into the file. More would make a person's
/// decision wait: it puts all of the log on the disk that is not there yet.
pub(in crate::store) const CHECKPOINT: i64 = 1_000;

fn set_pragmas(conn: &Connection, access: Access) -> Result<()> {
    // People's connections leave the folding to the others while there are any.
    let (sync, cache, checkpoint) = match access {
        Access::Bulk => ("NORMAL", -262_144, CHECKPOINT),
        _ => ("FULL", -65_536, 4 * CHECKPOINT),
    };
    if access != Access::ReadOnly {
        conn.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())).doing("switching to WAL")?;
    }
    let set = |name: &str, value: &dyn rusqlite::ToSql| conn.pragma_update(None, name, value);
    set("synchronous", &sync)
        .and_then(|()| set("foreign_keys", &true))
        .and_then(|()| set("mmap_size", &0))
        .and_then(|()| set("temp_store", &"MEMORY"))
        .and_then(|()| set("cache_size", &cache))
        .and_then(|()| set("wal_autocheckpoint", &checkpoint))
        .and_then(|()| set("journal_size_limit", &LOG_BYTES))
        .doing("setting pragmas")?;
    conn.set_prepared_statement_cache_capacity(128);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_without_room_for_its_index_is_read_and_left_as_it_is() {
        let founding = Founding { seed: 1, test_share: 0.2, now: Timestamp(1_000) };
        let dir = tempfile::tempdir().unwrap();
        let (path, other) = (dir.path().join("s.db"), dir.path().join("other.db"));
        let mut store = Store::open(&path, Access::ReadWrite, founding).unwrap();
        store.add_intent("maria", founding.now, "refund").unwrap();
        // As a kill leaves it: what was decided is in the log alone.
        for ending in ["", "-wal"] {
            std::fs::copy(format!("{}{ending}", path.display()), format!("{}{ending}", other.display())).unwrap();
        }
        let log = std::fs::read(dir.path().join("other.db-wal")).unwrap();
        let read = Store::without_writing(&other, founding).unwrap().unwrap();
        assert!(read.intents().unwrap().iter().any(|i| i.name == "refund"));
        drop(read);
        assert!(!dir.path().join("other.db-shm").exists());
        assert_eq!(std::fs::read(dir.path().join("other.db-wal")).unwrap(), log);
    }
}
