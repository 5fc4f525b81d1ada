//! How many of a group say which words, and which of them together.

use rustc_hash::{FxHashMap, FxHashSet};

/// Words between two that belong together, at most.
const APART: usize = 12;

/// A word of a text: what all of its forms share, and its place.
#[derive(Clone, Copy)]
pub(super) struct Said {
    pub word: u32,
    pub place: usize,
    /// It is written as what is over: `booked`.
    pub is_past: bool,
}

/// How many say each word and each pair of words in one sentence.
#[derive(Default)]
pub(super) struct GroupCounts {
    pub voices: u32,
    pub one: FxHashMap<Unit, u32>,
    pub two: FxHashMap<(Unit, Unit), u32>,
    /// Of pairs: those with no other word between that may name something.
    pub next: FxHashMap<(Unit, Unit), u32>,
    /// How often each word is said as what is over, of how often.
    past: FxHashMap<Unit, (u32, u32)>,
}

/// A word, or two that are one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Unit(pub u32, pub Option<u32>);

impl GroupCounts {
    pub fn of(
        group: &[u32],
        said: &[Vec<Vec<Said>>],
        joined: &FxHashSet<(u32, u32)>,
        voices: &dyn Fn(u32) -> Vec<i64>,
    ) -> Self {
        let mut one: FxHashMap<Unit, Vec<i64>> = FxHashMap::default();
        let mut two: FxHashMap<(Unit, Unit), Vec<i64>> = FxHashMap::default();
        let mut next: FxHashMap<(Unit, Unit), Vec<i64>> = FxHashMap::default();
        let mut everybody: Vec<i64> = Vec::new();
        let mut past: FxHashMap<Unit, (u32, u32)> = FxHashMap::default();
        for &text in group {
            let who = voices(text);
            everybody.extend(&who);
            let (mut ones, mut twos, mut nexts) = (FxHashSet::default(), FxHashSet::default(), FxHashSet::default());
            for sentence in &said[text as usize] {
                let units = units(sentence, joined);
                nexts.extend(units.windows(2).map(|pair| (pair[0].0, pair[1].0)));
                for (i, &(a, from, is_past)) in units.iter().enumerate() {
                    let over = past.entry(a).or_default();
                    (over.0, over.1) = (over.0 + u32::from(is_past), over.1 + 1);
                    ones.insert(a);
                    let near = units[i + 1..].iter().take_while(|(_, at, _)| at - from <= APART);
                    twos.extend(near.filter(|(b, ..)| *b != a).map(|&(b, ..)| (a, b)));
                }
            }
            ones.into_iter().for_each(|unit| one.entry(unit).or_default().extend(&who));
            twos.into_iter().for_each(|pair| two.entry(pair).or_default().extend(&who));
            nexts.into_iter().for_each(|pair| next.entry(pair).or_default().extend(&who));
        }
        let distinct = |mut who: Vec<i64>| {
            who.sort_unstable();
            who.dedup();
            who.len() as u32
        };
        Self {
            voices: distinct(everybody),
            one: one.into_iter().map(|(k, who)| (k, distinct(who))).collect(),
            two: two.into_iter().map(|(k, who)| (k, distinct(who))).collect(),
            next: next.into_iter().map(|(k, who)| (k, distinct(who))).collect(),
            past,
        }
    }

    /// Whether the group mostly says a word as what is over: that tells how it came to what is wanted.
    pub fn is_over(&self, unit: Unit) -> bool {
        self.past.get(&unit).is_some_and(|&(over, all)| 2 * over >= all)
    }

    pub fn sum(all: &[Self]) -> Self {
        let mut out = Self::default();
        for counts in all {
            out.voices += counts.voices;
            counts.one.iter().for_each(|(k, n)| *out.one.entry(*k).or_default() += n);
            counts.two.iter().for_each(|(k, n)| *out.two.entry(*k).or_default() += n);
        }
        out
    }
}

/// The words of a sentence, those that are one as one.
fn units(sentence: &[Said], joined: &FxHashSet<(u32, u32)>) -> Vec<(Unit, usize, bool)> {
    let mut out = Vec::with_capacity(sentence.len());
    let mut rest = sentence;
    while let [first, after @ ..] = rest {
        rest = after;
        let with = after.first().filter(|b| b.place == first.place + 1 && joined.contains(&(first.word, b.word)));
        out.push((Unit(first.word, with.map(|b| b.word)), first.place, first.is_past && with.is_none()));
        if with.is_some() {
            rest = &after[1..];
        }
    }
    out
}
