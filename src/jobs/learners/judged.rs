//! Two models on the same examples: the paired difference of their losses (rule 48).

use crate::base::rng::Rng;
use crate::domain::{LearnedReport, Verdict};
use crate::learn::judge::binary::{
    Weighed, calibration_error_by_chance, weighed_auc, weighed_calibration_error, worth,
};
use crate::learn::judge::stats::{quantile, sign_flip_real};
use std::collections::BTreeMap;

/// Draws of the bootstrap.
const DRAWS: usize = 4_000;
/// A rise of the calibration error below which nothing is held back.
const MUCH: f64 = 0.05;
/// Points by which first chances are off at most: where nobody had any, some that are a little off and tell customers apart are more.
const FAR: f64 = 0.1;
/// Chance of a wrong promotion over all looks.
const ALPHA: f64 = 0.05;

/// The least gain that is called better, in nats an example (of answers: a share of good ones). Less is no fall that four digits
/// show: an even chance told as 52 of 100 that comes true so often gains 0.0008.
const LEAST: f64 = 0.001;

/// What the difference of two losses says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Judged {
    /// Loss before minus loss after, nats an example.
    pub delta: f64,
    /// 95 %, by customer.
    pub ci95: [f64; 2],
    /// Two-sided.
    pub p: f64,
    /// Why it is not better, however much the loss fell; `None`: nothing speaks against it.
    pub doubt: Option<&'static str>,
}

impl Judged {
    /// What may be concluded at the k-th look, which tests at .05 / (k (k + 1)).
    pub fn at_look(&self, look: u64) -> Verdict {
        let k = look.max(1) as f64;
        match self.p <= ALPHA / (k * (k + 1.0)) {
            true if self.delta >= LEAST && self.doubt.is_none() => Verdict::Better,
            true if self.delta < 0.0 => Verdict::Worse,
            _ => Verdict::CannotTell,
        }
    }

    /// Why it stays a candidate where it cannot be told to be better. `gain`: what would have been better, in a clause.
    pub fn held_back(&self, gain: &str) -> String {
        match (self.doubt, self.delta > 0.0 && self.ci95[0] > 0.0 && self.delta < LEAST) {
            (Some(doubt), _) => doubt.to_owned(),
            (None, true) => "what it gains is too little to tell".to_owned(),
            (None, false) if self.delta > 0.0 => format!("that {gain} may be chance"),
            (None, false) => format!("what judged it does not show that {gain}"),
        }
    }
}

/// By how much less an example surprises.
#[derive(Clone, Copy, Debug)]
pub(super) struct JudgedGain {
    pub customer: i64,
    /// Loss before minus loss after.
    pub gain: f64,
    /// How many of its kind it stands for (rule 52).
    pub weight: f64,
}

/// As many plain examples as weighed ones are worth; `None` where each stands for itself.
pub(super) fn worth_of(weights: impl Iterator<Item = f64> + Clone) -> Option<f64> {
    weights.clone().any(|w| w != 1.0).then(|| worth(weights))
}

/// Judges what examples gain, with their customers. `seed` moves the interval alone: no verdict hangs on it.
pub(super) fn judge(gains: &[JudgedGain], seed: u64) -> Judged {
    let mut customers: BTreeMap<i64, (f64, f64)> = BTreeMap::new();
    for g in gains {
        let sum = customers.entry(g.customer).or_default();
        *sum = (sum.0 + g.weight * g.gain, sum.1 + g.weight);
    }
    let sums: Vec<(f64, f64)> = customers.into_values().collect();
    let (total, weight) = sums.iter().fold((0.0, 0.0), |(a, b), s| (a + s.0, b + s.1));
    let delta = if weight > 0.0 { total / weight } else { 0.0 };
    let mut rng = Rng::new(seed);
    let mut means: Vec<f64> = Vec::with_capacity(DRAWS);
    for _ in 0..DRAWS {
        let drawn = (0..sums.len()).fold((0.0, 0.0), |(a, n), _| {
            let s = sums[rng.below(sums.len())];
            (a + s.0, n + s.1)
        });
        means.push(if drawn.1 > 0.0 { drawn.0 / drawn.1 } else { 0.0 });
    }
    means.sort_by(f64::total_cmp);
    let p = sign_flip_real(&sums.iter().map(|s| s.0).collect::<Vec<_>>());
    Judged { delta, ci95: [quantile(&means, 0.025), quantile(&means, 0.975)], p, doubt: None }
}

/// Whether answers are told apart as nobody can who does not know them.
pub(super) fn is_too_good(said: &[Weighed]) -> bool {
    weighed_auc(said) >= LearnedReport::TOO_WELL
}

/// Whether chances are surely far from what came true: by so much, and by more than is chance where all are true.
pub(super) fn is_uncalibrated(said: &[Weighed]) -> bool {
    weighed_calibration_error(said).unwrap_or_default() > FAR.max(2.0 * calibration_error_by_chance(said))
}

