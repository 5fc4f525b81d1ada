//! The store's own learning curve (rule 22): what the labels made so far have been worth.

use crate::base::progress::CURVE;
use crate::domain::{Cancelled, CurveHits, CurvePoint, DecisionId, LearningCurve, Reporter};
use crate::jobs::JobError;
use crate::jobs::encoders::Vectors;
use crate::jobs::train::built_in::{embedder, example};
use crate::jobs::train::guard::guard;
use crate::learn::contract::LearnerRecipe;
use crate::learn::intent::{IntentExample, IntentModel, IntentRecipe};
use crate::learn::judge::scores::{Guess, right};
use crate::learn::judge::stats;
use crate::learn::vectors::grams::GramRules;
use crate::store::{GoldHalf, GoldItem, IntentNames, Store, TrainingExample};
use std::collections::BTreeMap;

/// Prefixes of the labels that are tried, beside the one without labels.
const PREFIXES: usize = 5;
/// Draws of the bootstrap.
const DRAWS: usize = 2_000;

/// Trains on prefixes of the labels in the order in which they were decided, and scores each model on the sealed half of
/// the newest gold version. The first point has no labels where there are base examples, which all models learn from. At
/// most six trainings from scratch, each as [`crate::jobs::finetune()`] does it.
///
/// The curve is kept in the store; as long as no label is decided and no gold is frozen, it is read from there. It shows a
/// trend in sums only, as the accuracy of past releases does, and so counts as no look at the sealed half (rule 12).
///
/// # Errors
/// No gold set, no labels, nothing to learn from; cancelled; the store cannot be read or written.
pub fn curve(store: &Store, vectors: &Vectors, seed: u64, reporter: &dyn Reporter) -> Result<LearningCurve, JobError> {
    drawn(store, vectors, seed, reporter).map(|(curve, _)| curve)
}

/// The same with the right answers behind it.
pub(in crate::jobs) fn drawn(
    store: &Store,
    vectors: &Vectors,
    seed: u64,
    reporter: &dyn Reporter,
) -> Result<(LearningCurve, CurveHits), JobError> {
    let nothing = |what: &str| JobError::NothingToLearn(what.to_owned());
    let gold_version = store.gold_version()?.ok_or_else(|| {
        nothing(
            "there is no gold set to draw a learning curve on yet; the first fine-tuning makes one from blind labels",
        )
    })?;
    let decision = store.last_teaching_decision()?;
    if let Some(kept) = store.kept_curve()?
        && (kept.decision, kept.gold_version, kept.seed, kept.vectors.as_str())
            == (decision, gold_version, seed, vectors.name())
        && let Some(hits) = store.kept_hits(&kept)?
    {
        return Ok((kept, hits));
    }
    let gold = store.gold_items(gold_version)?;
    let names = store.intent_names()?;
    if !gold.iter().any(|g| g.half == GoldHalf::Sealed && !g.gold_today(&names).is_empty()) {
        return Err(nothing("the gold set has no sealed turns to draw a learning curve on whose intent is in use"));
    }
    let all = guard(store.training_examples(decision)?, &gold, GramRules::default()).kept;
    let ends = prefixes(&all);
    if ends.is_empty() {
        return Err(nothing("there are no labels to draw a learning curve from; label some failures first"));
    }
    let named = names.named();
    let texts: Vec<IntentExample> = all.iter().map(example).collect();
    let embedder = embedder(store, vectors, GramRules::default(), &texts, reporter)?;
    let (mut points, mut hits) = (Vec::new(), CurveHits::default());
    for (done, &end) in ends.iter().enumerate() {
        let part = CurveProgress { whole: reporter, done: done as u64, of: ends.len() as u64 };
        part.step("", 0, 1)?;
        let then = guard(store.training_examples(end)?, &gold, GramRules::default()).kept;
        let labels: Vec<&TrainingExample> = then.iter().filter(|e| e.turn.is_some()).collect();
        let mut known: Vec<&TrainingExample> = all.iter().filter(|e| e.turn.is_none()).collect();
        known.extend(&labels);
        known.sort_by_key(|e| e.decision);
        if known.is_empty() {
            continue;
        }
        let examples: Vec<IntentExample> = known.into_iter().map(example).collect();
        let recipe = IntentRecipe { names: &named, embedder: embedder.clone(), ..IntentRecipe::plain(seed) };
        let model = recipe.fit(&examples, &part)?.model;
        let scored = score(&model, &gold, &names);
        points.push(point(labels.len() as u64, &scored, seed));
        hits.right.push(scored.iter().map(|c| c.0 as u64).collect());
        hits.sizes = scored.iter().map(|c| c.1).collect();
    }
    let curve = LearningCurve { decision, gold_version, seed, vectors: vectors.name().to_owned(), points };
    store.keep_curve(&curve, &hits)?;
    Ok((curve, hits))
}

/// Reports one training as its part of all of them.
struct CurveProgress<'a> {
    whole: &'a dyn Reporter,
    done: u64,
    of: u64,
}

impl Reporter for CurveProgress<'_> {
    fn step(&self, _: &str, done: u64, total: u64) -> Result<(), Cancelled> {
        const FINE: u64 = 100;
        let within = (done * FINE).checked_div(total).unwrap_or(0).min(FINE);
        self.whole.step(CURVE, self.done * FINE + within, self.of * FINE)
    }
}

/// The last decision of each prefix: before the first label where there are base examples, then every fifth of the labels.
fn prefixes(examples: &[TrainingExample]) -> Vec<DecisionId> {
    let mut labels: Vec<DecisionId> = examples.iter().filter(|e| e.turn.is_some()).map(|e| e.decision).collect();
    labels.sort_unstable();
    let Some(first) = labels.first() else { return Vec::new() };
    let before = examples.iter().any(|e| e.turn.is_none()).then_some(DecisionId(first.0 - 1));
    let fifths = (1..=PREFIXES).map(|k| labels[(labels.len() * k).div_ceil(PREFIXES) - 1]);
    let mut ends: Vec<DecisionId> = before.into_iter().chain(fifths).collect();
    ends.dedup();
    ends
}

/// Right turns and turns of each sealed conversation.
fn score(model: &IntentModel, gold: &[GoldItem], names: &IntentNames) -> Vec<(i64, u64)> {
    let counts = |g: &&GoldItem| g.half == GoldHalf::Sealed && !g.gold_today(names).is_empty();
    let sealed: Vec<&GoldItem> = gold.iter().filter(counts).collect();
    let texts: Vec<&str> = sealed.iter().map(|g| g.text.as_str()).collect();
    let mut conversations: BTreeMap<i64, (i64, u64)> = BTreeMap::new();
    for (item, prediction) in sealed.iter().zip(model.predict_batch(&texts)) {
        let guess: Guess = prediction.best().map(|(i, c)| (names.today(i), Some(c)));
        let (hits, turns) = conversations.entry(item.conversation.0).or_default();
        *hits += i64::from(right(&item.gold_today(names), &guess));
        *turns += 1;
    }
    conversations.into_values().collect()
}

fn point(labels: u64, clusters: &[(i64, u64)], seed: u64) -> CurvePoint {
    let (hits, n) = clusters.iter().fold((0, 0), |(hits, n), c| (hits + c.0, n + c.1));
    let [lo, hi] = stats::bootstrap(clusters, DRAWS, seed);
    CurvePoint { labels, accuracy: hits as f64 / n as f64, lo, hi, n }
}
