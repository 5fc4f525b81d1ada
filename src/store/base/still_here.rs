//! Whether a store that is open is still the file under its name. One that was deleted or replaced goes on taking what is
//! written to it, and nobody ever finds it again.

use crate::store::{Doing, Result, Store, StoreError};
use rusqlite::config::DbConfig;
use std::cell::Cell;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Device and inode.
type Id = (u64, u64);

/// What a connection was opened on.
#[derive(Debug, Default)]
pub(in crate::store) struct Ground {
    /// `None`: in memory, or the system does not tell files apart.
    file: Option<Id>,
    /// The write-ahead log and its index. While a connection is open nobody may take them away.
    log: [Option<Id>; 2],
    /// Bytes of the file when it was looked at last.
    bytes: Cell<u64>,
}

/// What has happened to a store while it was open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// Nothing is there under its name.
    Deleted,
    /// Another file has its name.
    Replaced,
    /// The file has lost its end.
    Cut,
    /// The files that SQLite keeps beside it were taken away.
    WithoutLog,
}

impl std::fmt::Display for Gone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Deleted => "was deleted, moved, or its disk taken away while it was open; put it back there and open it again",
            Self::Replaced => {
                "was replaced by another file while it was open (a backup, a program that synchronises files); open it again to \
                 work with what is there now"
            }
            Self::Cut => "was cut off or written over while it was open; put a backup there and open it again",
            Self::WithoutLog => "has lost the -wal or -shm file beside it while it was open; open it again",
        })
    }
}

impl Ground {
    /// What lies under a name now; `log`: whether the connection uses a write-ahead log.
    pub fn of(path: &Path, log: bool) -> Self {
        let (file, bytes) = look(path).map_or((None, 0), |(id, bytes)| (Some(id), bytes));
        let beside = |ending: &str| if log { Some(look(&beside(path, ending))?.0) } else { None };
        Self { file, log: [beside("-wal"), beside("-shm")], bytes: Cell::new(bytes) }
    }
}

impl Store {
    /// Whether the store is still the file under its name. Costs three look-ups of a name.
    ///
    /// # Errors
    /// It was deleted, replaced or cut off: what would be written now would be lost.
    pub fn still_there(&self) -> Result<()> {
        let Some(gone) = self.gone() else { return Ok(()) };
        // Closing would otherwise delete the log that has the name now: that of the file which was put in its place.
        let _ = self.conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        Err(StoreError::Gone { path: self.path.clone(), what: gone })
    }

    fn gone(&self) -> Option<Gone> {
        let ground = &self.ground;
        let file = ground.file?;
        let Some((id, bytes)) = look(&self.path) else { return Some(Gone::Deleted) };
        if id != file {
            return Some(Gone::Replaced);
        }
        let now = ["-wal", "-shm"].map(|ending| look(&beside(&self.path, ending)).map(|(id, _)| id));
        if ground.log.iter().zip(now).any(|(before, now)| before.is_some() && *before != now) {
            if now == [None; 2] {
                // Nobody has opened it since: what is in the log that only we still have is saved into the file.
                let _ = self.conn.query_row("PRAGMA wal_checkpoint(FULL)", [], |_| Ok(()));
            }
            return Some(Gone::WithoutLog);
        }
        // A file that has become shorter has either been tidied, and then is as long as it says, or cut off.
        if bytes < ground.bytes.replace(bytes) && !self.length().is_ok_and(|whole| bytes >= whole) {
            ground.bytes.set(u64::MAX);
            return Some(Gone::Cut);
        }
        None
    }

    /// Bytes that the file has when all of its log is in it.
    fn length(&self) -> Result<u64> {
        let number =
            |pragma| self.conn.query_row(pragma, [], |r| r.get::<_, u64>(0)).doing("looking at the store's size");
        Ok(number("PRAGMA page_count")? * number("PRAGMA page_size")?)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // For what it does to the connection.
        let _ = self.still_there();
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    name.into()
}

/// What is there under a name. It is not opened: closing it would drop the locks of this process.
#[cfg(unix)]
fn look(path: &Path) -> Option<(Id, u64)> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).ok().map(|m| ((m.dev(), m.ino()), m.len()))
}

