//! How many turns an AI answers itself and how many of those rightly, by the confidence below which it hands over; and
//! the threshold at which wrong answers and hand-overs together cost least.

use serde::{Deserialize, Serialize};

/// Thresholds lie a hundredth apart.
const STEPS: usize = 100;

/// What a mistake and a hand-over cost, in whatever unit both are given in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ErrorCosts {
    /// A wrong answer that the customer gets.
    pub wrong: f64,
    /// A customer who is handed over to a person.
    pub handover: f64,
}

impl Default for ErrorCosts {
    fn default() -> Self {
        Self { wrong: 5.0, handover: 1.0 }
    }
}

/// Answers at every threshold from 0.00 to 1.00. A turn is answered when the confidence is above the threshold; a
/// fallback never is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageCurve {
    /// Turns in all, fallbacks included.
    pub n: u64,
    /// Turns answered, by threshold in hundredths.
    pub answered: Vec<u64>,
    /// Of those, right.
    pub right: Vec<u64>,
}

/// What happens at one threshold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AtThreshold {
    /// The threshold, 0 to 1.
    pub threshold: f64,
    /// Turns answered.
    pub answered: u64,
    /// Of those, right.
    pub right: u64,
    /// Turns in all.
    pub n: u64,
    /// Mean cost of a turn.
    pub cost: f64,
}

impl CoverageCurve {
    /// Counts guesses, each with its confidence and whether it is right; `None` is a fallback.
    pub fn of(guesses: impl Iterator<Item = Option<(f32, bool)>>) -> Self {
        let mut out = Self { n: 0, answered: vec![0; STEPS + 1], right: vec![0; STEPS + 1] };
        for guess in guesses {
            out.n += 1;
            let Some((confidence, right)) = guess else { continue };
            for (k, (answered, rights)) in out.answered.iter_mut().zip(&mut out.right).enumerate() {
                if confidence <= threshold(k) as f32 {
                    break;
                }
                *answered += 1;
                *rights += u64::from(right);
            }
        }
        out
    }

    /// What happens at a threshold in hundredths.
    pub fn at(&self, hundredths: usize, costs: ErrorCosts) -> AtThreshold {
        let of = |counts: &[u64]| counts.get(hundredths).copied().unwrap_or(0);
        let (answered, right) = (of(&self.answered), of(&self.right));
        let (wrong, handed) = ((answered - right.min(answered)) as f64, self.n.saturating_sub(answered) as f64);
        let cost = (wrong * costs.wrong + handed * costs.handover) / (self.n as f64).max(1.0);
        AtThreshold { threshold: threshold(hundredths), answered, right, n: self.n, cost }
    }

    /// Every threshold, ascending.
    pub fn all(&self, costs: ErrorCosts) -> impl Iterator<Item = AtThreshold> + '_ {
        (0..self.answered.len()).map(move |k| self.at(k, costs))
    }

    /// The threshold at which `(wrong answers × wrong + handed over × handover) / n` is least, of equals the one at
    /// which most is answered. With calibrated confidences it tends to `1 - handover / wrong` (Chow 1970, "On optimum
    /// recognition error and reject tradeoff"); here nothing is assumed, every threshold is tried. `None` without turns.
    pub fn best(&self, costs: ErrorCosts) -> Option<AtThreshold> {
        let cheaper = |best: AtThreshold, next: AtThreshold| if next.cost < best.cost { next } else { best };
        self.all(costs).reduce(cheaper).filter(|best| best.n > 0)
    }

    /// The threshold in hundredths of a point of this or another curve.
    pub fn hundredths(point: &AtThreshold) -> usize {
        (point.threshold * STEPS as f64).round() as usize
    }
}

fn threshold(hundredths: usize) -> f64 {
    hundredths as f64 / STEPS as f64
}

/// Coverage of both sides. Thresholds are chosen out of fold and looked at on the open half; the sealed half is not
/// touched (rule 12).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// What stands in `before`, out of fold over its own training texts.
    pub before: Option<CoverageCurve>,
    /// The candidate, out of fold over its training texts.
    pub after: Option<CoverageCurve>,
    /// What stands in `before`, on the open half.
    pub open_before: Option<CoverageCurve>,
    /// The candidate, on the open half.
    pub open_after: Option<CoverageCurve>,
}

/// A threshold chosen out of fold, and what it does on the open half: turns drawn from the traffic, which chose nothing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct BestThreshold {
    /// Out of fold, where it was chosen.
    pub chosen: AtThreshold,
    /// On the open half, where there is one.
    pub open: Option<AtThreshold>,
}

