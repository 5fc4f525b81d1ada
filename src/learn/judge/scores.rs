//! How well guesses do on gold turns.

use crate::domain::{CalibrationBin, CoverageCurve, HalfScores, IntentId};
use std::collections::BTreeMap;

/// A best guess and its confidence, where it has one. `None`: the AI fell back, which is wrong.
pub type Guess = Option<(IntentId, Option<f32>)>;

/// One intent's part of the result.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PerIntent {
    /// Turns whose primary gold it is.
    pub n: u64,
    /// Of those, turns whose guess is among their gold intents.
    pub right: u64,
    /// Turns counted as guessed to be it.
    pub guessed: u64,
}

impl PerIntent {
    /// 2 right / (n + guessed): the harmonic mean of precision and recall. 0 when nothing is right.
    pub fn f1(&self) -> f64 {
        if self.n + self.guessed == 0 { 0.0 } else { 2.0 * self.right as f64 / (self.n + self.guessed) as f64 }
    }
}

/// Whether a guess is among the gold intents (rule 3: any listed one is right).
pub fn right(gold: &[IntentId], guess: &Guess) -> bool {
    guess.is_some_and(|(intent, _)| gold.contains(&intent))
}

/// How confident a guess was, and whether it is right; `None` for a fallback or a guess without confidence.
pub fn sure(gold: &[IntentId], guess: &Guess) -> Option<(f32, bool)> {
    Some(((*guess)?.1?, right(gold, guess)))
}

/// Counts of each intent that is primary gold or guessed. A right guess counts for the primary intent, whichever of
/// the listed ones it names. Turns without gold are left out.
pub fn per_intent<'a>(turns: impl Iterator<Item = (&'a [IntentId], &'a Guess)>) -> BTreeMap<IntentId, PerIntent> {
    let mut rows: BTreeMap<IntentId, PerIntent> = BTreeMap::new();
    for (gold, guess) in turns {
        let Some(&primary) = gold.first() else { continue };
        let is_right = right(gold, guess);
        let row = rows.entry(primary).or_default();
        row.n += 1;
        row.right += u64::from(is_right);
        if let Some((intent, _)) = guess {
            rows.entry(if is_right { primary } else { *intent }).or_default().guessed += 1;
        }
    }
    rows
}

/// Scores guesses against gold, one each a turn; `unseen` marks the turns whose text is not in the training data.
/// Turns without gold are left out; a list that ends early ends them all.
pub fn scores(gold: &[Vec<IntentId>], guesses: &[Guess], unseen: &[bool]) -> HalfScores {
    let turns = || gold.iter().zip(guesses).zip(unseen).filter(|((gold, _), _)| !gold.is_empty());
    let (mut n, mut correct, mut unseen_n, mut unseen_right) = (0u64, 0u64, 0u64, 0u64);
    for ((gold, guess), &unseen) in turns() {
        let is_right = u64::from(right(gold, guess));
        n += 1;
        correct += is_right;
        unseen_n += u64::from(unseen);
        unseen_right += u64::from(unseen) * is_right;
    }
    let rows = per_intent(turns().map(|((gold, guess), _)| (&gold[..], guess)));
    let f1: Vec<f64> = rows.values().filter(|r| r.n > 0).map(PerIntent::f1).collect();
    let ratio = |a: u64, b: u64| if b == 0 { 0.0 } else { a as f64 / b as f64 };
    HalfScores {
        accuracy: ratio(correct, n),
        correct,
        macro_f1: if f1.is_empty() { 0.0 } else { f1.iter().sum::<f64>() / f1.len() as f64 },
        ece: ece(&calibration(turns().filter_map(|((gold, guess), _)| sure(gold, guess)))),
        n,
        unseen_accuracy: (unseen_n > 0).then(|| ratio(unseen_right, unseen_n)),
        unseen_n,
    }
}

/// Guesses by confidence, in 15 equal-width bins `(lo, hi]`; none without guesses that carry a confidence.
pub fn calibration(guesses: impl Iterator<Item = (f32, bool)>) -> Vec<CalibrationBin> {
    const BINS: usize = 15;
    let mut bins = [CalibrationBin::default(); BINS];
    for (confidence, is_right) in guesses {
        let confidence = f64::from(confidence).clamp(0.0, 1.0);
        let bin = &mut bins[((confidence * BINS as f64).ceil() as usize).clamp(1, BINS) - 1];
        bin.n += 1;
        bin.right += u64::from(is_right);
        bin.confidence += confidence;
    }
    if bins.iter().all(|b| b.n == 0) { Vec::new() } else { bins.to_vec() }
}

