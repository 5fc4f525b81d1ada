//! Whether a text in Latin letters is Greek.

use super::edition::Edition;
use crate::text::fold;

/// n-grams beyond do not change the answer of a long text, and cost time.
const ENOUGH: usize = 2_000;

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

    fn weight(&self, gram: &[char]) -> i64 {
        let mut hash = gram.len() as u32;
        for &c in gram {
            hash = (hash ^ u32::from(c)).wrapping_mul(0x9e37_79b1);
            hash ^= hash >> 15;
        }
        i64::from(self.asset[4 + (hash >> self.shift) as usize].cast_signed())
    }
}

/// Whether a text whose letters are Latin is Greek. Sums of integers: the same on every machine.
pub fn is_greek_in_latin(folded: &str, edition: Edition) -> bool {
    let detector = Detector::of(edition);
    let (mut sum, mut count) = (0i64, 0usize);
    let mut padded: Vec<char> = Vec::with_capacity(32);
    for word in fold::words(folded) {
        if count > ENOUGH || !word.bytes().any(|b| b.is_ascii_lowercase()) {
            continue;
        }
        padded.clear();
        padded.push(' ');
        padded.extend(word.chars());
        padded.push(' ');
        for size in 2..=detector.longest {
            for gram in padded.windows(size) {
                sum += detector.weight(gram);
                count += 1;
            }
        }
    }
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
