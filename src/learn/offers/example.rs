//! An offer as numbers.

use crate::base::rng::mix;

/// Bits of a feature's place.
pub(super) const BITS: u32 = 18;

/// What is known of an offer when it is made, by place. Names are hashed: two in 2^18 may share a place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OfferFeatures {
    /// Places and values, as given.
    pub(super) plain: Vec<(u32, f32)>,
    /// Pairs of indicators, each of another name.
    pub(super) pairs: Vec<u32>,
    /// Places of the indicators.
    pub(super) indicators: Vec<u32>,
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
            out.pairs.extend(single[at + 1..].iter().map(|(_, b)| place(mix(a ^ mix(*b)))));
        }
        out
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
