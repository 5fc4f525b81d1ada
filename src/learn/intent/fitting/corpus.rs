//! Training examples, with equal texts merged and dealt into folds.

use crate::base::rng::Rng;
use crate::domain::IntentId;
use crate::learn::intent::recipe::IntentExample;
use crate::learn::vectors::grams::{GramRules, Grams, Vocabulary};
use crate::text::normalise::{normalise, surface};
use rayon::prelude::*;
use std::collections::HashMap;

/// Examples and names of intents, ready for training: which distinct text, which class and which fold each has.
pub struct Corpus {
    /// The intents, ascending: class `k` is `intents[k]`.
    pub intents: Vec<IntentId>,
    /// Each distinct text, as first written.
    pub texts: Vec<String>,
    /// n-grams of each distinct text.
    pub grams: Vec<Grams>,
    /// Each example, in the order given.
    pub items: Vec<CorpusExample>,
    /// The weight of each distinct text.
    pub totals: Vec<f32>,
    /// For each class, the texts that have it with the weight of their examples of that class.
    pub own: Vec<Vec<(u32, f32)>>,
    /// For each fold, the texts that its model must not know, ascending: those of its groups, also where they occur
    /// elsewhere or only differ in punctuation.
    pub hidden: Vec<Vec<u32>>,
}

/// One example.
#[derive(Clone, Copy, Debug)]
pub struct CorpusExample {
    /// Number of its distinct text.
    pub text: u32,
    /// Number of its intent.
    pub class: u32,
    /// The fold in which it is held out.
    pub fold: u8,
    /// Its weight; 0 for one that is not trained on.
    pub weight: f32,
}

/// Numbers equal strings equally, by first occurrence; also says how many there are.
fn number(strings: Vec<String>) -> (Vec<u32>, usize) {
    let mut seen: HashMap<String, u32> = HashMap::new();
    let mut ids = Vec::with_capacity(strings.len());
    for s in strings {
        let next = seen.len() as u32;
        ids.push(*seen.entry(s).or_insert(next));
    }
    (ids, seen.len())
}

impl Corpus {
    /// Merges equal texts and deals groups into folds: at most `folds`, fewer where there are fewer groups. `names`
    /// are texts that are trained on with their weight but belong to no fold; those of intents without an example are
    /// left out.
    pub fn new(
        examples: &[IntentExample],
        names: &[(IntentId, String, f32)],
        folds: usize,
        seed: u64,
        rules: GramRules,
    ) -> Self {
        let mut intents: Vec<IntentId> = examples.iter().map(|e| e.intent).collect();
        intents.sort_unstable();
        intents.dedup();
        let class: HashMap<IntentId, u32> = intents.iter().zip(0..).map(|(&i, k)| (i, k)).collect();
        let names: Vec<_> =
            names.iter().filter_map(|(i, name, weight)| Some((*class.get(i)?, name, *weight))).collect();
        let all: Vec<&str> =
            examples.iter().map(|e| e.text.as_str()).chain(names.iter().map(|n| n.1.as_str())).collect();
        let (text, distinct) = number(all.par_iter().map(|t| surface(t)).collect());
        let mut texts = vec![String::new(); distinct];
        text.iter().zip(&all).rev().for_each(|(&t, &as_written)| as_written.clone_into(&mut texts[t as usize]));
        let grams = texts.par_iter().map(|t| Grams::of(t, rules)).collect();
        let (plain, _) = number(texts.par_iter().map(|t| normalise(t)).collect());
        let usable = |w: f32| if w.is_finite() && w > 0.0 { w } else { 0.0 };
        let mut items: Vec<CorpusExample> = (examples.iter().zip(&text).zip(deal(examples, folds, seed)))
            .map(|((e, &text), fold)| CorpusExample { text, class: class[&e.intent], fold, weight: usable(e.weight) })
            .collect();
        outweigh(&mut items, &plain);
        let named = names.iter().zip(&text[examples.len()..]).map(|(&(class, _, weight), &text)| (text, class, weight));
        let mut parts: Vec<_> = items.iter().map(|i| (i.text, i.class, i.weight)).chain(named).collect();
        parts.retain(|p| p.2 > 0.0);
        let (totals, own) = weigh(parts, distinct, intents.len());
        Self { hidden: hide(&items, &plain), intents, texts, grams, items, totals, own }
    }