#[cfg(not(unix))]
fn look(_: &Path) -> Option<(Id, u64)> {
    None
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;
    use crate::store::{Access, Founding};
    use std::fs;

    const FOUNDING: Founding = Founding { seed: 1, test_share: 0.2, now: Timestamp(1_000) };

    fn open(path: &Path) -> Store {
        Store::open(path, Access::ReadWrite, FOUNDING).unwrap()
    }

    /// Writes something, as every decision does.
    fn write(store: &Store) -> Result<()> {
        store.immediate("trying", |s| s.conn.execute("DELETE FROM asked", []).map(drop).doing("trying"))
    }

    fn gone(done: Result<()>) -> Option<Gone> {
        match done {
            Err(StoreError::Gone { what, .. }) => Some(what),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_happens_to_an_open_store_is_noticed_and_nothing_more_is_written() {
        type Act = fn(&Path, &Path);
        let acts: [(Act, Gone); 5] = [
            (|store, _| fs::remove_file(store).unwrap(), Gone::Deleted),
            (|store, other| fs::rename(store, other).unwrap(), Gone::Deleted),
            (|store, other| fs::rename(other, store).unwrap(), Gone::Replaced),
            (|store, _| fs::OpenOptions::new().write(true).open(store).unwrap().set_len(512).unwrap(), Gone::Cut),
            (|store, _| fs::remove_file(beside(store, "-wal")).unwrap(), Gone::WithoutLog),
        ];
        for (act, what) in acts {
            let dir = tempfile::tempdir().unwrap();
            let (path, other) = (dir.path().join("s.db"), dir.path().join("other.db"));
            drop((open(&other), open(&path)));
            let store = open(&path);
            write(&store).unwrap();
            assert!(store.still_there().is_ok());
            act(&path, &other);
            assert_eq!(gone(write(&store)), Some(what), "{what:?}");
            assert_eq!(gone(store.still_there()), Some(what), "{what:?}");
        }
    }

    #[test]
    fn closing_a_store_that_was_replaced_leaves_the_log_of_the_other_alone() {
        let dir = tempfile::tempdir().unwrap();
        let (path, other) = (dir.path().join("s.db"), dir.path().join("other.db"));
        drop(open(&other));
        let store = open(&path);
        for ending in ["-wal", "-shm"] {
            fs::remove_file(beside(&path, ending)).unwrap();
        }
        fs::rename(&other, &path).unwrap();
        let next = open(&path);
        write(&next).unwrap();
        drop(store);
        assert!(beside(&path, "-wal").exists() && next.still_there().is_ok());
    }

    #[test]
    fn what_is_in_a_log_that_was_deleted_is_saved_into_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s.db");
        drop(open(&path));
        let mut store = open(&path);
        store.add_intent("maria", Timestamp(2_000), "refund").unwrap();
        for ending in ["-wal", "-shm"] {
            fs::remove_file(beside(&path, ending)).unwrap();
        }
        assert_eq!(gone(store.still_there()), Some(Gone::WithoutLog));
        drop(store);
        assert!(open(&path).intents().unwrap().iter().any(|i| i.name == "refund"));
    }

    #[test]
    fn opening_again_in_this_process_keeps_the_locks_of_who_has_it_open() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s.db");
        let store = open(&path);
        // A job of the screen opens the store and ends; then another program closes it as the last one, as it thinks.
        drop(open(&path));
        let program = std::process::Command::new("sqlite3").arg(&path).arg("SELECT count(*) FROM setting").output();
        let Ok(ran) = program else {
            eprintln!("not tried: there is no sqlite3 here");
            return;
        };
        assert!(ran.status.success());
        assert!(store.still_there().is_ok());
        write(&store).unwrap();
    }
}
