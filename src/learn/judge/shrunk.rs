//! Rates of many arms, each shrunk to what the others have in common: empirical Bayes with a beta prior (rule 24).
//!
//! The prior's two numbers are those under which the counts are most probable (beta-binomial maximum likelihood). That there is
//! doubt about them is passed over: with fewer than ten arms intervals are too narrow.

use std::collections::BTreeMap;

/// A beta distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BetaPrior {
    /// Pseudo-counts of successes.
    pub alpha: f64,
    /// Pseudo-counts of failures.
    pub beta: f64,
}

/// What is believed of one arm's rate.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct ShrunkRate {
    /// Posterior mean.
    pub mean: f64,
    /// 2.5 % of the posterior lies below.
    pub lo: f64,
    /// 2.5 % of it lies above.
    pub hi: f64,
}

/// Pseudo-counts stay between these: equal rates would send them to infinity.
const LEAST: f64 = 0.01;
const MOST: f64 = 1e5;
/// Rounds of the search, each over both numbers in turn.
const ROUNDS: usize = 200;

impl BetaPrior {
    /// The prior of arms `(successes, cases)`; of rows that stand for many, as many as they are worth. Without cases it is uniform.
    pub fn of(arms: &[(f64, f64)]) -> Self {
        // Of many answers most were given once or twice: equal counts are worked out once. What is not negative is ordered as its bits are.
        let mut counts: BTreeMap<(u64, u64), f64> = BTreeMap::new();
        let bits = |a: &(f64, f64)| (a.0.max(0.0).to_bits(), a.1.to_bits());
        arms.iter().filter(|a| a.1 > 0.0).for_each(|a| *counts.entry(bits(a)).or_default() += 1.0);
        let arms: Vec<(f64, f64, f64)> =
            counts.into_iter().map(|(a, m)| (f64::from_bits(a.0), f64::from_bits(a.1), m)).collect();
        if arms.is_empty() {
            return Self { alpha: 1.0, beta: 1.0 };
        }
        let fit = |alpha: f64, beta: f64| -> f64 {
            let base = ln_beta(alpha, beta);
            arms.iter().map(|(k, n, m)| m * (ln_beta(k + alpha, n - k + beta) - base)).sum()
        };
        // In log mean and log size the likelihood has one top, and its ridges run along the axes.
        let (all, yes) = arms.iter().fold((0.0, 0.0), |(n, k), a| (n + a.2 * a.1, k + a.2 * a.0));
        let (mut odds, mut size) = (((yes + 0.5) / (all - yes + 0.5)).ln(), 10.0f64.ln());
        let parts = |odds: f64, size: f64| {
            let mean = 1.0 / (1.0 + (-odds).exp());
            ((mean * size.exp()).clamp(LEAST, MOST), ((1.0 - mean) * size.exp()).clamp(LEAST, MOST))
        };
        let value = |odds: f64, size: f64| {
            let (alpha, beta) = parts(odds, size);
            fit(alpha, beta)
        };
        let (mut step, mut best) = (1.0, value(odds, size));
        for _ in 0..ROUNDS {
            let tries = [(odds + step, size), (odds - step, size), (odds, size + step), (odds, size - step)];
            let found = tries
                .into_iter()
                .filter(|t| t.1 < MOST.ln())
                .map(|t| (value(t.0, t.1), t))
                .max_by(|a, b| a.0.total_cmp(&b.0))
                .filter(|(v, _)| *v > best);
            match found {
                Some((v, t)) => (best, (odds, size)) = (v, t),
                None => step /= 2.0,
            }
            if step < 1e-7 {
                break;
            }
        }
        let (alpha, beta) = parts(odds, size);
        Self { alpha, beta }
    }

    /// What an arm's counts make of it.
    pub fn posterior(&self, successes: f64, cases: f64) -> ShrunkRate {
        let a = self.alpha + successes;
        let b = self.beta + (cases - successes).max(0.0);
        ShrunkRate { mean: a / (a + b), lo: beta_quantile(0.025, a, b), hi: beta_quantile(0.975, a, b) }
    }
}

