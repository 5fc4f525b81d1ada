//! Prediction-powered rates (rule 40): a rate that needs people, told from a model's word on everything and people's on a sample.
//!
//! PPI++ (Angelopoulos, Duchi and Zrnic 2023): the mean of f over all N units, plus the weighted mean of (person minus f) on the
//! audit items, f weighed by lambda. A bad f costs nothing: lambda goes to 0 and the audit rate is left.

use super::rate::{Z95, wilson};
use super::weighted::student;
use crate::base::rng::Rng;
use serde::Serialize;
use std::collections::BTreeMap;

/// Parts of the audit's groups; each item's lambda is fitted on the others.
const FOLDS: usize = 10;
/// Resamples of the groups for a variance.
const RESAMPLES: u64 = 400;

/// Predictions that spread less than this (their variance, times the number of groups) are all the same but for rounding.
const SAME: f64 = 1e-12;

/// A unit of the N: what the model says of it. Nobody need have judged it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Predicted {
    /// The probability of a yes, 0 to 1, by a model that has not seen it.
    pub f: f64,
    /// For how many units it stands; 1 in a log that is whole.
    pub weight: f64,
    /// Whose it is: units of one group (a customer) go together.
    pub group: u64,
}

/// An audit item, drawn at random: what the model says and what a person said.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Audited {
    /// The same as of every unit. Not read by [`audit_rate`].
    pub f: f64,
    /// The person's answer.
    pub yes: bool,
    /// 1 / the probability with which it was drawn.
    pub weight: f64,
    /// Whose it is.
    pub group: u64,
}

/// A rate from a sample, with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Sure {
    /// The rate, 0 to 1.
    pub value: f64,
    /// Lower end of the interval.
    pub lo: f64,
    /// Upper end of the interval.
    pub hi: f64,
}

/// Rule 23's rate, of the audit items alone.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AuditRate {
    /// The rate.
    #[serde(flatten)]
    pub sure: Sure,
    /// Audit items with an answer.
    pub m: u64,
    /// Of these, answered yes.
    pub yes: u64,
    /// Groups (customers) that they are of.
    pub groups: u64,
}

/// A rate told from predictions and audit items together.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PoweredRate {
    /// The rate.
    #[serde(flatten)]
    pub sure: Sure,
    /// How much of f is believed, 0 to 1: the mean over the items of the lambdas of their folds.
    pub lambda: f64,
    /// How many audit items would be as sure without predictions: m x Var(audit) / Var(this).
    pub effective_labels: f64,
    /// Effective labels an audit item.
    pub gain: f64,
    /// Units that were predicted (N).
    pub n: u64,
}

/// The mean of f over all N units and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanPrediction {
    mean: f64,
    /// Of the mean, by group.
    variance: f64,
    n: u64,
}

impl MeanPrediction {
    /// Over all units; `None` without any. Costs one ordered map of the groups.
    pub fn over(units: impl IntoIterator<Item = Predicted>) -> Option<Self> {
        let (mut groups, mut n) = (BTreeMap::<u64, (f64, f64)>::new(), 0);
        for unit in units {
            let sums = groups.entry(unit.group).or_default();
            *sums = (sums.0 + unit.weight * unit.f, sums.1 + unit.weight);
            n += 1;
        }
        let (sum, weight) = groups.values().fold((0.0, 0.0), |(a, b), g| (a + g.0, b + g.1));
        let mean = (weight > 0.0).then(|| sum / weight)?;
        let spread: f64 = groups.values().map(|g| (g.0 - mean * g.1).powi(2)).sum();
        let variance = if groups.len() > 1 { bessel(groups.len()) * spread / (weight * weight) } else { 0.0 };
        Some(Self { mean, variance, n })
    }
}

/// Rule 23's rate: Hájek's mean of the answers, its variance by a bootstrap of the groups, Wilson's interval at as many items as would
/// be as sure, with Student's quantile for the freedom that the groups leave. `None` without an item.
pub fn audit_rate(items: &[Audited], seed: u64) -> Option<AuditRate> {
    let audit = Audit::of(items)?;
    let told = audit.told(&vec![0.0; items.len()], 0.0, seed);
    Some(audit.rate(&told))
}

/// The audit rate, and beside it the prediction-powered one where it is at least as sure; `None` without an item.
///
/// What is shown is the second where there is one (rule 40). The same seed gives the same numbers.
pub fn powered_rate(all: MeanPrediction, items: &[Audited], seed: u64) -> Option<(AuditRate, Option<PoweredRate>)> {
    let audit = Audit::of(items)?;
    let alone = audit.told(&vec![0.0; items.len()], 0.0, seed);
    let lambdas = audit.lambdas(all.variance, seed);
    let lambda = audit.mean(|i| lambdas[i]);
    let with = audit.told(&lambdas, lambda * lambda * all.variance, seed);
    let rate = audit.rate(&alone);
    if lambda <= 0.0 || with.variance <= 0.0 || alone.variance <= 0.0 {
        return Some((rate, None));
    }
    let gain = alone.variance / with.variance;
    let value = (lambda * all.mean + with.mean).clamp(0.0, 1.0);
    let powered = PoweredRate {
        sure: with.interval(value, audit.kish),
        lambda,
        effective_labels: gain * items.len() as f64,
        gain,
        n: all.n,
    };
    Some((rate, (gain >= 1.0).then_some(powered)))
}

/// Audit items and their sums by group.
struct Audit<'a> {
    items: &'a [Audited],
    /// Which of the groups each item is of.
    group: Vec<usize>,
    groups: usize,
    weight: f64,
    /// Items that would be as sure if all groups were one of a kind (Kish).
    kish: f64,
}

