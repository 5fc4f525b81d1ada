//! Several heads into one: which weight each head's scores get.

use super::scored::{HEADS, Scored};
use rayon::prelude::*;

/// The weights where there is no data: what the tried sets come out at, give or take a half. SVMs alone need more.
const USUAL: Vector = [3.0, 1.5];
const USUAL_ALONE: Vector = [5.0, 0.0];
/// Vectors alone need more too.
const USUAL_VECTORS: Vector = [0.0, 2.0];
/// Rows looked at, evenly spaced; more do not move the result and cost time.
const ENOUGH: usize = 8_000;
/// How many examples of evidence the usual weights count for.
const PRIOR: f64 = 10.0;
/// Newton steps at most; five are usual.
const STEPS: usize = 30;

/// Weights and how good they are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PooledWeights {
    /// What each head's scores are multiplied with; 0 for a head that does not help.
    pub weights: [f64; HEADS],
    /// Mean negative log-likelihood of the classes, in nats.
    pub loss: f64,
}

/// Which heads are pooled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PooledHeads {
    Both,
    Words,
    Vectors,
}

type Vector = [f64; HEADS];
type Matrix = [Vector; HEADS];

/// The weights `w >= 0` with which softmax(sum_h w_h scores_h) makes the classes most likely (a log-linear opinion
/// pool: Genest and Zidek 1986, "Combining probability distributions"; with one head, temperature scaling: Guo et al.
/// 2017). They are drawn towards the usual ones where examples are few. The problem is convex: Newton steps, and a head
/// whose weight would be negative is left out.
pub fn pool(scored: &[Scored], side: PooledHeads) -> PooledWeights {
    let usual = match side {
        PooledHeads::Both => USUAL,
        PooledHeads::Words => USUAL_ALONE,
        PooledHeads::Vectors => USUAL_VECTORS,
    };
    let sample: Vec<&Scored> = scored.iter().step_by(scored.len().div_ceil(ENOUGH).max(1)).collect();
    let mut used = usual.map(|u| u > 0.0);
    loop {
        let found = newton(&sample, usual, used);
        let negative = (0..HEADS).filter(|&h| used[h] && found.weights[h] <= 0.0);
        match negative.min_by(|&a, &b| found.weights[a].total_cmp(&found.weights[b])) {
            Some(head) if used.iter().filter(|u| **u).count() > 1 => used[head] = false,
            Some(_) => return PooledWeights { weights: usual, ..found },
            None => return found,
        }
    }
}

fn newton(sample: &[&Scored], usual: Vector, used: [bool; HEADS]) -> PooledWeights {
    let mut at = std::array::from_fn(|h| if used[h] { usual[h] } else { 0.0 });
    let mut here = evaluate(sample, &at, usual);
    for _ in 0..STEPS {
        let step = solve(here.hessian, here.slope, used);
        let (mut scale, mut next) = (1.0, None);
        while next.is_none() && scale > 1e-9 {
            let to = std::array::from_fn(|h| at[h] - scale * step[h]);
            let there = evaluate(sample, &to, usual);
            next = (there.goal < here.goal).then_some((to, there));
            scale /= 2.0;
        }
        let Some((to, there)) = next else { break };
        let gain = here.goal - there.goal;
        (at, here) = (to, there);
        if gain < 1e-4 {
            break;
        }
    }
    PooledWeights { weights: at, loss: here.loss }
}

/// The goal at one point with its first two derivatives.
#[derive(Clone, Copy, Default)]
struct PoolPoint {
    goal: f64,
    loss: f64,
    weight: f64,
    slope: Vector,
    hessian: Matrix,
}

fn evaluate(sample: &[&Scored], at: &Vector, usual: Vector) -> PoolPoint {
    // Summed chunk by chunk in a fixed order: the same bits on any number of threads.
    let chunk = |rows: &[&Scored]| rows.iter().fold(PoolPoint::default(), |sum, row| add(sum, row, at));
    let parts: Vec<PoolPoint> = sample.par_chunks(128).map(chunk).collect();
    let mut sum = PoolPoint::default();
    for p in &parts {
        sum.goal += p.goal;
        sum.weight += p.weight;
        for a in 0..HEADS {
            sum.slope[a] += p.slope[a];
            (0..HEADS).for_each(|b| sum.hessian[a][b] += p.hessian[a][b]);
        }
    }
    sum.loss = sum.goal / sum.weight.max(1e-9);
    for h in (0..HEADS).filter(|&h| usual[h] > 0.0) {
        let off = (at[h] - usual[h]) / usual[h];
        sum.goal += PRIOR * off * off;
        sum.slope[h] += 2.0 * PRIOR * off / usual[h];
        sum.hessian[h][h] += 2.0 * PRIOR / (usual[h] * usual[h]);
    }
    sum
}

