//! Opening a store: file, schema, pragmas, migrations, settings.

use super::look::{FileFacts, look};
use super::migrations::{APPLICATION_ID, MIGRATIONS, migrations};
use super::{backup, file, schema};
use crate::domain::Timestamp;
use crate::store::base::still_here::OpenedFile;
use crate::store::{Access, DoingWhat, Founding, Result, Store, StoreError};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, params};
use std::path::{Path, PathBuf};

/// What stands for the path of a store in memory.
const IN_MEMORY: &str = ":memory:";

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

    /// Opens a store that another connection of this process has open, to look only: on a thread of its own.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn reader(path: &Path) -> Result<Self> {
        Self::open(path, Access::ReadOnly, Founding { seed: 0, test_share: 0.0, now: Timestamp(0) })
    }

    /// Opens a store for looking where nothing can be written beside it. `None` where that cannot be.
    fn without_writing(path: &Path, founding: Founding) -> Option<Result<Self>> {
        let conn = file::unchanging(path).or_else(|| alone(path))?;
        let store = Self::set_up(conn, path.to_owned(), Access::ReadOnly, founding);
        Some(store.map(|store| store.standing_on(false)))
    }

    /// Notes which files it is on.
    fn standing_on(mut self, log: bool) -> Self {
        self.ground = OpenedFile::of(&self.path, log);
        self
    }

    /// A store that lives in memory and dies with its connection: for tests.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn in_memory(founding: Founding) -> Result<Self> {
        let conn = Connection::open_in_memory().doing("opening a store in memory")?;
        Self::set_up(conn, PathBuf::from(IN_MEMORY), Access::Bulk, founding)
    }

    /// Where it lies; `None`: in memory, where no other connection finds it.
    pub fn file(&self) -> Option<&Path> {
        Some(self.path()).filter(|path| *path != Path::new(IN_MEMORY))
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
}

/// Brings a store up to date; an older one is copied before, so that its program can go on with it.
fn migrate(conn: &mut Connection, path: &Path, looked: &FileFacts) -> Result<()> {
    if looked.version > 0 {
        backup::keep_older(conn, path, looked.version)?;
    }
    to_latest(conn, looked)
}

fn to_latest(conn: &mut Connection, looked: &FileFacts) -> Result<()> {
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
