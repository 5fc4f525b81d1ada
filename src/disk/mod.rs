//! Everything that the program writes beside its store goes through here: readable by its owner alone, never over what is
//! being read, and under its name only when it is whole.

mod folder;
mod inputs;
mod output;
mod temporary;
#[cfg(test)]
mod tests;

pub use folder::NewFolder;
pub use inputs::InputFiles;
pub use output::{ExistingFile, NewFile};
pub use temporary::Temporary;

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Why something is not written.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {what}")]
pub struct CannotWrite {
    /// Which file or directory.
    pub path: String,
    /// Why, and what to do.
    pub what: String,
}

impl CannotWrite {
    fn because(path: &Path, what: impl Into<String>) -> Self {
        Self { path: path.display().to_string(), what: what.into() }
    }

    /// The system's word, in words that say what to do.
    pub fn system(path: &Path, e: &io::Error) -> Self {
        Self::because(path, words(e))
    }
}

/// What the system says about a file that cannot be written, and what to do.
pub fn words(e: &io::Error) -> String {
    match e.kind() {
        io::ErrorKind::StorageFull => "the disk is full; make room and do it again".to_owned(),
        io::ErrorKind::QuotaExceeded => "your share of the disk is used up; make room and do it again".to_owned(),
        io::ErrorKind::PermissionDenied => "you may not write there; give another place".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "nothing can be written on that disk; give another place".to_owned(),
        io::ErrorKind::FileTooLarge => too_large(largest_file()),
        _ => e.to_string(),
    }
}

/// How large this process may make a file, in bytes; `None`: as large as the disk takes.
pub fn largest_file() -> Option<u64> {
    #[cfg(unix)]
    return rustix::process::getrlimit(rustix::process::Resource::Fsize).current;
    #[cfg(not(unix))]
    return None;
}

/// Whether no process of this machine has a number: whoever had it has ended, however it ended. False where that cannot be told.
pub fn has_ended(process: u32) -> bool {
    #[cfg(unix)]
    return rustix::process::Pid::from_raw(process.cast_signed())
        .is_some_and(|id| rustix::process::test_kill_process(id) == Err(rustix::io::Errno::SRCH));
    #[cfg(not(unix))]
    return process == 0;
}

/// What is said of a file that cannot grow beyond so many bytes, and what to do.
pub fn too_large(most: Option<u64>) -> String {
    match most {
        Some(most) => format!(
            "a file may not become larger than {most} bytes here (`ulimit -f` says so in blocks); raise that with `ulimit -f \
             unlimited` and do it again"
        ),
        None => "a file has become as large as this disk takes one; give a place on another disk".to_owned(),
    }
}

/// Makes a directory and those above it that are missing, for their owner alone (0700).
///
/// # Errors
/// What the system says.
pub fn make_dirs(dir: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// A file's path with an ending behind its whole name, as SQLite names what it keeps beside: `-wal`, `.v16.bak`.
pub fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// A path as SQLite reads it in an address: `file:` and what is no plain sign by its bytes. `None` for one that is no text.
pub fn uri(path: &Path) -> Option<String> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/-_.~".contains(&b);
    let encode = |b: u8| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") };
    Some(format!("file:{}", path.to_str()?.bytes().map(encode).collect::<String>()))
}

/// Makes a file that is not there yet, for its owner alone (0600), and opens it for writing.
///
/// # Errors
/// What the system says; [`io::ErrorKind::AlreadyExists`] without having opened what is there.
pub fn make(path: &Path) -> io::Result<File> {
    private(OpenOptions::new().write(true).create_new(true)).open(path)
}

/// Opens a file at its end, to go on with what an earlier run began; makes it where it is missing.
///
/// # Errors
/// What the system says.
pub fn go_on(path: &Path) -> io::Result<File> {
    private(OpenOptions::new().append(true).create(true)).open(path)
}

fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Writes a new file, down to the disk.
///
/// # Errors
/// As [`make`].
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = make(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Gives a file or directory another name, for good: a power cut afterwards does not take it back.
///
/// # Errors
/// What the system says.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::rename(from, to)?;
    sync_dir(parent(to))
}

/// As [`rename`], of a file, and only where nothing has that name yet.
///
/// # Errors
/// What the system says; [`io::ErrorKind::AlreadyExists`] where something has.
pub fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    // A second name for it cannot replace anything; where the disk has no links, whoever is quicker than this loses.
    match std::fs::hard_link(from, to) {
        Ok(()) => std::fs::remove_file(from)?,
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => return Err(e),
        Err(_) if to.symlink_metadata().is_ok() => return Err(io::ErrorKind::AlreadyExists.into()),
        Err(_) => std::fs::rename(from, to)?,
    }
    sync_dir(parent(to))
}

/// Whether everybody on the machine may read or write a file.
pub fn anybody_may_read(path: &Path) -> bool {
    #[cfg(unix)]
    return std::fs::metadata(path)
        .is_ok_and(|m| std::os::unix::fs::PermissionsExt::mode(&m.permissions()) & 0o006 != 0);
    #[cfg(not(unix))]
    return path.as_os_str().is_empty();
}

/// The directory that a name is in.
fn parent(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Puts the names of a directory on the disk. Some systems cannot, and need not.
fn sync_dir(dir: &Path) -> io::Result<()> {
    match cfg!(unix) {
        true => File::open(dir)?.sync_all(),
        false => Ok(()),
    }
}

/// Bytes that wait in memory, and in a file without a name where they are many: nothing is left of it whatever happens.
pub type Spooled = tempfile::SpooledTempFile;

/// Begins to keep bytes, up to `in_memory` of them in memory.
pub fn spooled(in_memory: usize) -> Spooled {
    tempfile::spooled_tempfile(in_memory)
}
