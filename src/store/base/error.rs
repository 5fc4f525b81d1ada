//! What can go wrong with a store, in words that say what to do next.

use crate::disk::{largest_file, too_large};
use std::path::PathBuf;

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite refused something.
    #[error("{doing}: {}", happened(source))]
    Sql {
        /// What was being done.
        doing: String,
        /// SQLite's word.
        source: rusqlite::Error,
    },
    /// The machine has too little of something.
    #[error("{doing}: {want}")]
    Short {
        /// What was being done.
        doing: String,
        /// Of what.
        want: MachineShortage,
    },
    /// The file cannot be created or read.
    #[error("cannot open the store {path}: {source}; {}", where_else(source, *read_only))]
    File {
        /// Which file.
        path: PathBuf,
        /// The system's word.
        source: std::io::Error,
        /// Whether it was to be read only.
        read_only: bool,
    },
    /// The file holds what this program did not make: nothing of it is used.
    #[error(
        "{path} is not used: {what} (somebody else made or changed it, or it is damaged); restore a backup, or ask for an export instead of the file"
    )]
    Strange {
        /// Which file.
        path: PathBuf,
        /// What is strange about it.
        what: String,
    },
    /// The file is a database, but none of ours.
    #[error("{0} is no store of appraise but something else; give another place with --store PATH")]
    Foreign(PathBuf),
    /// The file is ours, but from a later version.
    #[error("{0} was written by a newer appraise; update this one")]
    Newer(PathBuf),
    /// The file is ours, from an earlier version, and may not be brought up to date.
    #[error(
        "{0} was written by an older appraise; open it once with `appraise --store` and without --read-only to bring it up to date"
    )]
    Older(PathBuf),
    /// The file is not under its name any more, or not whole.
    #[error("the store {path} {what}; nothing more is saved in it", path = path.display())]
    Gone {
        /// Which file.
        path: PathBuf,
        /// What has happened to it.
        what: StoreGone,
    },
    /// There is no such thing.
    #[error("no {what} called {name:?}; {hint}")]
    NotFound {
        /// conversation, intent, release, …
        what: &'static str,
        /// What was asked for.
        name: String,
        /// How to find the right one.
        hint: String,
    },
    /// A rule forbids it.
    #[error("{0}")]
    Refused(String),
    /// A release needs an encoder that is not there.
    #[error("{0}")]
    Encoder(String),
    /// What is stored cannot be read.
    #[error("the store is damaged: {0}; `appraise doctor` says more, a backup can be put in its place")]
    Damaged(String),
}

/// What a machine can be short of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MachineShortage {
    /// Room on the disk.
    Room,
    /// Memory.
    Memory,
    /// Open files.
    Files,
    /// Threads.
    Threads,
    /// Bytes that one file may have, where that is limited.
    FileSize(Option<u64>),
}

impl std::fmt::Display for MachineShortage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Room => f.write_str("the disk is full; make room and do it again"),
            Self::Memory => f.write_str("there is not enough memory; close other programs and do it again"),
            Self::Threads => f.write_str(
                "no more threads can be started (`ulimit -u` says how many); close other programs and do it again",
            ),
            Self::Files => f.write_str("no more files may be open (`ulimit -n` says how many); raise it or close some"),
            Self::FileSize(most) => f.write_str(&too_large(*most)),
        }
    }
}

/// What SQLite's word means for whoever reads it, and what to do next.
fn happened(source: &rusqlite::Error) -> String {
    use rusqlite::ErrorCode;
    match source.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another program has held the store for too long; try again when it is done".to_owned()
        }
        Some(ErrorCode::ReadOnly) => {
            "the file or its directory cannot be written; look at who may, --read-only looks without writing".to_owned()
        }
        Some(ErrorCode::CannotOpen) => {
            "a file of the store cannot be opened or made; look at who may read and write it and its directory"
                .to_owned()
        }
        Some(ErrorCode::SystemIoFailure) => {
            "the disk gave an error; look at it and its cables before you go on, and make a backup".to_owned()
        }
        _ => said(source),
    }
}

