//! Copies of a store while others work in it: whole, of one moment, checked before they have their name.

use super::file::unchanging;
use super::look::{look, open_and_look};
use super::migrations::{APPLICATION_ID, MIGRATIONS};
use crate::disk;
use crate::disk::beside;
use crate::domain::{Reporter, SilentReporter};
use crate::store::{DoingWhat, LongError, MachineShortage, Result, Store, StoreError};
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Pages between two looks whether to go on: 16 MB.
const PAGES: i32 = 4_096;
/// A copy that is no older than this may be another program's that brings the store up to date at the same time and has seen it before.
const AT_ONCE: std::time::Duration = std::time::Duration::from_secs(600);
/// Where a store's header says whose it is.
const MARK: std::ops::Range<usize> = 68..72;

/// What a copy holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CopyContent {
    /// Conversations.
    pub conversations: u64,
    /// Turns.
    pub turns: u64,
    /// Decisions in the log.
    pub decisions: u64,
    /// The newest of them; 0 for none.
    pub last_decision: i64,
    /// Releases.
    pub releases: u64,
    /// Bytes of the file.
    pub bytes: u64,
}

impl Store {
    /// Copies the store at `path`, of this version or an older one, as it is at this moment to `to`, readable by its owner alone. The
    /// copy is read through and compared with the store before it gets its name. With `force` a store's copy that is there is replaced.
    ///
    /// # Errors
    /// The store is none of ours; there is something at `to`; it is the store itself or one of its files; it cannot be written or differs.
    pub fn backup(
        path: &Path,
        to: &Path,
        force: bool,
        reporter: &dyn Reporter,
    ) -> std::result::Result<CopyContent, LongError> {
        may_be_replaced(path, to, force)?;
        copy(&to_copy(path)?, to, force, "PRAGMA integrity_check(1)", reporter)
    }

    /// As [`Store::backup`], for a copy that is thrown away: its rows are counted, not every page read twice.
    ///
    /// # Errors
    /// As [`Store::backup`].
    pub fn working_copy(
        path: &Path,
        to: &Path,
        reporter: &dyn Reporter,
    ) -> std::result::Result<CopyContent, LongError> {
        may_be_replaced(path, to, false)?;
        copy(&to_copy(path)?, to, false, "SELECT 'ok'", reporter)
    }
}

fn to_copy(path: &Path) -> Result<Connection> {
    let (conn, looked) = open_and_look(path)?;
    if looked.version > MIGRATIONS.len() {
        return Err(StoreError::Newer(path.to_owned()));
    }
    Ok(conn)
}

/// Refuses what must not be overwritten.
fn may_be_replaced(store: &Path, to: &Path, force: bool) -> Result<()> {
    let own = ["", "-wal", "-shm", "-journal"].map(|ending| beside(store, ending));
    if own.iter().any(|file| is_same(file, to)) {
        return Err(StoreError::refused(format!("{} is the store itself; name another file", to.display())));
    }
    match std::fs::symlink_metadata(to) {
        Err(_) => Ok(()),
        Ok(_) if !force => Err(StoreError::refused(format!(
            "{} is there already; name another file, or replace an older backup with --force",
            to.display()
        ))),
        Ok(meta) if meta.is_file() && is_ours(to) => Ok(()),
        Ok(_) => Err(StoreError::refused(format!(
            "{} is no backup of a store, so it stays; name another file",
            to.display()
        ))),
    }
}

/// Whether two names mean one file.
fn is_same(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) if a == b => return true,
        (Ok(_), Ok(_)) => {}
        // What is not there is compared by name.
        _ => return std::path::absolute(a).ok() == std::path::absolute(b).ok(),
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let key = |p: &Path| std::fs::metadata(p).map(|m| (m.dev(), m.ino())).ok();
        key(a).is_some() && key(a) == key(b)
    }
    #[cfg(not(unix))]
    false
}

/// Whether a file bears the mark of a store.
pub(in crate::store) fn is_ours(path: &Path) -> bool {
    use std::io::Read;
    let mut head = [0; MARK.end];
    let read = std::fs::File::open(path).and_then(|mut f| f.read_exact(&mut head));
    read.is_ok() && head[MARK] == (APPLICATION_ID as u32).to_be_bytes()
}

/// Keeps a copy of a store that a newer program is about to change, and lets older copies of the kind go.
///
/// # Errors
/// There is no room, and how to do without.
pub(in crate::store) fn keep_older(conn: &Connection, path: &Path, version: usize) -> Result<()> {
    let to = beside(path, &format!(".v{version}.bak"));
    may_be_replaced(path, &to, true)?;
    // Its owner waits for the command that was asked for: the rows are counted, not every page read twice.
    match copy(conn, &to, true, "SELECT 'ok'", &SilentReporter) {
        Ok(_) => {}
        Err(LongError::Store(StoreError::Short { want: MachineShortage::Room, .. })) => {
            return Err(StoreError::refused(format!(
                "{} comes from an older version, and there is no room for a copy of it as it is ({}); make room, or leave the copy \
                 out with --no-backup: no older program can then read the store any more",
                path.display(),
                to.display()
            )));
        }
        Err(LongError::Store(e)) => return Err(e),
        // `Silent` never cancels.
        Err(LongError::Cancelled(_)) => return Err(StoreError::refused("stopped")),
    }
    let settled = |p: &PathBuf| {
        let age = std::fs::metadata(p).and_then(|m| m.modified()).map(|at| at.elapsed().unwrap_or_default());
        age.is_ok_and(|age| age > AT_ONCE)
    };
    for older in older_copies(path).into_iter().filter(|p| *p != to && settled(p)) {
        // It only takes room: what cannot be removed is listed by `doctor`.
        let _ = std::fs::remove_file(older);
    }
    Ok(())
}

