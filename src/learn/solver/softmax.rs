//! Multinomial logistic regression on dense rows, by L-BFGS.
//!
//! Minimises `|W|^2 / (2 C) + sum_i weight_i (-log softmax(W x_i + b))_class` (scikit-learn's `LogisticRegression`),
//! with the method of Liu and Nocedal 1989, "On the limited memory BFGS method for large scale optimization".

use super::dense::{dot, matrix, multiply};
use crate::domain::Cancelled;
use rayon::prelude::*;
use std::collections::VecDeque;

/// Rows whose part of the gradient is summed on its own: sums do not depend on the number of threads.
const CHUNK: usize = 256;
/// Steps that L-BFGS remembers.
const MEMORY: usize = 6;
/// With more rows than this, the first way is gone on one row of [`SOME`].
const MANY: usize = 3_000;
const SOME: usize = 4;
/// Ends when a step gains less than this share of the loss.
const ENOUGH: f64 = 1e-4;

/// Rows with the weights of their classes.
pub struct WeightedRows<'a> {
    /// `width` numbers a row.
    pub rows: &'a [f32],
    /// Numbers in a row.
    pub width: usize,
    /// How many classes there are.
    pub classes: usize,
    /// For each row its classes with their weights.
    pub targets: &'a [Vec<(u32, f32)>],
    /// `C` above: how little the weights are held down; larger fits closer.
    pub closeness: f32,
}

/// One row of `width + 1` numbers a class, the last the bias.
#[derive(Clone, Debug, PartialEq)]
pub struct Softmax {
    /// Class by class.
    pub weights: Vec<f32>,
    /// Numbers in a row of data.
    pub width: usize,
}

impl Softmax {
    /// The scores of all classes for rows of data, row by row.
    pub fn scores(&self, rows: &[f32]) -> Vec<f32> {
        let deep = self.width + 1;
        let classes = self.weights.len() / deep;
        let mut out = vec![0.0; rows.len() / self.width.max(1) * classes];
        let parts = out.par_chunks_mut(CHUNK * classes.max(1)).zip(rows.par_chunks(CHUNK * self.width.max(1)));
        parts.for_each(|(out, rows)| {
            let rows = with_one(rows, self.width);
            multiply(matrix(&rows, deep), matrix(&self.weights, deep).transposed(), out);
        });
        out
    }
}

/// Rows with a constant 1 at the end.
fn with_one(rows: &[f32], width: usize) -> Vec<f32> {
    rows.chunks_exact(width.max(1)).flat_map(|row| row.iter().copied().chain([1.0])).collect()
}

/// Trains with at most `steps` steps, from `start` where given, else from zeros. Rows that `hidden` names (ascending)
/// are left out. `tell` hears the mean loss after each step and may stop the work.
///
/// # Errors
/// [`Cancelled`] when `tell` says so.
pub fn train(
    data: &WeightedRows,
    hidden: &[u32],
    start: Option<&Softmax>,
    steps: usize,
    tell: &(dyn Fn(f64) -> Result<(), Cancelled> + Sync),
) -> Result<Softmax, Cancelled> {
    let deep = data.width + 1;
    let used: Vec<usize> = (0..data.targets.len())
        .filter(|&i| !data.targets[i].is_empty() && hidden.binary_search(&(i as u32)).is_err())
        .collect();
    let mut at = start.map_or_else(|| vec![0.0; data.classes * deep], |s| s.weights.clone());
    if start.is_none() && used.len() > MANY {
        let some: Vec<usize> = used.iter().copied().step_by(SOME).collect();
        at = descend(&SoftmaxProblem { data, used: &some, deep }, at, steps, tell)?;
    }
    at = descend(&SoftmaxProblem { data, used: &used, deep }, at, steps, tell)?;
    Ok(Softmax { weights: at, width: data.width })
}

/// Goes down from some weights.
fn descend(
    problem: &SoftmaxProblem,
    mut at: Vec<f32>,
    steps: usize,
    tell: &(dyn Fn(f64) -> Result<(), Cancelled> + Sync),
) -> Result<Vec<f32>, Cancelled> {
    let targets = problem.used.iter().flat_map(|&i| &problem.data.targets[i]);
    let total: f64 = targets.map(|t| f64::from(t.1)).sum();
    let (mut loss, mut slope) = problem.evaluate(&at);
    let mut memory: VecDeque<QuasiNewtonStep> = VecDeque::new();
    for _ in 0..steps {
        tell(loss / total.max(1e-9))?;
        let direction = descent(&slope, &memory);
        let mut scale = if memory.is_empty() { 1.0 / length(&slope).max(1.0) } else { 1.0 };
        let down = f64::from(dot(&slope, &direction));
        let found = loop {
            let to: Vec<f32> = at.iter().zip(&direction).map(|(a, d)| a + scale * d).collect();
            let (there, new) = problem.evaluate(&to);
            if there <= loss + 1e-4 * f64::from(scale) * down {
                break Some((to, there, new));
            }
            scale /= 2.0;
            if scale < 1e-6 {
                break None;
            }
        };
        let Some((to, there, new)) = found else { break };
        let gain = loss - there;
        memory.push_back(QuasiNewtonStep::between(&at, &to, &slope, &new));
        if memory.len() > MEMORY {
            memory.pop_front();
        }
        (at, loss, slope) = (to, there, new);
        if gain < ENOUGH * loss {
            break;
        }
    }
    Ok(at)
}

fn length(v: &[f32]) -> f32 {
    dot(v, v).sqrt()
}

/// A step taken and how the slope changed along it.
struct QuasiNewtonStep {
    by: Vec<f32>,
    change: Vec<f32>,
    rate: f32,
}

