//! Whether a store that is open is still the file under its name. One that was deleted or replaced goes on taking what is
//! written to it, and nobody ever finds it again.

use crate::disk::beside;
use crate::store::{DoingWhat, Result, StoreGone};
use rusqlite::Connection;
use std::cell::Cell;
use std::path::Path;

/// Device and inode.
type Id = (u64, u64);

/// What a connection was opened on.
#[derive(Debug, Default)]
pub(in crate::store) struct OpenedFile {
    /// `None`: in memory, or the system does not tell files apart.
    file: Option<Id>,
    /// The write-ahead log and its index. While a connection is open nobody may take them away.
    log: [Option<Id>; 2],
    /// Bytes of the file when it was looked at last.
    bytes: Cell<u64>,
}

impl OpenedFile {
    /// What lies under a name now; `log`: whether the connection uses a write-ahead log.
    pub fn of(path: &Path, log: bool) -> Self {
        let (file, bytes) = look(path).map_or((None, 0), |(id, bytes)| (Some(id), bytes));
        let beside = |ending: &str| if log { Some(look(&beside(path, ending))?.0) } else { None };
        Self { file, log: [beside("-wal"), beside("-shm")], bytes: Cell::new(bytes) }
    }

    /// What has happened to the file under a name since, as a connection to it sees it.
    pub fn gone(&self, path: &Path, conn: &Connection) -> Option<StoreGone> {
        let file = self.file?;
        let Some((id, bytes)) = look(path) else { return Some(StoreGone::Deleted) };
        if id != file {
            return Some(StoreGone::Replaced);
        }
        let now = ["-wal", "-shm"].map(|ending| look(&beside(path, ending)).map(|(id, _)| id));
        if self.log.iter().zip(now).any(|(before, now)| before.is_some() && *before != now) {
            if now == [None; 2] {
                // Nobody has opened it since: what is in the log that only we still have is saved into the file.
                let _ = conn.query_row("PRAGMA wal_checkpoint(FULL)", [], |_| Ok(()));
            }
            return Some(StoreGone::WithoutLog);
        }
        // A file that has become shorter has either been tidied, and then is as long as it says, or cut off.
        if bytes < self.bytes.replace(bytes) && !length(conn).is_ok_and(|whole| bytes >= whole) {
            self.bytes.set(u64::MAX);
            return Some(StoreGone::Cut);
        }
        None
    }
}

/// Bytes that the file has when all of its log is in it.
fn length(conn: &Connection) -> Result<u64> {
    let number = |pragma| conn.query_row(pragma, [], |r| r.get::<_, u64>(0)).doing("looking at the store's size");
    Ok(number("PRAGMA page_count")? * number("PRAGMA page_size")?)
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
    use crate::store::{Access, Founding, Store, StoreError};
    use std::fs;

    const FOUNDING: Founding = Founding { seed: 1, test_share: 0.2, now: Timestamp(1_000) };

    fn open(path: &Path) -> Store {
        Store::open(path, Access::ReadWrite, FOUNDING).unwrap()
    }

    /// Writes something, as every decision does.
    fn write(store: &Store) -> Result<()> {
        store.immediate("trying", |s| s.conn.execute("DELETE FROM asked", []).map(drop).doing("trying"))
    }

    fn gone(done: Result<()>) -> Option<StoreGone> {
        match done {
            Err(StoreError::Gone { what, .. }) => Some(what),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_happens_to_an_open_store_is_noticed_and_nothing_more_is_written() {
        type Act = fn(&Path, &Path);
        let acts: [(Act, StoreGone); 5] = [
            (|store, _| fs::remove_file(store).unwrap(), StoreGone::Deleted),
            (|store, other| fs::rename(store, other).unwrap(), StoreGone::Deleted),
            (|store, other| fs::rename(other, store).unwrap(), StoreGone::Replaced),
            (|store, _| fs::OpenOptions::new().write(true).open(store).unwrap().set_len(512).unwrap(), StoreGone::Cut),
            (|store, _| fs::remove_file(beside(store, "-wal")).unwrap(), StoreGone::WithoutLog),
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
        assert_eq!(gone(store.still_there()), Some(StoreGone::WithoutLog));
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