/// The logarithm of the gamma function (Lanczos' approximation, g = 7, nine terms).
fn ln_gamma(x: f64) -> f64 {
    const TERMS: [f64; 8] = [
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    if x < 0.5 {
        return (std::f64::consts::PI / (std::f64::consts::PI * x).sin()).ln() - ln_gamma(1.0 - x);
    }
    let x = x - 1.0;
    let sum = TERMS.iter().zip(1..).fold(0.999_999_999_999_809_9, |sum, (c, i)| sum + c / (x + f64::from(i)));
    let t = x + 7.5;
    0.5 * (2.0 * std::f64::consts::PI).ln() + (x + 0.5) * t.ln() - t + sum.ln()
}

fn ln_beta(a: f64, b: f64) -> f64 {
    ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)
}

/// The share of a beta distribution below `x`: Lentz's continued fraction.
fn beta_below(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return x.clamp(0.0, 1.0);
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta_below(1.0 - x, b, a);
    }
    let front = (a * x.ln() + b * (1.0 - x).ln() - ln_beta(a, b)).exp() / a;
    let keep = |v: f64| if v.abs() < 1e-300 { 1e-300 } else { v };
    let (mut c, mut d) = (1.0, 1.0 / keep(1.0 - (a + b) * x / (a + 1.0)));
    let mut whole = d;
    for m in 1..500 {
        let m = f64::from(m);
        for term in [
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)),
        ] {
            d = 1.0 / keep(1.0 + term * d);
            c = keep(1.0 + term / c);
            whole *= d * c;
        }
        if (d * c - 1.0).abs() < 1e-15 {
            break;
        }
    }
    front * whole
}

/// The number below which a share of a beta distribution lies, by bisection.
fn beta_quantile(share: f64, a: f64, b: f64) -> f64 {
    let (mut lo, mut hi) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = (lo + hi) / 2.0;
        if beta_below(middle, a, b) < share { lo = middle } else { hi = middle }
    }
    (lo + hi) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prior_and_its_posteriors_are_those_of_scipy() {
        // Beta-binomial maximum likelihood and beta quantiles by SciPy on these eight arms.
        let arms = [(9, 10), (45, 50), (80, 100), (3, 3), (20, 40), (150, 200), (1, 4), (28, 30)];
        let prior = BetaPrior::of(&arms.map(|(k, n)| (f64::from(k), f64::from(n))));
        assert!((prior.alpha - 6.3874).abs() < 5e-4 && (prior.beta - 1.9540).abs() < 2e-4, "{prior:?}");
        for ((k, n), [mean, lo, hi]) in [
            ((9, 10), [0.8389, 0.6450, 0.9640]),
            ((45, 50), [0.8808, 0.7870, 0.9500]),
            ((3, 3), [0.8277, 0.5720, 0.9771]),
            ((1, 4), [0.5986, 0.3259, 0.8410]),
            ((28, 30), [0.8969, 0.7844, 0.9707]),
        ] {
            let p = prior.posterior(f64::from(k), f64::from(n));
            let off = [p.mean - mean, p.lo - lo, p.hi - hi];
            assert!(off.iter().all(|d| d.abs() < 6e-5), "{k}/{n}: {p:?}");
        }
    }

    #[test]
    fn nothing_and_sameness_have_a_prior_too() {
        assert_eq!(BetaPrior::of(&[]), BetaPrior { alpha: 1.0, beta: 1.0 });
        let same = BetaPrior::of(&[(5.0, 10.0), (50.0, 100.0)]).posterior(0.0, 1.0);
        assert!((0.4..0.6).contains(&same.mean) && same.lo < same.hi, "{same:?}");
        let all = BetaPrior::of(&[(10.0, 10.0), (20.0, 20.0)]).posterior(10.0, 10.0);
        assert!(all.mean > 0.9 && all.hi <= 1.0, "{all:?}");
    }
}