/// A weighted mean of the items' (answer minus lambda f), and how sure it is.
struct Told {
    mean: f64,
    variance: f64,
    /// Two-sided 95 % quantile at the freedom that is left.
    quantile: f64,
}

impl Told {
    /// Wilson's at as many plain items as would have this variance; all alike: as so many equal ones.
    fn interval(&self, value: f64, kish: f64) -> Sure {
        let plain = value * (1.0 - value);
        let alike = if self.variance > 0.0 && plain > 0.0 { plain / self.variance } else { kish };
        let quantile = if self.variance > 0.0 { self.quantile } else { Z95 };
        let (lo, hi) = wilson(value, alike, quantile);
        Sure { value, lo, hi }
    }
}

impl<'a> Audit<'a> {
    fn of(items: &'a [Audited]) -> Option<Self> {
        let mut known = BTreeMap::new();
        for item in items {
            let next = known.len();
            known.entry(item.group).or_insert(next);
        }
        let group: Vec<usize> = items.iter().filter_map(|i| known.get(&i.group).copied()).collect();
        let weight: f64 = items.iter().map(|i| i.weight).sum();
        if weight <= 0.0 {
            return None;
        }
        let mut of_group = vec![0.0; known.len()];
        items.iter().zip(&group).for_each(|(i, &g)| of_group[g] += i.weight);
        let kish = weight * weight / of_group.iter().map(|w| w * w).sum::<f64>();
        Some(Self { items, group, groups: known.len(), weight, kish })
    }

    fn mean(&self, of: impl Fn(usize) -> f64) -> f64 {
        (0..self.items.len()).map(|i| self.items[i].weight * of(i)).sum::<f64>() / self.weight
    }

    /// Each item's lambda, by the groups of the other folds: what makes the variance least, groups kept together.
    fn lambdas(&self, variance_of_f: f64, seed: u64) -> Vec<f64> {
        let mut order: Vec<usize> = (0..self.groups).collect();
        Rng::part(seed, 1).shuffle(&mut order);
        let folds = FOLDS.min(self.groups);
        let mut fold = vec![0; self.groups];
        order.iter().enumerate().for_each(|(place, &g)| fold[g] = place % folds);
        let fitted: Vec<f64> = (0..folds).map(|k| self.lambda(|g| fold[g] != k, variance_of_f)).collect();
        self.group.iter().map(|&g| fitted[fold[g]]).collect()
    }

    fn lambda(&self, takes_part: impl Fn(usize) -> bool, variance_of_f: f64) -> f64 {
        let taken = || self.items.iter().zip(&self.group).filter(|(_, g)| takes_part(**g));
        let (w, y, f) = taken()
            .fold((0.0, 0.0, 0.0), |(w, y, f), (i, _)| (w + i.weight, y + i.weight * answer(i), f + i.weight * i.f));
        if w <= 0.0 {
            return 0.0;
        }
        let (y, f) = (y / w, f / w);
        let mut sums = vec![(0.0, 0.0); self.groups];
        for (i, &g) in taken() {
            sums[g].0 += i.weight * (answer(i) - y);
            sums[g].1 += i.weight * (i.f - f);
        }
        let (both, of_f) = sums.iter().fold((0.0, 0.0), |(a, b), s| (a + s.0 * s.1, b + s.1 * s.1));
        if of_f <= SAME * w * w {
            return 0.0;
        }
        (both / (of_f + variance_of_f * self.weight * w)).clamp(0.0, 1.0)
    }

    fn told(&self, lambdas: &[f64], more: f64, seed: u64) -> Told {
        let left = |i: usize| answer(&self.items[i]) - lambdas[i] * self.items[i].f;
        let mean = self.mean(left);
        let mut sums = vec![(0.0, 0.0); self.groups];
        for (i, &g) in self.group.iter().enumerate() {
            sums[g].0 += self.items[i].weight * left(i);
            sums[g].1 += self.items[i].weight;
        }
        let off: Vec<f64> = sums.iter().map(|s| (s.0 - mean * s.1).powi(2)).collect();
        let (spread, fourth) = off.iter().fold((0.0, 0.0), |(a, b), d| (a + d, b + d * d));
        if self.groups < 2 || spread <= f64::EPSILON {
            return Told { mean, variance: 0.0, quantile: Z95 };
        }
        let variance = bessel(self.groups) * bootstrapped(&sums, seed) + more;
        Told { mean, variance, quantile: student(spread * spread / fourth) }
    }

    fn rate(&self, told: &Told) -> AuditRate {
        let yes = self.items.iter().filter(|i| i.yes).count() as u64;
        let value = told.mean.clamp(0.0, 1.0);
        let sure = told.interval(value, self.kish);
        AuditRate { sure, m: self.items.len() as u64, yes, groups: self.groups as u64 }
    }
}

/// The variance of a ratio of sums over groups when the groups are drawn again and again.
fn bootstrapped(sums: &[(f64, f64)], seed: u64) -> f64 {
    let mut rng = Rng::part(seed, 2);
    let (mut sum, mut squares) = (0.0, 0.0);
    for _ in 0..RESAMPLES {
        let (num, den) = (0..sums.len()).fold((0.0, 0.0), |(a, b), _| {
            let (num, den) = sums[rng.below(sums.len())];
            (a + num, b + den)
        });
        let mean = num / den;
        sum += mean;
        squares += mean * mean;
    }
    let n = RESAMPLES as f64;
    ((squares - sum * sum / n) / (n - 1.0)).max(0.0)
}

/// A bootstrap of n groups knows their mean: what it finds is too small by this.
fn bessel(n: usize) -> f64 {
    n as f64 / (n as f64 - 1.0)
}

fn answer(item: &Audited) -> f64 {
    f64::from(u8::from(item.yes))
}