    /// Whether a model that lacks this fold has anything to learn from.
    pub fn leaves_something(&self, fold: usize) -> bool {
        let hidden = &self.hidden[fold];
        let kept = |t: usize| self.totals[t] > 0.0 && hidden.binary_search(&(t as u32)).is_err();
        (0..self.totals.len()).any(kept)
    }

    /// The features of all texts that are trained on.
    pub fn vocabulary(&self) -> Vocabulary {
        let mut times = vec![0; self.texts.len()];
        self.items.iter().filter(|i| i.weight > 0.0).for_each(|i| times[i.text as usize] += 1);
        let trained = self.grams.iter().zip(times).zip(&self.totals).filter(|&(_, &total)| total > 0.0);
        // A name that nobody said counts once.
        Vocabulary::fit(&trained.map(|((grams, times), _)| (grams, times.max(1))).collect::<Vec<_>>())
    }
}

/// The total weight of each text, and each class's texts with the weights of that class.
fn weigh(mut parts: Vec<(u32, u32, f32)>, texts: usize, classes: usize) -> (Vec<f32>, Vec<Vec<(u32, f32)>>) {
    let (mut totals, mut own) = (vec![0.0; texts], vec![Vec::new(); classes]);
    // Stable: weights are added in the order of the examples.
    parts.sort_by_key(|&(text, class, _)| (text, class));
    for same in parts.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let weight: f32 = same.iter().map(|p| p.2).sum();
        own[same[0].1 as usize].push((same[0].0, weight));
        totals[same[0].0 as usize] += weight;
    }
    (totals, own)
}

/// Newer labels outweigh older ones that they contradict: an example counts `1 / (1 + c)^2` of its weight, where `c` is
/// how many later examples of the same normalised text have another class. One newer label beats up to three older
/// ones; a text that keeps getting different labels keeps their recent proportions.
fn outweigh(items: &mut [CorpusExample], plain: &[u32]) {
    // By text: all later labels, and those of each class.
    let mut later: HashMap<u32, (u32, HashMap<u32, u32>)> = HashMap::new();
    for item in items.iter_mut().rev().filter(|i| i.weight > 0.0) {
        let (all, by_class) = later.entry(plain[item.text as usize]).or_default();
        let same = by_class.entry(item.class).or_default();
        let against = (*all - *same) as f32;
        (*all, *same) = (*all + 1, *same + 1);
        item.weight /= (1.0 + against).powi(2);
    }
}

/// For each fold the texts that its model must not know.
fn hide(items: &[CorpusExample], plain: &[u32]) -> Vec<Vec<u32>> {
    let folds = items.iter().map(|i| usize::from(i.fold) + 1).max().unwrap_or(0);
    let mut same: HashMap<u32, Vec<u32>> = HashMap::new();
    plain.iter().zip(0..).for_each(|(&p, t)| same.entry(p).or_default().push(t));
    let mut hidden = vec![Vec::new(); folds];
    items.iter().for_each(|i| hidden[usize::from(i.fold)].extend(&same[&plain[i.text as usize]]));
    for texts in &mut hidden {
        texts.sort_unstable();
        texts.dedup();
    }
    hidden
}

/// The fold of each example. Groups stay whole; they are dealt out like cards, in random order within the intent of
/// their first example, so that each fold has its share of each intent.
fn deal(examples: &[IntentExample], folds: usize, seed: u64) -> Vec<u8> {
    let mut seen: HashMap<u64, u32> = HashMap::new();
    let mut groups: Vec<(IntentId, u32)> = Vec::new();
    let mut group_of = Vec::with_capacity(examples.len());
    for e in examples {
        let g = *seen.entry(e.group).or_insert(groups.len() as u32);
        if g as usize == groups.len() {
            groups.push((e.intent, g));
        }
        group_of.push(g as usize);
    }
    Rng::new(seed).shuffle(&mut groups);
    groups.sort_by_key(|&(intent, _)| intent);
    let mut fold = vec![0; groups.len()];
    for (place, (_, g)) in groups.into_iter().enumerate() {
        fold[g as usize] = (place % folds.clamp(1, 255)) as u8;
    }
    group_of.into_iter().map(|g| fold[g]).collect()
}
