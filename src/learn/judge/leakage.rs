//! The leakage guard (rule 15): which training texts repeat a gold text, and which gold texts training has not seen.

use crate::text::greek::{Edition, by_sound};
use crate::text::normalise::normalise;
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};

/// Shingles are this many characters of the normalised text, spaces included.
const SHINGLE: usize = 4;
/// Texts whose sets of shingles have at least this Jaccard index repeat each other: 4 / 5, kept as whole numbers so
/// that no rounding decides.
const OVERLAP: (usize, usize) = (4, 5);

/// For each training text, whether it repeats one of the gold texts: the same when normalised, or a Jaccard index of
/// at least 0.8 between the sets of character 4-grams. Texts shorter than 8 characters have too few 4-grams to judge
/// by and only repeat what they equal.
///
/// Near repeats are found by prefix filtering (Bayardo, Ma, Srikant 2007, "Scaling up all pairs similarity search"):
/// with shingles ordered from the rarest, two sets that overlap enough share one of their first few.
///
/// With an edition Greek words are compared by their sound, so that a sentence and its writing in Latin letters repeat each other.
pub fn repeats(gold: &[&str], train: &[&str], heard: Option<Edition>) -> Vec<bool> {
    let gold: Vec<String> = gold.par_iter().map(|t| compared(t, heard)).collect();
    let exact: HashSet<&str> = gold.iter().map(String::as_str).collect();
    let index = Index::new(&exact);
    let train: Vec<String> = train.par_iter().map(|t| compared(t, heard)).collect();
    train.par_iter().map(|t| exact.contains(t.as_str()) || index.near(t)).collect()
}

fn compared(text: &str, heard: Option<Edition>) -> String {
    let sound = heard.and_then(|edition| by_sound(&text.to_lowercase(), edition));
    normalise(sound.as_deref().unwrap_or(text))
}

/// For each gold text, whether it is not among the training texts, both normalised.
pub fn unseen(gold: &[&str], train: &[&str]) -> Vec<bool> {
    let known: HashSet<String> = train.par_iter().map(|t| normalise(t)).collect();
    gold.par_iter().map(|t| !known.contains(&normalise(t))).collect()
}

