//! Multinomial logistic regression on sparse rows with soft targets, by L-BFGS (Liu and Nocedal 1989).
//!
//! Minimises `|W|^2 / (2 C) + sum_i weight_i * crossentropy(target_i, softmax(W x_i + b))`; biases are free.

use super::sparse::Sparse;
use crate::domain::Cancelled;
use rayon::prelude::*;
use std::collections::VecDeque;

/// Rows whose part of the gradient is summed on its own, so that sums do not depend on the number of threads.
const CHUNKS: usize = 8;
/// Places whose weights one thread moves at a time: each is moved by itself, so that nothing depends on who does it.
const PLACES: usize = 1 << 12;
/// Steps that L-BFGS remembers.
const MEMORY: usize = 6;
/// A step that gains less than this share of the loss gains little.
const ENOUGH: f64 = 1e-3;

/// Rows with what each is.
pub struct SparseData<'a, const K: usize> {
    /// The rows; places are below `width`.
    pub rows: &'a [Sparse],
    /// How many places there are.
    pub width: usize,
    /// For each row the classes' shares times the row's weight.
    pub targets: &'a [[f32; K]],
    /// How little weights are held down; larger fits closer.
    pub c: f32,
    /// It ends with so many steps in a row that gain little: one that was cut short may stand before ones that gain much.
    pub patience: usize,
}

/// `K` weights a place, the biases last.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SparseSoftmax<const K: usize> {
    /// By place.
    pub weights: Vec<[f32; K]>,
}

impl<const K: usize> SparseSoftmax<K> {
    /// The scores of the classes.
    pub fn scores(&self, row: &[(u32, f32)]) -> [f32; K] {
        let mut out = self.weights.last().copied().unwrap_or([0.0; K]);
        for &(place, x) in row {
            out.iter_mut().zip(self.weights[place as usize]).for_each(|(o, w)| *o += w * x);
        }
        out
    }
}

/// Shares that sum to one.
pub fn softmax<const K: usize>(scores: [f32; K]) -> [f32; K] {
    let most = scores.iter().copied().fold(f32::MIN, f32::max);
    let parts = scores.map(|s| (s - most).exp());
    let total: f32 = parts.iter().sum();
    parts.map(|p| p / total)
}

/// A step taken, how the slope changed along it, and 1 over their product.
type Step<const K: usize> = (Vec<[f32; K]>, Vec<[f32; K]>, f64);

/// Trains with at most `steps` steps. `tell` hears the mean loss after each and may stop the work.
///
/// # Errors
/// [`Cancelled`] when `tell` says so.
pub fn train<const K: usize>(
    data: &SparseData<K>,
    steps: usize,
    tell: &dyn Fn(f64) -> Result<(), Cancelled>,
) -> Result<SparseSoftmax<K>, Cancelled> {
    let total: f64 = data.targets.iter().flatten().map(|&t| f64::from(t)).sum::<f64>().max(1e-9);
    let mut at = SparseSoftmax { weights: vec![[0.0; K]; data.width + 1] };
    let (mut loss, mut slope) = evaluate(data, &at);
    let mut memory: VecDeque<Step<K>> = VecDeque::new();
    let mut idle = 0;
    for _ in 0..steps {
        tell(loss / total)?;
        let way = descent(&slope, &memory);
        let down = dot(&slope, &way);
        let mut scale = if memory.is_empty() { 1.0 / dot(&slope, &slope).sqrt().max(1.0) } else { 1.0 };
        let found = loop {
            let mut to = at.clone();
            add(&mut to.weights, scale, &way);
            let (there, new) = evaluate(data, &to);
            if there <= loss + 1e-4 * scale * down {
                break Some((to, there, new));
            }
            scale /= 2.0;
            if scale < 1e-6 {
                break None;
            }
        };
        let Some((to, there, new)) = found else { break };
        let gain = loss - there;
        add(&mut slope, -1.0, &new);
        slope.iter_mut().flatten().for_each(|x| *x = -*x);
        let mut by = way;
        by.iter_mut().flatten().for_each(|x| *x *= scale as f32);
        let rate = 1.0 / dot(&by, &slope).max(1e-12);
        memory.push_back((by, slope, rate));
        if memory.len() > MEMORY {
            memory.pop_front();
        }
        (at, loss, slope) = (to, there, new);
        idle = if gain < ENOUGH * loss { idle + 1 } else { 0 };
        if idle >= data.patience {
            break;
        }
    }
    Ok(at)
}

fn dot<const K: usize>(a: &[[f32; K]], b: &[[f32; K]]) -> f64 {
    a.iter().flatten().zip(b.iter().flatten()).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}

fn add<const K: usize>(to: &mut [[f32; K]], x: f64, v: &[[f32; K]]) {
    let parts = to.par_chunks_mut(PLACES).zip(v.par_chunks(PLACES));
    parts.for_each(|(to, v)| to.iter_mut().flatten().zip(v.iter().flatten()).for_each(|(a, b)| *a += x as f32 * b));
}

