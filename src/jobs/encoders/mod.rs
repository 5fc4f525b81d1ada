//! Sentence encoders on this machine: which are installed, which one a store uses, and embedding with what a store has
//! kept.

mod download;
mod hub;
mod installed;
#[cfg(test)]
mod tests;

pub use hub::{HUB, Hub, is_hub_name};
pub use installed::{Installed, InstalledEncoder, NONE, NewEncoder, STATIC};

use super::JobError;
use crate::domain::{Cancelled, Reporter};
use crate::learn::intent::IntentModel;
use crate::learn::vectors::embed::Embedder;
use crate::learn::vectors::encoder::Remembering;
use crate::learn::vectors::table::Table;
use crate::store::Store;
use std::sync::Arc;

/// Texts between two transactions: what an interruption loses at most.
const PIECE: usize = 256;

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
    pub fn named(installed: &Installed, name: &str) -> Result<Self, JobError> {
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
    pub fn of_store(installed: &Installed, store: &Store) -> Result<Self, JobError> {
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
    pub fn open(&self, installed: &Installed) -> Result<Option<Arc<dyn Embedder>>, JobError> {
        Ok(match self {
            Self::None => None,
            Self::Static => Some(Table::built_in()),
            Self::Encoder(encoder) => Some(Arc::new(Remembering::new(installed.open(&encoder.key)?))),
        })
    }
}

/// Has everything ready that a model is about to be asked about ([`embed_ahead`] with its encoder, if it has one).
///
/// # Errors
/// As [`embed_ahead`].
pub(super) fn ready_for(
    store: &Store,
    model: &IntentModel,
    texts: &[&str],
    reporter: &dyn Reporter,
) -> Result<(), JobError> {
    match store.encoder_of(model) {
        Some(encoder) => embed_ahead(store, &encoder, texts, reporter),
        None => Ok(()),
    }
}

/// Computes the vectors of texts that the store has not kept, keeping them piece by piece: an interruption loses little,
/// and people who review at the same time do not wait. Afterwards the encoder knows all texts.
///
/// # Errors
/// Cancelled; the store cannot be read or written.
pub fn embed_ahead(
    store: &Store,
    encoder: &Remembering,
    texts: &[&str],
    reporter: &dyn Reporter,
) -> Result<(), JobError> {
    store.recall_vectors(encoder, texts)?;
    let unknown = encoder.unknown(texts);
    for (i, piece) in unknown.chunks(PIECE).enumerate() {
        let part = Part { reporter, before: (i * PIECE) as u64, total: unknown.len() as u64 };
        encoder.embed(piece, &part)?;
        store.keep_vectors(encoder)?;
    }
    Ok(())
}

/// Progress of a part of the work as progress of the whole.
struct Part<'a> {
    reporter: &'a dyn Reporter,
    before: u64,
    total: u64,
}

impl Reporter for Part<'_> {
    fn step(&self, stage: &str, done: u64, _: u64) -> Result<(), Cancelled> {
        self.reporter.step(stage, self.before + done, self.total)
    }
}
