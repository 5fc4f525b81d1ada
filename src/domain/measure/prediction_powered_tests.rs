//! What the intervals promise, counted on simulated stores: customers of one to five conversations who are more or less content
//! throughout, audit items drawn from a fifth of the customers, at random.

use super::prediction_powered::{Audited, MeanPrediction, PoweredRate, Predicted, Sure, audit_rate, powered_rate};
use crate::base::rng::Rng;
use rayon::prelude::*;

const UNITS: usize = 4_000;
/// How alike a customer's conversations are, in logits.
const CUSTOMER: f64 = 0.7;

/// What the model knows.
#[derive(Clone, Copy, Debug)]
enum Model {
    /// Most of what decides, too sure and a little off.
    Good,
    /// Some of it.
    Fair,
    /// Nothing.
    Blind,
    /// The contrary.
    Wrong,
}

const MODELS: [Model; 4] = [Model::Good, Model::Fair, Model::Blind, Model::Wrong];
const SHARES: [f64; 3] = [0.05, 0.2, 0.5];
const AUDITS: [usize; 3] = [100, 200, 400];

impl Model {
    /// How much of what decides lies in what the model reads.
    fn signal(self) -> f64 {
        match self {
            Self::Good => 3.0,
            Self::Fair | Self::Wrong => 1.2,
            Self::Blind => 0.0,
        }
    }

