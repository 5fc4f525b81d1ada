//! How much more is resolved with an answer than without: over all, within what was asked in one language, and of one line within the
//! languages of its conversations.

use super::arms::{Arm, rows_of};
use super::facts::Facts;
use super::figure::{ENOUGH, Strata};
use crate::domain::{Difference, Rate, Stratum, WeighedCount, within_strata};
use crate::store::answers::book::BookedAnswer;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// A difference within strata.
#[derive(Clone, Copy)]
pub(super) struct Compared {
    pub difference: Difference,
    /// Resolved, of all, of the others in those strata.
    pub others: Rate,
}

/// Totals of the strata.
pub(super) struct Differences<'a> {
    facts: &'a Facts,
    /// Resolved, of all, by stratum and language.
    totals: FxHashMap<(u32, u32), WeighedCount>,
    /// The same by intent and language.
    spoken: FxHashMap<(u32, u32), WeighedCount>,
    all: WeighedCount,
}

impl<'a> Differences<'a> {
    /// One pass over all conversations.
    pub fn new(facts: &'a Facts) -> Self {
        let mut totals: FxHashMap<(u32, u32), WeighedCount> = FxHashMap::default();
        let mut spoken: FxHashMap<(u32, u32), WeighedCount> = FxHashMap::default();
        let mut all = WeighedCount::default();
        for fact in facts.in_period() {
            totals.entry((fact.stratum, fact.tongue)).or_default().add(fact.weight, fact.outcome == 1);
            spoken.entry((fact.intent, fact.tongue)).or_default().add(fact.weight, fact.outcome == 1);
            all.add(fact.weight, fact.outcome == 1);
        }
        Self { facts, totals, spoken, all }
    }

    /// Resolution of an arm's conversations minus that of the others to its intent, within languages: what is said to nobody who writes as
    /// these do is no other answer. Both must be enough.
    pub fn beside(&self, arm: &Arm) -> Option<Compared> {
        within(arm.tongues.iter().map(|(tongue, with)| {
            let all = self.spoken.get(&(arm.intent, *tongue)).copied().unwrap_or_default();
            (*with, all.without(with))
        }))
    }

    /// Resolution with an answer minus without: pooled, and within strata and languages. `None` where either side of what is compared is not enough.
    pub fn of(&self, answer: &BookedAnswer) -> (Option<Difference>, Option<Compared>) {
        let mut with: BTreeMap<(u32, u32), WeighedCount> = BTreeMap::new();
        let mut has = WeighedCount::default();
        for fact in rows_of(answer).filter_map(|row| self.facts.of(row)).filter(|f| f.is_in) {
            with.entry((fact.stratum, fact.tongue)).or_default().add(fact.weight, fact.outcome == 1);
            has.add(fact.weight, fact.outcome == 1);
        }
        let others = self.all.without(&has);
        let pooled = Difference::between(others.rate(), has.rate()).filter(|_| is_enough(&has) && is_enough(&others));
        let both = with.iter().map(|(stratum, with)| {
            let without = self.totals.get(stratum).copied().unwrap_or_default().without(with);
            (*with, without)
        });
        let is_told = self.facts.strata != Strata::None;
        (pooled, is_told.then(|| within(both)).flatten())
    }
}

/// The difference of what is with and without, within strata. `None` where either side of those that have both is not enough.
fn within(strata: impl Iterator<Item = (WeighedCount, WeighedCount)>) -> Option<Compared> {
    let both: Vec<(WeighedCount, WeighedCount)> = strata.filter(|(a, b)| a.rows > 0 && b.rows > 0).collect();
    let is_enough_of = |side: fn(&(WeighedCount, WeighedCount)) -> &WeighedCount| {
        let rows = both.iter().map(|pair| side(pair).rows).sum::<u64>();
        rows >= ENOUGH && both.iter().map(|pair| side(pair).worth()).sum::<f64>() >= ENOUGH as f64
    };
    let is_told = is_enough_of(|pair| &pair.0) && is_enough_of(|pair| &pair.1);
    let others = both.iter().fold(WeighedCount::default(), |sum, (_, without)| sum.and(without)).rate();
    let strata = both.iter().map(|(with, without)| {
        let ((with_yes, with), (without_yes, without)) = (with.plain(), without.plain());
        Stratum { with_yes, with, without_yes, without }
    });
    let difference = is_told.then(|| within_strata(strata)).flatten()?;
    Some(Compared { difference, others })
}

/// There are 30 rows or more, and they are worth as many.
fn is_enough(count: &WeighedCount) -> bool {
    count.rows >= ENOUGH && count.worth() >= ENOUGH as f64
}
