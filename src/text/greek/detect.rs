//! Whether a text in Latin letters is Greek.

use crate::text::fold;
use std::sync::LazyLock;

/// A bias (f32, in the weights' unit), then a weight in 8 bits for each bucket: logistic regression, trained by
/// `assets/distill/greek_detector.py` on Greek as people spell it and on a hundred languages in Latin letters.
static ASSET: &[u8; 4 + BUCKETS] = include_bytes!("../../../assets/latin_greek.bin");

const BUCKETS: usize = 4096;
/// n-grams beyond do not change the answer of a long text, and cost time.
const ENOUGH: usize = 2_000;

static BIAS: LazyLock<f64> = LazyLock::new(|| f64::from(f32::from_le_bytes([ASSET[0], ASSET[1], ASSET[2], ASSET[3]])));

/// Whether a text whose letters are Latin is Greek. Sums of integers: the same on every machine.
pub fn is_greek_in_latin(folded: &str) -> bool {
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
        for size in [2, 3] {
            for gram in padded.windows(size) {
                sum += i64::from(ASSET[4 + bucket(gram)].cast_signed());
                count += 1;
            }
        }
    }
    count > 0 && sum as f64 / (count as f64).sqrt() + *BIAS > 0.0
}

/// The bias, and the weight of each bucket, for an export.
pub fn latin_weights() -> (f32, impl Iterator<Item = i8>) {
    (*BIAS as f32, ASSET[4..].iter().map(|b| b.cast_signed()))
}

fn bucket(gram: &[char]) -> usize {
    let mut hash = gram.len() as u32;
    for &c in gram {
        hash = (hash ^ u32::from(c)).wrapping_mul(0x9e37_79b1);
        hash ^= hash >> 15;
    }
    (hash >> 20) as usize
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
            assert!(is_greek_in_latin(&fold(text)), "{text}");
        }
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
            assert!(!is_greek_in_latin(&fold(text)), "{text}");
        }
    }
}
