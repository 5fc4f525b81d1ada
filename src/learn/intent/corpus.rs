//! Training examples, with equal texts merged and dealt into folds.

use super::Example;
use crate::domain::IntentId;
use crate::learn::features::{Grams, Vocabulary};
use crate::learn::plain::{normalise, surface};
use crate::learn::rng::Rng;
use crate::learn::svm::Rows;
use rayon::prelude::*;
use std::collections::HashMap;

/// Examples ready for training: which distinct text, which class and which fold each has.
pub struct Corpus {
    /// The intents, ascending: class `k` is `intents[k]`.
    pub intents: Vec<IntentId>,
    /// n-grams of each distinct text.
    pub grams: Vec<Grams>,
    /// Each example, in the order given.
    pub items: Vec<Item>,
    /// For each distinct text, what it is when normalised: equal numbers, equal normalised texts.
    plain: Vec<u32>,
}

/// One example.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    /// Number of its distinct text.
    pub text: u32,
    /// Number of its intent.
    pub class: u32,
    /// The fold in which it is held out.
    pub fold: u8,
    /// Its weight; 0 for one that is not trained on.
    pub weight: f32,
}

/// What one model is trained on.
pub struct Part {
    /// Features of the part's texts.
    pub vocabulary: Vocabulary,
    /// One row a distinct text.
    pub rows: Rows,
    /// The weight of each row.
    pub totals: Vec<f32>,
    /// For each class, the rows that have it with the weight of their examples of that class.
    pub own: Vec<Vec<(u32, f32)>>,
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
    /// Merges equal texts and deals groups into folds: at most `folds`, fewer where there are fewer groups.
    pub fn new(examples: &[Example], folds: impl Fn(usize) -> usize, seed: u64) -> Self {
        let mut intents: Vec<IntentId> = examples.iter().map(|e| e.intent).collect();
        intents.sort_unstable();
        intents.dedup();
        let class: HashMap<IntentId, u32> = intents.iter().zip(0..).map(|(&i, k)| (i, k)).collect();
        let (texts, distinct) = number(examples.par_iter().map(|e| surface(&e.text)).collect());
        let mut first = vec![usize::MAX; distinct];
        for (i, &t) in texts.iter().enumerate().rev() {
            first[t as usize] = i;
        }
        let grams = first.par_iter().map(|&i| Grams::of(&examples[i].text)).collect();
        let (plain, _) = number(first.par_iter().map(|&i| normalise(&examples[i].text)).collect());
        let folds = deal(examples, folds(distinct), seed);
        let usable = |w: f32| if w.is_finite() && w > 0.0 { w } else { 0.0 };
        let items = examples.iter().zip(texts).zip(folds);
        let items =
            items.map(|((e, text), fold)| Item { text, class: class[&e.intent], fold, weight: usable(e.weight) });
        Self { items: items.collect(), intents, grams, plain }
    }

    /// What a model that knows nothing of `fold` is trained on: no example of a group in it, no text in it, also not
    /// when it only differs in punctuation. `None`: everything.
    pub fn without(&self, fold: Option<u8>) -> Part {
        let mut hidden = vec![false; self.grams.len()];
        for item in self.items.iter().filter(|i| Some(i.fold) == fold) {
            hidden[self.plain[item.text as usize] as usize] = true;
        }
        let kept = |i: &&Item| Some(i.fold) != fold && i.weight > 0.0 && !hidden[self.plain[i.text as usize] as usize];
        let mut items: Vec<Item> = self.items.iter().filter(kept).copied().collect();
        // Stable: weights are added in the order of the examples.
        items.sort_by_key(|i| (i.text, i.class));
        let (mut texts, mut totals) = (Vec::new(), Vec::new());
        let mut own = vec![Vec::new(); self.intents.len()];
        for run in items.chunk_by(|a, b| a.text == b.text) {
            let row = texts.len() as u32;
            for same in run.chunk_by(|a, b| a.class == b.class) {
                own[same[0].class as usize].push((row, same.iter().map(|i| i.weight).sum()));
            }
            totals.push(run.iter().map(|i| i.weight).sum());
            texts.push((&self.grams[run[0].text as usize], run.len() as u32));
        }
        let vocabulary = Vocabulary::fit(&texts);
        let vectors: Vec<_> = texts.par_iter().map(|&(g, _)| vocabulary.vector(g)).collect();
        Part { rows: Rows::new(&vectors, vocabulary.width()), vocabulary, totals, own }
    }
}

/// The fold of each example. Groups stay whole; they are dealt out like cards, in random order within the intent of
/// their first example, so that each fold has its share of each intent.
fn deal(examples: &[Example], folds: usize, seed: u64) -> Vec<u8> {
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
