//! An offer as numbers.

use crate::base::rng::mix;

/// Bits of a feature's place.
pub(super) const BITS: u32 = 18;
/// Stands where an offer has no word of a kind.
pub(super) const NO_WORD: u64 = 0;

/// What is known of an offer when it is made, by place. Names are hashed: two in 2^18 may share a place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OfferFeatures {
    /// Places and values, as given.
    pub(super) plain: Vec<(u32, f32)>,
    /// Pairs of indicators, each of another name.
    pub(super) pairs: Vec<u32>,
    /// Places of the indicators.
    pub(super) indicators: Vec<u32>,
    /// The words by kind, hashed, in an order that is the same for all offers. Empty: nobody knows what is left out.
    pub(super) by_kind: Vec<u64>,
}

/// An answered offer.
#[derive(Clone, Debug, PartialEq)]
pub struct OfferExample {
    /// What was known when it was made.
    pub features: OfferFeatures,
    /// Whether the customer said yes.
    pub accepted: bool,
    /// Its conversation, by any number of its own.
    pub group: u64,
    /// What it weighs beside others, 1 on average: more where it stands for many (rule 52).
    pub weight: f64,
}

fn hash(text: &str) -> u64 {
    mix(text.bytes().fold(0xcbf2_9ce4_8422_2325, |h: u64, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)))
}

fn place(hash: u64) -> u32 {
    (hash >> (64 - BITS)) as u32
}

/// The place of two words that stand together.
fn pair(a: u64, b: u64) -> u32 {
    place(mix(a ^ mix(b)))
}

impl OfferFeatures {
    /// Those of names and values: `turn` 0.5, or `intent=refund` 1. A name with `=` is an indicator; pairs are made of indicators
    /// whose name stands once.
    pub fn new<'a>(named: impl Iterator<Item = (&'a str, f64)>) -> Self {
        let mut out = Self::default();
        let mut single: Vec<(&str, u64)> = Vec::new();
        let mut last_many = "";
        for (name, value) in named.filter(|(_, value)| value.is_finite()) {
            let hash = hash(name);
            out.plain.push((place(hash), value as f32));
            let Some((kind, _)) = name.split_once('=') else { continue };
            out.indicators.push(place(hash));
            if let Some(at) = single.iter().position(|s| s.0 == kind) {
                single.remove(at);
                last_many = kind;
            } else if kind != last_many {
                single.push((kind, hash));
            }
        }
        for (at, (_, a)) in single.iter().enumerate() {
            out.pairs.extend(single[at + 1..].iter().map(|(_, b)| pair(*a, *b)));
        }
        out
    }

    /// Those of indicators, one of each kind in an order that is the same for all offers, empty where there is none; and of a number.
    pub fn by_kind(words: &[String], (name, value): (&str, f64)) -> Self {
        let hashes = words.iter().map(|word| if word.is_empty() { NO_WORD } else { hash(word) });
        Self::of_words(hashes.collect(), vec![(Self::place_of(name), value as f32)])
    }

    /// The same with other words.
    pub(super) fn with_words(&self, words: Vec<u64>) -> Self {
        Self::of_words(words, self.plain[self.indicators.len()..].to_vec())
    }

    fn of_words(by_kind: Vec<u64>, numbers: Vec<(u32, f32)>) -> Self {
        let words: Vec<u64> = by_kind.iter().copied().filter(|word| *word != NO_WORD).collect();
        let indicators: Vec<u32> = words.iter().map(|&word| place(word)).collect();
        let plain = indicators.iter().map(|&at| (at, 1.0)).chain(numbers).collect();
        let pairs = (0..).zip(&words).flat_map(|(at, a)| words[at + 1..].iter().map(move |b| pair(*a, *b))).collect();
        Self { plain, pairs, indicators, by_kind }
    }

    /// The same, told by what is there alone: what it leaves out is not looked for.
    #[must_use]
    pub fn as_told(self) -> Self {
        Self { by_kind: Vec::new(), ..self }
    }

    /// The place of a word by its hash.
    pub(super) fn place_of_word(word: u64) -> u32 {
        place(word)
    }

    /// The place of a name.
    pub(super) fn place_of(name: &str) -> u32 {
        place(hash(name))
    }

    /// All of it as bytes, to tell one offer's from another's.
    pub fn bytes(&self) -> Vec<u8> {
        let plain = self.plain.iter().flat_map(|(p, x)| p.to_le_bytes().into_iter().chain(x.to_le_bytes()));
        plain.chain(self.pairs.iter().flat_map(|p| p.to_le_bytes())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_by_kind_have_the_places_that_they_have_by_name() {
        let words = ["name=a=b", "", "lang=en", "na=0"].map(str::to_owned);
        let by_kind = OfferFeatures::by_kind(&words, ("turn", 0.1));
        let named = words.iter().filter(|w| !w.is_empty()).map(|w| (w.as_str(), 1.0)).chain([("turn", 0.1)]);
        assert_eq!(by_kind.clone().as_told(), OfferFeatures::new(named));
        assert_eq!(by_kind.with_words(by_kind.by_kind.clone()), by_kind);
    }
}
