//! What is asked while a file is chosen to be imported.

use crate::ingest::formats::csv::Mapping;
use crate::tui::state::files::{Listing, LogPreview, LogReading};
use std::path::PathBuf;

/// A question or an order of whoever chooses a file.
#[derive(Clone, Debug, PartialEq)]
pub enum ImportRequest {
    /// Lists a directory.
    List(PathBuf),
    /// Looks at a log as it is said to be read.
    Look(PathBuf, LogReading),
    /// Keeps a mapping of CSV columns under a name.
    SaveProfile(String, Box<Mapping>),
}

impl ImportRequest {
    /// Whether a newer one of the same kind makes it pointless.
    pub(super) fn is_superseded(&self) -> bool {
        match self {
            Self::List(_) | Self::Look(..) => true,
            Self::SaveProfile(..) => false,
        }
    }
}

/// An answer to an [`ImportRequest`].
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each answers the request of the same name")]
pub enum ImportAnswer {
    Listed(Result<Listing, String>),
    Looked(PathBuf, Result<Box<LogPreview>, String>),
    /// The name, and whether the mapping is kept.
    ProfileSaved(String, Result<(), String>),
}
