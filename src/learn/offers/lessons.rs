//! What a question leaves out, as the offers have it that were learnt from.
//!
//! What is not told is no evidence. A model's weights are learnt from offers of which everything is told, so a question that leaves
//! out what is the same in all of them would lose what those weights say. So it is asked in each way that lessons have it, and the
//! mean is told (partial dependence: Friedman 2001), of lessons that are most like it above all.

use super::example::{NO_WORD, OfferExample, OfferFeatures};
use crate::base::rng::mix;
use std::collections::BTreeMap;

/// Lessons that are drawn at most.
const DRAWN: usize = 1_000;
/// Of what a lesson counts, so much is left for each word in which it differs from what is asked; another offer is twice as far.
pub(super) const APART: f64 = 1.0 / 30.0;
/// Ways to ask that are looked at: those that count most.
pub(super) const WAYS: usize = 100;
/// Where so large a part of the lessons have no word of a kind, having none tells as much as a word does.
pub(super) const OFTEN: f64 = 0.1;

/// Lessons that tell all that was known of an offer, a draw from them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Lessons {
    /// The words of each by kind, every combination once, with what all lessons that have it weigh.
    combinations: Vec<(Vec<u64>, f64)>,
}

impl Lessons {
    /// A draw from lessons that has nothing to do with their order.
    pub fn drawn(examples: &[OfferExample]) -> Self {
        let whole = |e: &&OfferExample| !e.features.by_kind.is_empty();
        let mut drawn: Vec<(u64, &OfferExample)> = (0..).map(mix).zip(examples.iter().filter(whole)).collect();
        drawn.sort_unstable_by_key(|(place, _)| *place);
        let mut weights: BTreeMap<&[u64], f64> = BTreeMap::new();
        for (_, e) in drawn.into_iter().take(DRAWN).filter(|(_, e)| e.weight > 0.0) {
            *weights.entry(&e.features.by_kind).or_default() += e.weight;
        }
        Self::of(weights.into_iter().map(|(words, weight)| (words.to_vec(), weight)).collect())
    }

    /// Of combinations that were kept; all have as many kinds.
    pub const fn of(combinations: Vec<(Vec<u64>, f64)>) -> Self {
        Self { combinations }
    }

    /// What is kept.
    pub fn combinations(&self) -> &[(Vec<u64>, f64)] {
        &self.combinations
    }

    /// The ways to ask about an offer of which something is not told, or told with a word that nobody has met, with their shares.
    /// Empty: all is told.
    pub fn ways(&self, asked: &OfferFeatures, is_met: impl Fn(u64) -> bool) -> Vec<(OfferFeatures, f64)> {
        let kinds = self.combinations.first().map_or(0, |(words, _)| words.len());
        if kinds == 0 || kinds != asked.by_kind.len() {
            return Vec::new();
        }
        let told = |(kind, &word): (usize, &u64)| {
            let stands = if word == NO_WORD { self.often_without(kind) } else { is_met(word) };
            stands.then_some(word)
        };
        let told: Vec<Option<u64>> = asked.by_kind.iter().enumerate().map(told).collect();
        if told.iter().all(Option::is_some) {
            return Vec::new();
        }
        let mut counts: BTreeMap<Vec<u64>, f64> = BTreeMap::new();
        for (words, weight) in &self.combinations {
            let pairs = || told.iter().zip(words);
            let differs = |(told, word): (&Option<u64>, &u64)| told.is_some_and(|told| told != *word);
            let apart =
                pairs().filter(|pair| differs(*pair)).count() + usize::from(pairs().next().is_some_and(differs));
            let filled = pairs().map(|(told, word)| told.unwrap_or(*word)).collect();
            *counts.entry(filled).or_default() += weight * APART.powi(apart as i32);
        }
        let mut ways: Vec<(Vec<u64>, f64)> = counts.into_iter().collect();
        ways.sort_by(|a, b| b.1.total_cmp(&a.1));
        ways.truncate(WAYS);
        let all: f64 = ways.iter().map(|(_, count)| count).sum();
        ways.into_iter().map(|(words, count)| (asked.with_words(words), count / all)).collect()
    }

    /// Whether lessons without a word of a kind are many.
    fn often_without(&self, kind: usize) -> bool {
        let weight = |of: &dyn Fn(&[u64]) -> bool| -> f64 {
            self.combinations.iter().filter(|(words, _)| of(words)).map(|(_, weight)| weight).sum()
        };
        weight(&|words| words[kind] == NO_WORD) >= OFTEN * weight(&|_| true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(words: &[&str]) -> OfferFeatures {
        OfferFeatures::by_kind(&words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>(), ("turn", 0.1))
    }

    fn lessons(words: &[&[&str]]) -> Lessons {
        let example = |words: &&[&str]| OfferExample { features: offer(words), accepted: true, group: 0, weight: 1.0 };
        Lessons::drawn(&words.iter().map(example).collect::<Vec<_>>())
    }

    #[test]
    fn what_is_not_told_is_as_in_the_lessons_that_are_most_alike() {
        let seat: &[&str] = &["name=seat", "ch=app", "act=offer_seat"];
        let bag: &[&str] = &["name=bag", "ch=web", "act=offer_bag"];
        let (mut all, met) = (vec![seat; 30], |_| true);
        all.extend([bag; 70]);
        let known = lessons(&all);
        assert!(known.ways(&offer(seat), met).is_empty(), "all is told");
        let ways = known.ways(&offer(&["name=seat", "ch=app", ""]), met);
        assert_eq!(ways[0].0, offer(seat));
        assert!(ways[0].1 > 0.99 && (ways.iter().map(|w| w.1).sum::<f64>() - 1.0).abs() < 1e-9, "{ways:?}");
        let of_name = known.ways(&offer(&["name=seat", "ch=web", ""]), met);
        assert!(of_name[0].1 > 0.5 && of_name.len() == 2, "the same in another channel stands for most: {of_name:?}");
        let unmet = known
            .ways(&offer(&["name=seat", "ch=fax", "act=offer_seat"]), |word| word != offer(&["ch=fax"]).by_kind[0]);
        assert_eq!(unmet[0].0, offer(seat), "a word that nobody met tells nothing");
        let numbers = OfferFeatures::by_kind(&["name=bag", "ch=web", ""].map(str::to_owned), ("turn", 0.7));
        assert_eq!(known.ways(&numbers, met)[0].0.plain.last(), numbers.plain.last(), "a number stays");
    }

    #[test]
    fn having_no_word_tells_where_many_lessons_have_none() {
        let with: &[&str] = &["name=seat", "ch=app"];
        let without: &[&str] = &["name=seat", ""];
        let of = |n: usize| lessons(&[vec![without; n], vec![with; 100 - n]].concat()).ways(&offer(without), |_| true);
        assert_eq!((of(20).len(), of(5).len()), (0, 2));
        assert!(Lessons::default().ways(&offer(without), |_| true).is_empty(), "former rules keep none");
        let of_a_part = OfferExample { features: offer(without).as_told(), accepted: true, group: 0, weight: 1.0 };
        assert_eq!(
            Lessons::drawn(&[of_a_part]),
            Lessons::default(),
            "a lesson that leaves out tells nobody what to fill in"
        );
    }
}
