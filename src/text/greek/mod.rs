//! Greek, whichever letters it is written in.

mod detect;
mod edition;
mod key;
mod sound;

pub use detect::{is_greek_in_latin, latin_weights};
pub use edition::Edition;
pub use key::{is_greek, push_key, push_key_by};
pub use sound::by_sound;

use crate::text::fold;
use detect::are_greek_in_latin;
use smallvec::SmallVec;

/// The key of a [folded](crate::text::fold::fold) word.
pub fn key_of(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    push_key(word, &mut out);
    out
}

/// A text [folded](crate::text::fold::fold), its words, and how they are to be read: worked out once for whoever reads it.
#[derive(Clone, Debug)]
pub struct ReadText {
    /// Folded.
    pub folded: String,
    /// Which of its words are Greek.
    pub greek: Greek,
    /// Where each word begins and ends.
    words: SmallVec<[(usize, usize); 16]>,
}

impl ReadText {
    /// Reads a text.
    pub fn of(text: &str) -> Self {
        let folded = fold::fold(text);
        let mut words = SmallVec::new();
        fold::word_places(&folded, |from, to| words.push((from, to)));
        let mut read = Self { greek: Greek::None, folded, words };
        read.greek = Greek::told(&read.folded, read.words(), Edition::default());
        read
    }

    /// Its [words](fold::words).
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|&(from, to)| &self.folded[from..to])
    }
}

/// Which words of a text are Greek.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Greek {
    /// None: there is no Greek letter, and the Latin ones are of another language.
    None,
    /// Those with a Greek letter: people mix languages within a line.
    ByLetters,
    /// All of them, in Latin letters.
    InLatin,
}

impl Greek {
    /// How a [folded](crate::text::fold::fold) text is to be read.
    pub fn of(folded: &str) -> Self {
        Self::by(folded, Edition::default())
    }

    /// The same by the rules of an edition.
    pub fn by(folded: &str, edition: Edition) -> Self {
        Self::told(folded, fold::words(folded), edition)
    }

    fn told<'a>(folded: &str, words: impl Iterator<Item = &'a str>, edition: Edition) -> Self {
        if !folded.is_ascii() && folded.chars().any(is_greek) {
            Self::ByLetters
        } else if are_greek_in_latin(words, edition) {
            Self::InLatin
        } else {
            Self::None
        }
    }

    /// Whether a word of the text is Greek; digits alone never are.
    pub fn has(self, word: &str) -> bool {
        match self {
            Self::None => false,
            Self::ByLetters => word.chars().any(is_greek),
            Self::InLatin => word.bytes().any(|b| b.is_ascii_lowercase()),
        }
    }
}
