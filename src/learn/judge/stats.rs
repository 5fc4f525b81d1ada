//! Exact tests and resampling for paired results. Every test returns a p-value in `[0, 1]`.

use crate::base::rng::Rng;
use crate::domain::measure::rate::Z95;

/// Sums of either sign of so many numbers are all tried.
const ENUMERATED: usize = 16;
/// Steps that an exact distribution of whole numbers may cost.
const CONVOLVED: f64 = 2e8;

/// P(X <= `k`) for X binomial with `n` draws of probability 1/2. Relative error below 1e-9 up to 10,000 draws,
/// below 1e-7 up to a million.
pub fn binomial_cdf(k: u64, n: u64) -> f64 {
    if k >= n {
        return 1.0;
    }
    // From the middle the shorter tail is summed, so that the terms fall and the first one leads.
    if 2 * k + 1 > n {
        return 1.0 - binomial_cdf(n - k - 1, n);
    }
    let log: f64 = (1..=k).map(|i| ((n - k + i) as f64 / i as f64).ln()).sum();
    let first = (log - n as f64 * std::f64::consts::LN_2).exp();
    let (mut term, mut sum) = (1.0, 1.0);
    for i in (1..=k).rev() {
        term *= i as f64 / (n - i + 1) as f64;
        sum += term;
        if term < 1e-18 * sum {
            break;
        }
    }
    (first * sum).min(1.0)
}

/// Exact McNemar test, two-sided: `min(1, 2 BinomCDF(min(fixed, broken); fixed + broken, 1/2))`. 1 when nothing
/// changed.
pub fn mcnemar(fixed: u64, broken: u64) -> f64 {
    (2.0 * binomial_cdf(fixed.min(broken), fixed + broken)).min(1.0)
}

/// Sign-flip test, two-sided, exact: how likely it is that the sum of `nets` is as far from 0 as it is, when each of
/// them might as well have had the other sign. With nets of 1 and -1 it is [`mcnemar`].
pub fn sign_flip(nets: &[i64]) -> f64 {
    let seen = nets.iter().sum::<i64>();
    // The distribution is symmetric: twice one tail, or everything when the sum is 0.
    if seen == 0 { 1.0 } else { (2.0 * as_low(nets, -seen.abs())).min(1.0) }
}

/// The same for the worse alone: how likely it is that the sum of `nets` is as low as it is. With nets of 1 and -1 it is
/// the chance of as many for the worse: [`binomial_cdf`] of those for the better.
pub fn sign_flip_worse(nets: &[i64]) -> f64 {
    as_low(nets, nets.iter().sum())
}

/// The chance that the sum of the nets is `seen` or less when each has either sign. `seen` is one of the possible sums.
///
/// The distribution of all `2^n` sums is built by convolution, in `n` times the sum of absolute values steps.
fn as_low(nets: &[i64], seen: i64) -> f64 {
    let sizes: Vec<usize> = nets.iter().map(|d| d.unsigned_abs() as usize).filter(|&d| d > 0).collect();
    let total: usize = sizes.iter().sum();
    // chance[t]: the sizes with a plus add up to t, so that the signed sum is 2 t - total.
    let mut chance = vec![0.0f64; total + 1];
    chance[0] = 1.0;
    let mut reach = 0;
    for d in sizes {
        reach += d;
        for t in (0..=reach).rev() {
            let with = if t >= d { chance[t - d] } else { 0.0 };
            chance[t] = 0.5 * (chance[t] + with);
        }
    }
    let most = (total as i64 + seen) / 2;
    chance.iter().take(most as usize + 1).sum::<f64>().min(1.0)
}

/// [`sign_flip`] of sums that need not be whole. Those that are, or are whole times the smallest, are tested so, if they are few or small;
/// of up to 16 others all signs are tried. Of more the tail is Lugannani and Rice's (1980) at the saddlepoint of the sum's distribution
/// (Robinson 1982, "Saddlepoint approximations for permutation tests and confidence intervals"): within a few hundredths of itself, and
/// the same whoever asks, which drawn signs are not. Sums must be finite.
pub fn sign_flip_real(sums: &[f64]) -> f64 {
    let sizes: Vec<f64> = sums.iter().map(|s| s.abs()).filter(|s| *s > 0.0).collect();
    let (seen, all) = (sums.iter().sum::<f64>().abs(), sizes.iter().sum::<f64>());
    let is_unit = |unit: &f64| {
        let is_whole = |n: f64| (n - n.round()).abs() <= 1e-9 * n;
        sizes.iter().all(|s| is_whole(s / unit)) && all / unit * sizes.len() as f64 <= CONVOLVED
    };
    let smallest = sizes.iter().copied().fold(f64::INFINITY, f64::min);
    if let Some(unit) = [1.0, smallest].into_iter().find(is_unit) {
        return sign_flip(&sums.iter().map(|s| (s / unit).round() as i64).collect::<Vec<_>>());
    }
    // As far but for rounding: the pattern that was seen is one of those that could be.
    let far = seen - 1e-12 * all;
    if sizes.len() <= ENUMERATED {
        let signed =
            |signs: u32| sizes.iter().zip(0..).map(|(s, at)| if (signs >> at) & 1 == 0 { *s } else { -s }).sum::<f64>();
        let ways = 1u32 << sizes.len();
        return (0..ways).filter(|&signs| signed(signs).abs() >= far).count() as f64 / f64::from(ways);
    }
    if far >= all * (1.0 - 1e-9) {
        return 2.0 * 0.5f64.powi(sizes.len().min(1_000) as i32);
    }
    (2.0 * saddlepoint_tail(&sizes, seen)).min(1.0)
}

