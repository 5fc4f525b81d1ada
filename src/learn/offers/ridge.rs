//! Logistic regression held down by a ridge, on plain features: what to believe of an offer whose like was never answered.

use super::example::{BITS, OfferExample, OfferFeatures};
use std::collections::BTreeMap;

/// How strongly weights are held down (scikit-learn's C is its inverse).
const RIDGE: f64 = 100.0;
/// Rounds over all features. The loss is convex and the rows few in kind: ten are enough from scratch, fewer from a former fit.
const ROUNDS: usize = 12;
/// A weight moves no further in one step.
const STEP: f64 = 1.0;

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
    pub fn score(&self, offer: &OfferFeatures) -> f64 {
        let part =
            |&(place, x): &(u32, f32)| f64::from(self.weights.get(&place).copied().unwrap_or_default()) * f64::from(x);
        f64::from(self.bias) + offer.plain.iter().map(part).sum::<f64>()
    }

    /// Fits the weights again, beginning where they are: one Newton step a feature, feature after feature.
    pub fn fit<'a>(&mut self, rows: impl Iterator<Item = &'a OfferExample> + Clone) {
        const CONSTANT: u32 = 1 << BITS;
        let mut columns: BTreeMap<u32, Vec<(u32, f32)>> = BTreeMap::new();
        for (row, at) in rows.clone().zip(0..) {
            row.features.plain.iter().for_each(|&(p, x)| columns.entry(p).or_default().push((at, x)));
            columns.entry(CONSTANT).or_default().push((at, 1.0));
        }
        let mut scores: Vec<f64> = rows.clone().map(|row| self.score(&row.features)).collect();
        let yes: Vec<(f64, f64)> = rows.map(|row| (f64::from(u8::from(row.accepted)), row.weight)).collect();
        for _ in 0..ROUNDS {
            for (&place, cells) in &columns {
                let (weight, ridge) = match place {
                    CONSTANT => (&mut self.bias, 1e-6),
                    _ => (self.weights.entry(place).or_default(), RIDGE),
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