/// SQLite's own words, once, and never the statement.
fn said(source: &rusqlite::Error) -> String {
    match source {
        rusqlite::Error::SqliteFailure(_, Some(words)) => words.clone(),
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}

/// What is wrong with what is stored, where an error comes from that.
fn damage(source: &rusqlite::Error) -> Option<String> {
    use rusqlite::{Error, ErrorCode};
    let words = match source {
        Error::QueryReturnedNoRows => "a row is missing",
        Error::IntegralValueOutOfRange(..) => "a number is out of range",
        Error::InvalidColumnType(..) => "a value is of another kind than its column",
        Error::FromSqlConversionFailure(..) | Error::Utf8Error(..) => "a value cannot be read",
        Error::SqlInputError { .. } => return Some(said(source)),
        _ => {
            // Our own statements are right: what fails in one, fails for what it has read.
            let stored = matches!(
                source.sqlite_error_code(),
                Some(
                    ErrorCode::DatabaseCorrupt
                        | ErrorCode::NotADatabase
                        | ErrorCode::TypeMismatch
                        | ErrorCode::TooBig
                        | ErrorCode::Unknown
                )
            );
            return stored.then(|| said(source));
        }
    };
    Some(words.to_owned())
}

/// What there was too little of, if that is it. Asked while the connection is open, as files are free again afterwards.
fn want(source: &rusqlite::Error) -> Option<MachineShortage> {
    use rusqlite::ErrorCode;
    use rusqlite::ffi;
    match source.sqlite_error_code()? {
        ErrorCode::OutOfMemory => Some(MachineShortage::Memory),
        ErrorCode::DiskFull => Some(MachineShortage::Room),
        ErrorCode::SystemIoFailure if is_too_large() => Some(MachineShortage::FileSize(largest_file())),
        ErrorCode::CannotOpen | ErrorCode::SystemIoFailure if files_are_out() => Some(MachineShortage::Files),
        ErrorCode::SystemIoFailure => {
            match source.sqlite_error()?.extended_code {
                ffi::SQLITE_IOERR_NOMEM => Some(MachineShortage::Memory),
                // The index of the write-ahead log is made longer; where a write elsewhere finds no room, SQLite says so.
                ffi::SQLITE_IOERR_SHMSIZE | ffi::SQLITE_IOERR_SHMOPEN | ffi::SQLITE_IOERR_TRUNCATE => {
                    Some(MachineShortage::Room)
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether this thread's last call to the system failed for a file that may not grow: SQLite says only that it could not write.
fn is_too_large() -> bool {
    std::io::Error::last_os_error().kind() == std::io::ErrorKind::FileTooLarge
}

/// Whether this process, or the machine, can open no more files.
fn files_are_out() -> bool {
    std::fs::File::open(std::path::Path::new(std::path::MAIN_SEPARATOR_STR)).is_err_and(|e| is_files(&e))
}

/// Whether the system says that too many files are open: EMFILE, ENFILE.
fn is_files(e: &std::io::Error) -> bool {
    cfg!(unix) && matches!(e.raw_os_error(), Some(23 | 24))
}

fn where_else(source: &std::io::Error, read_only: bool) -> String {
    if is_files(source) {
        return MachineShortage::Files.to_string();
    }
    let rights = matches!(source.kind(), std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem);
    match rights {
        true if read_only => "look at who may read it and its directory, or give another place with --store PATH",
        true => "give another place with --store PATH, or look without writing with --read-only",
        false => "give another place with --store PATH",
    }
    .to_owned()
}

/// Why what takes long was not done.
#[derive(Debug, thiserror::Error)]
pub enum LongError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Stopped by the person who started it.
    #[error("stopped; nothing was left half-done")]
    Cancelled(#[from] crate::domain::Cancelled),
}

/// Shorthand for results of the store.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Says what was being done when SQLite refused.
pub(in crate::store) trait DoingWhat<T> {
    /// Adds the words.
    fn doing(self, what: &str) -> Result<T>;
}

impl<T> DoingWhat<T> for rusqlite::Result<T> {
    fn doing(self, what: &str) -> Result<T> {
        self.map_err(|source| {
            if let Some(want) = want(&source) {
                return StoreError::Short { doing: what.to_owned(), want };
            }
            match damage(&source) {
                Some(words) => StoreError::Damaged(format!("{what}: {words}")),
                None => StoreError::Sql { doing: what.to_owned(), source },
            }
        })
    }
}

impl StoreError {
    /// A refusal in words.
    pub(crate) fn refused(words: impl Into<String>) -> Self {
        Self::Refused(words.into())
    }

    /// Whether something could not be written, or made beside the store.
    pub(in crate::store) fn is_for_want_of_writing(&self) -> bool {
        use rusqlite::ErrorCode;
        match self {
            Self::Sql { source, .. } => {
                let writing =
                    source.sqlite_error().is_some_and(|e| e.extended_code == rusqlite::ffi::SQLITE_IOERR_WRITE);
                writing || matches!(source.sqlite_error_code(), Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen))
            }
            other => other.is_full(),
        }
    }

    /// Whether the disk is full.
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Short { want: MachineShortage::Room, .. })
    }

    /// Whether another process or thread held the store for too long.
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Sql { source, .. } if source.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy))
    }
}

