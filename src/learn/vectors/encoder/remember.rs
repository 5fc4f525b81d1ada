//! An encoder that remembers: what a store keeps of earlier vectors, and what is new and worth keeping.

use super::{Encoder, pack, unpack};
use crate::domain::{Cancelled, Reporter};
use crate::learn::vectors::embed::Embedder;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What a text is known by: the first 16 bytes of its SHA-256. The text itself is not kept with its vector.
pub type TextKey = [u8; 16];

/// Vectors that are held in memory at most: about 100 MB of a small encoder's.
const MOST: usize = 250_000;

/// The key of a text.
pub fn text_key(text: &str) -> TextKey {
    let digest = Sha256::digest(text.as_bytes());
    std::array::from_fn(|i| digest[i])
}

/// An encoder with a memory.
pub struct RememberingEncoder {
    encoder: Arc<Encoder>,
    memory: Mutex<VectorMemory>,
}

#[derive(Default)]
struct VectorMemory {
    /// Vectors as [`pack`] gives them.
    known: HashMap<TextKey, Vec<u8>>,
    /// Which of them nobody has kept yet.
    fresh: Vec<TextKey>,
}

impl RememberingEncoder {
    /// An encoder that remembers nothing yet.
    pub fn new(encoder: Arc<Encoder>) -> Self {
        Self { encoder, memory: Mutex::default() }
    }

    /// The texts that it has no vector of, each once, in order.
    pub fn unknown<'a>(&self, texts: &[&'a str]) -> Vec<&'a str> {
        let memory = self.memory();
        let mut seen = std::collections::HashSet::new();
        let unknown = texts.iter().filter(|t| !memory.known.contains_key(&text_key(t)));
        unknown.filter(|t| seen.insert(**t)).copied().collect()
    }

    /// Takes a vector up that was kept earlier. Bytes that are none are left alone.
    pub fn recall(&self, text: TextKey, vector: Vec<u8>) {
        if vector.len() == self.width() + 1 {
            self.memory().known.insert(text, vector);
        }
    }

    /// Hands over the vectors that nobody has kept yet.
    pub fn take_fresh(&self) -> Vec<(TextKey, Vec<u8>)> {
        let mut memory = self.memory();
        let fresh = std::mem::take(&mut memory.fresh);
        fresh.into_iter().filter_map(|key| Some((key, memory.known.get(&key)?.clone()))).collect()
    }

    /// Nothing that is done under the lock can break what it guards.
    fn memory(&self) -> MutexGuard<'_, VectorMemory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, texts: &[&str], vectors: &[f32]) {
        let mut memory = self.memory();
        if memory.known.len() + texts.len() > MOST {
            *memory = VectorMemory::default();
        }
        for (text, row) in texts.iter().zip(vectors.chunks_exact(self.width())) {
            let key = text_key(text);
            if memory.known.insert(key, pack(row)).is_none() {
                memory.fresh.push(key);
            }
        }
    }
}

impl Embedder for RememberingEncoder {
    fn key(&self) -> &str {
        self.encoder.key()
    }

    fn width(&self) -> usize {
        self.encoder.width()
    }

    /// A single text is a question that will hardly come again: its vector is not remembered.
    fn embed(&self, texts: &[&str], reporter: &dyn Reporter) -> Result<Vec<f32>, Cancelled> {
        let keys: Vec<TextKey> = texts.iter().map(|t| text_key(t)).collect();
        let known: Vec<Option<Vec<u8>>> = {
            let memory = self.memory();
            keys.iter().map(|key| memory.known.get(key).cloned()).collect()
        };
        // Each unknown text once, and where in `unknown` it stands.
        let mut places: HashMap<TextKey, usize> = HashMap::new();
        let mut unknown = Vec::new();
        for ((text, key), _) in texts.iter().zip(&keys).zip(&known).filter(|(_, known)| known.is_none()) {
            places.entry(*key).or_insert_with(|| {
                unknown.push(*text);
                unknown.len() - 1
            });
        }
        let vectors = self.encoder.embed(&unknown, reporter)?;
        let width = self.width();
        let mut out = Vec::with_capacity(texts.len() * width);
        for (key, known) in keys.iter().zip(known) {
            match known {
                Some(bytes) => out.extend(unpack(&bytes)),
                None => out.extend_from_slice(&vectors[places[key] * width..][..width]),
            }
        }
        if texts.len() > 1 {
            self.remember(&unknown, &vectors);
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::SilentReporter;
    use crate::learn::vectors::encoder::Precision;

    fn tiny() -> RememberingEncoder {
        let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/encoders/bert");
        RememberingEncoder::new(Arc::new(Encoder::open(dir.as_ref(), "tiny", None, Precision::F32).unwrap()))
    }

    #[test]
    fn what_is_recalled_is_what_was_computed() {
        let texts = ["my card", "refund", "my card", ""];
        let first = tiny();
        let fresh = first.embed(&texts, &SilentReporter).unwrap();
        assert_eq!(fresh, first.encoder.embed(&texts, &SilentReporter).unwrap());
        let kept = first.take_fresh();
        assert_eq!((kept.len(), first.take_fresh().len()), (3, 0), "each text once, and only once");

        let second = tiny();
        kept.into_iter().for_each(|(key, bytes)| second.recall(key, bytes));
        second.recall(text_key("where"), vec![1, 2]);
        assert_eq!(second.unknown(&["refund", "where", "where"]), ["where"]);
        assert_eq!(second.embed(&texts, &SilentReporter).unwrap(), fresh);
        assert!(second.take_fresh().is_empty());
        // What was recalled is used, not computed: an altered vector shows.
        second.recall(text_key("refund"), pack(&[1.0; 8]));
        assert_eq!(second.embed(&["refund"], &SilentReporter).unwrap(), [1.0; 8]);
    }

    #[test]
    fn a_question_is_not_remembered() {
        let tiny = tiny();
        tiny.embed(&["my card"], &SilentReporter).unwrap();
        assert_eq!(tiny.unknown(&["my card"]), ["my card"]);
    }
}
