//! How much more is resolved with an answer than without: over all, and within what was asked.

use super::arms::rows_of;
use super::facts::Facts;
use super::figure::Strata;
use crate::domain::{Difference, Rate, Stratum, within_strata};
use crate::store::answers::book::BookedAnswer;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Totals of the strata.
pub(super) struct Differences<'a> {
    facts: &'a Facts,
    /// Resolved, all.
    totals: FxHashMap<u32, (u64, u64)>,
}

impl<'a> Differences<'a> {
    /// One pass over all conversations.
    pub fn new(facts: &'a Facts) -> Self {
        let mut totals: FxHashMap<u32, (u64, u64)> = FxHashMap::default();
        for fact in facts.in_period() {
            let total = totals.entry(fact.stratum).or_default();
            *total = (total.0 + u64::from(fact.outcome == 1), total.1 + 1);
        }
        Self { facts, totals }
    }

    /// Resolution with an answer minus without: pooled, and within strata. `None` where there is nothing to compare with.
    pub fn of(&self, answer: &BookedAnswer) -> (Option<Difference>, Option<Difference>) {
        let mut with: BTreeMap<u32, (u64, u64)> = BTreeMap::new();
        for fact in rows_of(answer).into_iter().filter_map(|row| self.facts.of(row)).filter(|f| f.is_in) {
            let counts = with.entry(fact.stratum).or_default();
            *counts = (counts.0 + u64::from(fact.outcome == 1), counts.1 + 1);
        }
        let sum = |(a, b): (u64, u64), (c, d): (u64, u64)| (a + c, b + d);
        let all = self.totals.values().copied().fold((0, 0), sum);
        let has = with.values().copied().fold((0, 0), sum);
        let pooled = Difference::between(Rate::new(all.0 - has.0, all.1 - has.1), Rate::new(has.0, has.1));
        let strata = with.iter().map(|(stratum, &(with_yes, with))| {
            let total = self.totals.get(stratum).copied().unwrap_or_default();
            Stratum { with_yes, with, without_yes: total.0 - with_yes, without: total.1 - with }
        });
        let within = (self.facts.strata != Strata::None).then(|| within_strata(strata)).flatten();
        (pooled.filter(|_| has.1 > 0 && has.1 < all.1), within)
    }
}
