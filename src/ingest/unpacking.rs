//! What is no log as it stands, but holds one: an archive of several files, a table by columns.

use super::formats::detect;
use super::input::source::{Container, Content, Input, Source};
use super::input::zipped;
use crate::disk::Temporary;
use std::io;
use std::path::Path;

/// What an input was unpacked into, for as long as it is read.
pub(super) struct Unpacked {
    folder: Temporary,
    /// The input's name.
    name: String,
}

impl Unpacked {
    /// A file of it as people know it: by the input's name.
    pub fn shown(&self, file: &str) -> String {
        match Path::new(file).strip_prefix(self.folder.path()) {
            Ok(within) if within.components().next().is_some() => format!("{}/{}", self.name, within.display()),
            _ => self.name.clone(),
        }
    }
}

/// An input as it can be read, and what it was unpacked into where that was needed.
///
/// # Errors
/// It cannot be unpacked.
pub(super) fn unpacked(source: Source) -> io::Result<(Source, Option<Unpacked>)> {
    let Some(path) = source.path.clone() else { return Ok((source, None)) };
    let (folder, file) = match source.content {
        Content::Other(Container::Zip) if detect(&source).is_none() => match zipped::unpack(&path)? {
            Some(folder) => {
                let file = folder.path().to_owned();
                (folder, file)
            }
            None => return Ok((source, None)),
        },
        #[cfg(feature = "parquet")]
        Content::Other(Container::Parquet) => super::input::columns::rows(&path)?,
        _ => return Ok((source, None)),
    };
    let (read, total) = (source.read, source.total);
    Ok((Source { read, total, ..Source::open(Input::File(file))? }, Some(Unpacked { folder, name: source.name })))
}

/// Whether an input would be unpacked and read.
pub(super) fn is_table(source: &Source) -> bool {
    cfg!(feature = "parquet") && matches!(source.content, Content::Other(Container::Parquet))
}
