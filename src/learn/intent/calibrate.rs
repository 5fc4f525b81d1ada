//! What the out-of-fold scores tell about confidences and about what is out of scope.

use rayon::prelude::*;

/// An out-of-fold example.
pub struct Scored<'a> {
    /// Raw scores of all classes.
    pub scores: &'a [f32],
    /// The true class.
    pub class: usize,
    /// Its weight.
    pub weight: f32,
}

/// The temperature where there is no data: the cautious end of what the tried sets come out at, 0.12 to 0.36.
const USUAL: f64 = 0.3;
/// How many examples of evidence the usual temperature counts for.
const PRIOR: f64 = 20.0;
/// Examples looked at, evenly spaced; more do not move the result and cost time.
const ENOUGH: usize = 10_000;
/// The share of training examples that score below the threshold.
const BELOW: f64 = 0.03;
/// Fewer examples give no threshold.
const FEWEST: usize = 100;

/// The temperature `t` at which softmax(scores / t) has the least negative log-likelihood (Guo et al. 2017, "On
/// calibration of modern neural networks"), drawn towards the usual one where examples are few.
pub fn temperature(scored: &[Scored]) -> f32 {
    let sample: Vec<&Scored> = scored.iter().step_by(scored.len().div_ceil(ENOUGH).max(1)).collect();
    let loss = |log_t: f64| {
        let rate = (-log_t).exp();
        // Summed chunk by chunk in a fixed order: the same bits on any number of threads.
        let sums = sample.par_chunks(256).map(|c| c.iter().map(|s| surprise(s, rate)).sum::<f64>());
        sums.collect::<Vec<_>>().iter().sum::<f64>() + PRIOR * (log_t - USUAL.ln()).powi(2)
    };
    minimum(loss, 0.01f64.ln(), 10f64.ln()).exp() as f32
}

/// Weighted negative log-likelihood of one example.
fn surprise(s: &Scored, rate: f64) -> f64 {
    let best = s.scores.iter().fold(f32::MIN, |m, &x| m.max(x));
    let total: f64 = s.scores.iter().map(|&x| (f64::from(x - best) * rate).exp()).sum();
    f64::from(s.weight) * (total.ln() - f64::from(s.scores[s.class] - best) * rate)
}

/// Golden-section search for the minimum of a function with one valley.
fn minimum(f: impl Fn(f64) -> f64, mut lo: f64, mut hi: f64) -> f64 {
    let golden = (5f64.sqrt() - 1.0) / 2.0;
    let (mut a, mut b) = (hi - golden * (hi - lo), lo + golden * (hi - lo));
    let (mut fa, mut fb) = (f(a), f(b));
    while hi - lo > 0.005 {
        if fa <= fb {
            (hi, b, fb) = (b, a, fa);
            a = hi - golden * (hi - lo);
            fa = f(a);
        } else {
            (lo, a, fa) = (a, b, fb);
            b = lo + golden * (hi - lo);
            fb = f(b);
        }
    }
    (lo + hi) / 2.0
}

/// The raw best score below which 3 % of the examples are; so low that nothing is below it where examples are few.
pub fn threshold(scored: &[Scored]) -> f32 {
    if scored.len() < FEWEST {
        return f32::MIN;
    }
    let mut best: Vec<f32> = scored.iter().map(|s| s.scores.iter().fold(f32::MIN, |m, &x| m.max(x))).collect();
    best.sort_unstable_by(f32::total_cmp);
    best[(BELOW * best.len() as f64) as usize]
}
