//! A mapping that is kept under a name.

use super::flags;
use super::mapping::{Mapping, MappingError};
use crate::disk::{CannotWrite, ExistingFile, InputFiles, NewFile};
use std::io::Write;
use std::path::Path;

impl Mapping {
    /// The profile to save.
    pub fn to_toml(&self) -> String {
        let body = toml::to_string(self).unwrap_or_default();
        format!("# How appraise reads a CSV file: which column holds what.\n{body}")
    }

    /// Reads a profile.
    ///
    /// # Errors
    /// It is not TOML, or names a field or setting that there is not.
    pub fn from_toml(text: &str) -> Result<Self, MappingError> {
        let mapping: Self = toml::from_str(text).map_err(|e| MappingError::Profile(e.to_string().trim().to_owned()))?;
        flags::delimiter(&mapping.delimiter.to_string())?;
        mapping.encoding.as_deref().map_or(Ok(()), |e| flags::encoding(e).map(drop))?;
        Ok(mapping)
    }

    /// Begins the file of a profile, and its directory; one that is there is replaced if it is a profile.
    ///
    /// # Errors
    /// It is one of the `inputs`, or something else than a profile; it cannot be written.
    pub fn begin_profile(path: &Path, inputs: &InputFiles) -> Result<NewFile, CannotWrite> {
        if let Some(dir) = path.parent() {
            crate::disk::make_dirs(dir).map_err(|e| CannotWrite::system(dir, &e))?;
        }
        NewFile::begin(path, ExistingFile::Ours(is_profile), inputs)
    }

    /// Writes the profile.
    ///
    /// # Errors
    /// The disk is full or fails.
    pub fn keep_profile(&self, path: &Path, mut file: NewFile) -> Result<(), CannotWrite> {
        file.write_all(self.to_toml().as_bytes()).map_err(|e| CannotWrite::system(path, &e))?;
        file.keep().map(drop)
    }
}

fn is_profile(path: &Path) -> bool {
    std::fs::read_to_string(path).is_ok_and(|text| Mapping::from_toml(&text).is_ok())
}
