//! What can go wrong with a store, in words that say what to do next.

use super::Gone;
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
    /// The file cannot be created or read.
    #[error("cannot open the store {path}: {source}; {}", where_else(source))]
    File {
        /// Which file.
        path: PathBuf,
        /// The system's word.
        source: std::io::Error,
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
        what: Gone,
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
    #[error("the store is damaged: {0}; restore a backup, or run `sqlite3 STORE '.recover'`")]
    Damaged(String),
}

/// What SQLite's word means for whoever reads it, and what to do next.
fn happened(source: &rusqlite::Error) -> String {
    use rusqlite::ErrorCode;
    match source.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another program has held the store for too long; try again when it is done".to_owned()
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            format!("the store is damaged ({source}); restore a backup, or run `sqlite3 STORE '.recover'`")
        }
        _ if is_full(source) => "the disk is full; this was not written, make room and do it again".to_owned(),
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen) => {
            format!(
                "the file or its directory cannot be written ({source}); look at who may, --read-only looks without writing"
            )
        }
        _ => source.to_string(),
    }
}

/// Whether there is no room. Where SQLite cannot make or fill its files it does not always say why.
fn is_full(source: &rusqlite::Error) -> bool {
    use rusqlite::{ErrorCode, ffi};
    let code = source.sqlite_error().map(|e| e.extended_code);
    let wrote =
        [ffi::SQLITE_IOERR_WRITE, ffi::SQLITE_IOERR_SHMSIZE, ffi::SQLITE_IOERR_SHMOPEN, ffi::SQLITE_IOERR_TRUNCATE];
    source.sqlite_error_code() == Some(ErrorCode::DiskFull) || code.is_some_and(|c| wrote.contains(&c))
}

fn where_else(source: &std::io::Error) -> &'static str {
    match source.kind() {
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
            "give another place with --store PATH, or look without writing with --read-only"
        }
        _ => "give another place with --store PATH",
    }
}

/// Shorthand for results of the store.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Says what was being done when SQLite refused.
pub(super) trait Doing<T> {
    /// Adds the words.
    fn doing(self, what: &str) -> Result<T>;
}

impl<T> Doing<T> for rusqlite::Result<T> {
    fn doing(self, what: &str) -> Result<T> {
        self.map_err(|source| StoreError::Sql { doing: what.to_owned(), source })
    }
}

impl StoreError {
    /// A refusal in words.
    pub(crate) fn refused(words: impl Into<String>) -> Self {
        Self::Refused(words.into())
    }

    /// Whether something could not be written, or made beside the store.
    pub(super) fn is_for_want_of_writing(&self) -> bool {
        use rusqlite::ErrorCode;
        let code = match self {
            Self::Sql { source, .. } => source.sqlite_error_code(),
            _ => None,
        };
        matches!(code, Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen)) || self.is_full()
    }

    /// Whether the disk is full.
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Sql { source, .. } if is_full(source))
    }

    /// Whether another process or thread held the store for too long.
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Sql { source, .. } if source.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sqlite_says_becomes_what_to_do_next() {
        for (code, says) in [
            (5, "try again"),
            (11, "restore a backup"),
            (26, "restore a backup"),
            (13, "the disk is full"),
            (4874, "the disk is full"),
            (778, "the disk is full"),
            (8, "look at who may"),
        ] {
            let failure = rusqlite::ffi::Error::new(code);
            let error: Result<()> =
                Err(rusqlite::Error::SqliteFailure(failure, Some("its words".into()))).doing("keeping a replay");
            let error = error.unwrap_err();
            assert!(error.to_string().starts_with("keeping a replay: ") && error.to_string().contains(says), "{error}");
            assert_eq!(error.is_busy(), code == 5);
        }
    }
}
