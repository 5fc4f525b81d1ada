//! A file that is written beside its place and takes it when it is whole.

use super::{CannotWrite, InputFiles, parent, sync_dir};
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// What becomes of a file that is there already.
#[derive(Clone, Copy)]
pub enum ExistingFile {
    /// It is refused.
    Refuse,
    /// It is replaced.
    Force,
    /// It is replaced when it is empty or this says that the program has written it.
    Ours(fn(&Path) -> bool),
}

/// A file that is being written. It appears with [`Self::keep`], and only if something was written; dropped before, nothing
/// is left of it.
pub struct NewFile {
    /// As it was asked for.
    shown: PathBuf,
    writing: OutputMode,
    any: bool,
}

enum OutputMode {
    /// Beside the place that it will take.
    Beside { file: BufWriter<NamedTempFile>, to: PathBuf, replaces: bool, _last: crate::stop::ArrangedEnd },
    /// A pipe or a device: there is nothing in it to lose, and nothing to rename.
    Through(BufWriter<File>),
}

/// What files begin with that are not whole yet.
const PART: &str = ".appraise-part-";

impl NewFile {
    /// Looks whether a file may be written, and begins it beside its place. What a killed run left there is taken away.
    ///
    /// # Errors
    /// It is one of the `inputs`, is there already and may not be replaced, or cannot be written.
    pub fn begin(path: &Path, there: ExistingFile, inputs: &InputFiles) -> Result<Self, CannotWrite> {
        let refuse = |what: &str| CannotWrite::because(path, what);
        let system = |e: io::Error| CannotWrite::system(path, &e);
        if inputs.has(path) {
            return Err(refuse("this command reads it, or works on it; write to another file"));
        }
        let meta = match std::fs::metadata(path) {
            Ok(meta) => Some(meta),
            Err(e) if e.kind() == io::ErrorKind::NotFound => None,
            Err(e) => return Err(system(e)),
        };
        let to = match &meta {
            Some(meta) if meta.is_dir() => return Err(refuse("is a directory; name a file in it")),
            Some(meta) if meta.is_file() => {
                may_replace(path, meta.len(), there)?;
                path.canonicalize().map_err(system)?
            }
            Some(meta) if is_stream(meta) => {
                let file = OpenOptions::new().write(true).open(path).map_err(system)?;
                return Ok(Self {
                    shown: path.to_owned(),
                    writing: OutputMode::Through(BufWriter::new(file)),
                    any: false,
                });
            }
            Some(_) => return Err(refuse("is no file; write to another one")),
            None if path.symlink_metadata().is_ok() => {
                return Err(refuse("is a link that leads nowhere; write to another file"));
            }
            None if path.file_name().is_none() => return Err(refuse("names no file")),
            None => path.to_owned(),
        };
        let dir = parent(&to);
        if !dir.is_dir() {
            return Err(refuse("its directory is not there; make it first, or write to another place"));
        }
        super::temporary::sweep(dir, PART);
        let file = loop {
            let file = tempfile::Builder::new().prefix(PART).tempfile_in(dir).map_err(system)?;
            if super::temporary::hold(Some(file.as_file()), file.path()) {
                break file;
            }
        };
        let left = file.path().to_owned();
        let last = crate::stop::last(move || drop(std::fs::remove_file(&left)));
        let writing = OutputMode::Beside { file: BufWriter::new(file), to, replaces: meta.is_some(), _last: last };
        Ok(Self { shown: path.to_owned(), writing, any: false })
    }

    /// Puts it in its place; without having been written to it is not made. Returns whether it is there.
    ///
    /// # Errors
    /// The disk is full or fails; somebody else has made a file of that name meanwhile.
    pub fn keep(self) -> Result<bool, CannotWrite> {
        let system = |e: io::Error| CannotWrite::system(&self.shown, &e);
        if !self.any {
            return Ok(false);
        }
        match self.writing {
            OutputMode::Through(mut file) => file.flush().map_err(system)?,
            OutputMode::Beside { file, to, replaces, _last } => {
                let file = file.into_inner().map_err(|e| system(e.into_error()))?;
                file.as_file().sync_all().map_err(system)?;
                let placed = if replaces { file.persist(&to) } else { file.persist_noclobber(&to) };
                placed.map_err(|e| match e.error.kind() {
                    io::ErrorKind::AlreadyExists => {
                        CannotWrite::because(&self.shown, "somebody else has made it meanwhile; write to another file")
                    }
                    _ => system(e.error),
                })?;
                sync_dir(parent(&to)).map_err(system)?;
            }
        }
        Ok(true)
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.any |= !bytes.is_empty();
        match &mut self.writing {
            OutputMode::Beside { file, .. } => file.write(bytes),
            OutputMode::Through(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.writing {
            OutputMode::Beside { file, .. } => file.flush(),
            OutputMode::Through(file) => file.flush(),
        }
    }
}

fn may_replace(path: &Path, bytes: u64, there: ExistingFile) -> Result<(), CannotWrite> {
    let may = match there {
        ExistingFile::Refuse => false,
        ExistingFile::Force => true,
        ExistingFile::Ours(is_ours) => bytes == 0 || is_ours(path),
    };
    let what = match there {
        _ if may => return Ok(()),
        ExistingFile::Refuse => "is there already; give another name, or replace it with --force",
        _ => "is there already, and this program has not written it; give another name",
    };
    Err(CannotWrite::because(path, what))
}

#[cfg(unix)]
fn is_stream(meta: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    meta.file_type().is_fifo() || meta.file_type().is_char_device()
}

#[cfg(not(unix))]
fn is_stream(_: &std::fs::Metadata) -> bool {
    false
}
