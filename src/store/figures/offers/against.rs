//! One offer's conversations against each other and against those of the other offers: where it is taken more often, and what speaks
//! against its place.

use super::cells::{OfferCell, OfferCells};
use crate::domain::query::quoted_name;
use crate::domain::{Difference, GroupedCount, Rate, RateMovement, Stratum, within_strata};
use crate::learn::judge::stats::{holm, two_sided};
use crate::text::language::GREEK_IN_LATIN;
use std::collections::BTreeMap;

/// Below this many answers nothing is compared (rule 24).
pub(super) const FEWEST: u64 = 30;
/// Normal quantiles of a two-sided test at .05, and of power .8.
const Z: (f64, f64) = (1.96, 0.84);
/// What a conversation is: filters, and how they are called.
const PROPERTIES: [(&str, &str); 3] = [("channel", "channel"), ("lang", "language"), ("intent", "intent")];

/// Where an offer is taken more often than elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub enum MoreOften {
    /// In conversations of this property, corrected for many looks.
    Where {
        /// `channel web`.
        what: String,
        /// Accepted there, of the answered.
        rate: Rate,
        /// The same of its other answers.
        elsewhere: Rate,
        /// Finds those that accepted there.
        query: String,
    },
    /// Nobody can tell; so many more answers would tell whether the largest difference is one.
    CannotTell(u64),
    /// There is nothing to compare, or too few answers.
    Nothing,
}

/// A part of an offer's conversations against all others of it.
struct Look<'a> {
    key: &'static str,
    value: &'a str,
    here: Rate,
    elsewhere: Rate,
    /// The difference in its standard errors, by customer.
    z: f64,
    /// Answers of both.
    rows: u64,
}

/// Where each of some offers is taken more often; corrected for the looks at all of them.
pub(super) fn more_often(offers: &[(&str, &OfferCells)]) -> Vec<MoreOften> {
    let looks: Vec<Vec<Look<'_>>> = offers.iter().map(|(_, cells)| looks_at(cells)).collect();
    let p: Vec<f64> = looks.iter().flatten().map(|look| two_sided(look.z)).collect();
    let mut corrected = holm(&p).into_iter();
    let told = |((name, cells), looks): (&(&str, &OfferCells), &Vec<Look<'_>>)| {
        let p: Vec<f64> = corrected.by_ref().take(looks.len()).collect();
        of_offer(name, &cells.whole, looks, &p)
    };
    offers.iter().zip(&looks).map(told).collect()
}

fn looks_at(cells: &OfferCells) -> Vec<Look<'_>> {
    let whole = &cells.whole.answered;
    let mut out = Vec::new();
    for ((key, value), cell) in &cells.parts {
        let (here, elsewhere) = (&cell.answered, whole.without(&cell.answered));
        if here.rows() >= FEWEST && elsewhere.rows() >= FEWEST {
            let (z, rows) = (here.apart(&elsewhere), whole.rows());
            out.push(Look { key, value, here: here.rate(), elsewhere: elsewhere.rate(), z, rows });
        }
    }
    out
}

fn of_offer(name: &str, whole: &OfferCell, looks: &[Look<'_>], corrected: &[f64]) -> MoreOften {
    let all = whole.answered.rate();
    let size = |look: &Look<'_>| look.here.value().unwrap_or(0.0) - look.elsewhere.value().unwrap_or(0.0);
    let best = looks
        .iter()
        .zip(corrected)
        .filter(|(l, p)| **p < 0.05 && Difference::between(l.elsewhere, l.here).is_some_and(|d| d.lo > 0.0))
        .map(|(look, _)| look)
        .max_by(|a, b| size(a).total_cmp(&size(b)));
    // Where it is taken more often, not less.
    let largest = looks.iter().filter(|look| look.z > 0.0).max_by(|a, b| a.z.total_cmp(&b.z));
    let answers = whole.answered.rows();
    match (best, largest) {
        (Some(look), _) => MoreOften::Where {
            what: format!("{} {}", called(look.key), look.value),
            rate: look.here,
            elsewhere: look.elsewhere,
            query: query("accepted", name, Some((look.key, look.value))),
        },
        (None, Some(look)) => MoreOften::CannotTell(needed(look, looks.len())),
        // Where all were taken, or none, nobody takes it more often, however many more come.
        (None, None) if all.num == 0 || all.num == all.den => MoreOften::Nothing,
        (None, None) if answers < 2 * FEWEST => MoreOften::CannotTell(2 * FEWEST - answers),
        (None, None) => MoreOften::Nothing,
    }
}

/// How many more answers, of customers like these, would tell, four times in five, whether a difference as large as this one is there.
fn needed(look: &Look<'_>, looks: usize) -> u64 {
    // Of several looks each must tell more (a bound on the normal quantile of .05 divided by them).
    let told = Z.0.max((2.0 * (looks as f64 / 0.05).ln()).sqrt() - 0.45);
    let times = if look.z > 0.0 { ((told + Z.1) / look.z).powi(2) } else { f64::INFINITY };
    let more = (look.rows as f64 * (times - 1.0)).clamp(1.0, 1e6);
    // Two digits: it is an estimate.
    let step = 10f64.powf((more.log10() - 1.0).floor().max(0.0));
    ((more / step).ceil() * step) as u64
}

/// Answers of all offers: a yes and all, as many as they are worth.
#[derive(Default)]
pub(super) struct AllOffers<'a> {
    whole: (f64, f64),
    parts: BTreeMap<(&'static str, &'a str), (f64, f64)>,
    /// The same as they were counted.
    counted: BTreeMap<(&'static str, &'a str), (u64, u64)>,
}

