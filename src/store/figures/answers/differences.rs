//! How much more is resolved with an answer than without: over all, and within what was asked.

use super::arms::{Arm, rows_of};
use super::facts::Facts;
use super::figure::{ENOUGH, Strata};
use crate::domain::{Difference, Stratum, WeighedCount, within_strata};
use crate::store::answers::book::BookedAnswer;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Totals of the strata.
pub(super) struct Differences<'a> {
    facts: &'a Facts,
    /// Resolved, of all.
    totals: FxHashMap<u32, WeighedCount>,
    all: WeighedCount,
}

impl<'a> Differences<'a> {
    /// One pass over all conversations.
    pub fn new(facts: &'a Facts) -> Self {
        let mut totals: FxHashMap<u32, WeighedCount> = FxHashMap::default();
        let mut all = WeighedCount::default();
        for fact in facts.in_period() {
            totals.entry(fact.stratum).or_default().add(fact.weight, fact.outcome == 1);
            all.add(fact.weight, fact.outcome == 1);
        }
        Self { facts, totals, all }
    }

    /// Resolution of an arm's conversations minus that of the others to its intent; where the log names none, of all others. Both must be
    /// enough.
    pub fn beside(&self, arm: &Arm) -> Option<Difference> {
        let all = match self.facts.strata {
            Strata::Intents => self.totals.get(&arm.intent)?,
            Strata::Tags | Strata::None => &self.all,
        };
        let others = all.without(&arm.helped);
        let is_enough = arm.is_enough() && others.rows >= ENOUGH && others.worth() >= ENOUGH as f64;
        if is_enough { Difference::between(others.rate(), arm.helped.rate()) } else { None }
    }

    /// Resolution with an answer minus without: pooled, and within strata. `None` where there is nothing to compare with.
    pub fn of(&self, answer: &BookedAnswer) -> (Option<Difference>, Option<Difference>) {
        let mut with: BTreeMap<u32, WeighedCount> = BTreeMap::new();
        let mut has = WeighedCount::default();
        for fact in rows_of(answer).filter_map(|row| self.facts.of(row)).filter(|f| f.is_in) {
            with.entry(fact.stratum).or_default().add(fact.weight, fact.outcome == 1);
            has.add(fact.weight, fact.outcome == 1);
        }
        let pooled = Difference::between(self.all.without(&has).rate(), has.rate());
        let strata = with.iter().map(|(stratum, with)| {
            let without = self.totals.get(stratum).copied().unwrap_or_default().without(with);
            let ((with_yes, with), (without_yes, without)) = (with.plain(), without.plain());
            Stratum { with_yes, with, without_yes, without }
        });
        let within = (self.facts.strata != Strata::None).then(|| within_strata(strata)).flatten();
        (pooled.filter(|_| has.rows > 0 && has.rows < self.all.rows), within)
    }
}
