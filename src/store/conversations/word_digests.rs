//! Digests of words: what tells whether a turn still says what it said when somebody decided on it.

use crate::domain::join::plain_words;
use sha2::{Digest, Sha256};

/// The first 16 bytes of the SHA-256 of words, blanks and case left aside.
pub(in crate::store) fn words_digest(text: &str) -> [u8; 16] {
    let digest = Sha256::digest(plain_words(text).as_bytes());
    std::array::from_fn(|i| digest[i])
}
