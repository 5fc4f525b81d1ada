//! Embedding ahead of work, with what a store has kept.

use crate::domain::{Cancelled, Reporter};
use crate::jobs::JobError;
use crate::learn::intent::IntentModel;
use crate::learn::vectors::embed::Embedder;
use crate::learn::vectors::encoder::RememberingEncoder;
use crate::store::Store;

/// Texts between two transactions: what an interruption loses at most.
const PIECE: usize = 256;

/// Has everything ready that a model is about to be asked about ([`embed_ahead`] with its encoder, if it has one).
///
/// # Errors
/// As [`embed_ahead`].
pub(in crate::jobs) fn ready_for(
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
    encoder: &RememberingEncoder,
    texts: &[&str],
    reporter: &dyn Reporter,
) -> Result<(), JobError> {
    store.recall_vectors(encoder, texts)?;
    let unknown = encoder.unknown(texts);
    for (i, piece) in unknown.chunks(PIECE).enumerate() {
        let part = PartProgress { reporter, before: (i * PIECE) as u64, total: unknown.len() as u64 };
        encoder.embed(piece, &part)?;
        store.keep_vectors(encoder)?;
    }
    Ok(())
}

/// Progress of a part of the work as progress of the whole.
struct PartProgress<'a> {
    reporter: &'a dyn Reporter,
    before: u64,
    total: u64,
}

impl Reporter for PartProgress<'_> {
    fn step(&self, stage: &str, done: u64, _: u64) -> Result<(), Cancelled> {
        self.reporter.step(stage, self.before + done, self.total)
    }
}
