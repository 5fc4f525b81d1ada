//! What a command reads: nothing of it may be written over.

use std::ffi::OsString;
use std::fs::Metadata;
use std::path::{Path, PathBuf};

/// The files that a command reads or works on, known by what they are (device and inode, so that links do not hide them) and,
/// where they are not there yet, by name.
#[derive(Clone, Debug, Default)]
pub struct InputFiles {
    #[cfg(unix)]
    files: Vec<(u64, u64)>,
    names: Vec<PathBuf>,
}

impl InputFiles {
    /// With the files behind standard input, output and error.
    #[must_use]
    pub fn standard() -> Self {
        #[allow(unused_mut, reason = "only some systems tell what they are")]
        let mut inputs = Self::default();
        #[cfg(unix)]
        {
            use rustix::stdio::{stderr, stdin, stdout};
            let meta = |fd: std::os::fd::BorrowedFd<'_>| {
                fd.try_clone_to_owned().map(std::fs::File::from).and_then(|f| f.metadata()).ok()
            };
            let read = meta(stdin());
            // What goes to a pipe may be joined by more; a file that is being written would lose what is in it.
            let written = [stdout(), stderr()].map(meta);
            let written = written.iter().flatten().filter(|m| m.is_file());
            inputs.files.extend(read.iter().chain(written).filter_map(identity));
        }
        inputs
    }

    /// And a file.
    #[must_use]
    pub fn file(mut self, path: &Path) -> Self {
        #[cfg(unix)]
        self.files.extend(std::fs::metadata(path).ok().as_ref().and_then(identity));
        self.names.push(resolved(path));
        self
    }

    /// And a store, with the files that SQLite keeps beside it.
    #[must_use]
    pub fn store(self, path: &Path) -> Self {
        ["", "-wal", "-shm", "-journal"].into_iter().fold(self, |inputs, ending| {
            let mut name = OsString::from(path);
            name.push(ending);
            inputs.file(Path::new(&name))
        })
    }

    /// Whether a path leads to one of them.
    pub fn has(&self, path: &Path) -> bool {
        #[cfg(unix)]
        if std::fs::metadata(path).ok().as_ref().and_then(identity).is_some_and(|id| self.files.contains(&id)) {
            return true;
        }
        self.names.contains(&resolved(path))
    }
}

/// Which file it is. Terminals and other devices lose nothing when they are written to.
#[cfg(unix)]
fn identity(meta: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::{FileTypeExt, MetadataExt};
    (meta.is_file() || meta.file_type().is_fifo()).then(|| (meta.dev(), meta.ino()))
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> Option<(u64, u64)> {
    None
}

/// The path without links, as far as it is there.
fn resolved(path: &Path) -> PathBuf {
    if let Ok(whole) = path.canonicalize() {
        return whole;
    }
    match (super::parent(path).canonicalize(), path.file_name()) {
        (Ok(dir), Some(name)) => dir.join(name),
        _ => path.to_owned(),
    }
}
