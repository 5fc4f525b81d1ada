//! When a customer says the same thing again.

use super::phrases::{HeardWord, HeardWords};
use super::signal::Signal;
use rustc_hash::FxHasher;
use smallvec::SmallVec;
use std::hash::{Hash, Hasher};

/// Words of a text that are looked at.
const MAX_WORDS: usize = 60;
/// Letters of a word that are compared: `refund` and `refunds` agree without a stemmer for every language, `check` and
/// `checking account` do not.
const STEM: usize = 6;
/// Content words that two texts must share: fewer answer two questions (`Athens`) or go on (`play music please`).
const SHARED: usize = 3;
/// Dice coefficient of the content words from which on they are one request: twice the shared ones over all of both.
const ALIKE: f64 = 0.6;

/// What a customer said, ready to be compared.
pub(super) struct HashedWords<'a> {
    /// Word by word.
    pub heard: HeardWords<'a>,
    /// Beginnings of the words that carry the meaning, and numbers, by their hashes, since only equality is asked; sorted, each once.
    content: SmallVec<[u64; 16]>,
    /// It answers a question or asks for the next thing: to say that twice is no sign.
    goes_on: bool,
}

impl<'a> HashedWords<'a> {
    pub fn new(heard: HeardWords<'a>) -> Self {
        let words = || heard.words().take(MAX_WORDS);
        let mut content: SmallVec<[u64; 16]> = words().filter(|w| !w.is_common()).map(stem).collect();
        content.sort_unstable();
        content.dedup();
        let goes_on = words().next().is_some_and(HeardWord::is_yes) || words().any(HeardWord::is_next);
        Self { heard, content, goes_on }
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        self.heard.words().take(MAX_WORDS).map(|word| word.text)
    }

    /// Whether a later text says the same, and how. In other words: nothing in it is new, since `a table for four` after
    /// `a table for two` is another request.
    pub fn again(&self, later: &Self) -> Option<Signal> {
        if later.goes_on {
            return None;
        }
        let shared = later.content.iter().filter(|w| self.content.binary_search(w).is_ok()).count();
        if shared < SHARED || shared < later.content.len() {
            return None;
        }
        let dice = 2.0 * shared as f64 / (self.content.len() + later.content.len()) as f64;
        let rephrased = (dice >= ALIKE).then_some(Signal::Rephrased);
        if self.texts().eq(later.texts()) { Some(Signal::SaidAgain) } else { rephrased }
    }
}

fn stem(word: HeardWord) -> u64 {
    let length = word.text.len();
    let head = &word.text.as_bytes()[..length.min(STEM)];
    if head.is_ascii() {
        // Six letters are a number as they stand.
        return head.iter().fold(0, |stem, &letter| stem << 8 | u64::from(letter));
    }
    let end = match length <= STEM {
        true => length,
        false => word.text.char_indices().nth(STEM).map_or(length, |(at, _)| at),
    };
    let mut hash = FxHasher::default();
    word.text[..end].hash(&mut hash);
    hash.finish()
}
