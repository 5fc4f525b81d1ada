//! How much there is that nobody has seen, from how often each kind was seen in a random sample (Good 1953).

use super::rate::Z95;

/// What a random sample shows of kinds that it does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unseen {
    /// Things in the sample.
    pub n: u64,
    /// Kinds that one of them alone has.
    pub once: u64,
    /// Kinds that two of them have.
    pub twice: u64,
}

impl Unseen {
    /// From how often each kind was seen.
    pub fn of(counts: &[u64]) -> Self {
        let seen = |times: u64| counts.iter().filter(|&&n| n == times).count() as u64;
        Self { n: counts.iter().sum(), once: seen(1), twice: seen(2) }
    }

    /// The share of all things whose kind is not in the sample: kinds seen once by things seen (Good and Turing).
    pub fn share(&self) -> f64 {
        if self.n == 0 { 1.0 } else { self.once as f64 / self.n as f64 }
    }

    /// Its 95 % interval, by the normal limit of Esty (1983): variance (once (n - once) + 2 n twice) / n^3. Where nothing was seen once,
    /// the upper end is that of no hit among n (1 - .05^(1/n)).
    pub fn interval(&self) -> (f64, f64) {
        if self.n == 0 {
            return (0.0, 1.0);
        }
        let (n, once, twice) = (self.n as f64, self.once as f64, self.twice as f64);
        let none = 1.0 - 0.05f64.powf(1.0 / n);
        let half = Z95 * ((once * (n - once) + 2.0 * n * twice) / n.powi(3)).sqrt();
        ((self.share() - half).max(0.0), (self.share() + half).max(none).min(1.0))
    }

    /// How many more things show a new kind, on average; `None`: nothing was seen once, so none is to be expected.
    pub fn to_next(&self) -> Option<f64> {
        (self.once > 0).then(|| self.n as f64 / self.once as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::rng::Rng;

    #[test]
    fn kinds_seen_once_tell_of_kinds_not_seen() {
        let u = Unseen::of(&[10, 5, 2, 1, 1, 1]);
        assert_eq!((u.n, u.once, u.twice), (20, 3, 1));
        assert!((u.share() - 0.15).abs() < 1e-12);
        assert_eq!(u.to_next(), Some(20.0 / 3.0));
        let (lo, hi) = u.interval();
        // 1.96 sqrt((3 * 17 + 2 * 20) / 8000) = .2090
        assert!(lo == 0.0 && (hi - 0.359_04).abs() < 1e-4, "{lo} {hi}");
        let none = Unseen::of(&[30, 30]);
        assert_eq!((none.share(), none.to_next()), (0.0, None));
        assert!((none.interval().1 - (1.0 - 0.05f64.powf(1.0 / 60.0))).abs() < 1e-12);
        assert_eq!(Unseen::of(&[]).interval(), (0.0, 1.0));
    }

    #[test]
    fn the_interval_holds_the_truth_about_as_often_as_it_says() {
        // Thirty kinds, the k-th as frequent as 1 / k; 100 things drawn.
        let weights: Vec<f64> = (1..=30).map(|k| 1.0 / f64::from(k)).collect();
        let total: f64 = weights.iter().sum();
        let mut rng = Rng::new(5);
        let runs = 1_000;
        let mut held = 0;
        for _ in 0..runs {
            let mut counts = [0u64; 30];
            for _ in 0..100 {
                let mut at = rng.f64() * total;
                let kind = weights.iter().position(|w| {
                    at -= w;
                    at < 0.0
                });
                counts[kind.unwrap_or(29)] += 1;
            }
            let unseen: f64 = weights.iter().zip(&counts).filter(|(_, n)| **n == 0).map(|(w, _)| w / total).sum();
            let seen: Vec<u64> = counts.into_iter().filter(|&n| n > 0).collect();
            let (lo, hi) = Unseen::of(&seen).interval();
            held += u32::from((lo..=hi).contains(&unseen));
        }
        assert!((900..=995).contains(&held), "{held} of {runs}");
    }
}