/// The chance that the sum of sizes with either sign is `seen`, which is below their sum, or more.
fn saddlepoint_tail(sizes: &[f64], seen: f64) -> f64 {
    let squares: f64 = sizes.iter().map(|s| s * s).sum();
    // The slope of the cumulant function is concave: from the left Newton's steps never go too far.
    let mut t = seen / squares;
    for _ in 0..200 {
        let (slope, bend) = sizes.iter().fold((0.0, 0.0), |(slope, bend), s| {
            let tanh = (t * s).tanh();
            (slope + s * tanh, bend + s * s * (1.0 - tanh * tanh))
        });
        let step = (seen - slope) / bend.max(f64::MIN_POSITIVE);
        t += step;
        if step.abs() <= 1e-12 * t {
            break;
        }
    }
    let cumulant: f64 = sizes.iter().map(|s| (-2.0 * t * s).exp().ln_1p() + t * s - std::f64::consts::LN_2).sum();
    let bend: f64 = sizes.iter().map(|s| (s / (t * s).cosh()).powi(2)).sum();
    let deviance = 2.0 * (t * seen - cumulant);
    if !deviance.is_finite() {
        // So near to all of one sign that nothing tells it from that.
        return 0.0;
    }
    let (w, u) = (deviance.max(0.0).sqrt(), t * bend.sqrt());
    let normal = two_sided(w) / 2.0;
    // Near the middle the correction is a difference of two that are nearly equal, and nothing.
    if w < 0.01 || u == 0.0 {
        return normal;
    }
    let density = (-w * w / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    (normal + density * (1.0 / u - 1.0 / w)).clamp(0.0, 1.0)
}

/// The chance of a standard normal number at least as far from 0 as `z`.
pub fn two_sided(z: f64) -> f64 {
    libm::erfc(z.abs() / std::f64::consts::SQRT_2)
}

/// Fisher's exact test, one-sided, of two groups of which `a` of `a + b` and `c` of `c + d` have something: the chance that the first
/// group holds `a` or more of them where it makes no difference in which group one is. 1 where it holds no more than its share.
pub fn fisher_more(a: u64, b: u64, c: u64, d: u64) -> f64 {
    let (first, having, all) = (a + b, a + c, a + b + c + d);
    if u128::from(a) * u128::from(all) <= u128::from(first) * u128::from(having) {
        return 1.0;
    }
    let log = |n: u64| libm::lgamma(n as f64 + 1.0);
    // One of all ways to draw the first group (hypergeometric); from here on the terms fall.
    let mut term =
        (log(first) + log(c + d) + log(having) + log(b + d) - (log(a) + log(b) + log(c) + log(d) + log(all))).exp();
    let (mut sum, mut x) = (term, a);
    while x < first.min(having) && term > 1e-18 * sum {
        let (left, out, rest) = (having - x, first - x, all + x + 1 - first - having);
        term *= left as f64 * out as f64 / ((x + 1) as f64 * rest as f64);
        sum += term;
        x += 1;
    }
    sum.min(1.0)
}

/// Holm's step-down adjustment (Holm 1979): p-values, in the order given, such that those below a level may be
/// rejected at it together.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let (mut adjusted, mut most) = (vec![0.0; p_values.len()], 0.0f64);
    for (rank, &i) in order.iter().enumerate() {
        most = most.max(p_values[i] * (p_values.len() - rank) as f64).min(1.0);
        adjusted[i] = most;
    }
    adjusted
}

/// Benjamini and Hochberg's step-up adjustment (1995): p-values, in the order given, such that of those below a level at most that
/// share are false, on average.
pub fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let (mut adjusted, mut least) = (vec![0.0; p_values.len()], 1.0f64);
    for (rank, &i) in order.iter().enumerate().rev() {
        least = least.min(p_values[i] * p_values.len() as f64 / (rank + 1) as f64);
        adjusted[i] = least;
    }
    adjusted
}

