//! Where dense vectors come from, by name.

use super::installed::{InstalledEncoder, InstalledEncoders, NONE, STATIC};
use crate::jobs::JobError;
use crate::learn::vectors::built_in;
use crate::learn::vectors::embed::Embedder;
use crate::learn::vectors::encoder::RememberingEncoder;
use crate::store::Store;
use std::sync::Arc;

/// Where dense vectors come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Vectors {
    /// Nowhere: n-grams alone.
    None,
    /// The built-in table.
    #[default]
    Static,
    /// An encoder by its name and key.
    Encoder(InstalledEncoder),
}

impl Vectors {
    /// What a name means.
    ///
    /// # Errors
    /// No encoder is called so; the nearest known name is told.
    pub fn named(installed: &InstalledEncoders, name: &str) -> Result<Self, JobError> {
        Ok(match name {
            NONE => Self::None,
            STATIC => Self::Static,
            name => Self::Encoder(installed.find(name)?),
        })
    }

    /// What a store has chosen, where that is installed; else the built-in table.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn of_store(installed: &InstalledEncoders, store: &Store) -> Result<Self, JobError> {
        let named = store.encoder_name()?;
        Ok(named.and_then(|name| Self::named(installed, &name).ok()).unwrap_or(Self::Static))
    }

    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::None => NONE,
            Self::Static => STATIC,
            Self::Encoder(encoder) => &encoder.name,
        }
    }

    /// What turns texts into vectors, without a store.
    ///
    /// # Errors
    /// The encoder cannot be loaded.
    pub fn open(&self, installed: &InstalledEncoders) -> Result<Option<Arc<dyn Embedder>>, JobError> {
        Ok(match self {
            Self::None => None,
            Self::Static => Some(built_in::built_in()),
            Self::Encoder(encoder) => Some(Arc::new(RememberingEncoder::new(installed.open(&encoder.key)?))),
        })
    }
}
