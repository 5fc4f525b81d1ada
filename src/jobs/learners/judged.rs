//! Two models on the same examples: the paired difference of their losses (rule 48).

use crate::base::rng::Rng;
use crate::domain::Verdict;
use crate::learn::judge::stats::quantile;
use std::collections::BTreeMap;

/// Draws of the bootstrap and of the sign-flip test.
const DRAWS: usize = 4_000;
/// Chance of a wrong promotion over all looks.
const ALPHA: f64 = 0.05;

/// What the difference of two losses says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Judged {
    /// Loss before minus loss after, nats an example.
    pub delta: f64,
    /// 95 %, by customer.
    pub ci95: [f64; 2],
    /// Two-sided.
    pub p: f64,
    /// The k-th look tests at .05 / (k (k + 1)).
    pub verdict: Verdict,
}

/// Judges differences (loss before minus loss after) of examples with their customers.
pub(super) fn judge(gains: &[(i64, f64)], look: u64, seed: u64) -> Judged {
    let mut customers: BTreeMap<i64, (f64, f64)> = BTreeMap::new();
    for &(customer, gain) in gains {
        let sum = customers.entry(customer).or_default();
        *sum = (sum.0 + gain, sum.1 + 1.0);
    }
    let sums: Vec<(f64, f64)> = customers.into_values().collect();
    let total: f64 = sums.iter().map(|s| s.0).sum();
    let delta = total / gains.len().max(1) as f64;
    let mut rng = Rng::new(seed);
    let mut means: Vec<f64> = Vec::with_capacity(DRAWS);
    let mut farther = 0usize;
    for _ in 0..DRAWS {
        let drawn = (0..sums.len()).fold((0.0, 0.0), |(a, n), _| {
            let s = sums[rng.below(sums.len())];
            (a + s.0, n + s.1)
        });
        means.push(if drawn.1 > 0.0 { drawn.0 / drawn.1 } else { 0.0 });
        let flipped: f64 = sums.iter().map(|s| if rng.next_u64() >> 63 == 0 { s.0 } else { -s.0 }).sum();
        farther += usize::from(flipped.abs() >= total.abs() * (1.0 - 1e-12));
    }
    means.sort_by(f64::total_cmp);
    // The pattern that was seen is one of those that could be.
    let p = (farther + 1) as f64 / (DRAWS + 1) as f64;
    let k = look.max(1) as f64;
    let verdict = match p <= ALPHA / (k * (k + 1.0)) {
        true if delta > 0.0 => Verdict::Better,
        true if delta < 0.0 => Verdict::Worse,
        _ => Verdict::CannotTell,
    };
    Judged { delta, ci95: [quantile(&means, 0.025), quantile(&means, 0.975)], p, verdict }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_helps_every_customer_is_better_and_noise_is_not() {
        let helps: Vec<(i64, f64)> = (0..60).map(|i| (i / 2, 0.1 + 0.01 * (i % 3) as f64)).collect();
        let judged = judge(&helps, 1, 7);
        assert!(judged.verdict == Verdict::Better && judged.ci95[0] > 0.0 && judged.ci95[1] < 0.2, "{judged:?}");
        let worse: Vec<(i64, f64)> = helps.iter().map(|&(c, g)| (c, -g)).collect();
        assert_eq!(judge(&worse, 1, 7).verdict, Verdict::Worse);
        let noise: Vec<(i64, f64)> = (0..60).map(|i| (i, if i % 2 == 0 { 0.3 } else { -0.29 })).collect();
        assert_eq!(judge(&noise, 1, 7).verdict, Verdict::CannotTell);
        assert_eq!(judge(&helps, 200, 7).verdict, Verdict::CannotTell, "after many looks more is asked for");
        assert_eq!(judge(&[], 1, 7).verdict, Verdict::CannotTell);
    }
}