/// Adds one row: its loss, the loss's slope `E[s] - s_true`, and its curvature `Cov[s]`, under the pooled probabilities.
fn add(mut sum: PoolPoint, row: &Scored, at: &Vector) -> PoolPoint {
    let classes = row.heads[0].len();
    let pooled = |k: usize| (0..HEADS).map(|h| at[h] * f64::from(row.score(h, k))).sum::<f64>();
    let scores: Vec<f64> = (0..classes).map(pooled).collect();
    let best = scores.iter().copied().fold(f64::MIN, f64::max);
    let (mut total, mut mean, mut square) = (0.0, Vector::default(), Matrix::default());
    for (k, &score) in scores.iter().enumerate() {
        let p = (score - best).exp();
        total += p;
        for a in 0..HEADS {
            let s = f64::from(row.score(a, k));
            mean[a] += p * s;
            (0..=a).for_each(|b| square[a][b] += p * s * f64::from(row.score(b, k)));
        }
    }
    let weight = f64::from(row.weight);
    sum.weight += weight;
    sum.goal += weight * (total.ln() - (scores[row.class] - best));
    for a in 0..HEADS {
        sum.slope[a] += weight * (mean[a] / total - f64::from(row.score(a, row.class)));
        for b in 0..=a {
            let covariance = weight * (square[a][b] / total - mean[a] * mean[b] / (total * total));
            sum.hessian[a][b] += covariance;
            if a != b {
                sum.hessian[b][a] += covariance;
            }
        }
    }
    sum
}

/// Solves `matrix x = right` over the used heads (Gauss-Jordan; the matrix is positive definite by the prior).
fn solve(mut matrix: Matrix, mut right: Vector, used: [bool; HEADS]) -> Vector {
    for h in (0..HEADS).filter(|&h| !used[h]) {
        matrix[h] = Vector::default();
        matrix.iter_mut().for_each(|row| row[h] = 0.0);
        (matrix[h][h], right[h]) = (1.0, 0.0);
    }
    for i in 0..HEADS {
        let pivot = matrix[i][i];
        matrix[i].iter_mut().for_each(|x| *x /= pivot);
        right[i] /= pivot;
        for j in (0..HEADS).filter(|&j| j != i) {
            let factor = matrix[j][i];
            (0..HEADS).for_each(|k| matrix[j][k] -= factor * matrix[i][k]);
            right[j] -= factor * right[i];
        }
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::rng::Rng;

    fn rows(n: usize, noise: [f32; HEADS]) -> (Vec<[Vec<f32>; HEADS]>, Vec<usize>) {
        let mut rng = Rng::new(1);
        let classes: Vec<usize> = (0..n).map(|_| rng.below(4)).collect();
        let mut head = |class: usize, noise: f32| -> Vec<f32> {
            (0..4).map(|k| f32::from(u8::from(k == class)) + noise * (rng.f64() as f32 - 0.5)).collect()
        };
        (classes.iter().map(|&c| noise.map(|n| head(c, n))).collect(), classes)
    }

    fn pooled(n: usize, noise: [f32; HEADS], vectors: bool) -> PooledWeights {
        let (rows, classes) = rows(n, noise);
        let scored: Vec<Scored> = (rows.iter().zip(&classes))
            .map(|([a, b], &class)| Scored { heads: [a, if vectors { b } else { &[] }], class, weight: 1.0 })
            .collect();
        pool(&scored, if vectors { PooledHeads::Both } else { PooledHeads::Words })
    }

    #[test]
    fn the_better_head_weighs_more_and_both_are_better_than_one() {
        let both = pooled(2_000, [3.0, 2.0], true);
        let one = pooled(2_000, [3.0, 2.0], false);
        assert!(both.weights[1] > 1.5 * both.weights[0] && both.weights[0] > 0.0, "{both:?}");
        assert!(one.weights[1] == 0.0 && both.loss < one.loss - 0.1, "{both:?} {one:?}");
    }

    #[test]
    fn little_evidence_keeps_the_usual_weights_and_noise_gets_none() {
        assert_eq!(pool(&[], PooledHeads::Both).weights, USUAL);
        assert_eq!(pool(&[], PooledHeads::Words).weights, USUAL_ALONE);
        let few = pooled(3, [1.0, 1.0], true);
        assert!((few.weights[0] - USUAL[0]).abs() < 1.0, "{few:?}");
        let noise = pooled(2_000, [1_000.0, 1.0], true);
        assert!(noise.weights[0] < 0.01 && noise.weights[1] > 1.0, "{noise:?}");
    }
}