/// The shingles of a normalised text, as distinct numbers: four characters of 21 bits each do not fit 64 bits, so
/// they are mixed. Empty for a short text.
fn shingles(text: &str) -> Vec<u64> {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() < 2 * SHINGLE {
        return Vec::new();
    }
    let hash = |four: &[char]| four.iter().fold(0, |h, &c| crate::base::rng::mix(h ^ u64::from(c)));
    let mut all: Vec<u64> = chars.windows(SHINGLE).map(hash).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// How many shingles two sets of `a` and `b` must share: the least `o` with `o / (a + b - o) >= 4/5`.
fn must_share(a: usize, b: usize) -> usize {
    (OVERLAP.0 * (a + b)).div_ceil(OVERLAP.0 + OVERLAP.1)
}

/// How many of a set's rarest shingles it takes so that one of them is in any set that overlaps enough.
fn prefix(size: usize) -> usize {
    size - (OVERLAP.0 * size).div_ceil(OVERLAP.1) + usize::from(size > 0)
}

/// Gold texts by their rarest shingles.
struct Index {
    /// Shingles as ranks, from the rarest: 0 is in the fewest gold texts.
    ranks: HashMap<u64, u32>,
    /// Each gold text as ascending ranks.
    sets: Vec<Vec<u32>>,
    /// Which gold texts have a rank in their prefix.
    postings: HashMap<u32, Vec<u32>>,
}

impl Index {
    fn new(gold: &HashSet<&str>) -> Self {
        let sets: Vec<Vec<u64>> = gold.iter().map(|t| shingles(t)).collect();
        let mut counts: HashMap<u64, u32> = HashMap::new();
        sets.iter().flatten().for_each(|&s| *counts.entry(s).or_default() += 1);
        let mut order: Vec<(u32, u64)> = counts.into_iter().map(|(shingle, n)| (n, shingle)).collect();
        order.sort_unstable();
        let ranks: HashMap<u64, u32> = order.into_iter().zip(0..).map(|((_, shingle), rank)| (shingle, rank)).collect();
        let mut index = Self { ranks, sets: Vec::with_capacity(sets.len()), postings: HashMap::new() };
        for (set, id) in sets.iter().zip(0..) {
            let set = index.ranked(set);
            for &rank in &set[..prefix(set.len())] {
                index.postings.entry(rank).or_default().push(id);
            }
            index.sets.push(set);
        }
        index
    }

    /// The shingles that some gold text has, as ascending ranks.
    fn ranked(&self, shingles: &[u64]) -> Vec<u32> {
        let mut ranks: Vec<u32> = shingles.iter().filter_map(|s| self.ranks.get(s).copied()).collect();
        ranks.sort_unstable();
        ranks
    }

    /// Whether a normalised text overlaps enough with a gold text.
    fn near(&self, text: &str) -> bool {
        let shingles = shingles(text);
        let known = self.ranked(&shingles);
        // Shingles that no gold text has are the rarest of all: they use up the prefix first.
        let foreign = shingles.len() - known.len();
        let probe = prefix(shingles.len()).saturating_sub(foreign);
        let mut tried = HashSet::new();
        let candidates = known.iter().take(probe).filter_map(|rank| self.postings.get(rank)).flatten();
        candidates.into_iter().any(|&id| {
            let set = &self.sets[id as usize];
            tried.insert(id) && shared(set, &known) >= must_share(set.len(), shingles.len())
        })
    }
}

/// How many numbers two ascending lists share.
fn shared(a: &[u32], b: &[u32]) -> usize {
    let (mut i, mut j, mut n) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, n) = (i + 1, j + 1, n + 1),
        }
    }
    n
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::rng::Rng;

    /// The definition, without an index.
    fn slow(gold: &[&str], train: &str) -> bool {
        let train = normalise(train);
        gold.iter().map(|g| normalise(g)).any(|gold| {
            let (a, b): (HashSet<u64>, HashSet<u64>) =
                (shingles(&gold).into_iter().collect(), shingles(&train).into_iter().collect());
            let both = a.intersection(&b).count();
            gold == train || (both > 0 && 5 * both >= 4 * (a.len() + b.len() - both))
        })
    }

    #[test]
    fn exact_and_near_repeats_are_found() {
        let gold = ["Where is my order?", "OK", "I would like to return the blue jacket I bought last week"];
        let train = [
            "where is my ORDER",
            "ok!!",
            "okay",
            "I would like to return the blue jacket I bought last weekend",
            "I would like to return the red scarf",
            "",
        ];
        for heard in [None, Some(Edition::Second)] {
            assert_eq!(repeats(&gold, &train, heard), [true, true, false, true, false, false]);
        }
        assert_eq!(unseen(&gold, &train), [false, false, true]);
        assert_eq!(repeats(&[], &train, None), [false; 6]);
    }

    #[test]
    fn greek_repeats_itself_in_latin_letters() {
        let gold = ["Θέλω να ακυρώσω το εισιτήριό μου για Πειραιά"];
        let train = [
            "8elw na akyrwsw to eisithrio mou gia peiraia",
            "thelo na akiroso to isitirio mou gia pirea!!",
            "thelo na allakso to onoma sto isitirio",
            "i want to cancel my ticket to piraeus",
        ];
        assert_eq!(repeats(&gold, &train, Some(Edition::Second)), [true, true, false, false]);
        assert_eq!(repeats(&gold, &train, None), [false; 4], "by former rules they are strangers");
    }

    #[test]
    fn the_index_finds_what_the_definition_says() {
        // Sentences of few words, so that many pairs lie around the threshold.
        let words = ["refund", "order", "my", "the", "lost", "parcel", "when", "arrives", "please", "card", "pay"];
        let mut rng = Rng::new(5);
        let mut texts: Vec<String> = Vec::new();
        for _ in 0..400 {
            let n = 1 + rng.below(12);
            texts.push((0..n).map(|_| words[rng.below(words.len())]).collect::<Vec<_>>().join(" "));
            if rng.below(2) == 0 {
                let mut copy: Vec<char> = texts[rng.below(texts.len())].chars().collect();
                let at = rng.below(copy.len());
                copy[at] = 'x';
                texts.push(copy.into_iter().collect());
            }
        }
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let (gold, train) = texts.split_at(texts.len() / 2);
        let want: Vec<bool> = train.iter().map(|t| slow(gold, t)).collect();
        assert!(want.iter().filter(|&&r| r).count() > 20);
        assert_eq!(repeats(gold, train, None), want);
        assert_eq!(repeats(gold, train, Some(Edition::Second)), want, "English is compared as ever");
    }
}
