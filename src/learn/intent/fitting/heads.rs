//! The two classifiers that are pooled: linear SVMs on n-grams, and a softmax on an embedder's vectors.
//!
//! Apart rather than as one classifier on both: with few labels a joint one follows the n-grams, and each head has a
//! scale of its own. (Five an intent of BANKING77, held-out training texts: 66.6 % joint, 72.1 % pooled; all: 90.8 %
//! both ways, pooled in two thirds of the time.)

use super::corpus::Corpus;
use super::out_of_fold::HeldOutScores;
use super::pool::{self, PooledHeads, PooledWeights};
use crate::base::progress::TRAINING;
use crate::base::rng::Rng;
use crate::domain::{Cancelled, OUT_OF_SCOPE, Reporter};
use crate::learn::intent::model::{IntentModel, Linear, VectorSource};
use crate::learn::intent::recipe::{IntentRecipe, closeness};
use crate::learn::solver::softmax;
use crate::learn::solver::softmax::{Softmax, WeightedRows};
use crate::learn::solver::svm;
use crate::learn::solver::svm::{HiddenRows, SparseRows, SvmPlane, SvmTask, TrainedClass};
use crate::learn::vectors::embed::Embedder;
use crate::learn::vectors::grams::{Grams, Vocabulary};
use rayon::prelude::*;
use std::sync::Arc;

/// Steps of the softmax at most.
const STEPS: usize = 30;
/// Steps of the softmax that goes on from a model.
const WARM_STEPS: usize = 12;

/// The texts of a corpus as vectors.
struct DenseCorpus {
    /// Where they come from.
    embedder: Arc<dyn Embedder>,
    /// One row a text.
    rows: Vec<f32>,
    /// Numbers in a row.
    width: usize,
}

impl DenseCorpus {
    /// `None` where the recipe has no embedder.
    fn of(corpus: &Corpus, recipe: &IntentRecipe, reporter: &dyn Reporter) -> Result<Option<Self>, Cancelled> {
        let Some(embedder) = &recipe.embedder else { return Ok(None) };
        let texts: Vec<&str> = corpus.texts.iter().map(String::as_str).collect();
        let rows = embedder.embed(&texts, reporter)?;
        Ok(Some(Self { embedder: Arc::clone(embedder), rows, width: embedder.width() }))
    }
}

/// A head as it will be served, and what it says out of fold.
pub struct FittedHead {
    pub linear: Linear,
    pub held: HeldOutScores,
}

/// Both heads, trained, with what they stand on.
pub struct FittedHeads {
    vocabulary: Vocabulary,
    source: Option<VectorSource>,
    pub sparse: FittedHead,
    pub dense: Option<FittedHead>,
}

impl FittedHeads {
    /// Trains on the corpus, and without each of its folds.
    pub fn fit(corpus: &Corpus, recipe: &IntentRecipe, reporter: &dyn Reporter) -> Result<Self, Cancelled> {
        let vectors = DenseCorpus::of(corpus, recipe, reporter)?;
        let dense = vectors.as_ref().map(|d| softmax(corpus, d, recipe, reporter)).transpose()?;
        let (vocabulary, sparse) = svm(corpus, recipe, reporter)?;
        Ok(Self { vocabulary, source: vectors.map(|v| VectorSource::of(v.embedder)), sparse, dense })
    }

    /// The model that adds them up; without a threshold.
    pub fn model(&self, corpus: &Corpus, recipe: &IntentRecipe, pool: &PooledWeights) -> IntentModel {
        let reserved = recipe.names.iter().find(|(_, name)| name == OUT_OF_SCOPE).map(|(id, _)| *id);
        IntentModel {
            rules: recipe.rules,
            vocabulary: self.vocabulary.clone(),
            intents: corpus.intents.clone(),
            sparse: self.sparse.linear.clone(),
            dense: self.dense.as_ref().map_or_else(Linear::default, |d| d.linear.clone()),
            pool: pool.weights.map(|w| w as f32),
            alone: pool::pool(&[], PooledHeads::Words).weights[0] as f32,
            vectors_alone: match recipe.rules.greek() {
                None => 0.0,
                Some(_) => pool::pool(&[], PooledHeads::Vectors).weights[1] as f32,
            },
            reserved: reserved.filter(|id| corpus.intents.binary_search(id).is_ok()),
            threshold: f32::MIN,
            source: self.source.clone(),
        }
    }
}