/// The direction of the next step: the two-loop recursion.
fn descent<const K: usize>(slope: &[[f32; K]], memory: &VecDeque<Step<K>>) -> Vec<[f32; K]> {
    let mut out: Vec<[f32; K]> = slope.iter().map(|row| row.map(|x| -x)).collect();
    let mut parts = Vec::with_capacity(memory.len());
    for (by, change, rate) in memory.iter().rev() {
        let part = rate * dot(by, &out);
        add(&mut out, -part, change);
        parts.push(part);
    }
    if let Some((_, change, rate)) = memory.back() {
        let scale = 1.0 / (rate * dot(change, change)).max(1e-12);
        out.iter_mut().flatten().for_each(|x| *x *= scale as f32);
    }
    for ((by, change, rate), part) in memory.iter().zip(parts.into_iter().rev()) {
        let back = rate * dot(change, &out);
        add(&mut out, part - back, by);
    }
    out
}

/// The loss and its slope. Chunks are summed in their order.
fn evaluate<const K: usize>(data: &SparseData<K>, at: &SparseSoftmax<K>) -> (f64, Vec<[f32; K]>) {
    let size = data.rows.len().div_ceil(CHUNKS).max(1);
    let parts: Vec<(f64, Vec<[f32; K]>)> = data
        .rows
        .par_chunks(size)
        .zip(data.targets.par_chunks(size))
        .map(|(rows, targets)| {
            let (mut loss, mut slope) = (0.0, vec![[0.0f32; K]; data.width + 1]);
            for (row, target) in rows.iter().zip(targets) {
                let said = softmax(at.scores(row));
                let weight: f32 = target.iter().sum();
                let mut off = [0.0; K];
                for k in 0..K {
                    loss -= f64::from(target[k]) * f64::from(said[k].max(1e-12).ln());
                    off[k] = weight * said[k] - target[k];
                }
                for &(place, x) in row {
                    slope[place as usize].iter_mut().zip(off).for_each(|(s, o)| *s += o * x);
                }
                slope[data.width].iter_mut().zip(off).for_each(|(s, o)| *s += o);
            }
            (loss, slope)
        })
        .collect();
    let inner = &at.weights[..data.width];
    let mut loss = dot(inner, inner) / f64::from(2.0 * data.c);
    let mut slope: Vec<[f32; K]> = at.weights.iter().map(|row| row.map(|w| w / data.c)).collect();
    slope[data.width] = [0.0; K];
    parts.iter().for_each(|(part, _)| loss += part);
    slope.par_chunks_mut(PLACES).enumerate().for_each(|(block, slope)| {
        for (_, of) in &parts {
            let of = &of[block * PLACES..];
            slope.iter_mut().flatten().zip(of.iter().flatten()).for_each(|(a, b)| *a += b);
        }
    });
    (loss, slope)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn learns_soft_targets_to_their_shares() {
        let rows: Vec<Sparse> = vec![vec![(0, 1.0)], vec![(1, 1.0)]];
        let targets = [[7.0, 2.0, 1.0], [0.0, 5.0, 5.0]];
        let data = SparseData { rows: &rows, width: 2, targets: &targets, c: 1e4, patience: 1 };
        let model = train(&data, 200, &|_| Ok(())).unwrap();
        let said = softmax(model.scores(&rows[0]));
        assert!((said[0] - 0.7).abs() < 0.02 && (said[1] - 0.2).abs() < 0.02, "{said:?}");
        assert!(softmax(model.scores(&rows[1]))[0] < 0.02);
        assert_eq!(train(&data, 9, &|_| Err(Cancelled)), Err(Cancelled));
    }

    #[test]
    fn one_step_that_gains_little_does_not_end_it() {
        let rows: Vec<Sparse> = (0..40).map(|i| vec![(i % 7, 1.0), (7 + i % 3, 20.0), (10 + i % 2, 0.05)]).collect();
        let targets: Vec<[f32; 2]> =
            (0..40).map(|i| if i % 7 < 3 || i % 2 == 0 { [1.0, 0.0] } else { [0.0, 1.0] }).collect();
        let ended = |patience: usize| {
            let said = std::cell::RefCell::new(Vec::new());
            let data = SparseData { rows: &rows, width: 12, targets: &targets, c: 1.0, patience };
            let tell = |loss| {
                said.borrow_mut().push(loss);
                Ok(())
            };
            let model = train(&data, 60, &tell).unwrap();
            (said.into_inner(), evaluate(&data, &model).0)
        };
        let ((soon, above), (late, below)) = (ended(1), ended(3));
        assert_eq!(soon, late[..soon.len()], "the same steps");
        assert!(late.len() > soon.len() && below < above, "{} steps to {above}, {} to {below}", soon.len(), late.len());
    }
}