/// Whether chances are surely farther from what came true than others were: by so much, and by more than is chance where all are true.
pub(super) fn is_worse_calibrated(was: &[Weighed], is: &[Weighed]) -> bool {
    let [before, after] = [was, is].map(|said| weighed_calibration_error(said).unwrap_or_default());
    after - before > MUCH.max(2.0 * calibration_error_by_chance(is))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gains(all: impl Iterator<Item = (i64, f64)>) -> Vec<JudgedGain> {
        all.map(|(customer, gain)| JudgedGain { customer, gain, weight: 1.0 }).collect()
    }

    #[test]
    fn what_helps_every_customer_is_better_and_noise_is_not() {
        let helps = gains((0..60).map(|i| (i / 2, 0.1 + 0.01 * (i % 3) as f64)));
        let judged = judge(&helps, 7);
        assert!(judged.at_look(1) == Verdict::Better && judged.ci95[0] > 0.0 && judged.ci95[1] < 0.2, "{judged:?}");
        let worse = gains(helps.iter().map(|g| (g.customer, -g.gain)));
        assert_eq!(judge(&worse, 7).at_look(1), Verdict::Worse);
        let noise = gains((0..60).map(|i| (i, if i % 2 == 0 { 0.3 } else { -0.29 })));
        assert_eq!(judge(&noise, 7).at_look(1), Verdict::CannotTell);
        assert_eq!(judge(&helps, 7).at_look(10_000), Verdict::CannotTell, "after many looks more is asked for");
        assert_eq!(judge(&[], 7).at_look(1), Verdict::CannotTell);
        let hardly = judge(&gains(helps.iter().map(|g| (g.customer, 0.001 * g.gain))), 7);
        assert!(
            hardly.p <= 0.025 && hardly.at_look(1) == Verdict::CannotTell,
            "surely some, and too little: {hardly:?}"
        );
        assert!(judge(&noise, 7).held_back("its chances come closer").starts_with("that its chances come closer may"));
        let rose = gains((0..60).map(|i| (i, if i % 2 == 0 { -0.3 } else { 0.29 })));
        let says = judge(&rose, 7).held_back("its chances come closer");
        assert_eq!(says, "what judged it does not show that its chances come closer", "where nothing was gained");
        let doubted = Judged { doubt: Some("tells nobody from another"), ..judged };
        assert_eq!(doubted.at_look(1), Verdict::CannotTell, "a smaller loss alone is not better");
        let worse = Judged { doubt: doubted.doubt, ..judge(&worse, 7) };
        assert_eq!(worse.at_look(1), Verdict::Worse);
    }

    #[test]
    fn a_verdict_does_not_hang_on_the_seed_and_late_looks_can_still_be_won() {
        // About 2.2 standard errors: drawn signs said below .025 with one seed and above it with another.
        let close = gains((0..400).map(|i| (i, if i % 20 < 11 { 0.1 + 0.00001 * i as f64 } else { -0.1 })));
        let judged: Vec<Judged> = (0..20).map(|seed| judge(&close, seed)).collect();
        assert!(judged.iter().all(|j| j.p == judged[0].p && j.p > 0.0 && j.p < 0.2), "{}", judged[0].p);
        let helps = gains((0..300).map(|i| (i, 0.1 + 0.001 * (i % 7) as f64)));
        assert_eq!(
            judge(&helps, 7).at_look(40),
            Verdict::Better,
            "of 4,000 drawn patterns none has a chance below 1 / 4,001"
        );
    }

    #[test]
    fn chances_that_come_true_far_less_often_are_worse_however_well_they_order() {
        // Of each 100 customers 20 say yes.
        let said = |low: f64, high: f64| -> Vec<Weighed> {
            (0..1_000).map(|i| (if i % 2 == 0 { low } else { high }, i % 5 == 0, 1.0)).collect()
        };
        let base = said(0.2, 0.2);
        assert!(is_worse_calibrated(&base, &said(0.3, 0.25)), "7.5 points off");
        assert!(!is_worse_calibrated(&base, &said(0.22, 0.19)), "hardly off");
        assert!(!is_worse_calibrated(&said(0.3, 0.25), &said(0.3, 0.25)), "no more than before");
        assert!(!is_worse_calibrated(&base[..20], &said(0.3, 0.25)[..20]), "of 20 answers that is chance");
        // Beside nothing that is live the first chances must come true, too.
        assert!(is_uncalibrated(&said(0.35, 0.3)) && !is_uncalibrated(&said(0.3, 0.25)) && !is_uncalibrated(&base));
        assert!(!is_uncalibrated(&said(0.35, 0.3)[..20]) && !is_uncalibrated(&[]));
    }

    #[test]
    fn what_nobody_can_foresee_is_too_good_to_be_true() {
        let said = |wrong: usize| -> Vec<Weighed> {
            (0..300).map(|i| (if i % 3 == 0 { 0.9 } else { 0.1 }, (i % 3 == 0) != (i < wrong), 1.0)).collect()
        };
        assert!(is_too_good(&said(0)) && is_too_good(&said(2)));
        assert!(!is_too_good(&said(30)) && !is_too_good(&[]));
    }

    #[test]
    fn what_stands_for_many_decides_for_as_many() {
        // Nine kept failures gain, a tenth of what went well was drawn and loses: of all that there is, most lose.
        let kept = (0..90).map(|i| JudgedGain { customer: i, gain: 0.1 + 0.001 * (i % 5) as f64, weight: 1.0 });
        let drawn = (90..120).map(|i| JudgedGain { customer: i, gain: -0.1 - 0.001 * (i % 5) as f64, weight: 10.0 });
        let sample: Vec<JudgedGain> = kept.chain(drawn).collect();
        let judged = judge(&sample, 7);
        assert!(judged.at_look(1) == Verdict::Worse && judged.delta < 0.0 && judged.ci95[1] < 0.0, "{judged:?}");
        let unweighed: Vec<JudgedGain> = sample.iter().map(|g| JudgedGain { weight: 1.0, ..*g }).collect();
        assert_eq!(
            judge(&unweighed, 7).at_look(1),
            Verdict::Better,
            "taken for all that there is, it says the opposite"
        );
        assert!((worth_of(sample.iter().map(|g| g.weight)).unwrap() - 390.0f64.powi(2) / 3_090.0).abs() < 1e-9);
        assert_eq!(worth_of([1.0; 3].into_iter()), None);
    }
}