/// One SVM a class; also the vocabulary that they count on.
fn svm(corpus: &Corpus, recipe: &IntentRecipe, reporter: &dyn Reporter) -> Result<(Vocabulary, FittedHead), Cancelled> {
    let vocabulary = corpus.vocabulary();
    let vectors: Vec<_> = corpus.grams.par_iter().map(|g| vocabulary.vector(g)).collect();
    let rows = SparseRows::new(&vectors, vocabulary.width(), vocabulary.split());
    drop(vectors);
    let hidden = HiddenRows::new(&rows, &corpus.totals, &corpus.hidden);
    let starts = recipe.start.map_or_else(Vec::new, |model| starts(corpus, model));
    let class = |k: usize| {
        let start = starts.get(k).map_or(&[][..], Vec::as_slice);
        TrainedClass { own: &corpus.own[k], start, seed: Rng::part(recipe.seed, k as u64).next_u64() }
    };
    let classes: Vec<TrainedClass> = (0..corpus.own.len()).map(class).collect();
    let tell = |models| reporter.step(TRAINING, (models / (1 + hidden.len())) as u64, classes.len() as u64);
    let solved = svm::train(&SvmTask { rows: &rows, totals: &corpus.totals, classes: &classes }, &hidden, &tell)?;
    let (planes, held): (Vec<SvmPlane>, Vec<Vec<f32>>) = solved.into_iter().map(|s| (s.plane, s.held)).unzip();
    let columns: Vec<&[f32]> = planes.iter().map(|p| &p.weights[..]).collect();
    let linear = Linear::new(&columns, planes.iter().map(|p| p.bias).collect());
    Ok((vocabulary, FittedHead { linear, held: HeldOutScores::of_classes(&held) }))
}

/// What the SVMs of a model say about each text, class by class; nothing for a class that it does not know.
fn starts(corpus: &Corpus, model: &IntentModel) -> Vec<Vec<f32>> {
    let texts = corpus.texts.par_iter();
    let said: Vec<Vec<f32>> = texts.map(|t| model.sparse_scores(&Grams::of(t, model.rules()))).collect();
    let column = |intent| match model.intents().binary_search(intent) {
        Ok(k) => said.iter().map(|row| row[k]).collect(),
        Err(_) => Vec::new(),
    };
    corpus.intents.iter().map(column).collect()
}

/// A softmax on the vectors, trained on everything and without each fold. A fold's model never starts from a model
/// that knew the fold.
fn softmax(
    corpus: &Corpus,
    dense: &DenseCorpus,
    recipe: &IntentRecipe,
    reporter: &dyn Reporter,
) -> Result<FittedHead, Cancelled> {
    let mut targets = vec![Vec::new(); corpus.texts.len()];
    for (class, own) in (0..).zip(&corpus.own) {
        own.iter().for_each(|&(text, weight)| targets[text as usize].push((class, weight)));
    }
    let (width, classes) = (dense.width, corpus.intents.len());
    let known = |t: usize| dense.rows[t * width..][..width].iter().any(|&x| x != 0.0);
    targets.iter_mut().enumerate().filter(|(t, _)| !known(*t)).for_each(|(_, classes)| classes.clear());
    let closeness = closeness(recipe.rules, dense.embedder.key());
    let data = WeightedRows { rows: &dense.rows, width, classes, targets: &targets, closeness };
    let tell = |loss| {
        reporter.loss(loss);
        reporter.step(TRAINING, 0, 0)
    };
    let start = recipe.start.filter(|m| m.embedder_key() == Some(dense.embedder.key()));
    let start = start.map(|model| begin(corpus, model, width));
    let steps = if start.is_some() { WARM_STEPS } else { STEPS };
    let full = softmax::train(&data, &[], start.as_ref(), steps, &tell)?;
    let fold = |hidden: &Vec<u32>| {
        let part = softmax::train(&data, hidden, None, steps, &|_| reporter.step(TRAINING, 0, 0))?;
        let rows: Vec<f32> = hidden.iter().flat_map(|&t| &dense.rows[t as usize * width..][..width]).copied().collect();
        let mut scores = part.scores(&rows);
        let silent = hidden.iter().zip(scores.chunks_exact_mut(classes)).filter(|(t, _)| !known(**t as usize));
        silent.for_each(|(_, row)| row.fill(0.0));
        Ok(scores)
    };
    let held = corpus.hidden.par_iter().map(fold).collect::<Result<Vec<_>, Cancelled>>()?.concat();
    let rows = full.weights.chunks_exact(width + 1);
    let columns: Vec<&[f32]> = rows.clone().map(|row| &row[..width]).collect();
    let linear = Linear::new(&columns, rows.map(|row| row[width]).collect());
    Ok(FittedHead { linear, held: HeldOutScores::of_rows(held, classes) })
}

/// The softmax of a model, with zeros for the classes that it does not know.
fn begin(corpus: &Corpus, model: &IntentModel, width: usize) -> Softmax {
    let row = |intent| match model.intents().binary_search(intent) {
        Ok(k) => model.dense.column(k).chain([model.dense.bias[k]]).collect(),
        Err(_) => vec![0.0; width + 1],
    };
    Softmax { weights: corpus.intents.iter().flat_map(row).collect(), width }
}
