//! What the signs of a turn make probable: a log-odds vote, by hand-set weights that labels correct.

use super::signs::SIGNS;
use super::{CLASSES, Feeling};
use crate::learn::solver::sparse_softmax::softmax;

/// Weights of negative and positive against neutral, one a sign, in the order of [`super::signs::Sign`].
///
/// Set by hand from what is known of service dialogues: most turns are neutral, thanks is mostly politeness, what the AI could not do
/// displeases more often than any word says.
const HAND: [[f32; 2]; SIGNS] = [
    [2.6, -0.6],
    [1.8, -0.5],
    [0.6, -0.3],
    [-0.7, 1.9],
    [-0.6, 0.7],
    [1.8, -0.4],
    [-0.6, 0.6],
    [1.2, 0.2],
    [1.0, -0.3],
    [0.1, 0.7],
    [1.5, -0.3],
    [-0.2, 0.5],
    [0.5, -0.2],
    [0.5, -0.2],
];
/// Log-odds of negative and positive where nothing is seen.
const PRIOR: [f32; 2] = [-2.8, -3.0];
/// As many labels as the hand-set weights are worth.
const WORTH: f32 = 30.0;

/// The weights of the vote.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Vote {
    pub prior: [f32; 2],
    pub weights: [[f32; 2]; SIGNS],
}

impl Default for Vote {
    fn default() -> Self {
        Self { prior: PRIOR, weights: HAND }
    }
}

impl Vote {
    /// The shares of negative, neutral, positive.
    pub fn shares(&self, signs: &[f32; SIGNS]) -> [f32; CLASSES] {
        let mut scores = self.prior;
        for (sign, weights) in signs.iter().zip(&self.weights) {
            scores.iter_mut().zip(weights).for_each(|(s, w)| *s += sign * w);
        }
        softmax([scores[0], 0.0, scores[1]])
    }

    /// Corrects the weights by labels, each with what it weighs: gradient steps on the labels' loss, held to the hand-set weights as if these were
    /// worth so many labels.
    pub fn corrected(&self, labels: &[([f32; SIGNS], Feeling, f32)]) -> Self {
        let mut out = self.clone();
        let pull = WORTH / 10.0;
        let rate = 1.0 / (pull + labels.iter().map(|l| l.2).sum::<f32>());
        for _ in 0..if labels.is_empty() { 0 } else { 300 } {
            let mut slope = [[0.0f32; 2]; SIGNS + 1];
            for (signs, feeling, weight) in labels {
                let said = out.shares(signs);
                for (side, class) in [Feeling::Negative, Feeling::Positive].into_iter().enumerate() {
                    let off = weight * (said[class as usize] - f32::from(u8::from(*feeling == class)));
                    slope[SIGNS][side] += off;
                    signs.iter().zip(&mut slope).for_each(|(x, s)| s[side] += off * x);
                }
            }
            let (bias_slope, hand) = (slope[SIGNS], self.weights.iter());
            for (prior, (slope, hand)) in out.prior.iter_mut().zip(bias_slope.into_iter().zip(self.prior)) {
                *prior -= rate * (slope + 0.3 * pull * (*prior - hand));
            }
            for (weights, (slope, hand)) in out.weights.iter_mut().zip(slope.iter().zip(hand)) {
                for (weight, (slope, hand)) in weights.iter_mut().zip(slope.iter().zip(hand)) {
                    *weight -= rate * (slope + pull * (*weight - hand));
                }
            }
        }
        out
    }
}
