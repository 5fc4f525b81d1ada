//! Requests put together by what they want. Knows texts and vectors alone.

use crate::domain::{Cancelled, Reporter};
use crate::learn::cluster::{ClusterRecipe, Wanted, clusters, dot, linked, middle, says, wants, without_common};
use crate::learn::vectors::embed::Embedder;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Finer than wants are: what is split by wording is put together again by what it wants.
const RESOLUTION: f64 = 8.0;
/// Cosine of two groups' middles, without what all requests share, from which on groups that are told by the same word want the
/// same.
const SAME: f32 = 0.35;
/// Cosine of two groups' middles, with all that requests share, from which on they differ in nothing: `cancel it pls`.
const NEARLY: f32 = 0.93;
/// The same, without what they share, from which on they want the same whatever they are told by.
const ALIKE: f32 = 0.8;
/// Of those who say the rarer of two words, the share that says both from which on they are said of one matter: `flight` and
/// `reservation` of an airline's customers.
const TOGETHER: f64 = 0.3;
/// Texts that are looked at for it.
const LOOKED_AT: usize = 5_000;
/// As often as the rarer one the other is said at most.
const TIMES: usize = 6;
/// Cosine from which on two words mean the same: `change` and `modify`.
const SYNONYMS: f32 = 0.6;
/// Cosine of two groups' middles, with all that requests share, from which on those that do the same to what is said together, and are
/// close without that, too, do it to one thing in other words: changing a flight, and a trip.
const SAME_DEED: f32 = 0.8;
/// Cosine of two groups' middles, without what all requests share, from which on a group that is alone is of the first level of one that does the same: changing a flight, and its date.
const DEED: f32 = 0.1;
/// The same from which on groups are of one first level. Both were chosen on first requests of three kinds (an airline's, thirteen
/// services', CLINC150's ten domains).
const KIN: f32 = 0.25;
/// Of a group's own requests, the share that may lie further from its middle than what counts as of it.
const LOOSE: f64 = 0.05;

/// First requests that are grouped.
pub(super) struct Requests<'a> {
    pub(super) texts: Vec<&'a str>,
    /// Who asks each.
    by: Vec<&'a [i64]>,
    pub(super) vectors: Vec<f32>,
    /// The vectors without what all requests share.
    apart: Vec<f32>,
    pub(super) width: usize,
    /// Of a word which texts say it, of some of them, once that was asked.
    said: RefCell<BTreeMap<String, Rc<[bool]>>>,
}

impl<'a> Requests<'a> {
    /// Reads them: each text once, with who asks it.
    pub(super) fn read(
        with: &'a BTreeMap<String, Vec<i64>>,
        embedder: &dyn Embedder,
        reporter: &dyn Reporter,
    ) -> Result<Self, Cancelled> {
        let texts: Vec<&str> = with.keys().map(String::as_str).collect();
        let (vectors, width) = (embedder.embed(&texts, reporter)?, embedder.width());
        let apart = without_common(&vectors, width);
        let by = with.values().map(Vec::as_slice).collect();
        Ok(Self { texts, by, vectors, apart, width, said: RefCell::default() })
    }

    /// Groups that want the same; none where no word tells what is wanted.
    pub(super) fn grouped(
        &self,
        embedder: &dyn Embedder,
        seed: u64,
        reporter: &dyn Reporter,
    ) -> Result<GroupedRequests, Cancelled> {
        let (groups, told) = self.same_put_together(found(self, seed, reporter)?, embedder, reporter)?;
        // What no word tells is no want: names that were asked for, nothing but signs.
        let (groups, told): (Vec<_>, Vec<_>) = groups.into_iter().zip(told).filter(|(_, t)| !t.word.is_empty()).unzip();
        let middles = self.middles(&self.apart, &groups);
        let middles = as_slices(&middles);
        let deeds = Deeds::of(&told, embedder, reporter)?;
        let do_alike = |i: usize, j: usize| deeds.is_one(i, j, |a, b| self.said_together(a, b).is_some());
        let levels = with_their_deeds(linked(&middles, KIN, |_, _| true), &middles, do_alike);
        Ok(GroupedRequests { groups, told, levels })
    }

    pub(super) fn vector(&self, text: u32) -> &[f32] {
        &self.vectors[text as usize * self.width..][..self.width]
    }

    pub(super) fn voices(&self, text: u32) -> Vec<i64> {
        self.by[text as usize].to_vec()
    }

    fn wants(&self, groups: &[Vec<u32>]) -> Vec<Wanted> {
        wants(&self.texts, groups, &|t| self.voices(t))
    }

