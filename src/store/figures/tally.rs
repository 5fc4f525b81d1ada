//! Counts, and the rates that follow from them. What was counted whole and what stands for more of its kind are kept apart.

use super::segments::{Outcomes, Segment};
use crate::domain::Rate;
use crate::domain::measure::weighted::{estimate, worth};
use std::collections::BTreeMap;

/// Counts, or sums of weights.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::store::figures) struct WeightTally {
    /// Resolved, escalated, failed, abandoned.
    pub outcomes: [f64; 4],
    pub confirmed: f64,
    pub assumed: f64,
    pub rated: f64,
    pub satisfied: f64,
    pub unknown: f64,
    pub pending: f64,
    pub turns: f64,
    pub fallbacks: f64,
}

impl WeightTally {
    pub fn add(&mut self, other: &Self) {
        self.outcomes.iter_mut().zip(other.outcomes).for_each(|(a, b)| *a += b);
        self.confirmed += other.confirmed;
        self.assumed += other.assumed;
        self.rated += other.rated;
        self.satisfied += other.satisfied;
        self.unknown += other.unknown;
        self.pending += other.pending;
        self.turns += other.turns;
        self.fallbacks += other.fallbacks;
    }

    /// The same without what is told of more than the finished ones.
    pub fn finished(self) -> Self {
        Self { unknown: 0.0, pending: 0.0, turns: 0.0, fallbacks: 0.0, ..self }
    }

    /// Adds what [`Self::finished`] leaves out.
    pub fn add_rest(&mut self, other: &Self) {
        self.unknown += other.unknown;
        self.pending += other.pending;
        self.turns += other.turns;
        self.fallbacks += other.fallbacks;
    }

    /// Finished conversations.
    pub fn n(&self) -> f64 {
        self.outcomes.iter().sum()
    }
}

/// A rate: numerator and denominator of a tally.
type Parts = fn(&WeightTally) -> (f64, f64);

/// The rates that every segment has.
const RATES: [(&str, Parts); 9] = [
    ("resolution", |t| (t.outcomes[0], t.n())),
    ("resolution_confirmed", |t| (t.confirmed, t.n())),
    ("resolution_assumed", |t| (t.assumed, t.n())),
    ("escalation", |t| (t.outcomes[1], t.n())),
    ("containment", |t| (t.n() - t.outcomes[1], t.n())),
    ("failure", |t| (t.outcomes[2], t.n())),
    ("abandonment", |t| (t.outcomes[3], t.n())),
    ("csat", |t| (t.satisfied, t.rated)),
    ("csat_response", |t| (t.rated, t.n())),
];
/// Those of them that say how conversations ended: where only one kind of end is told there are none.
pub(in crate::store::figures) const OF_ENDS: [&str; 7] =
    ["resolution", "resolution_confirmed", "resolution_assumed", "escalation", "containment", "failure", "abandonment"];
/// Those that only the whole has.
const OF_ALL: [(&str, Parts); 2] =
    [("fallback", |t| (t.fallbacks, t.turns)), ("unknown", |t| (t.unknown, t.n() + t.unknown))];

/// What was counted whole, and by group what was drawn, weighted.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::store::figures) struct CountedGroups {
    pub whole: WeightTally,
    /// In an order that is always the same: sums of fractions depend on it.
    pub drawn: BTreeMap<i64, WeightTally>,
}

impl CountedGroups {
    /// The tally of a group that was drawn; of what was counted whole without one.
    pub fn of(&mut self, group: Option<i64>) -> &mut WeightTally {
        match group {
            Some(group) => self.drawn.entry(group).or_default(),
            None => &mut self.whole,
        }
    }

    pub fn add(&mut self, other: &Self) {
        self.whole.add(&other.whole);
        other.drawn.iter().for_each(|(group, tally)| self.drawn.entry(*group).or_default().add(tally));
    }

    /// A sum over all of it, rounded.
    pub fn sum(&self, of: impl Fn(&WeightTally) -> f64) -> u64 {
        (of(&self.whole) + self.drawn.values().map(of).sum::<f64>()).round() as u64
    }

    /// A rate with its interval.
    pub fn rate(&self, parts: impl Fn(&WeightTally) -> (f64, f64) + Copy) -> Rate {
        let (num, den) = parts(&self.whole);
        estimate((num as u64, den as u64), self.drawn.values().map(parts))
    }

    /// The share of its conversations that the least sure of its rates is worth; `None` where each stands for itself.
    pub fn worth(&self) -> Option<f64> {
        let of = |(_, parts): &(&str, Parts)| {
            let (num, den) = parts(&self.whole);
            worth((num as u64, den as u64), self.drawn.values().map(parts))
        };
        (!self.drawn.is_empty()).then(|| RATES.iter().map(of).fold(1.0, f64::min))
    }

    /// The figures of a segment.
    pub fn segment(&self, name: String) -> Segment {
        let [resolved, escalated, failed, abandoned] = [0, 1, 2, 3].map(|i| self.sum(|t| t.outcomes[i]));
        Segment {
            name,
            n: self.sum(WeightTally::n),
            outcomes: Outcomes { resolved, escalated, failed, abandoned },
            rates: RATES.iter().map(|(name, parts)| (*name, self.rate(parts))).collect(),
        }
    }

    /// The figures of everything together.
    pub fn total(&self) -> Segment {
        let mut all = self.segment(String::new());
        all.rates.extend(OF_ALL.iter().map(|(name, parts)| (*name, self.rate(parts))));
        all
    }
}
