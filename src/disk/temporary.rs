//! Directories that are there for a while, and what is left of them when their owner was killed.

use super::{parent, sync_dir};
use std::fs::File;
use std::io;
use std::path::Path;
use tempfile::TempDir;

/// A directory that only its owner can enter (0700), gone when this is dropped and when a signal ends the program. While it is
/// used it is locked: a run that was killed leaves it without a lock, and the next one takes it away.
pub struct Temporary {
    dir: TempDir,
    _lock: Option<File>,
    _last: crate::stop::ArrangedEnd,
}

impl Temporary {
    /// Makes one in a directory, with a name that begins with `prefix`; what killed runs left there under that prefix is taken
    /// away.
    ///
    /// # Errors
    /// What the system says.
    pub fn within(base: &Path, prefix: &str) -> io::Result<Self> {
        sweep(base, prefix);
        let mut builder = tempfile::Builder::new();
        builder.prefix(prefix);
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        loop {
            let dir = builder.tempdir_in(base)?;
            let lock = handle(dir.path()).ok();
            if hold(lock.as_ref(), dir.path()) {
                let left = dir.path().to_owned();
                let last = crate::stop::last(move || drop(std::fs::remove_dir_all(&left)));
                return Ok(Self { dir, _lock: lock, _last: last });
            }
        }
    }

    /// Makes one where the system keeps such things.
    ///
    /// # Errors
    /// What the system says.
    pub fn new() -> io::Result<Self> {
        Self::within(&std::env::temp_dir(), "appraise-run-")
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Gives it a name and leaves it there for good.
    ///
    /// # Errors
    /// Something of that name is there; what the system says. Then nothing is left of it.
    pub fn keep_as(self, to: &Path) -> io::Result<()> {
        sync_dir(self.dir.path())?;
        std::fs::rename(self.dir.path(), to)?;
        // What it was called is no more.
        let _ = self.dir.keep();
        sync_dir(parent(to))
    }
}

/// Takes away what begins with `prefix` in a directory and belongs to nobody any more. What cannot be taken away stays: it is
/// no reason not to work.
pub(super) fn sweep(base: &Path, prefix: &str) {
    let Ok(entries) = std::fs::read_dir(base) else { return };
    for entry in entries.filter_map(Result::ok) {
        let is_one = entry.file_name().to_string_lossy().starts_with(prefix);
        let Ok(kind) = entry.file_type() else { continue };
        if !is_one || !(kind.is_dir() || kind.is_file()) {
            continue;
        }
        let path = entry.path();
        let Ok(lock) = handle(&path) else { continue };
        // Held until it is gone: whoever has just made it waits for the lock, and looks again.
        if lock.try_lock().is_ok() && is_still(&lock, &path) {
            let gone = if kind.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
            drop(gone);
        }
    }
}

/// Locks what has just been made, so that nobody sweeps it away. False when somebody did before that. Where the system has no
/// locks nothing is swept either.
pub(super) fn hold(made: Option<&File>, path: &Path) -> bool {
    made.is_none_or(|file| file.lock().is_err() || is_still(file, path))
}

#[cfg(unix)]
fn handle(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// A directory cannot be locked there; then nothing is swept, since the lock cannot be taken either.
#[cfg(not(unix))]
fn handle(path: &Path) -> io::Result<File> {
    Err(io::Error::new(io::ErrorKind::Unsupported, path.display().to_string()))
}

/// Whether a path still leads to what was opened.
#[cfg(unix)]
fn is_still(opened: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |m: std::fs::Metadata| (m.dev(), m.ino());
    matches!((opened.metadata().map(id), std::fs::symlink_metadata(path).map(id)), (Ok(a), Ok(b)) if a == b)
}

#[cfg(not(unix))]
fn is_still(_: &File, _: &Path) -> bool {
    true
}
