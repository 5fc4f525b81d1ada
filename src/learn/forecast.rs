//! What the labels so far were worth, and what more of them may be worth: a power law through the learning curve (Hestness et
//! al. 2017, "Deep learning scaling is predictable, empirically"), with a band from sealed conversations drawn again.

use super::rng::Rng;
use super::stats;
use crate::domain::Rate;
use crate::domain::rate::Z95;

/// Fewer points with labels give no law.
const FEWEST: usize = 3;
/// Draws of the bootstrap.
const DRAWS: usize = 2_000;

/// Right answers of the models of a learning curve, by sealed conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Hits<'a> {
    /// Labels that each model learnt from, ascending.
    pub labels: &'a [u64],
    /// Gold turns of each conversation.
    pub sizes: &'a [u64],
    /// For each model, right turns of each conversation.
    pub right: &'a [Vec<u64>],
}

/// A number with its 95 % band.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// The estimate.
    pub value: f64,
    /// Lower end.
    pub lo: f64,
    /// Upper end.
    pub hi: f64,
}

impl Hits<'_> {
    /// The last model's accuracy minus the first one's: paired, by conversation. `None` with fewer than two models.
    pub fn gain(&self, seed: u64) -> Option<Band> {
        let (first, last) = (self.right.first()?, self.right.last().filter(|_| self.right.len() > 1)?);
        let change = |(i, &size): (usize, &u64)| (last[i] as i64 - first[i] as i64, size);
        let clusters: Vec<(i64, u64)> = self.sizes.iter().enumerate().map(change).collect();
        let (net, n) = clusters.iter().fold((0, 0), |(net, n), c| (net + c.0, n + c.1));
        let [lo, hi] = stats::bootstrap(&clusters, DRAWS, seed);
        (n > 0).then(|| Band { value: net as f64 / n as f64, lo, hi })
    }

    /// How much accuracy `more` labels are expected to bring beyond the last model: `error = a labels^-b` through the models
    /// that learnt from labels, `b` at least 0. The band is a bootstrap of conversations: it holds what the sealed turns
    /// leave open, not that later labels may be of another kind. `None` with too few models, or nothing to score on.
    pub fn forecast(&self, more: u64, seed: u64) -> Option<Band> {
        let law = |weights: &[u64]| {
            let size: u64 = self.sizes.iter().zip(weights).map(|(s, w)| s * w).sum();
            let with_labels = self.labels.iter().zip(self.right).filter(|(labels, _)| **labels > 0);
            let points: Vec<(f64, f64)> = with_labels
                .map(|(&labels, right)| {
                    let right: u64 = right.iter().zip(weights).map(|(r, w)| r * w).sum();
                    // Half a wrong answer more: none at all has no logarithm.
                    let error = (size as f64 - right as f64 + 0.5) / (size as f64 + 1.0);
                    ((labels as f64).ln(), error.ln())
                })
                .collect();
            gain_of_law(&points, more)
        };
        let value = law(&vec![1; self.sizes.len()])?;
        let mut rng = Rng::new(seed);
        let mut drawn: Vec<f64> = (0..DRAWS)
            .filter_map(|_| {
                let mut weights = vec![0; self.sizes.len()];
                (0..self.sizes.len()).for_each(|_| weights[rng.below(self.sizes.len())] += 1);
                law(&weights)
            })
            .collect();
        drawn.sort_unstable_by(f64::total_cmp);
        Some(Band { value, lo: stats::quantile(&drawn, 0.025), hi: stats::quantile(&drawn, 0.975) })
    }

    /// The same forecast made one model earlier, for the labels between the last two, and what really came. `None` where
    /// there are too few models.
    pub fn looking_back(&self, seed: u64) -> Option<(Band, f64)> {
        let last = self.labels.len().checked_sub(1)?;
        let (then, right) = (self.labels.get(..last)?, &self.right[..last]);
        let more = self.labels[last] - *then.last()?;
        let earlier = Hits { labels: then, sizes: self.sizes, right };
        let n: u64 = self.sizes.iter().sum();
        let total = |at: usize| self.right[at].iter().sum::<u64>() as f64 / n as f64;
        Some((earlier.forecast(more, seed)?, total(last) - total(last - 1)))
    }
}

/// What the least-squares line through `(ln labels, ln error)` says of the error that `more` labels take away.
fn gain_of_law(points: &[(f64, f64)], more: u64) -> Option<f64> {
    let n = points.len() as f64;
    let last = points.last().filter(|_| points.len() >= FEWEST)?.0;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / n;
    let (x, y) = (mean(|p| p.0), mean(|p| p.1));
    let spread: f64 = points.iter().map(|p| (p.0 - x).powi(2)).sum();
    if spread <= 0.0 {
        return None;
    }
    let slope = (points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum::<f64>() / spread).min(0.0);
    let error = |at: f64| (y + slope * (at - x)).exp().min(1.0);
    Some(error(last) - error((last.exp() + more as f64).ln()))
}

