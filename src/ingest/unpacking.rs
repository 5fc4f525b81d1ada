//! What is no log as it stands, but holds one: an archive of several files, a table by columns.

use super::formats::detect;
use super::input::source::{Container, Input, InputContent, InputSource};
use super::input::zipped;
use crate::disk::Temporary;
use std::io;
use std::path::Path;

/// What an input was unpacked into, for as long as it is read.
pub(super) struct UnpackedInput {
    folder: Temporary,
    /// The input's name.
    name: String,
}

impl UnpackedInput {
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
pub(super) fn unpacked(source: InputSource) -> io::Result<(InputSource, Option<UnpackedInput>)> {
    let Some(path) = source.path.clone() else { return Ok((source, None)) };
    let (folder, file) = match source.content {
        InputContent::Other(Container::Zip) if detect(&source).is_none() => match zipped::unpack(&path)? {
            Some(folder) => {
                let file = folder.path().to_owned();
                (folder, file)
            }
            None => return Ok((source, None)),
        },
        #[cfg(feature = "parquet")]
        InputContent::Other(Container::Parquet) => super::input::columns::rows(&path)?,
        _ => return Ok((source, None)),
    };
    let (read, total) = (source.read, source.total);
    Ok((
        InputSource { read, total, ..InputSource::open(Input::File(file))? },
        Some(UnpackedInput { folder, name: source.name }),
    ))
}

/// Whether an input would be unpacked and read.
pub(super) fn is_table(source: &InputSource) -> bool {
    cfg!(feature = "parquet") && matches!(source.content, InputContent::Other(Container::Parquet))
}
