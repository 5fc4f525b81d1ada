//! Trying accepted answers out: which one is given is drawn, and the chance of the draw is told, so that a log of it can say what always
//! giving one would bring.
//!
//! Thompson sampling: an answer is drawn as often as it is the best one by the Beta posteriors (a uniform prior) of how often conversations
//! with it are resolved. These chances are integrals in one dimension; they are computed (midpoint rule) and the answer is drawn by them,
//! so that the chance that is told is the chance of the draw and no estimate. A twentieth of the draws is spread alike: an answer with hardly
//! a chance would make the weights of a log unbounded.

use super::accepted::AcceptedAnswers;
use super::answer::IntentResponse;
use crate::base::rng::Rng;

/// The name of the policy in logs.
pub const POLICY: &str = "thompson";
/// Answers that take part: the latest accepted.
const ARMS: usize = 20;
/// Points of the midpoint rule.
const POINTS: usize = 2_000;
/// The share of draws that is spread alike.
const ALIKE: f64 = 0.05;

/// An answer that was drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DrawnResponse<'a> {
    /// The answer.
    pub response: &'a IntentResponse,
    /// The chance with which it was drawn, above 0 and below 1.
    pub propensity: f64,
}

impl AcceptedAnswers {
    /// Draws one of the answers. The same seed draws the same one.
    pub fn draw(&self, seed: u64) -> Option<DrawnResponse<'_>> {
        let arms = &self.answers[self.answers.len().saturating_sub(ARMS)..];
        let went: Vec<(u64, u64)> = arms.iter().map(|a| (a.resolved, a.given)).collect();
        let chances = chances(&went);
        let mut left = Rng::new(seed).f64();
        let at = chances.iter().position(|chance| {
            left -= chance;
            left < 0.0
        });
        let at = at.unwrap_or(arms.len().checked_sub(1)?);
        Some(DrawnResponse { response: &arms.get(at)?.response, propensity: *chances.get(at)? })
    }
}

/// How probable it is to draw each answer, by how often it was resolved and how often given. They add up to 1.
fn chances(went: &[(u64, u64)]) -> Vec<f64> {
    let posteriors: Vec<Vec<(f64, f64)>> = went.iter().map(|&(resolved, given)| posterior(resolved, given)).collect();
    let best = |arm: usize| -> f64 {
        let others = || posteriors.iter().enumerate().filter(|(other, _)| *other != arm).map(|(_, p)| p);
        posteriors[arm].iter().enumerate().map(|(x, (mass, _))| mass * others().map(|p| p[x].1).product::<f64>()).sum()
    };
    let best: Vec<f64> = (0..went.len()).map(best).collect();
    let (all, arms) = (best.iter().sum::<f64>(), went.len() as f64);
    best.iter().map(|b| (1.0 - ALIKE) * if all > 0.0 { b / all } else { 1.0 / arms } + ALIKE / arms).collect()
}

/// The posterior's mass around each point, and its distribution function there.
fn posterior(resolved: u64, given: u64) -> Vec<(f64, f64)> {
    let (yes, no) = (resolved as f64, given.saturating_sub(resolved) as f64);
    let at = |i: usize| (i as f64 + 0.5) / POINTS as f64;
    let logs: Vec<f64> = (0..POINTS).map(|i| yes * at(i).ln() + no * (1.0 - at(i)).ln()).collect();
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let masses: Vec<f64> = logs.iter().map(|l| (l - most).exp()).collect();
    let all: f64 = masses.iter().sum();
    let mut below = 0.0;
    masses
        .iter()
        .map(|mass| {
            let mass = mass / all;
            below += mass;
            (mass, below - mass / 2.0)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::responses::{AcceptedAnswer, ResponseOrigin};

    fn accepted(went: &[(u64, u64)]) -> AcceptedAnswers {
        let answer = |(i, &(resolved, given)): (usize, &(u64, u64))| {
            let response = IntentResponse { text: i.to_string(), from: ResponseOrigin::Correction, count: 1, of: 1 };
            AcceptedAnswer { response, given, resolved }
        };
        AcceptedAnswers {
            answers: went.iter().enumerate().map(answer).collect(),
            cases: Vec::new(),
            least: None,
            lead: 0.0,
            few: false,
        }
    }

    #[test]
    fn chances_are_those_of_being_the_best() {
        // Uniform against Beta(2, 1): P(x < y) = 2/3, in closed form.
        let plain = |p: f64| (p - ALIKE / 2.0) / (1.0 - ALIKE);
        let two = chances(&[(0, 0), (1, 1)]);
        assert!((plain(two[1]) - 2.0 / 3.0).abs() < 1e-6, "{two:?}");
        // Beta(1, 2) against Beta(2, 1): 5/6.
        let two = chances(&[(0, 1), (1, 1)]);
        assert!((plain(two[1]) - 5.0 / 6.0).abs() < 1e-6, "{two:?}");
        for went in [&[(0, 0); 7][..], &[(90, 100), (10, 100), (0, 0)], &[(0, 1_000_000), (1_000_000, 1_000_000)]] {
            let all = chances(went);
            assert!((all.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            assert!(all.iter().all(|p| *p >= ALIKE / went.len() as f64), "{all:?}");
        }
        assert_eq!(chances(&[(3, 9)]), [1.0]);
    }

    #[test]
    fn answers_are_drawn_as_often_as_is_told_and_a_seed_draws_one() {
        let answers = accepted(&[(8, 10), (5, 10), (2, 4)]);
        let (mut counts, mut told) = ([0u32; 3], [0.0; 3]);
        for seed in 0..20_000 {
            let drawn = answers.draw(seed).unwrap();
            let at: usize = drawn.response.text.parse().unwrap();
            counts[at] += 1;
            told[at] = drawn.propensity;
            assert_eq!(answers.draw(seed), Some(drawn));
        }
        for (count, told) in counts.into_iter().zip(told) {
            assert!((f64::from(count) / 20_000.0 - told).abs() < 0.012, "{count} {told}");
        }
        assert!(told[0] > told[1] && accepted(&[]).draw(1).is_none());
    }
}