impl<'a> AllOffers<'a> {
    pub fn of(offers: impl Iterator<Item = &'a OfferCells>) -> Self {
        let mut all = Self::default();
        let add = |sum: &mut (f64, f64), count: &GroupedCount| {
            let (yes, n) = count.plain();
            *sum = (sum.0 + yes, sum.1 + n);
        };
        for cells in offers {
            add(&mut all.whole, &cells.whole.answered);
            for ((key, value), cell) in &cells.parts {
                add(all.parts.entry((key, value)).or_default(), &cell.answered);
                let (rate, counted) = (cell.answered.rate(), all.counted.entry((key, value)).or_default());
                *counted = (counted.0 + rate.num, counted.1 + rate.den);
            }
        }
        all
    }

    /// What is called by the name that is given back tells the offer apart from the others the other way round than all conversations do, and
    /// is sure to: who was offered it decides its place, not the offer. `None`: nothing does.
    pub fn reversed(&self, cells: &OfferCells) -> Option<&'static str> {
        let beside = |(yes, n): (f64, f64), (all_yes, all): (f64, f64)| Stratum {
            with_yes: yes,
            with: n,
            without_yes: (all_yes - yes).max(0.0),
            without: (all - n).max(0.0),
        };
        let pooled = within_strata([beside(cells.whole.answered.plain(), self.whole)])?;
        let is_reversed = |key: &str| {
            // Greek in Latin letters is among Greek.
            let of_key = cells.parts.iter().filter(|((k, v), _)| *k == key && !v.eq_ignore_ascii_case(GREEK_IN_LATIN));
            let strata = of_key.map(|((k, v), cell)| {
                beside(cell.answered.plain(), self.parts.get(&(*k, v.as_str())).copied().unwrap_or_default())
            });
            let strata: Vec<Stratum> = strata.filter(|s| s.with > 0.0 && s.without > 0.0).collect();
            let sum = |of: fn(&Stratum) -> f64| strata.iter().map(of).sum::<f64>();
            let enough = sum(|s| s.with) >= FEWEST as f64 && sum(|s| s.without) >= FEWEST as f64;
            let within = within_strata(strata.iter().copied()).filter(|_| enough);
            within.is_some_and(|d| d.delta * pooled.delta < 0.0 && d.moved() != RateMovement::CannotTell)
                && self.in_each(cells, key, pooled.delta)
        };
        PROPERTIES.iter().find(|(key, _)| is_reversed(key)).map(|(_, called)| *called)
    }
}

impl AllOffers<'_> {
    /// Whether in each part that has enough of both it is the other way round than `pooled`.
    fn in_each(&self, cells: &OfferCells, key: &str, pooled: f64) -> bool {
        let parts = cells.parts.iter().filter(|((k, v), _)| *k == key && !v.eq_ignore_ascii_case(GREEK_IN_LATIN));
        let apart = |((k, v), cell): (&(&'static str, String), &OfferCell)| {
            let (here, all) = (cell.answered.rate(), self.counted.get(&(*k, v.as_str())).copied().unwrap_or_default());
            let others = Rate::new(all.0.saturating_sub(here.num), all.1.saturating_sub(here.den));
            let enough = here.den.min(others.den) >= FEWEST;
            enough.then(|| here.value().unwrap_or(0.0) - others.value().unwrap_or(0.0))
        };
        let mut differences = parts.filter_map(apart).peekable();
        differences.peek().is_some() && differences.all(|d| d * pooled < 0.0)
    }
}

/// What a filter is called.
fn called(key: &'static str) -> &'static str {
    PROPERTIES.iter().find(|(k, _)| *k == key).map_or(key, |(_, called)| called)
}

/// What finds the conversations of an offer that are `what`: offered, accepted.
pub(super) fn query(what: &str, name: &str, part: Option<(&str, &str)>) -> String {
    let part = part.map_or(String::new(), |(key, value)| format!(" {key}:{}", quoted_name(value)));
    format!("{what}:{}{part} test:shown", quoted_name(name))
}