/// 95 % percentile interval of `sum of nets / sum of sizes` when whole clusters, given as `(net, size)`, are drawn
/// with replacement `draws` times. Quantiles are interpolated as NumPy does. `[0, 0]` without data.
pub fn bootstrap(clusters: &[(i64, u64)], draws: usize, seed: u64) -> [f64; 2] {
    if clusters.is_empty() || draws == 0 {
        return [0.0; 2];
    }
    let mut rng = Rng::new(seed);
    let mut results: Vec<f64> = (0..draws)
        .map(|_| {
            let (mut net, mut size) = (0, 0);
            for _ in 0..clusters.len() {
                let (d, n) = clusters[rng.below(clusters.len())];
                net += d;
                size += n;
            }
            if size == 0 { 0.0 } else { net as f64 / size as f64 }
        })
        .collect();
    results.sort_unstable_by(f64::total_cmp);
    [quantile(&results, 0.025), quantile(&results, 0.975)]
}

/// The `q` quantile of ascending values, interpolated linearly (type 7 of Hyndman and Fan 1996).
pub fn quantile(sorted: &[f64], q: f64) -> f64 {
    let at = q * (sorted.len() - 1) as f64;
    let (low, part) = (at.floor() as usize, at.fract());
    let high = (low + 1).min(sorted.len() - 1);
    sorted[low] + part * (sorted[high] - sorted[low])
}

/// 95 % interval of the change of a proportion on the same turns, from how many were right both times, fixed, broken and
/// wrong both times: squares of Wilson limits added up, with the correlation corrected for continuity (Newcombe 1998,
/// "Improved confidence intervals for the difference between binomial proportions based on paired data", method 10). The
/// counts may be fractions: effective numbers of clustered turns. `[-1, 1]` without data.
pub fn paired_interval(both: f64, fixed: f64, broken: f64, neither: f64) -> [f64; 2] {
    let n = both + fixed + broken + neither;
    if n <= 0.0 {
        return [-1.0, 1.0];
    }
    let (was, is) = ((both + broken) / n, (both + fixed) / n);
    let ([was_lo, was_hi], [is_lo, is_hi]) = (wilson(was, n), wilson(is, n));
    let spread = ((both + broken) * (fixed + neither) * (both + fixed) * (broken + neither)).sqrt();
    let cross = both * neither - fixed * broken;
    let corrected = if cross > 0.0 { (cross - n / 2.0).max(0.0) } else { cross };
    let phi = if spread > 0.0 { corrected / spread } else { 0.0 };
    let join = |a: f64, b: f64| (a * a - 2.0 * phi * a * b + b * b).max(0.0).sqrt();
    let delta = is - was;
    [(delta - join(is - is_lo, was_hi - was)).max(-1.0), (delta + join(is_hi - is, was - was_lo)).min(1.0)]
}

/// How many times as many turns one needs because those of a conversation change together (Kish 1965); `clusters` are
/// `(net, size)` pairs, `discordant` the turns that changed. At least 1: conversations do not make turns more different
/// than drawing them one by one.
pub fn design_effect(clusters: &[(i64, u64)], discordant: u64) -> f64 {
    let n = clusters.iter().map(|c| c.1).sum::<u64>() as f64;
    if n == 0.0 {
        return 1.0;
    }
    let delta = clusters.iter().map(|c| c.0).sum::<i64>() as f64 / n;
    let spread = discordant as f64 / n - delta * delta;
    let by_cluster: f64 = clusters.iter().map(|&(d, m)| (d as f64 - delta * m as f64).powi(2)).sum();
    if spread > 0.0 { (by_cluster / (n * spread)).max(1.0) } else { 1.0 }
}

/// Wilson's score interval of a proportion of `n`, which need not be whole.
fn wilson(p: f64, n: f64) -> [f64; 2] {
    let z2 = Z95 * Z95;
    let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z95 / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).max(0.0).sqrt();
    [(centre - half).clamp(0.0, p), (centre + half).clamp(p, 1.0)]
}

/// How many turns a paired comparison needs for 80 % power at the 5 % level (Connor 1987, "Sample size for testing
/// differences in proportions for the paired-sample design"), times a design effect. `clusters` are `(net, size)`
/// pairs, `discordant` the turns that changed. `None` when there is no difference or no data.
pub fn needed(clusters: &[(i64, u64)], discordant: u64) -> Option<u64> {
    let n = clusters.iter().map(|c| c.1).sum::<u64>() as f64;
    let net = clusters.iter().map(|c| c.0).sum::<i64>();
    if net == 0 || n == 0.0 {
        return None;
    }
    let (delta, changed) = (net as f64 / n, discordant as f64 / n);
    let spread = (changed - delta * delta).max(0.0);
    let design = design_effect(clusters, discordant);
    let (z_level, z_power) = (Z95, 0.841_621_233_572_914_3);
    let turns = ((z_level * changed.sqrt() + z_power * spread.sqrt()) / delta).powi(2);
    Some((turns * design).ceil() as u64)
}

#[cfg(test)]
#[path = "stats_tests.rs"]
mod tests;
