//! A text with its Greek words by their sound.

use super::Greek;
use super::edition::Edition;
use super::key::push_key_by;
use crate::text::fold::{fold, words};

/// A text in lower case with its Greek words by their sound; `None` where it has none.
pub fn by_sound(text: &str, edition: Edition) -> Option<String> {
    let folded = fold(text);
    let greek = Greek::by(&folded, edition);
    if greek == Greek::None {
        return None;
    }
    let mut out = String::with_capacity(folded.len());
    // A text is cut where blanks are: signs stay with their word, as in a text that is read as written.
    for chunk in folded.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        if greek.has(chunk) {
            // In capitals, which a text in lower case has none of: a key is never taken for a word of another language.
            let from = out.len();
            for (i, word) in words(chunk).enumerate() {
                if i > 0 {
                    out.push(' ');
                }
                push_key_by(word, edition, &mut out);
            }
            out[from..].make_ascii_uppercase();
        } else {
            out.push_str(chunk);
        }
    }
    Some(out)
}
