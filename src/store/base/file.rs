//! The file of a store: whether it can be one, making it with its owner's rights alone, reading it where nothing can be written.

use crate::disk::{self, beside};
use crate::store::{Result, StoreError};
use rusqlite::{Connection, OpenFlags};
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// Bytes of a full path that SQLite can open, with room for the ending of its journals.
const LONGEST_PATH: usize = 500;
/// The end of a rollback journal that belongs to several files at once.
const SEVERAL_FILES: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];

/// Looks whether a path can be a store's, before anything is opened, which could hang, or made, which would be left behind; then
/// makes file and directories where they are missing and may be made.
///
/// # Errors
/// It is something else than a file, cannot be made or read, or its name is too long.
pub(in crate::store) fn prepare(path: &Path, read_only: bool) -> Result<()> {
    let failed = |source| StoreError::File { path: path.to_owned(), source, read_only };
    let there = match std::fs::metadata(path) {
        Ok(meta) if !meta.is_file() => {
            let what = if meta.is_dir() { "a directory" } else { "no file" };
            return Err(StoreError::refused(format!(
                "{} is {what}, and a store is a file; give another place with --store PATH",
                path.display()
            )));
        }
        Ok(_) => true,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound && !read_only => false,
        Err(e) => return Err(failed(e)),
    };
    let length = std::path::absolute(path).map_err(failed)?.as_os_str().len();
    if length > LONGEST_PATH {
        return Err(StoreError::refused(format!(
            "the store's name with its directories is too long: {length} bytes, {LONGEST_PATH} are possible; give another place with --store PATH"
        )));
    }
    if there {
        refuse_journal_of_several(path)?;
    }
    if read_only {
        return Ok(());
    }
    create_private(path).map_err(failed)
}

/// SQLite deletes the file that such a journal names, once it has rolled it back. No store of ours has one, since nothing is ever
/// attached: somebody has put it there.
fn refuse_journal_of_several(path: &Path) -> Result<()> {
    let journal = beside(path, "-journal");
    let mut end = [0; 8];
    let read =
        std::fs::File::open(&journal).and_then(|mut f| f.seek(SeekFrom::End(-8)).and_then(|_| f.read_exact(&mut end)));
    match read.is_ok() && end == SEVERAL_FILES {
        true => Err(StoreError::Strange {
            path: path.to_owned(),
            what: format!("the journal {} beside it names other files", journal.display()),
        }),
        false => Ok(()),
    }
}

/// Opens a store where nothing can be written, a backup or a read-only disk: SQLite otherwise wants to make an index of the write-ahead
/// log beside it. `None` where there is a log, whose content would be missed.
pub(in crate::store) fn unchanging(path: &Path) -> Option<Connection> {
    if std::fs::metadata(beside(path, "-wal")).is_ok_and(|m| m.len() > 0) {
        return None;
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(format!("{}?immutable=1", disk::uri(path)?), flags).ok()
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
