//! Sentence encoders of the BERT and XLM-RoBERTa families, read from a sentence-transformers directory and run on the
//! CPU.
//!
//! Texts are packed one after another without padding; a batch is as many texts as fit a number of tokens. Batches run
//! in parallel, and no number of a text's vector depends on what else is in its batch.

mod attention;
mod dense;
mod error;
mod grid;
mod growth;
mod layout;
mod network;
mod precision;
mod remember;
#[cfg(test)]
mod tests;
mod tokens;
mod weights;

pub use error::EncoderError;
pub use grid::{pack, unpack};
pub use layout::{EncoderFamily, EncoderLayout, FILES, LONGEST_PROMPT, longest};
pub use precision::Precision;
pub use remember::{RememberingEncoder, TextKey, text_key};

use crate::domain::{Cancelled, Reporter};
use crate::learn::vectors::embed::Embedder;
use network::{Network, TokenBatch};
use rayon::prelude::*;
use std::path::Path;
use std::sync::Arc;
use tokens::TokenIds;

/// Where loaded encoders come from: a store whose release needs one asks here.
pub trait Encoders: Send + Sync {
    /// The encoder whose vectors are known by `key`; loaded once for the whole program.
    ///
    /// # Errors
    /// It is not installed, or cannot be read; the words say what to do.
    fn by_key(&self, key: &str) -> Result<Arc<Encoder>, EncoderError>;
}

/// A loaded sentence encoder.
pub struct Encoder {
    key: String,
    prefix: String,
    tokens: TokenIds,
    network: Network,
}

/// Tokens of a batch: more gain nothing in speed and cost memory (measured with MiniLM: 256 to 1,024 are alike).
const BATCH_TOKENS: usize = 512;
/// Tokens between two reports, for each thread: about a tenth of a second of a small encoder.
const ROUND_TOKENS: usize = 2_048;
/// What the reporter calls this work.
const STAGE: &str = "embed";

impl Encoder {
    /// Loads an encoder from its directory. `key`: what its vectors are known by ([`Embedder::key`]). `prefix` is put
    /// before every text ("query: " for E5); `None`: what the directory itself names as its default prompt.
    ///
    /// # Errors
    /// A file is missing or damaged, or the encoder is of a kind that is not read.
    pub fn open(dir: &Path, key: &str, prefix: Option<&str>, precision: Precision) -> Result<Self, EncoderError> {
        let layout = EncoderLayout::read(dir)?;
        let tokens = TokenIds::open(&layout)?;
        let network = Network::open(&layout, precision)?;
        let prefix = prefix.unwrap_or(&layout.prompt).to_owned();
        Ok(Self { key: key.to_owned(), prefix, tokens, network })
    }

    /// No tokens for a text without words.
    fn tokenise(&self, text: &str) -> Vec<u32> {
        if text.trim().is_empty() {
            return Vec::new();
        }
        let ids = self.tokens.encode(&self.prefix, text);
        // A piece that the table of vectors does not have would be a fault of the directory; it is no reason to stop.
        ids.into_iter().filter(|&id| (id as usize) < self.network.vocabulary()).collect()
    }
}

impl Embedder for Encoder {
    fn key(&self) -> &str {
        &self.key
    }

    fn width(&self) -> usize {
        self.network.width()
    }

    fn embed(&self, texts: &[&str], reporter: &dyn Reporter) -> Result<Vec<f32>, Cancelled> {
        let width = self.width();
        let mut out = vec![0.0; texts.len() * width];
        reporter.step(STAGE, 0, texts.len() as u64)?;
        let per_round = ROUND_TOKENS * rayon::current_num_threads();
        let mut done = 0;
        while done < texts.len() {
            // Tokenised texts that do not fit are tokenised again in the next round: a small share.
            let ahead = &texts[done..(done + per_round / 2).min(texts.len())];
            let ids: Vec<Vec<u32>> = ahead.par_iter().map(|text| self.tokenise(text)).collect();
            let round = fitting(&ids, per_round);
            let mut rest = &mut out[done * width..(done + round) * width];
            let mut batches = Vec::new();
            let mut at = 0;
            while at < round {
                let n = fitting(&ids[at..round], BATCH_TOKENS);
                let (rows, others) = rest.split_at_mut(n * width);
                batches.push((TokenBatch::new(&ids[at..at + n]), rows));
                rest = others;
                at += n;
            }
            batches.into_par_iter().for_each(|(batch, rows)| self.network.run(&batch, rows));
            done += round;
            reporter.step(STAGE, done as u64, texts.len() as u64)?;
        }
        out.par_chunks_mut(width).for_each(grid::snap);
        Ok(out)
    }
}

/// How many of the first texts have no more than `most` tokens together; at least one.
fn fitting(ids: &[Vec<u32>], most: usize) -> usize {
    let mut sum = 0;
    let n = ids.iter().take_while(|text| {
        sum += text.len();
        sum <= most
    });
    n.count().max(1).min(ids.len())
}
