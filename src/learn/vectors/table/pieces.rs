//! Text cut into the pieces of a WordPiece vocabulary: the longest that fits, from the left of each word.

use crate::base::bytes::{ByteReader, BytesError};
use crate::text::fold::fold;
use std::collections::HashMap;
use unicode_normalization::char::is_combining_mark;

/// A word of more characters is unknown, as in BERT's tokenizer.
const LONGEST_WORD: usize = 100;

/// A vocabulary: what may start a word, and what may go on within one.
pub struct PieceVocabulary {
    starts: HashMap<&'static [u8], u32>,
    inner: HashMap<&'static [u8], u32>,
    /// Bytes of the longest piece.
    longest: usize,
}

impl PieceVocabulary {
    /// Reads `count` pieces, each a byte of length and its UTF-8; those that go on within a word start with `##`.
    pub fn read(from: &mut ByteReader<'static>, count: usize) -> Result<Self, BytesError> {
        let mut pieces = Self { starts: HashMap::new(), inner: HashMap::new(), longest: 0 };
        for id in 0..count as u32 {
            let len = from.one::<u8>()?;
            let piece = from.take(usize::from(len))?;
            pieces.longest = pieces.longest.max(piece.len());
            match piece.strip_prefix(b"##") {
                Some(rest) if !rest.is_empty() => pieces.inner.insert(rest, id),
                _ => pieces.starts.insert(piece, id),
            };
        }
        Ok(pieces)
    }

    /// The numbers of a text's pieces, in order. A word that the vocabulary cannot spell is left out, and so is
    /// everything where no word is left: the signs around words of another script say nothing.
    pub fn of(&self, text: &str) -> Vec<u32> {
        let folded = fold(text);
        let mut ids = Vec::with_capacity(folded.len() / 3);
        let mut any_word = false;
        for word in words(&folded) {
            let before = ids.len();
            if self.spell(word, &mut ids) {
                any_word |= word.starts_with(in_word);
            } else {
                ids.truncate(before);
            }
        }
        if any_word { ids } else { Vec::new() }
    }

    /// The text of each piece, as the vocabulary writes it.
    pub fn names(&self) -> HashMap<u32, String> {
        let text = |piece: &[u8]| String::from_utf8_lossy(piece).into_owned();
        let inner = self.inner.iter().map(|(piece, &id)| (id, format!("##{}", text(piece))));
        self.starts.iter().map(|(piece, &id)| (id, text(piece))).chain(inner).collect()
    }

    fn spell(&self, word: &str, ids: &mut Vec<u32>) -> bool {
        if word.len() > LONGEST_WORD && word.chars().count() > LONGEST_WORD {
            return false;
        }
        let word = word.as_bytes();
        let mut at = 0;
        while at < word.len() {
            let known = if at == 0 { &self.starts } else { &self.inner };
            // Pieces are whole characters, so a cut within one is never found.
            let most = word.len().min(at + self.longest);
            let found = (at + 1..=most).rev().find_map(|end| known.get(&word[at..end]).map(|&id| (id, end)));
            let Some((id, end)) = found else { return false };
            ids.push(id);
            at = end;
        }
        true
    }
}

/// Runs of letters and digits; every other character that is not blank stands alone.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let first = rest.chars().next()?;
        let end = if in_word(first) { rest.find(|c| !in_word(c)).unwrap_or(rest.len()) } else { first.len_utf8() };
        let (word, after) = rest.split_at(end);
        rest = after;
        Some(word)
    })
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}