impl Coverage {
    /// The best threshold of what stands in `before`.
    pub fn best_before(&self, costs: ErrorCosts) -> Option<BestThreshold> {
        best(self.before.as_ref(), self.open_before.as_ref(), costs)
    }

    /// The best threshold of the candidate.
    pub fn best_after(&self, costs: ErrorCosts) -> Option<BestThreshold> {
        best(self.after.as_ref(), self.open_after.as_ref(), costs)
    }
}

fn best(chosen: Option<&CoverageCurve>, open: Option<&CoverageCurve>, costs: ErrorCosts) -> Option<BestThreshold> {
    let chosen = chosen?.best(costs)?;
    let open = open.filter(|c| c.n > 0).map(|c| c.at(CoverageCurve::hundredths(&chosen), costs));
    Some(BestThreshold { chosen, open })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const COSTS: ErrorCosts = ErrorCosts { wrong: 5.0, handover: 1.0 };

    fn guesses() -> impl Strategy<Value = Vec<Option<(f32, bool)>>> {
        let guess = (0u8..=100, any::<bool>()).prop_map(|(c, right)| (f32::from(c) / 100.0, right));
        proptest::collection::vec(proptest::option::weighted(0.9, guess), 0..60)
    }

    proptest! {
        #[test]
        fn counts_and_the_best_threshold_are_those_of_a_search(
            guesses in guesses(), wrong in 0.0..20.0f64, handover in 0.0..5.0f64
        ) {
            let costs = ErrorCosts { wrong, handover };
            let curve = CoverageCurve::of(guesses.iter().copied());
            let mut cheapest = f64::INFINITY;
            for k in 0..=100usize {
                let above = |g: &&(f32, bool)| g.0 > k as f32 / 100.0;
                let answered: Vec<_> = guesses.iter().flatten().filter(above).collect();
                let right = answered.iter().filter(|g| g.1).count() as u64;
                let at = curve.at(k, costs);
                prop_assert_eq!((at.n, at.answered, at.right), (guesses.len() as u64, answered.len() as u64, right));
                let handed = guesses.len() as f64 - answered.len() as f64;
                let cost = (answered.len() as f64 - right as f64) * wrong + handed * handover;
                prop_assert!((at.cost * guesses.len() as f64 - cost).abs() < 1e-6);
                cheapest = cheapest.min(at.cost);
            }
            let best = curve.best(costs);
            prop_assert_eq!(best.is_none(), guesses.is_empty());
            if let Some(best) = best {
                prop_assert_eq!(best.cost, cheapest);
                let earlier = curve.all(costs).take_while(|p| p.threshold < best.threshold);
                prop_assert!(earlier.into_iter().all(|p| p.cost > best.cost), "of equals the one that answers most");
            }
        }
    }

    #[test]
    fn a_wrong_answer_that_costs_nothing_is_always_given_and_a_dear_one_never() {
        let curve = CoverageCurve::of([Some((0.9, false)), Some((0.2, true)), None].into_iter());
        assert_eq!(curve.best(ErrorCosts { wrong: 0.0, ..COSTS }).map(|b| (b.threshold, b.answered)), Some((0.0, 2)));
        assert_eq!(curve.best(ErrorCosts { wrong: 1e9, ..COSTS }).map(|b| (b.threshold, b.answered)), Some((0.9, 0)));
    }

    #[test]
    fn the_threshold_is_chosen_out_of_fold_and_measured_on_the_open_half() {
        let chosen_on = CoverageCurve::of([Some((0.3, false)), Some((0.8, true)), Some((0.9, true))].into_iter());
        let open = CoverageCurve::of([Some((0.2, true)), Some((0.7, false)), Some((0.9, true)), None].into_iter());
        let coverage = Coverage { after: Some(chosen_on), open_after: Some(open), ..Coverage::default() };
        let best = coverage.best_after(COSTS).unwrap();
        assert_eq!((best.chosen.threshold, best.chosen.answered, best.chosen.right), (0.3, 2, 2));
        let open = best.open.unwrap();
        assert_eq!((open.threshold, open.answered, open.right, open.n), (0.3, 2, 1, 4));
        assert!((open.cost - (5.0 + 2.0) / 4.0).abs() < 1e-12);
        assert_eq!(coverage.best_before(COSTS), None);
    }
}
