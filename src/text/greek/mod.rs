//! Greek, whichever letters it is written in.

mod detect;
mod edition;
mod key;
mod sound;

pub use detect::{is_greek_in_latin, latin_weights};
pub use edition::Edition;
pub use key::{is_greek, push_key, push_key_by};
pub use sound::by_sound;

/// The key of a [folded](crate::text::fold::fold) word.
pub fn key_of(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    push_key(word, &mut out);
    out
}

/// A text [folded](crate::text::fold::fold), and how it is to be read: worked out once for whoever reads it.
#[derive(Clone, Debug)]
pub struct ReadText {
    /// Folded.
    pub folded: String,
    /// Which of its words are Greek.
    pub greek: Greek,
}

impl ReadText {
    /// Reads a text.
    pub fn of(text: &str) -> Self {
        let folded = crate::text::fold::fold(text);
        Self { greek: Greek::of(&folded), folded }
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
        if !folded.is_ascii() && folded.chars().any(is_greek) {
            Self::ByLetters
        } else if is_greek_in_latin(folded, edition) {
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
