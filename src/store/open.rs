//! Opening a store: file, pragmas, migrations, settings.

use super::here::Ground;
use super::{Doing, Result, Store, StoreError};
use crate::disk;
use crate::domain::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use rusqlite_migration::{M, Migrations};
use std::path::{Path, PathBuf};

/// "appr" in ASCII: marks the file as ours.
const APPLICATION_ID: i64 = 0x6170_7072;

/// Append-only: a migration that has been released is never edited.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/001.sql"),
    include_str!("migrations/002.sql"),
    include_str!("migrations/003.sql"),
    include_str!("migrations/004.sql"),
    include_str!("migrations/005.sql"),
    include_str!("migrations/006.sql"),
    include_str!("migrations/007.sql"),
    include_str!("migrations/008.sql"),
    include_str!("migrations/009.sql"),
    include_str!("migrations/010.sql"),
    include_str!("migrations/011.sql"),
    include_str!("migrations/012.sql"),
    include_str!("migrations/013.sql"),
    include_str!("migrations/014.sql"),
    include_str!("migrations/015.sql"),
    include_str!("migrations/016.sql"),
    include_str!("migrations/017.sql"),
];

/// What SQL cannot do of a step to a schema, within its transaction.
fn hook(version: usize) -> Option<fn(&Connection) -> rusqlite::Result<()>> {
    match version {
        12 => Some(super::travel::catch_up),
        _ => None,
    }
}

fn migrations() -> Migrations<'static> {
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
        if access == Access::ReadOnly {
            if !path.exists() {
                let source = std::io::Error::from(std::io::ErrorKind::NotFound);
                return Err(StoreError::File { path: path.to_owned(), source });
            }
        } else {
            create_private(path).map_err(|source| StoreError::File { path: path.to_owned(), source })?;
        }
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
        let conn = unchanging(path).or_else(|| alone(path))?;
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
        conn.busy_handler(Some(wait_briefly)).doing("setting the busy handler")?;
        let id: i64 = match conn.query_row("PRAGMA application_id", [], |r| r.get(0)) {
            Ok(id) => id,
            Err(e) if e.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => {
                return Err(StoreError::Foreign(path));
            }
            Err(e) => return Err(e).doing("reading the store's header"),
        };
        let tables: i64 = conn
            .query_row("SELECT count(*) FROM sqlite_master", [], |r| r.get(0))
            .doing("reading the store's tables")?;
        if tables > 0 && id != APPLICATION_ID {
            return Err(StoreError::Foreign(path));
        }
        set_pragmas(&conn, access)?;
        let version: i64 =
            conn.query_row("PRAGMA user_version", [], |r| r.get(0)).doing("reading the store's version")?;
        if version > MIGRATIONS.len() as i64 {
            return Err(StoreError::Newer(path));
        }
        if access == Access::ReadOnly && version < MIGRATIONS.len() as i64 {
            return Err(StoreError::Older(path));
        }
        if access != Access::ReadOnly && version < MIGRATIONS.len() as i64 {
            conn.pragma_update(None, "application_id", APPLICATION_ID).doing("marking the store")?;
            migrations().to_latest(&mut conn).map_err(|e| match e {
                rusqlite_migration::Error::RusqliteError { err, .. } => {
                    StoreError::Sql { doing: "bringing the store up to date".to_owned(), source: err }
                }
                other => StoreError::Damaged(other.to_string()),
            })?;
        }
        let mut store = Self::from_parts(conn, path, access);
        if access != Access::ReadOnly {
            store.found(founding)?;
        }
        let (seed, share) = store.founding()?;
        store.group_seed = seed;
        store.test_share = share;
        Ok(store)
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
        Ok((seed, share))
    }

    /// Whether nothing may be written.
    pub fn is_read_only(&self) -> bool {
        self.access == Access::ReadOnly
    }

    /// A setting of the store.
    pub(super) fn setting(&self, key: &str) -> Result<Option<String>> {
        self.conn
            .query_row("SELECT value FROM setting WHERE key = ?", [key], |r| r.get(0))
            .optional()
            .doing("reading a setting")
    }
}

/// Opens a store where nothing can be written, a backup or a read-only disk: SQLite otherwise wants to make an index of the write-ahead
/// log beside it. `None` where there is a log, whose content would be missed.
fn unchanging(path: &Path) -> Option<Connection> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    if std::fs::metadata(log).is_ok_and(|m| m.len() > 0) {
        return None;
    }
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/-_.~".contains(&b);
    let encode = |b: u8| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") };
    let place: String = path.to_str()?.bytes().map(encode).collect();
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(format!("file:{place}?immutable=1"), flags).ok()
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
pub(super) const CHECKPOINT: i64 = 1_000;

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

/// Makes the directory (0700) and the file (0600) before SQLite would make them with the umask's rights. A file that is there is
/// not opened: closing it would drop the locks that other connections of this process have on it, and a peer that then thinks
/// itself alone takes the write-ahead log away under them.
fn create_private(path: &Path) -> std::io::Result<()> {
    if let Some(dir) = path.parent().filter(|d| !d.as_os_str().is_empty() && !d.exists()) {
        disk::make_dirs(dir)?;
    }
    match disk::make(path) {
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop),
    }
}

#[cfg(unix)]
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
