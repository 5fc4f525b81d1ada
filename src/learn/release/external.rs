//! What an external trainer left behind, as sections of a release.

use crate::base::bytes::BytesError;
use crate::base::files::FileListing;
use crate::domain::IntentId;
use crate::learn::contract::{Section, Tag};
use serde::{Deserialize, Serialize};

/// A model that only its trainer's program can use.
#[derive(Clone, Debug, PartialEq)]
pub struct External {
    /// Whose.
    pub about: TrainedBy,
    /// What it needs; empty where the trainer does not serve.
    pub files: FileListing,
}

/// Which external trainer made a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrainedBy {
    /// Its name in the configuration.
    pub trainer: String,
    /// It saw masked texts, and is asked masked texts.
    pub masked: bool,
    /// The intents it knows, under the names that it knows them by.
    pub intents: Vec<(String, IntentId)>,
}

impl Section for TrainedBy {
    const TAG: Tag = *b"TRNR";
    /// Read, JSON takes many times its bytes.
    const MOST: u64 = 64 << 20;

    fn to_bytes(&self) -> std::io::Result<Vec<u8>> {
        Ok(serde_json::to_vec(self)?)
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, BytesError> {
        serde_json::from_slice(bytes).map_err(|_| BytesError::Damaged("a trainer"))
    }
}

impl Section for FileListing {
    const TAG: Tag = *b"FILE";
    const MOST: u64 = 1 << 30;

    fn to_bytes(&self) -> std::io::Result<Vec<u8>> {
        Ok(FileListing::to_bytes(self))
    }

    fn from_bytes(bytes: &[u8]) -> Result<Self, BytesError> {
        FileListing::from_bytes(bytes)
    }
}
