//! How sure a classifier may be: its scores are stretched and moved so that probabilities come closest to what labels said of turns
//! that it had not seen. Vector scaling with one stretch for all classes (Guo, Pleiss, Sun, Weinberger: On Calibration of Modern Neural
//! Networks, ICML 2017).

use super::{CLASSES, Feeling};
use crate::learn::solver::sparse_softmax::SparseSoftmax;

/// As many labels the scores as they are stand for.
const HELD: f64 = 10.0;
/// Steps of the solver; each is Newton's on a convex loss of three numbers.
const STEPS: usize = 40;

/// What is done to scores: `stretch * score + moves`, neutral unmoved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Calibration {
    stretch: f64,
    moves: [f64; 2],
}

impl Calibration {
    /// The one that fits labels best, each with the probabilities that were said of it out of fold and what it weighs; held to leaving
    /// scores as they are.
    pub fn fit(labels: &[([f32; CLASSES], Feeling, f32)]) -> Self {
        let mut at = [1.0, 0.0, 0.0];
        for _ in 0..if labels.is_empty() { 0 } else { STEPS } {
            let (slope, bend) = Self::slope(labels, at);
            let step = solve(bend, slope);
            at.iter_mut().zip(step).for_each(|(x, d)| *x -= d.clamp(-1.0, 1.0));
            // A stretch that turned classes round would be no calibration.
            at[0] = at[0].max(0.05);
        }
        Self { stretch: at[0], moves: [at[1], at[2]] }
    }

    /// The loss's first and second derivatives.
    fn slope(labels: &[([f32; CLASSES], Feeling, f32)], at: [f64; 3]) -> ([f64; 3], [[f64; 3]; 3]) {
        let mut slope = [HELD * (at[0] - 1.0), HELD * at[1], HELD * at[2]];
        let mut bend = [[HELD, 0.0, 0.0], [0.0, HELD, 0.0], [0.0, 0.0, HELD]];
        for (said, feeling, weight) in labels {
            let (scores, weight) = (logs(*said), f64::from(*weight));
            let shares = Self { stretch: at[0], moves: [at[1], at[2]] }.shares(scores);
            // What each number moves in each class's score.
            let moved: [[f64; 3]; CLASSES] =
                std::array::from_fn(|k| [scores[k], f64::from(u8::from(k == 0)), f64::from(u8::from(k == 2))]);
            let mean: [f64; 3] = std::array::from_fn(|i| (0..CLASSES).map(|k| shares[k] * moved[k][i]).sum());
            for i in 0..3 {
                slope[i] += weight * (mean[i] - moved[*feeling as usize][i]);
                for j in 0..3 {
                    let both: f64 = (0..CLASSES).map(|k| shares[k] * moved[k][i] * moved[k][j]).sum();
                    bend[i][j] += weight * (both - mean[i] * mean[j]);
                }
            }
        }
        (slope, bend)
    }

    /// What probabilities become.
    pub fn of(self, said: [f32; CLASSES]) -> [f32; CLASSES] {
        self.shares(logs(said)).map(|p| p as f32)
    }

    fn shares(self, scores: [f64; CLASSES]) -> [f64; CLASSES] {
        let moves = [self.moves[0], 0.0, self.moves[1]];
        let moved: [f64; CLASSES] = std::array::from_fn(|k| self.stretch * scores[k] + moves[k]);
        let top = moved.into_iter().fold(f64::MIN, f64::max);
        let powers = moved.map(|m| (m - top).exp());
        let all: f64 = powers.iter().sum();
        powers.map(|p| p / all)
    }

    /// Makes it part of a classifier's weights, the last of which are its biases.
    pub fn put_into(self, weights: &mut SparseSoftmax<CLASSES>) {
        weights.weights.iter_mut().flatten().for_each(|w| *w *= self.stretch as f32);
        if let Some(biases) = weights.weights.last_mut() {
            biases[Feeling::Negative as usize] += self.moves[0] as f32;
            biases[Feeling::Positive as usize] += self.moves[1] as f32;
        }
    }
}

fn logs(shares: [f32; CLASSES]) -> [f64; CLASSES] {
    shares.map(|p| f64::from(p).max(1e-9).ln())
}

/// Solves three equations by elimination; the matrix is positive definite.
fn solve(mut a: [[f64; 3]; 3], mut b: [f64; 3]) -> [f64; 3] {
    for pivot in 0..3 {
        for row in pivot + 1..3 {
            let times = a[row][pivot] / a[pivot][pivot];
            let above = a[pivot];
            a[row].iter_mut().zip(above).for_each(|(x, y)| *x -= times * y);
            b[row] -= times * b[pivot];
        }
    }
    let mut out = [0.0; 3];
    for row in (0..3).rev() {
        let known: f64 = (row + 1..3).map(|k| a[row][k] * out[k]).sum();
        out[row] = (b[row] - known) / a[row][row];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said is twice as sure as it may be, and too often negative.
    fn overdone() -> Vec<([f32; CLASSES], Feeling, f32)> {
        let truth = [[0.1, 0.7, 0.2], [0.3, 0.6, 0.1], [0.05, 0.75, 0.2], [0.2, 0.3, 0.5]];
        let mut rows = Vec::new();
        for shares in truth {
            let powers: [f64; CLASSES] =
                std::array::from_fn(|k| f64::powi(shares[k], 2) * if k == 0 { 3.0 } else { 1.0 });
            let all: f64 = powers.iter().sum();
            let said = powers.map(|p| (p / all) as f32);
            for feeling in Feeling::ALL {
                rows.push((said, feeling, (2_000.0 * shares[feeling as usize]) as f32));
            }
        }
        rows
    }

    #[test]
    fn probabilities_become_those_that_labels_show() {
        let found = Calibration::fit(&overdone());
        assert!((found.stretch - 0.5).abs() < 0.01, "{found:?}");
        assert!((found.moves[0] + 0.5 * 3.0_f64.ln()).abs() < 0.02 && found.moves[1].abs() < 0.01, "{found:?}");
        let first = found.of(overdone()[0].0);
        assert!((first[0] - 0.1).abs() < 0.005 && (first[2] - 0.2).abs() < 0.005, "{first:?}");
    }

    #[test]
    fn without_labels_and_with_few_scores_stay_nearly_as_they_are() {
        assert_eq!(Calibration::fit(&[]), Calibration { stretch: 1.0, moves: [0.0; 2] });
        let few = Calibration::fit(&[([0.98, 0.01, 0.01], Feeling::Positive, 1.0)]);
        assert!((0.5..=1.0).contains(&few.stretch) && few.moves.iter().all(|m| m.abs() < 0.5), "{few:?}");
    }

    #[test]
    fn weights_that_hold_it_say_what_it_says() {
        let mut weights = SparseSoftmax { weights: vec![[0.5, -0.25, 0.125], [-1.0, 0.5, 0.25]] };
        let before = crate::learn::solver::sparse_softmax::softmax(weights.weights[0].map(|w| w + 0.0));
        let found = Calibration { stretch: 0.5, moves: [0.3, -0.2] };
        found.put_into(&mut weights);
        assert_eq!(weights.weights[0], [0.25, -0.125, 0.0625]);
        assert_eq!(weights.weights[1], [-0.5 + 0.3, 0.25, 0.125 - 0.2]);
        let moved = found.of(before);
        assert!((moved.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    }
}