/// The copies that stand beside a store from before it was brought up to date.
pub(in crate::store) fn older_copies(path: &Path) -> Vec<PathBuf> {
    let Some(name) = path.file_name().and_then(|n| n.to_str()) else { return Vec::new() };
    let dir = path.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let is_copy = |file: &str| {
        let number = file.strip_prefix(name).and_then(|rest| rest.strip_prefix(".v")?.strip_suffix(".bak"));
        number.is_some_and(|n| n.parse::<usize>().is_ok())
    };
    let files = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = files
        .filter(|e| e.file_name().to_str().is_some_and(is_copy) && e.file_type().is_ok_and(|t| t.is_file()))
        // Named as the store is, so that names can be compared.
        .map(|e| path.with_file_name(e.file_name()))
        .filter(|p| is_ours(p))
        .collect();
    found.sort();
    found
}

fn copy(
    conn: &Connection,
    to: &Path,
    replace: bool,
    check: &str,
    reporter: &dyn Reporter,
) -> std::result::Result<CopyContent, LongError> {
    let failed = |source: std::io::Error| match source.kind() {
        std::io::ErrorKind::StorageFull => {
            StoreError::Short { doing: "copying the store".into(), want: MachineShortage::Room }
        }
        _ => StoreError::refused(format!("{} cannot be written: {source}; name another file", to.display())),
    };
    placed(to, replace, failed, |unfinished| {
        // One moment of the store: others go on writing, and the copy does not begin anew for it.
        let moment = conn.unchecked_transaction().doing("copying the store")?;
        let mut expected = counted(conn)?;
        fill(conn, unfinished, reporter)?;
        drop(moment);
        let copied = verified(unfinished, check)?;
        expected.bytes = copied.bytes;
        match copied == expected {
            true => Ok(copied),
            false => {
                Err(StoreError::refused("the copy is not what the store is, so it was not kept; do it again").into())
            }
        }
    })
}

fn fill(conn: &Connection, unfinished: &Path, reporter: &dyn Reporter) -> std::result::Result<(), LongError> {
    const DOING: &str = "copying the store";
    let mut target = Connection::open(unfinished).doing(DOING)?;
    // What is half-written is thrown away whole: a journal of it would only stay behind.
    target.pragma_update_and_check(None, "journal_mode", "MEMORY", |_| Ok(())).doing(DOING)?;
    let backup = Backup::new(conn, &mut target).doing(DOING)?;
    loop {
        let step = backup.step(PAGES).doing(DOING)?;
        let progress = backup.progress();
        let total = u64::try_from(progress.pagecount).unwrap_or(0);
        let left = u64::try_from(progress.remaining).unwrap_or(0);
        reporter.step("copy the store", total.saturating_sub(left), total)?;
        match step {
            StepResult::Done => return Ok(()),
            StepResult::More => {}
            // Nobody else knows the copy; the store is read under its write-ahead log.
            _ => std::thread::sleep(std::time::Duration::from_millis(1)),
        }
    }
}

/// Reads a copy back: its schema, what it holds, and what a statement says of its pages, which is "ok" where they are sound.
fn verified(path: &Path, check: &str) -> Result<CopyContent> {
    let conn = unchanging(path).ok_or_else(|| StoreError::refused("the copy cannot be read back"))?;
    look(&conn, path)?;
    let sound: String = conn.query_row(check, [], |r| r.get(0)).doing("reading the copy")?;
    if sound != "ok" {
        return Err(StoreError::Damaged(format!("the copy has the same damage ({sound})")));
    }
    let bytes = std::fs::metadata(path).map_or(0, |m| m.len());
    Ok(CopyContent { bytes, ..counted(&conn)? })
}

fn counted(conn: &Connection) -> Result<CopyContent> {
    let sql =
        "SELECT (SELECT count(*) FROM conversation), (SELECT count(*) FROM turn), (SELECT count(*) FROM decision),
        (SELECT coalesce(max(id), 0) FROM decision), (SELECT count(*) FROM release)";
    conn.query_row(sql, [], |r| {
        Ok(CopyContent {
            conversations: r.get(0)?,
            turns: r.get(1)?,
            decisions: r.get(2)?,
            last_decision: r.get(3)?,
            releases: r.get(4)?,
            bytes: 0,
        })
    })
    .doing("counting what the store holds")
}

/// Writes a file of its owner's alone under another name, puts it on the disk, and only then gives it its name. What is unfinished
/// is removed; without `replace`, what has come to be there meanwhile stays.
fn placed<T>(
    to: &Path,
    replace: bool,
    failed: impl Fn(std::io::Error) -> StoreError,
    write: impl FnOnce(&Path) -> std::result::Result<T, LongError>,
) -> std::result::Result<T, LongError> {
    let dir = to.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let unfinished = disk::Temporary::within(dir, UNFINISHED).map_err(&failed)?;
    let copy = unfinished.path().join("copy");
    disk::make(&copy).map_err(&failed)?;
    let value = write(&copy)?;
    std::fs::File::open(&copy).and_then(|f| f.sync_all()).map_err(&failed)?;
    let placed = if replace { disk::rename(&copy, to) } else { disk::rename_new(&copy, to) };
    placed.map_err(failed)?;
    Ok(value)
}

/// How the name of an unfinished copy begins.
pub(in crate::store) const UNFINISHED: &str = ".appraise-backup";