    fn says(self, read: f64, rng: &mut Rng) -> f64 {
        match self {
            Self::Good | Self::Fair => sigmoid(0.8 * read + 0.3 * normal(rng) + 0.3),
            Self::Blind => rng.f64(),
            Self::Wrong => sigmoid(-read),
        }
    }
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Nearly normal.
fn normal(rng: &mut Rng) -> f64 {
    (0..12).map(|_| rng.f64()).sum::<f64>() - 6.0
}

/// Where the logits must begin for a share of yes.
fn intercept(model: Model, share: f64) -> f64 {
    let mut rng = Rng::new(5);
    let draws: Vec<f64> =
        (0..20_000).map(|_| normal(&mut rng) * model.signal() + normal(&mut rng) * CUSTOMER).collect();
    let (mut lo, mut hi) = (-20.0, 20.0);
    for _ in 0..50 {
        let middle = (lo + hi) / 2.0;
        let mean = draws.iter().map(|x| sigmoid(middle + x)).sum::<f64>() / draws.len() as f64;
        if mean > share { hi = middle } else { lo = middle }
    }
    (lo + hi) / 2.0
}

/// All units, `m` audit items, and the share of yes among all.
fn store(model: Model, start: f64, m: usize, seed: u64) -> (Vec<Predicted>, Vec<Audited>, f64) {
    let mut rng = Rng::part(31, seed);
    let (mut units, mut audit, mut yeses) = (Vec::new(), Vec::new(), 0u32);
    for group in 0.. {
        if units.len() >= UNITS {
            break;
        }
        let (customer, test) = (normal(&mut rng) * CUSTOMER, rng.f64() < 0.2);
        for _ in 0..=rng.below(5) {
            let read = start + normal(&mut rng) * model.signal();
            let yes = rng.f64() < sigmoid(read + customer);
            let f = model.says(read, &mut rng);
            yeses += u32::from(yes);
            units.push(Predicted { f, weight: 1.0, group });
            audit.extend(test.then_some(Audited { f, yes, weight: 1.0, group }));
        }
    }
    rng.shuffle(&mut audit);
    audit.truncate(m);
    let truth = f64::from(yeses) / units.len() as f64;
    (units, audit, truth)
}

/// Shares of stores whose truth lies in what is shown, and in the audit's interval; and how wide the one is beside the other.
fn covered(model: Model, share: f64, m: usize, stores: u64) -> (f64, f64, f64) {
    let start = intercept(model, share);
    let one = |seed| {
        let (units, items, truth) = store(model, start, m, seed);
        let (audit, powered) = powered_rate(MeanPrediction::over(units).unwrap(), &items, seed).unwrap();
        let shown = powered.map_or(audit.sure, |p| p.sure);
        let holds = |s: Sure| u64::from(s.lo <= truth && truth <= s.hi);
        (holds(shown), holds(audit.sure), shown.hi - shown.lo, audit.sure.hi - audit.sure.lo)
    };
    let all: Vec<_> = (0..stores).into_par_iter().map(one).collect();
    let sum = all.iter().fold((0, 0, 0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1, a.2 + b.2, a.3 + b.3));
    (sum.0 as f64 / stores as f64, sum.1 as f64 / stores as f64, sum.2 / sum.3)
}

#[test]
fn the_truth_is_held_and_a_good_model_makes_it_surer() {
    for model in [Model::Good, Model::Wrong] {
        let (shown, audit, width) = covered(model, 0.2, 200, 300);
        // 300 stores: three standard errors under what is promised.
        assert!(shown > 0.912 && audit > 0.912, "{model:?}: {shown} {audit}");
        match model {
            Model::Good => assert!(width < 0.85, "{width}"),
            _ => assert!(width > 0.99 && width < 1.001, "a bad model costs nothing: {width}"),
        }
    }
}

/// Rule 40's simulation. `cargo test --lib prediction_powered -- --ignored --nocapture` takes about a minute on two cores.
#[test]
#[ignore = "a minute: 2,000 stores in each of 36 cells"]
fn two_thousand_stores_in_each_cell() {
    for model in MODELS {
        for share in SHARES {
            for m in AUDITS {
                let (shown, audit, width) = covered(model, share, m, 2_000);
                println!(
                    "{model:?} {share:.2} m {m}: shown {shown:.4}, audit {audit:.4}, width {width:.3} of the audit's"
                );
                assert!(shown >= 0.935 && audit >= 0.935, "{model:?} {share} {m}");
            }
        }
    }
}

fn item(f: f64, yes: bool, group: u64) -> Audited {
    Audited { f, yes, weight: 1.0, group }
}

#[test]
fn by_hand() {
    // Groups of one, equal weights: the mean, and Wilson's interval up to the bootstrap's noise and Student's quantile.
    let items: Vec<Audited> = (0..200).map(|i| item(0.5, i % 4 == 0, i)).collect();
    let rate = audit_rate(&items, 1).unwrap();
    assert_eq!((rate.sure.value, rate.m, rate.yes, rate.groups), (0.25, 200, 50, 200));
    let wilson = crate::domain::Rate::new(50, 200);
    assert!(
        (rate.sure.lo - wilson.lo).abs() < 0.012 && (rate.sure.hi - wilson.hi).abs() < 0.012,
        "{rate:?} {wilson:?}"
    );
    // A unit that stands for three counts three times.
    let items = [Audited { weight: 3.0, ..item(0.0, true, 1) }, item(0.0, false, 2)];
    assert_eq!(audit_rate(&items, 1).unwrap().sure.value, 0.75);
}

#[test]
fn an_exact_model_moves_the_rate_to_its_own() {
    // f is right on the audit, of which 40 % are a yes; among all it says 25 %.
    let items: Vec<Audited> = (0..100).map(|i| item(if i % 5 < 2 { 0.95 } else { 0.05 }, i % 5 < 2, i)).collect();
    let units =
        (0..1_000).map(|i| Predicted { f: if i % 4 == 0 { 0.95 } else { 0.05 }, weight: 1.0, group: 1_000 + i });
    let (audit, powered) = powered_rate(MeanPrediction::over(units).unwrap(), &items, 3).unwrap();
    let PoweredRate { sure, lambda, effective_labels, gain, n } = powered.unwrap();
    assert_eq!((audit.sure.value, n), (0.4, 1_000));
    assert!((sure.value - 0.25).abs() < 0.02 && lambda > 0.9, "{sure:?} {lambda}");
    assert!(gain > 5.0 && (effective_labels - 100.0 * gain).abs() < 1e-9, "{gain} {effective_labels}");
}

#[test]
fn what_tells_nothing_is_not_shown() {
    let units = || MeanPrediction::over((0..50).map(|i| Predicted { f: 0.3, weight: 1.0, group: i })).unwrap();
    assert_eq!(MeanPrediction::over([]), None);
    assert_eq!(audit_rate(&[], 1), None);
    assert!(powered_rate(units(), &[], 1).is_none());
    // All answered alike, one group alone, f the same everywhere: the audit rate.
    let alike: Vec<Audited> = (0..30).map(|i| item(0.1 * (i % 5) as f64, false, i)).collect();
    let one_group: Vec<Audited> = (0..30).map(|i| item(0.3, i % 2 == 0, 7)).collect();
    let constant: Vec<Audited> = (0..30).map(|i| item(0.3, i % 2 == 0, i)).collect();
    for items in [alike, one_group, constant] {
        let (audit, powered) = powered_rate(units(), &items, 1).unwrap();
        assert_eq!(powered, None, "{items:?}");
        assert!(audit.sure.lo >= 0.0 && audit.sure.hi <= 1.0 && audit.sure.lo < audit.sure.hi);
    }
}

#[test]
fn the_same_seed_gives_the_same_numbers() {
    let (units, items, _) = store(Model::Good, intercept(Model::Good, 0.2), 100, 4);
    let told = || powered_rate(MeanPrediction::over(units.iter().copied()).unwrap(), &items, 9);
    assert_eq!(told(), told());
}