    fn middles(&self, vectors: &[f32], groups: &[Vec<u32>]) -> Vec<Vec<f32>> {
        groups.iter().map(|g| middle(vectors, self.width, g)).collect()
    }

    /// Puts groups together that want the same, until none are left: told by one word and close, of one name, close enough whatever
    /// they are told by, or doing the same to what is said together.
    fn same_put_together(
        &self,
        mut groups: Vec<Vec<u32>>,
        embedder: &dyn Embedder,
        reporter: &dyn Reporter,
    ) -> Result<(Vec<Vec<u32>>, Vec<Wanted>), Cancelled> {
        loop {
            let told = self.wants(&groups);
            let (whole, apart) = (self.middles(&self.vectors, &groups), self.middles(&self.apart, &groups));
            let (whole, apart) = (as_slices(&whole), as_slices(&apart));
            let deeds = Deeds::of(&told, embedder, reporter)?;
            let rules: [SameWant<'_>; 7] = [
                (&whole, NEARLY, &|_, _| true),
                (&apart, SAME, &|i, j| !told[i].word.is_empty() && told[i].word == told[j].word),
                // What would have one name is one topic, unless it points elsewhere.
                (&apart, 0.0, &|i, j| told[i].names.first() == told[j].names.first()),
                (&apart, ALIKE, &|_, _| true),
                (&apart, -1.0, &|i, j| deeds.is_one(i, j, |_, _| false)),
                (&apart, 0.0, &|i, j| deeds.is_one(i, j, |a, b| self.go_together(a, b))),
                (&whole, SAME_DEED, &|i, j| {
                    dot(apart[i], apart[j]) >= SAME && deeds.is_one(i, j, |a, b| self.said_together(a, b).is_some())
                }),
            ];
            let joined = rules.iter().map(|(middles, least, may)| linked(middles, *least, may));
            let Some(lists) = joined.into_iter().find(|lists| lists.len() < groups.len()) else {
                return Ok((groups, told));
            };
            groups = lists
                .iter()
                .map(|list| {
                    let mut all: Vec<u32> = list.iter().flat_map(|&g| groups[g].iter().copied()).collect();
                    all.sort_unstable();
                    all
                })
                .collect();
        }
    }

    /// How often the rarer of two words is said, and the other, where many who say the rarer one say both.
    fn said_together(&self, a: &str, b: &str) -> Option<(usize, usize)> {
        let mut known = self.said.borrow_mut();
        let step = self.texts.len().div_ceil(LOOKED_AT).max(1);
        let mut say = |word: &str| -> Rc<[bool]> {
            let said = || self.texts.iter().step_by(step).map(|text| says(text, word)).collect();
            known.entry(word.to_owned()).or_insert_with(said).clone()
        };
        let (a, b) = (say(a), say(b));
        let count = |said: &[bool]| said.iter().filter(|s| **s).count();
        let both = a.iter().zip(b.iter()).filter(|(a, b)| **a && **b).count();
        let (rarer, other) = (count(&a).min(count(&b)).max(1), count(&a).max(count(&b)));
        (both as f64 >= TOGETHER * rarer as f64).then_some((rarer, other))
    }

    /// Whether two words are said of one matter: together, and the rarer one is not so rare that it tells a part of that matter.
    fn go_together(&self, a: &str, b: &str) -> bool {
        self.said_together(a, b).is_some_and(|(rarer, other)| other <= TIMES * rarer)
    }

    /// All that have a vector, where they lie as close to their middle as groups do that want the same.
    fn all_alike(&self) -> Option<Vec<u32>> {
        let all: Vec<u32> =
            (0..self.texts.len() as u32).filter(|&t| self.vector(t).iter().any(|&x| x != 0.0)).collect();
        let centre = middle(&self.vectors, self.width, &all);
        let close = all.iter().map(|&t| dot(self.vector(t), &centre)).sum::<f32>() >= ALIKE * all.len() as f32;
        (close && !all.is_empty()).then_some(all)
    }

    /// The cosine to its middle that all but the loosest of a group have.
    pub(super) fn nearest(&self, group: &[u32], centre: &[f32]) -> f64 {
        let mut near: Vec<f32> = group.iter().map(|&t| dot(self.vector(t), centre)).collect();
        near.sort_by(f32::total_cmp);
        f64::from(near[((near.len() as f64 * LOOSE) as usize).min(near.len() - 1)])
    }
}

/// Groups of requests.
pub(super) struct GroupedRequests {
    /// Of each which texts.
    pub(super) groups: Vec<Vec<u32>>,
    /// What tells each.
    pub(super) told: Vec<Wanted>,
    /// Which groups are of one first level.
    pub(super) levels: Vec<Vec<usize>>,
}

