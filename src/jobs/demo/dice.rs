//! Chance, from the one generator whose stream is fixed.

use crate::base::rng::Rng;

/// Draws.
pub(super) struct Dice(Rng);

impl Dice {
    /// A stream of its own for part `index` of what `seed` decides.
    pub(super) fn part(seed: u64, index: u64) -> Self {
        Self(Rng::part(seed, index))
    }

    /// True with probability `p`.
    pub(super) fn chance(&mut self, p: f64) -> bool {
        self.0.f64() < p
    }

    /// A number in `from..to`.
    pub(super) fn between(&mut self, from: i64, to: i64) -> i64 {
        from + self.0.below((to - from).max(0) as usize) as i64
    }

    /// One of several, all alike.
    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.0.below(items.len())]
    }

    /// A place in `0..weights.len()`, in proportion to the weights.
    pub(super) fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.0.f64() * weights.iter().sum::<f64>();
        for (i, w) in weights.iter().enumerate() {
            left -= w;
            if left < 0.0 {
                return i;
            }
        }
        weights.len().saturating_sub(1)
    }

    /// A place in `0..n`, the earlier the more likely: `(i + 1) ^ -exponent`, Zipf's law for 1.
    pub(super) fn skewed(&mut self, n: usize, exponent: f64) -> usize {
        let weights: Vec<f64> = (1..=n).map(|i| (i as f64).powf(-exponent)).collect();
        self.weighted(&weights)
    }
}
