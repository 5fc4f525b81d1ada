//! What those asked for to whom an answer was given that is none: what is to be written first.

use super::arms::{Arm, rows_of};
use super::figure::UnansweredIntent;
use super::{Counting, intent_name};
use crate::domain::query::quoted_name;
use crate::store::IntentNames;
use std::collections::{BTreeMap, BTreeSet};

/// How conversations about an intent ended: counts, and what they stand for (rule 52).
#[derive(Default)]
struct Ends {
    n: [u64; 4],
    weight: [f64; 4],
}

impl Counting<'_> {
    /// By intent who heard an answer that is none, those first of whom most were not helped. What only follows an answer is not written anew.
    pub(super) fn unanswered(&self, non_answers: &[Arm], names: &IntentNames) -> Vec<UnansweredIntent> {
        let said: BTreeSet<usize> = non_answers.iter().filter(|arm| !arm.follows()).map(|arm| arm.answer).collect();
        let said: Vec<_> = said.into_iter().map(|at| &self.book.answers[at]).collect();
        let heard: BTreeSet<u32> = said.iter().flat_map(|answer| rows_of(answer)).collect();
        let mut by_intent: BTreeMap<u32, Ends> = BTreeMap::new();
        for fact in heard.into_iter().filter_map(|row| self.facts.of(row)).filter(|fact| fact.is_in) {
            let (ends, end) = (by_intent.entry(fact.intent).or_default(), usize::from(fact.outcome) - 1);
            ends.n[end] += 1;
            ends.weight[end] += fact.weight;
        }
        let keys = said.iter().map(|answer| quoted_name(&answer.key)).collect::<Vec<_>>().join(",");
        let told = |(intent, ends): (u32, Ends)| {
            let intent = intent_name(intent, names);
            let (n, stands_for) = (ends.n.iter().sum::<u64>(), ends.weight.iter().sum::<f64>());
            let of = quoted_name(&intent);
            UnansweredIntent {
                n,
                not_helped: n - ends.n[0],
                shares: ends.weight.map(|weight| weight / stands_for),
                query: format!("answer:{keys} intent:{of} is:counted{} test:shown", self.period),
                intent,
            }
        };
        let mut out: Vec<UnansweredIntent> = by_intent.into_iter().map(told).collect();
        out.sort_by(|a, b| b.not_helped.cmp(&a.not_helped).then_with(|| a.intent.cmp(&b.intent)));
        out
    }
}