/// Good-Turing: the chance that the next one drawn is of a kind not seen yet, `n1 / n` (Good 1953), with the normal interval
/// from Good's variance, widened to Wilson's of `n1 / n`: where all kinds came once, or none did, Good's is a point.
/// `counts` are how often each kind was seen; `None` without any.
pub fn unseen(counts: &[u64]) -> Option<Band> {
    let n = counts.iter().sum::<u64>() as f64;
    if n == 0.0 {
        return None;
    }
    let [once, twice] = [1, 2].map(|k| counts.iter().filter(|&&c| c == k).count() as f64);
    let share = once / n;
    let half = Z95 * (once * (1.0 - share) + 2.0 * twice).sqrt() / n;
    let wilson = Rate::new(once as u64, n as u64);
    Some(Band { value: share, lo: (share - half).clamp(0.0, wilson.lo), hi: (share + half).clamp(wilson.hi, 1.0) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Models whose error follows a law, on conversations of two turns.
    fn drawn(labels: &[u64], a: f64, b: f64, conversations: usize, seed: u64) -> (Vec<u64>, Vec<Vec<u64>>) {
        let mut rng = Rng::new(seed);
        // Each turn is right for all models beyond its own difficulty, as answers of growing models hang together.
        let hard: Vec<[f64; 2]> = (0..conversations).map(|_| [rng.f64(), rng.f64()]).collect();
        let right = |n: &u64| {
            let error = a * (*n as f64).powf(-b);
            hard.iter().map(|turns| turns.iter().filter(|&&h| h > error).count() as u64).collect()
        };
        (vec![2; conversations], labels.iter().map(right).collect())
    }

    #[test]
    fn a_power_law_is_found_again() {
        let labels = [0, 100, 200, 300, 400, 500];
        let (sizes, right) = drawn(&labels[1..], 2.0, 0.4, 20_000, 3);
        let hits = Hits { labels: &labels[1..], sizes: &sizes, right: &right };
        let want = 2.0 * (500f64.powf(-0.4) - 600f64.powf(-0.4));
        let got = hits.forecast(100, 1).unwrap();
        assert!((got.value - want).abs() < 0.001, "{got:?} {want}");
        assert!(got.lo < want && want < got.hi && got.hi - got.lo < 0.01, "{got:?}");
        let gain = hits.gain(1).unwrap();
        let want = 2.0 * (100f64.powf(-0.4) - 500f64.powf(-0.4));
        assert!((gain.value - want).abs() < 0.01 && gain.lo < gain.value && gain.value < gain.hi, "{gain:?} {want}");
        let (said, came) = hits.looking_back(1).unwrap();
        assert!((said.value - came).abs() < 0.005, "{said:?} {came}");
    }

    #[test]
    fn bands_hold_what_they_promise() {
        // 95 % bands around the law's own gain, 200 small sealed halves.
        let labels = [50, 100, 150, 200, 250];
        let want = 1.5 * (250f64.powf(-0.3) - 350f64.powf(-0.3));
        let inside = (0..200).filter(|&seed| {
            let (sizes, right) = drawn(&labels, 1.5, 0.3, 150, seed);
            let band = Hits { labels: &labels, sizes: &sizes, right: &right }.forecast(100, seed).unwrap();
            band.lo <= want && want <= band.hi
        });
        let inside = inside.count();
        assert!(inside >= 178, "{inside} of 200");
    }

    #[test]
    fn too_little_says_nothing_and_a_flat_curve_no_gain() {
        let right = vec![vec![2; 40]; 5];
        let hits = Hits { labels: &[10, 20, 30, 40, 50], sizes: &[3; 40], right: &right };
        assert!(hits.forecast(100, 1).unwrap().hi < 1e-9, "{:?}", hits.forecast(100, 1));
        assert_eq!(hits.gain(1), Some(Band { value: 0.0, lo: 0.0, hi: 0.0 }));
        let two = Hits { labels: &[10, 20], sizes: &[3; 40], right: &right[..2] };
        assert_eq!((two.forecast(100, 1), two.looking_back(1)), (None, None));
        assert_eq!(Hits { labels: &[], sizes: &[], right: &[] }.gain(1), None);
    }

    #[test]
    fn good_turing_by_hand() {
        // Of ten draws two kinds came once and one twice: 2/10, sqrt(2 * 0.8 + 2) / 10 * 1.96.
        let band = unseen(&[1, 1, 2, 6]).unwrap();
        assert!((band.value - 0.2).abs() < 1e-12 && band.lo == 0.0 && (band.hi - 0.571_9).abs() < 1e-3, "{band:?}");
        assert_eq!(unseen(&[]), None);
        // Wilson's ends where Good's variance is 0: 3.84 / (14 + 3.84), and 3 / (3 + 3.84).
        let (none, all) = (unseen(&[5, 9]).unwrap(), unseen(&[1, 1, 1]).unwrap());
        assert!(none.value == 0.0 && none.lo == 0.0 && (none.hi - 0.2153).abs() < 1e-3, "{none:?}");
        assert!(all.value == 1.0 && all.hi == 1.0 && (all.lo - 0.4385).abs() < 1e-3, "{all:?}");
    }
}
