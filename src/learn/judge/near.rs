//! Texts that are nearly equal: templates filled in otherwise.

use super::leakage::{must_share, prefix, shared, shingles};
use std::collections::HashMap;

/// Gives for each text the place of the first text of its group. Texts are put beside those before them alone, so the most frequent
/// come first: the first of a group is whatever most of it looks like. Two are near when the sets of their character 4-grams have a
/// Jaccard index of at least 0.8; of several groups the first one takes a text. By prefix filtering as [`super::leakage`].
pub fn near_groups(texts: &[&str]) -> Vec<usize> {
    let sets: Vec<Vec<u64>> = texts.iter().map(|t| shingles(t)).collect();
    let mut counts: HashMap<u64, u32> = HashMap::new();
    sets.iter().flatten().for_each(|&s| *counts.entry(s).or_default() += 1);
    let mut order: Vec<(u32, u64)> = counts.into_iter().map(|(shingle, n)| (n, shingle)).collect();
    order.sort_unstable();
    let ranks: HashMap<u64, u32> = order.into_iter().zip(0..).map(|((_, shingle), rank)| (shingle, rank)).collect();
    let ranked: Vec<Vec<u32>> = sets
        .iter()
        .map(|set| {
            let mut ranks: Vec<u32> = set.iter().filter_map(|s| ranks.get(s).copied()).collect();
            ranks.sort_unstable();
            ranks
        })
        .collect();
    let mut postings: HashMap<u32, Vec<usize>> = HashMap::new();
    let mut exact: HashMap<&str, usize> = HashMap::new();
    let mut out = Vec::with_capacity(texts.len());
    for (at, set) in ranked.iter().enumerate() {
        let rarest = &set[..prefix(set.len())];
        let near = || {
            let candidates = rarest.iter().filter_map(|rank| postings.get(rank)).flatten().copied();
            candidates.filter(|&other| shared(&ranked[other], set) >= must_share(ranked[other].len(), set.len())).min()
        };
        let group = exact.get(texts[at]).copied().or_else(near);
        if group.is_none() {
            exact.insert(texts[at], at);
            rarest.iter().for_each(|&rank| postings.entry(rank).or_default().push(at));
        }
        out.push(group.unwrap_or(at));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_filled_in_otherwise_are_one_and_others_stay_apart() {
        let texts = [
            "your booking 0 is confirmed, the ferry to naxos leaves at 0 from gate 0",
            "check-in opens 0 hours before departure in the app or at the desk of the harbour",
            "your booking 0 is confirmed, the ferry to paros leaves at 0 from gate 0",
            "sure",
            "sure",
            "yes",
            "check-in opens 0 hours before departure in our app or at the desk of the harbour",
            "we are sorry, there is nothing that we can do",
        ];
        assert_eq!(near_groups(&texts), [0, 1, 0, 3, 3, 5, 1, 7]);
        assert_eq!(near_groups(&[]), [0usize; 0]);
    }
}
