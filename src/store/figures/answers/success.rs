//! What says that all is done: everybody who hears it was helped, and nobody else.

use super::arms::rows_of;
use super::facts::Facts;
use super::figure::ENOUGH;
use crate::store::answers::book::{AnswerBook, BookedAnswer};
use std::collections::{BTreeMap, BTreeSet};

/// Between the acts of one action: a turn may thank and tell of success at once.
const AND: char = '+';

/// What an answer does: the acts that its action's name is made of, else itself.
pub(super) fn acts_of(answer: &BookedAnswer) -> impl Iterator<Item = &str> {
    answer.key.split(move |c| answer.is_action && c == AND)
}

/// The acts that go with every success and with nothing else, over all intents and places: in a small part of a log everybody may be helped
/// by anything. An act is looked for in all answers that hold it.
pub(super) fn acts_of_success<'a>(book: &'a AnswerBook, facts: &Facts) -> BTreeSet<&'a str> {
    // `None`: somebody who heard it was not helped.
    let mut helped: BTreeMap<&str, Option<Vec<u32>>> = BTreeMap::new();
    for answer in &book.answers {
        let heard = rows_of(answer).filter_map(|row| Some((row, facts.of(row)?))).filter(|(_, fact)| fact.is_in);
        let rows: Option<Vec<u32>> = heard.map(|(row, fact)| (fact.outcome == 1).then_some(row)).collect();
        for act in acts_of(answer) {
            let all = helped.entry(act).or_insert_with(|| Some(Vec::new()));
            *all = all.take().zip(rows.as_deref()).map(|(mut all, rows)| {
                all.extend(rows);
                all
            });
        }
    }
    let is_every_success = |mut rows: Vec<u32>| {
        rows.sort_unstable();
        rows.dedup();
        let n = rows.len() as u64;
        n >= ENOUGH && facts.n.saturating_sub(n) >= ENOUGH && n == facts.resolved
    };
    helped
        .into_iter()
        .filter_map(|(act, rows)| rows.filter(|rows| !rows.is_empty()).is_some_and(is_every_success).then_some(act))
        .collect()
}