impl QuasiNewtonStep {
    fn between(a: &[f32], b: &[f32], slope: &[f32], new: &[f32]) -> Self {
        let minus = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| b - a).collect::<Vec<f32>>();
        let (by, change) = (minus(a, b), minus(slope, new));
        let rate = 1.0 / dot(&by, &change).max(1e-12);
        Self { by, change, rate }
    }
}

/// The direction of the next step: the two-loop recursion.
fn descent(slope: &[f32], memory: &VecDeque<QuasiNewtonStep>) -> Vec<f32> {
    let add = |to: &mut [f32], x: f32, v: &[f32]| to.iter_mut().zip(v).for_each(|(a, b)| *a += x * b);
    let mut out: Vec<f32> = slope.iter().map(|x| -x).collect();
    let mut parts = Vec::with_capacity(memory.len());
    for step in memory.iter().rev() {
        let part = step.rate * dot(&step.by, &out);
        add(&mut out, -part, &step.change);
        parts.push(part);
    }
    if let Some(last) = memory.back() {
        let scale = 1.0 / (last.rate * dot(&last.change, &last.change)).max(1e-12);
        out.iter_mut().for_each(|x| *x *= scale);
    }
    for (step, part) in memory.iter().zip(parts.into_iter().rev()) {
        let back = step.rate * dot(&step.change, &out);
        add(&mut out, part - back, &step.by);
    }
    out
}

/// The function to minimise.
struct SoftmaxProblem<'a> {
    data: &'a WeightedRows<'a>,
    used: &'a [usize],
    deep: usize,
}

impl SoftmaxProblem<'_> {
    /// The loss and its slope at some weights.
    fn evaluate(&self, weights: &[f32]) -> (f64, Vec<f32>) {
        let parts: Vec<(f64, Vec<f32>)> = self.used.par_chunks(CHUNK).map(|rows| self.part(rows, weights)).collect();
        let c = self.data.closeness;
        let mut slope: Vec<f32> = weights.iter().map(|w| w / c).collect();
        let mut loss = f64::from(dot(weights, weights)) / f64::from(2.0 * c);
        for (part, of) in &parts {
            loss += part;
            slope.iter_mut().zip(of).for_each(|(a, b)| *a += b);
        }
        (loss, slope)
    }

    /// The part of some rows.
    fn part(&self, rows: &[usize], weights: &[f32]) -> (f64, Vec<f32>) {
        let (deep, classes, width) = (self.deep, self.data.classes, self.data.width);
        let mut here = Vec::with_capacity(rows.len() * deep);
        for &i in rows {
            here.extend_from_slice(&self.data.rows[i * width..][..width]);
            here.push(1.0);
        }
        let mut scores = vec![0.0; rows.len() * classes];
        multiply(matrix(&here, deep), matrix(weights, deep).transposed(), &mut scores);
        let mut loss = 0.0;
        for (&i, row) in rows.iter().zip(scores.chunks_exact_mut(classes)) {
            loss += surprise(row, &self.data.targets[i]);
        }
        let mut slope = vec![0.0; classes * deep];
        multiply(matrix(&scores, classes).transposed(), matrix(&here, deep), &mut slope);
        (loss, slope)
    }
}

/// The loss of one row; its scores become the slope of the loss by the scores.
fn surprise(row: &mut [f32], targets: &[(u32, f32)]) -> f64 {
    let best = row.iter().fold(f32::MIN, |m, &x| m.max(x));
    let weight: f32 = targets.iter().map(|t| t.1).sum();
    let wanted: f64 = targets.iter().map(|&(k, w)| f64::from(w) * f64::from(row[k as usize] - best)).sum();
    row.iter_mut().for_each(|x| *x = (*x - best).exp());
    let total: f32 = row.iter().sum();
    row.iter_mut().for_each(|x| *x *= weight / total);
    targets.iter().for_each(|&(k, w)| row[k as usize] -= w);
    f64::from(weight) * f64::from(total.ln()) - wanted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_scikit_learn() {
        // LogisticRegression(C=10, tol=1e-10) of scikit-learn on these rows, but that its bias is held down too here:
        // fitted with fit_intercept=False on rows with a constant 1 at the end.
        let rows = [1.0, 0.0, 0.8, 0.3, 0.0, 1.0, 0.2, 0.9, 0.5, 0.4, 0.1, 0.1];
        let targets: Vec<_> = [0, 0, 1, 1, 2, 2].into_iter().map(|k| vec![(k, 1.0)]).collect();
        let data = WeightedRows { rows: &rows, width: 2, classes: 3, targets: &targets, closeness: 10.0 };
        let model = train(&data, &[], None, 200, &|_| Ok(())).unwrap();
        let want = [2.5032, -1.2648, -0.6271, -1.5330, 2.4913, -0.6179, -0.9702, -1.2265, 1.2449];
        assert!(model.weights.iter().zip(want).all(|(a, b): (&f32, f32)| (a - b).abs() < 0.05), "{:?}", model.weights);
        let scores = model.scores(&rows[..2]);
        assert!((scores[0] - (model.weights[0] + model.weights[2])).abs() < 1e-5);
        let again = train(&data, &[], Some(&model), 200, &|_| Ok(())).unwrap();
        assert!(again.weights.iter().zip(want).all(|(a, b): (&f32, f32)| (a - b).abs() < 0.05));
        let part = train(&data, &[4, 5], None, 200, &|_| Ok(())).unwrap();
        assert!(part.scores(&rows[8..10])[2] < -1.0, "nobody told it about the third class");
        assert_eq!(train(&data, &[], None, 9, &|_| Err(Cancelled)), Err(Cancelled));
    }
}