/// What has happened to a store while it was open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreGone {
    /// Nothing is there under its name.
    Deleted,
    /// Another file has its name.
    Replaced,
    /// The file has lost its end.
    Cut,
    /// The files that SQLite keeps beside it were taken away.
    WithoutLog,
}

impl std::fmt::Display for StoreGone {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn failing(code: std::ffi::c_int) -> StoreError {
        let failure = rusqlite::ffi::Error::new(code);
        let failed: Result<()> =
            Err(rusqlite::Error::SqliteFailure(failure, Some("its words".into()))).doing("keeping a replay");
        failed.unwrap_err()
    }

    #[test]
    fn what_sqlite_says_becomes_what_to_do_next() {
        for (code, says) in [
            (5, "try again"),
            (13, "the disk is full"),
            (4874, "the disk is full"),
            (7, "not enough memory"),
            (8, "look at who may"),
            (14, "look at who may"),
            (266, "the disk gave an error"),
            (778, "the disk gave an error"),
        ] {
            let error = failing(code);
            assert!(error.to_string().starts_with("keeping a replay: ") && error.to_string().contains(says), "{error}");
            assert!(!error.to_string().contains("its words"), "{error}");
            assert_eq!(error.is_busy(), code == 5);
        }
    }

    #[test]
    fn damage_is_called_damage_without_the_statement() {
        let conn = rusqlite::Connection::open_in_memory().unwrap();
        let run = |sql: &str| conn.query_row(sql, [], |r| r.get::<_, u32>(0)).doing("reading a cycle").unwrap_err();
        for (sql, says) in [
            ("SELECT 1 WHERE 0", "a row is missing"),
            ("SELECT -1", "out of range"),
            ("SELECT 'x'", "another kind"),
            ("SELECT json_extract('{', '$.a')", "malformed JSON"),
            ("SELECT secret FROM absent", "no such table"),
        ] {
            let error = run(sql);
            assert!(matches!(error, StoreError::Damaged(_)), "{error:?}");
            let words = error.to_string();
            assert!(words.starts_with("the store is damaged: reading a cycle: "), "{words}");
            assert!(words.contains(says) && words.contains("appraise doctor") && !words.contains("SELECT"), "{words}");
        }
        for code in [11, 26, 20] {
            assert!(failing(code).to_string().starts_with("the store is damaged: "), "{code}");
        }
    }
}
