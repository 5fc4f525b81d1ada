//! Whether a text in Latin letters is Greek.

use super::edition::Edition;
use crate::text::fold;
use crate::text::memo::{MANY, WordMemo};
use std::cell::RefCell;
use std::iter;

/// n-grams beyond do not change the answer of a long text, and cost time.
const ENOUGH: usize = 2_000;
/// Bytes of a word that needs no memory of its own to be read.
const SHORT: usize = 14;

/// A bias (f32, in the weights' unit), then a weight in 8 bits for each bucket: logistic regression, trained by
/// `assets/distill/greek_detector.py` on Greek as people spell it and on a hundred languages in Latin letters.
struct Detector {
    asset: &'static [u8],
    /// The longest n-grams; the shortest are of two characters.
    longest: usize,
    /// How far a hash is shifted to be the number of a bucket.
    shift: u32,
}

static FIRST: Detector = Detector { asset: include_bytes!("../../../assets/latin_greek.bin"), longest: 3, shift: 20 };
static SECOND: Detector =
    Detector { asset: include_bytes!("../../../assets/latin_greek_2.bin"), longest: 4, shift: 18 };

impl Detector {
    fn of(edition: Edition) -> &'static Self {
        match edition {
            Edition::First => &FIRST,
            Edition::Second => &SECOND,
        }
    }

    fn bias(&self) -> f32 {
        let a = self.asset;
        f32::from_le_bytes([a[0], a[1], a[2], a[3]])
    }

    fn weights(&self) -> impl Iterator<Item = i8> + use<> {
        self.asset[4..].iter().map(|b| b.cast_signed())
    }

    fn weight(&self, gram: &[char]) -> i32 {
        let mut hash = gram.len() as u32;
        for &c in gram {
            hash = (hash ^ u32::from(c)).wrapping_mul(0x9e37_79b1);
            hash ^= hash >> 15;
        }
        i32::from(self.asset[4 + (hash >> self.shift) as usize].cast_signed())
    }

    /// The weights of a word's n-grams, with a blank before and after it. At most 127 each: a word of megabytes fits.
    fn sum(&self, word: &str) -> i32 {
        let of = |padded: &[char]| {
            let grams = (2..=self.longest).flat_map(|size| padded.windows(size));
            grams.map(|gram| self.weight(gram)).sum()
        };
        if word.len() > SHORT {
            return of(&iter::once(' ').chain(word.chars()).chain([' ']).collect::<Vec<_>>());
        }
        let (mut padded, mut end) = ([' '; SHORT + 2], 1);
        for c in word.chars() {
            padded[end] = c;
            end += 1;
        }
        of(&padded[..=end])
    }

    /// What a word adds to a text.
    fn weigh(&self, word: &str) -> WordWeight {
        match word.bytes().any(|b| b.is_ascii_lowercase()) {
            true => (self.sum(word), self.grams(word) as u32),
            false => (0, 0),
        }
    }

    /// How many n-grams that are.
    fn grams(&self, word: &str) -> usize {
        let padded = 2 + if word.is_ascii() { word.len() } else { word.chars().count() };
        (2..=self.longest).map(|size| (padded + 1).saturating_sub(size)).sum()
    }
}

/// What a word adds to a text: the weights of its n-grams and their number; nothing for a word without a small Latin letter.
type WordWeight = (i32, u32);

thread_local! {
    static WEIGHTS: RefCell<WordMemo<WordWeight, MANY>> = RefCell::default();
}

/// Whether a text whose letters are Latin is Greek. Sums of integers: the same on every machine.
pub fn is_greek_in_latin(folded: &str, edition: Edition) -> bool {
    are_greek_in_latin(fold::words(folded), edition)
}

/// The same of the words of a text.
pub(super) fn are_greek_in_latin<'a>(words: impl Iterator<Item = &'a str>, edition: Edition) -> bool {
    let detector = Detector::of(edition);
    let (mut sum, mut count) = (0i64, 0usize);
    WEIGHTS.with_borrow_mut(|weights| {
        for word in words {
            if count > ENOUGH {
                break;
            }
            let (weight, grams) = weights.get(word, edition as u8, || detector.weigh(word));
            sum += i64::from(weight);
            count += grams as usize;
        }
    });
    count > 0 && sum as f64 / (count as f64).sqrt() + f64::from(detector.bias()) > 0.0
}

/// The bias, and the weight of each bucket, for an export.
pub fn latin_weights(edition: Edition) -> (f32, impl Iterator<Item = i8>) {
    let detector = Detector::of(edition);
    (detector.bias(), detector.weights())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold::fold;

    #[test]
    fn a_word_comes_to_its_n_grams() {
        for (i, edition) in (0..2_000_u32).flat_map(|i| [(i, Edition::First), (i, Edition::Second)]) {
            let word = format!("{}{i:x}é", ["thelo", "where", "", "a-word-that-is-long"][i as usize % 4]);
            let (detector, padded) = (Detector::of(edition), format!(" {word} ").chars().collect::<Vec<_>>());
            let grams: Vec<&[char]> = (2..=detector.longest).flat_map(|size| padded.windows(size)).collect();
            assert_eq!(detector.sum(&word), grams.iter().map(|gram| detector.weight(gram)).sum::<i32>());
            assert_eq!(detector.grams(&word), grams.len(), "{word}");
        }
    }

    #[test]
    fn greek_in_latin_letters_is_told_from_other_languages() {
        for text in [
            "thelo na akyroso tin paraggelia mou",
            "pou einai ta lefta mou?",
            "8elw epistrofh xrhmatwn",
            "Kalimera sas, den mporo na mpo ston logariasmo mou",
            "poso kostizei i metafora stin Lemeso",
        ] {
            for edition in [Edition::First, Edition::Second] {
                assert!(is_greek_in_latin(&fold(text), edition), "{text}");
            }
        }
        let short = fold("gala egine");
        assert!(is_greek_in_latin(&short, Edition::Second) && !is_greek_in_latin(&short, Edition::First));
        for text in [
            "",
            "12 34",
            "where is my order",
            "I want to cancel my order please",
            "thanks",
            "ok",
            "gr8 thx",
            "order_status",
            "¿dónde está mi pedido?",
            "ich möchte meine bestellung stornieren",
            "je voudrais annuler ma commande",
            "vorrei annullare il mio ordine",
        ] {
            for edition in [Edition::First, Edition::Second] {
                assert!(!is_greek_in_latin(&fold(text), edition), "{text}");
            }
        }
    }
}
