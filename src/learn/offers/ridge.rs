//! Logistic regressions held down by a ridge: a careful one on plain features, for an offer whose like was never answered, and a near one
//! on pairs too, for what was.

use super::example::{BITS, OfferExample, OfferFeatures};
use std::collections::BTreeMap;

/// A weight moves no further in one step.
const STEP: f64 = 1.0;

/// How it is fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// Plain features, strongly held down.
    Careful,
    /// Plain features and pairs, lightly held down.
    Near,
}

impl Held {
    /// How strongly weights are held down (scikit-learn's C is its inverse).
    const fn ridge(self) -> f64 {
        match self {
            Self::Careful => 100.0,
            Self::Near => 3.0,
        }
    }

    /// Rounds over all features. The loss is convex and the rows few in kind: twelve are enough from scratch, fewer from a former fit; pairs
    /// share what their parts say and need more.
    const fn rounds(self) -> usize {
        match self {
            Self::Careful => 12,
            Self::Near => 24,
        }
    }

    fn cells(self, offer: &OfferFeatures) -> impl Iterator<Item = (u32, f32)> {
        let pairs: &[u32] = if self == Self::Near { &offer.pairs } else { &[] };
        offer.plain.iter().copied().chain(pairs.iter().map(|&p| (p, 1.0)))
    }
}

/// The weights.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Ridge {
    /// By place; what is missing weighs nothing.
    pub weights: BTreeMap<u32, f32>,
    /// The weight of the constant.
    pub bias: f32,
}

pub(super) fn sigmoid(score: f64) -> f64 {
    1.0 / (1.0 + (-score).exp())
}

impl Ridge {
    /// The score of an offer.
    pub fn score(&self, offer: &OfferFeatures, held: Held) -> f64 {
        let part =
            |(place, x): (u32, f32)| f64::from(self.weights.get(&place).copied().unwrap_or_default()) * f64::from(x);
        f64::from(self.bias) + held.cells(offer).map(part).sum::<f64>()
    }

    /// Fits the weights again, beginning where they are: one Newton step a feature, feature after feature.
    pub fn fit<'a>(&mut self, rows: impl Iterator<Item = &'a OfferExample> + Clone, held: Held) {
        const CONSTANT: u32 = 1 << BITS;
        let mut columns: BTreeMap<u32, Vec<(u32, f32)>> = BTreeMap::new();
        for (row, at) in rows.clone().zip(0..) {
            held.cells(&row.features).for_each(|(p, x)| columns.entry(p).or_default().push((at, x)));
            columns.entry(CONSTANT).or_default().push((at, 1.0));
        }
        let mut scores: Vec<f64> = rows.clone().map(|row| self.score(&row.features, held)).collect();
        let yes: Vec<(f64, f64)> = rows.map(|row| (f64::from(u8::from(row.accepted)), row.weight)).collect();
        for _ in 0..held.rounds() {
            for (&place, cells) in &columns {
                let (weight, ridge) = match place {
                    CONSTANT => (&mut self.bias, 1e-6),
                    _ => (self.weights.entry(place).or_default(), held.ridge()),
                };
                let (mut slope, mut bend) = (ridge * f64::from(*weight), ridge);
                for &(row, x) in cells {
                    let (p, x) = (sigmoid(scores[row as usize]), f64::from(x));
                    let (yes, w) = yes[row as usize];
                    slope += w * (p - yes) * x;
                    bend += w * p * (1.0 - p) * x * x;
                }
                let before = *weight;
                *weight -= (slope / bend.max(1e-6)).clamp(-STEP, STEP) as f32;
                let moved = f64::from(*weight - before);
                cells.iter().for_each(|&(row, x)| scores[row as usize] += moved * f64::from(x));
            }
        }
    }
}
