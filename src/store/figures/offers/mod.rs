//! What became of what was offered: conversations, by the offer's name and one more property.

pub(in crate::store) mod against;
mod cells;
#[cfg(test)]
mod tests;

use self::against::{AllOffers, FEWEST, MoreOften, more_often, query};
use self::cells::{OfferCell, OfferCells};
use crate::domain::{OffersBy, Rate};
use crate::store::{Result, Store};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Of what has fewer answers so many lines are told, those with the most: the others are one sum, since a log may name thousands.
const UNRANKED: usize = 20;

/// A row: conversations in which something was offered. Of a sampled log each counts as many as it stands for (rule 52).
#[derive(Clone, Debug, PartialEq)]
pub struct OfferLine {
    /// What was offered. Hostile.
    pub name: String,
    /// The property that it is told apart by: `web`. Hostile.
    pub part: Option<String>,
    /// Conversations in which it was offered.
    pub shown: u64,
    /// ...and accepted, of the answered; as sure as its customers let it be.
    pub accepted: Rate,
    /// ...declined.
    pub declined: u64,
    /// ...ignored.
    pub ignored: u64,
    /// ...of which the log says no end: in no rate.
    pub open: u64,
    /// Stored conversations in which it was offered: `query` finds these.
    pub stored: u64,
    /// ...and offered more than once: the best answer counts.
    pub repeated: u64,
    /// Stored conversations in which it was answered.
    pub answered: u64,
    /// Customers of these, ...
    pub customers: u64,
    /// ...and how many are of the customer who has the most.
    pub most_of_one: u64,
    /// Finds those in which it was offered.
    pub query: String,
    /// Who takes it more often.
    pub more: MoreOften,
    /// Beside the others it stands the other way round, surely, within each of these: `channel`.
    pub reversed: Option<&'static str>,
}

impl OfferLine {
    /// Whether it has a place among others: from 30 answers on (rule 24).
    pub const fn is_ranked(&self) -> bool {
        self.answered >= FEWEST
    }

    /// Its customers are far fewer than its answers, or one of them has many.
    pub const fn is_of_few(&self) -> bool {
        2 * self.customers <= self.answered || (self.most_of_one > 1 && self.most_of_one * 5 >= self.answered)
    }
}

/// What is offered too seldom for a line of its own, together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OtherOffers {
    /// Lines that are not told.
    pub lines: u64,
    /// Conversations in which one of them was offered, one counted for each.
    pub shown: u64,
    /// ...and accepted, of the answered.
    pub accepted: Rate,
}

/// An offer, the property that it is told apart by, and what became of it.
type OfferRow<'a> = (&'a str, Option<(&'static str, &'a str)>, &'a OfferCell);

impl Store {
    /// One row an offer, or an offer and a property, and what is told of the others together. Reads every offer once. The first has the
    /// highest lower end; below those that are ranked stand the others, first those with the most answers. Told apart by a property, each value's stand together, first
    /// those of the value that has the first of all, then by answers.
    pub(in crate::store::figures) fn offer_lines(&self, by: OffersBy) -> Result<(Vec<OfferLine>, OtherOffers)> {
        let offers = self.offer_cells()?;
        let mut rows: Vec<OfferRow<'_>> = Vec::new();
        for (name, cells) in &offers {
            match by.key() {
                None => rows.push((name.as_str(), None, &cells.whole)),
                Some(key) => {
                    let parts = cells.parts.iter().filter(|((k, _), _)| *k == key);
                    rows.extend(parts.map(|((_, value), cell)| (name.as_str(), Some((key, value.as_str())), cell)));
                }
            }
        }
        let (told, others) = told_apart(rows);
        let mut lines: Vec<OfferLine> = told.into_iter().map(line).collect();
        if by == OffersBy::Offer {
            compare(&mut lines, &offers);
        }
        let sure = |l: &OfferLine| if l.is_ranked() { l.accepted.lo } else { -1.0 };
        let mut of_part: BTreeMap<Option<String>, (f64, u64)> = BTreeMap::new();
        for row in &lines {
            let (first, answers) = of_part.entry(row.part.clone()).or_insert((-1.0, 0));
            (*first, *answers) = (first.max(sure(row)), *answers + row.answered);
        }
        lines.sort_by(|a, b| {
            let [(first, answers), (other_first, other_answers)] =
                [a, b].map(|l| of_part.get(&l.part).copied().unwrap_or_default());
            let parts = other_first.total_cmp(&first);
            let parts = parts.then_with(|| (other_answers, &a.part).cmp(&(answers, &b.part)));
            let few = |l: &OfferLine| Reverse(if l.is_ranked() { 0 } else { l.answered });
            let ranks = parts.then_with(|| sure(b).total_cmp(&sure(a)));
            ranks.then_with(|| (few(a), &a.name).cmp(&(few(b), &b.name)))
        });
        Ok((lines, others))
    }
}

/// What offers are beside themselves and each other.
fn compare(lines: &mut [OfferLine], offers: &BTreeMap<String, OfferCells>) {
    let names: Vec<String> = lines.iter().map(|row| row.name.clone()).collect();
    let of: Vec<(&str, &OfferCells)> =
        names.iter().filter_map(|name| Some((name.as_str(), offers.get(name)?))).collect();
    let all = AllOffers::of(offers.values());
    for ((row, more), (_, cells)) in lines.iter_mut().zip(more_often(&of)).zip(&of) {
        row.more = more;
        row.reversed = row.is_ranked().then(|| all.reversed(cells)).flatten();
    }
}

/// The rows that get a line: all that are ranked, and of the others those with the most answers.
fn told_apart(rows: Vec<OfferRow<'_>>) -> (Vec<OfferRow<'_>>, OtherOffers) {
    let answers = |row: &OfferRow<'_>| row.2.answered.rows();
    let (mut told, mut few): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| answers(row) >= FEWEST);
    few.sort_by_key(|row| Reverse((answers(row), row.2.stored)));
    let rest = few.split_off(few.len().min(UNRANKED));
    told.append(&mut few);
    let mut sum = OfferCell::default();
    rest.iter().for_each(|row| sum.add_all(row.2));
    let [shown, ..] = counted(&sum);
    (told, OtherOffers { lines: rest.len() as u64, shown, accepted: sum.answered.rate() })
}

/// Shown, declined, ignored and open, in whole conversations.
fn counted(cell: &OfferCell) -> [u64; 4] {
    let [_, declined, ignored, open] = cell.ends;
    [cell.ends.iter().sum(), declined, ignored, open].map(|n: f64| n.round() as u64)
}

fn line((name, part, cell): OfferRow<'_>) -> OfferLine {
    let [shown, declined, ignored, open] = counted(cell);
    OfferLine {
        name: name.to_owned(),
        part: part.map(|p| p.1.to_owned()),
        shown,
        accepted: cell.answered.rate(),
        declined,
        ignored,
        open,
        stored: cell.stored,
        repeated: cell.repeated,
        answered: cell.answered.rows(),
        customers: cell.answered.groups(),
        most_of_one: cell.answered.most(),
        query: query("offered", name, part),
        more: MoreOften::Nothing,
        reversed: None,
    }
}
