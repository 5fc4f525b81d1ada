//! A directory that appears when it is whole.

use super::{CannotWrite, InputFiles, Temporary, parent};
use std::io;
use std::path::{Path, PathBuf};

/// A directory that is being filled beside its place.
pub struct NewFolder {
    to: PathBuf,
    prefix: &'static str,
    filling: Temporary,
}

impl NewFolder {
    /// Looks whether a directory may be made, and begins it beside its place under a name with `prefix`. One that is there is
    /// replaced only where `replace` is given, and says that the program has written it, or it is empty.
    ///
    /// # Errors
    /// It is one of the `inputs`, is there already and may not be replaced, or cannot be made.
    pub fn begin(
        path: &Path,
        prefix: &'static str,
        replace: Option<fn(&Path) -> bool>,
        inputs: &InputFiles,
    ) -> Result<Self, CannotWrite> {
        let refuse = |what: &str| CannotWrite::because(path, what);
        if inputs.has(path) {
            return Err(refuse("this command reads it, or works on it; give another place"));
        }
        match (path.symlink_metadata(), replace) {
            (Err(e), _) if e.kind() == io::ErrorKind::NotFound => {}
            (Err(e), _) => return Err(CannotWrite::system(path, &e)),
            (Ok(_), None) => return Err(refuse("is there already; give another name, or replace it with --force")),
            (Ok(meta), Some(is_ours)) => {
                let is_empty = std::fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none());
                if !meta.is_dir() || !(is_empty || is_ours(path)) {
                    return Err(refuse("is there already, and this program has not written it; give another name"));
                }
            }
        }
        let beside = parent(path);
        if !beside.is_dir() {
            return Err(refuse("cannot be written: its directory is not there; make it first, or give another place"));
        }
        let filling = Temporary::within(beside, prefix).map_err(|e| CannotWrite::system(path, &e))?;
        Ok(Self { to: path.to_owned(), prefix, filling })
    }

    /// Writes a file of it.
    ///
    /// # Errors
    /// What the system says.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), CannotWrite> {
        super::write_new(&self.filling.path().join(name), bytes).map_err(|e| CannotWrite::system(&self.to, &e))
    }

    /// Puts it in its place.
    ///
    /// # Errors
    /// Somebody else has made something of that name meanwhile; what the system says.
    pub fn keep(self) -> Result<(), CannotWrite> {
        let system = |e: io::Error| CannotWrite::system(&self.to, &e);
        if !self.to.exists() {
            return self.filling.keep_as(&self.to).map_err(system);
        }
        // What is replaced goes with this directory, after the new one stands in its place.
        let aside = Temporary::within(parent(&self.to), self.prefix).map_err(system)?;
        std::fs::rename(&self.to, aside.path().join("replaced")).map_err(system)?;
        self.filling.keep_as(&self.to).map_err(system)
    }
}
