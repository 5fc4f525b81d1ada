//! What `detect` promises (rules 40 and 43), counted on simulated stores: customers of one to five conversations, a detector that
//! knows much, some, nothing or the contrary, and cycles that drew their audit items with very different odds at times when the mode
//! was rarer or more common.

use super::measured::measure;
use super::tests::blank;
use super::{Detection, Said};
use crate::base::rng::Rng;
use crate::domain::ConversationId;
use crate::store::{AuditedCase, ModeCase};
use rayon::prelude::*;

const CONVERSATIONS: usize = 4_000;
/// How alike a customer's conversations are, in logits.
const CUSTOMER: f64 = 0.7;
/// Share of conversations in no mode that fail, too.
const OTHER_FAILURES: f64 = 0.3;
/// Of the audit items, those drawn from the first half of the time; the second gets the rest of an as large half.
const FIRST: f64 = 0.2;

/// How much more common the mode is in the second half of the time, and rarer in the first, in logits.
const SHIFT: f64 = 0.8;

/// What the detector knows of what decides.
#[derive(Clone, Copy, Debug)]
struct Knows {
    signal: f64,
    /// Says the contrary.
    is_wrong: bool,
}

const DETECTORS: [Knows; 4] = [
    Knows { signal: 3.0, is_wrong: false },
    Knows { signal: 1.2, is_wrong: false },
    Knows { signal: 0.0, is_wrong: false },
    Knows { signal: 1.2, is_wrong: true },
];
const SHARES: [f64; 3] = [0.05, 0.2, 0.5];
const AUDITS: [usize; 3] = [100, 200, 400];

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Nearly normal.
fn normal(rng: &mut Rng) -> f64 {
    (0..12).map(|_| rng.f64()).sum::<f64>() - 6.0
}

/// Where the logits must begin for a share in the mode.
fn begin(knows: Knows, share: f64) -> (Knows, f64) {
    let mut rng = Rng::new(5);
    let draws: Vec<f64> = (0..20_000)
        .map(|i| {
            let time = if i % 2 == 0 { SHIFT } else { -SHIFT };
            knows.signal * normal(&mut rng) + CUSTOMER * normal(&mut rng) + time
        })
        .collect();
    let (mut lo, mut hi) = (-20.0, 20.0);
    for _ in 0..50 {
        let middle = (lo + hi) / 2.0;
        let mean = draws.iter().map(|x| sigmoid(middle + x)).sum::<f64>() / draws.len() as f64;
        if mean > share { hi = middle } else { lo = middle }
    }
    (knows, (lo + hi) / 2.0)
}

/// A store, what the detector says, its audit items, and the share in the mode.
struct Simulated {
    all: Vec<ModeCase>,
    said: Said,
    audit: Vec<AuditedCase>,
    truth: f64,
}

impl Simulated {
    fn new((knows, start): (Knows, f64), m: usize, seed: u64) -> Self {
        let mut rng = Rng::part(47, seed);
        let (mut all, mut said, mut halves, mut yeses) = (Vec::new(), Said::new(), [Vec::new(), Vec::new()], 0u32);
        for group in 0.. {
            if all.len() >= CONVERSATIONS {
                break;
            }
            let (customer, is_test) = (CUSTOMER * normal(&mut rng), rng.f64() < 0.2);
            for _ in 0..=rng.below(5) {
                let is_late = rng.f64() < 0.5;
                let read = start + knows.signal * normal(&mut rng);
                // Rarer before, more common after: nothing that the detector reads.
                let time = if is_late { SHIFT } else { -SHIFT };
                let is_in = rng.f64() < sigmoid(read + customer + time);
                let is_failure = is_in || rng.f64() < OTHER_FAILURES;
                let id = ConversationId(all.len() as i64 + 1);
                let says = if knows.is_wrong { -read } else { 0.8 * read + 0.3 * normal(&mut rng) };
                if is_failure {
                    said.insert(id.0, sigmoid(says));
                }
                yeses += u32::from(is_in);
                let case = ModeCase { id, turn: None, group, is_failure, is_in: None };
                all.push(case);
                if is_test {
                    halves[usize::from(is_late)].push(ModeCase { is_in: Some(is_in), ..case });
                }
            }
        }
        let mut audit = Vec::new();
        for (half, part) in halves.iter_mut().zip([FIRST, 1.0 - FIRST]) {
            rng.shuffle(half);
            let of = half.len() as f64;
            half.truncate((m as f64 * part).round() as usize);
            let weight = of / half.len() as f64;
            audit.extend(half.iter().map(|&case| AuditedCase { case, weight }));
        }
        let truth = f64::from(yeses) / all.len() as f64;
        Self { all, said, audit, truth }
    }

    fn detected(&self, seed: u64) -> Detection {
        let positive = self.audit.iter().filter(|a| a.case.is_in == Some(true)).count() as u64;
        let mut out = Detection { audit_n: self.audit.len() as u64, audit_positive: positive, ..blank() };
        measure(&mut out, &self.all, &self.audit, &self.said, seed);
        out
    }

    /// The same, as if every item stood for as many others.
    fn equal_odds(mut self) -> Self {
        self.audit.iter_mut().for_each(|a| a.weight = 1.0);
        self
    }
}

/// Of the stores in which a prevalence is told: how many, the share whose interval holds the truth, how far the prevalence lies from
/// the truth on average.
fn covered(stores: u64, make: impl Fn(u64) -> Simulated + Sync) -> (f64, f64, f64) {
    let one = |seed| {
        let store = make(seed);
        let told = store.detected(seed);
        let (lo, hi, p) = (told.lo?, told.hi?, told.prevalence?);
        Some((lo <= store.truth && store.truth <= hi, p - store.truth))
    };
    let told: Vec<(bool, f64)> = (0..stores).into_par_iter().filter_map(one).collect();
    let n = told.len() as f64;
    let held = told.iter().filter(|t| t.0).count() as f64;
    (n, held / n, told.iter().map(|t| t.1).sum::<f64>() / n)
}

#[test]
fn the_prevalence_holds_the_truth_whatever_the_detector_and_the_odds_of_the_draw() {
    for knows in [DETECTORS[0], DETECTORS[3]] {
        let start = begin(knows, 0.2);
        let (n, held, off) = covered(300, |seed| Simulated::new(start, 200, seed));
        assert!(n > 299.0, "{knows:?}: told in {n} of 300");
        // 300 stores: three standard errors under what is promised.
        assert!(held > 0.912, "{knows:?}: {held}");
        assert!(off.abs() < 0.01, "{knows:?}: off by {off}");
        let (_, _, off) = covered(100, |seed| Simulated::new(start, 200, seed).equal_odds());
        assert!(off > 0.015, "{knows:?}: with equal weights it is off by {off}");
    }
}

/// Rule 40's simulation. `cargo test --lib detect::simulation -- --ignored --nocapture` takes minutes.
#[test]
#[ignore = "minutes: 2,000 stores in each of 36 cells"]
fn two_thousand_stores_in_each_cell() {
    for knows in DETECTORS {
        for share in SHARES {
            let start = begin(knows, share);
            for m in AUDITS {
                let (n, held, off) = covered(2_000, |seed| Simulated::new(start, m, seed));
                println!("{knows:?} {share:.2} m {m}: told in {n} of 2000, held {held:.4}, off {off:+.4}");
                assert!(held >= 0.935, "{knows:?} {share} {m}: {held}");
            }
        }
    }
}