/// When groups want the same: how alike which middles are at least, and which pairs may be.
type SameWant<'a> = (&'a [&'a [f32]], f32, &'a dyn Fn(usize, usize) -> bool);

fn as_slices(rows: &[Vec<f32>]) -> Vec<&[f32]> {
    rows.iter().map(Vec::as_slice).collect()
}

/// What each of some groups does, and to what: words and their vectors.
struct Deeds<'a> {
    told: &'a [Wanted],
    words: Vec<&'a str>,
    vectors: Vec<f32>,
    width: usize,
}

impl<'a> Deeds<'a> {
    fn of(told: &'a [Wanted], embedder: &dyn Embedder, reporter: &dyn Reporter) -> Result<Self, Cancelled> {
        let mut words: Vec<&str> = told.iter().flat_map(|t| [t.deed.0.as_str(), t.deed.1.as_str()]).collect();
        words.sort_unstable();
        words.dedup();
        Ok(Self { vectors: embedder.embed(&words, reporter)?, width: embedder.width(), told, words })
    }

    fn mean_the_same(&self, a: &str, b: &str) -> bool {
        let vector = |word: &str| {
            let at = self.words.binary_search(&word).unwrap_or(0);
            &self.vectors[at * self.width..][..self.width]
        };
        a == b || dot(vector(a), vector(b)) >= SYNONYMS
    }

    /// Whether two groups do the same to the same, or to what goes together.
    fn is_one(&self, i: usize, j: usize, go_together: impl Fn(&str, &str) -> bool) -> bool {
        let ((a, of_a), (b, of_b)) = (&self.told[i].deed, &self.told[j].deed);
        let are_deeds = !a.is_empty() && !b.is_empty();
        are_deeds && self.mean_the_same(a, b) && (self.mean_the_same(of_a, of_b) || go_together(of_a, of_b))
    }
}

/// Puts groups that are alone in their level into that of the nearest which does the same to what is said together.
fn with_their_deeds(
    levels: Vec<Vec<usize>>,
    middles: &[&[f32]],
    do_alike: impl Fn(usize, usize) -> bool,
) -> Vec<Vec<usize>> {
    let mut of: Vec<usize> = vec![0; middles.len()];
    levels.iter().enumerate().for_each(|(level, list)| list.iter().for_each(|&g| of[g] = level));
    for alone in levels.iter().filter(|list| list.len() == 1).map(|list| list[0]) {
        let others = (0..middles.len()).filter(|&g| of[g] != of[alone] && do_alike(g, alone));
        let nearest = others.map(|g| (dot(middles[g], middles[alone]), g)).max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, g)) = nearest.filter(|(cosine, _)| *cosine >= DEED) {
            of[alone] = of[g];
        }
    }
    let mut out = vec![Vec::new(); levels.len()];
    of.iter().enumerate().for_each(|(g, &level)| out[level].push(g));
    out.retain(|list| !list.is_empty());
    out
}

/// Groups of requests: as fine as can be where at least half of them are in one.
fn found(requests: &Requests<'_>, seed: u64, reporter: &dyn Reporter) -> Result<Vec<Vec<u32>>, Cancelled> {
    let n = requests.texts.len();
    let counts: Vec<u32> = requests.by.iter().map(|by| by.len() as u32).collect();
    let mut resolution = RESOLUTION;
    loop {
        let smallest = ClusterRecipe::worth_showing(n);
        let recipe = ClusterRecipe { resolution, smallest, ..ClusterRecipe::plain(seed) };
        let found = clusters(&requests.texts, &counts, &requests.apart, requests.width, recipe, reporter)?;
        if resolution <= 1.0 || 2 * found.of.iter().flatten().count() >= n {
            let groups: Vec<Vec<u32>> = found.groups.into_iter().map(|g| g.members).collect();
            // Where all ask the same nothing is left once what they share is taken away.
            return Ok(if groups.is_empty() { requests.all_alike().into_iter().collect() } else { groups });
        }
        resolution /= 2.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_that_is_alone_is_of_the_level_of_one_that_does_the_same() {
        let middles: [&[f32]; 4] = [&[1.0, 0.0], &[0.9, 0.1], &[0.3, 0.95], &[-1.0, 0.2]];
        let all_alike = |_: usize, _: usize| true;
        let levels = || vec![vec![0, 1], vec![2], vec![3]];
        assert_eq!(with_their_deeds(levels(), &middles, all_alike), [vec![0, 1, 2], vec![3]]);
        assert_eq!(with_their_deeds(levels(), &middles, |_, _| false), levels());
    }
}