/// Expected calibration error (Guo et al. 2017): the mean distance of accuracy and confidence over the bins, weighted by
/// the guesses in them. `None` without guesses that carry a confidence.
pub fn ece(bins: &[CalibrationBin]) -> Option<f64> {
    let n: u64 = bins.iter().map(|b| b.n).sum();
    (n > 0).then(|| bins.iter().map(|b| (b.right as f64 - b.confidence).abs()).sum::<f64>() / n as f64)
}

/// Coverage against accuracy over the confidence threshold. `None` without turns, and where a guess carries no
/// confidence: it could not be handed over by one.
pub fn coverage<'a>(turns: impl Iterator<Item = (&'a [IntentId], &'a Guess)>) -> Option<CoverageCurve> {
    let point = |(gold, guess): (&'a [IntentId], &'a Guess)| match guess {
        None => Some(None),
        Some((_, confidence)) => confidence.map(|c| Some((c, right(gold, guess)))),
    };
    let guesses: Vec<Option<(f32, bool)>> =
        turns.filter(|(gold, _)| !gold.is_empty()).map(point).collect::<Option<_>>()?;
    (!guesses.is_empty()).then(|| CoverageCurve::of(guesses.into_iter()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const A: IntentId = IntentId(1);
    const B: IntentId = IntentId(2);
    const C: IntentId = IntentId(3);

    #[test]
    fn any_listed_intent_is_right_and_a_fallback_is_wrong() {
        let gold = vec![vec![A, B], vec![A], vec![B], vec![C], vec![]];
        let guesses = [Some((B, None)), None, Some((B, None)), Some((A, None)), Some((A, None))];
        let s = scores(&gold, &guesses, &[true, false, true, true, true]);
        assert_eq!((s.n, s.correct, s.unseen_n, s.unseen_accuracy), (4, 2, 3, Some(2.0 / 3.0)));
        assert_eq!(s.ece, None);
        // sklearn.metrics.f1_score([1, 1, 2, 3], [1, 0, 2, 1], labels=[1, 2, 3], average="macro")
        assert!((s.macro_f1 - 0.5).abs() < 1e-12, "{}", s.macro_f1);
        assert_eq!(scores(&[], &[], &[]), HalfScores::default());
    }

    #[test]
    fn calibration_error_is_the_weighted_gap() {
        // Bin (0.8, 0.867]: 2 guesses of 0.85, one right: gap 0.35. Bin (0.267, 0.333]: one of 0.3, right: gap 0.7.
        let of = |guesses: &[(f32, bool)]| calibration(guesses.iter().copied());
        let e = ece(&of(&[(0.85, true), (0.85, false), (0.3, true)])).unwrap();
        assert!((e - (2.0 * 0.35 + 0.7) / 3.0).abs() < 1e-6, "{e}");
        assert_eq!(ece(&of(&[(1.0, true), (0.0, false)])), Some(0.0));
        assert_eq!((of(&[]), ece(&[])), (vec![], None));
    }

    #[test]
    fn a_curve_needs_every_confidence() {
        let gold: [&[IntentId]; 3] = [&[A], &[B], &[]];
        let curve = |guesses: &[Guess]| coverage(gold.into_iter().zip(guesses));
        let drawn = curve(&[Some((A, Some(0.5))), None, Some((A, None))]).unwrap();
        assert_eq!((drawn.n, drawn.answered[49], drawn.right[49], drawn.answered[50]), (2, 1, 1, 0));
        assert_eq!(curve(&[Some((A, Some(0.5))), Some((B, None))]), None);
        assert_eq!(curve(&[]), None);
    }

    proptest! {
        #[test]
        fn bins_are_those_of_a_search(guesses in proptest::collection::vec((0.0f32..=1.0, any::<bool>()), 1..80)) {
            let bins = calibration(guesses.iter().copied());
            for (k, bin) in bins.iter().enumerate() {
                let (lo, hi) = (k as f64 / 15.0, (k + 1) as f64 / 15.0);
                let inside = |c: f32| (f64::from(c) > lo || k == 0) && f64::from(c) <= hi;
                let here: Vec<_> = guesses.iter().filter(|g| inside(g.0)).collect();
                prop_assert_eq!(bin.n, here.len() as u64);
                prop_assert_eq!(bin.right, here.iter().filter(|g| g.1).count() as u64);
                prop_assert!((bin.confidence - here.iter().map(|g| f64::from(g.0)).sum::<f64>()).abs() < 1e-9);
            }
        }
    }
}
