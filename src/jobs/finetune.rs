//! A fine-tuning pass: learn from the labels, store a candidate, compare it with what is live.

use super::JobError;
use super::compare::{Sides, side_by_side, split_by_guard};
use super::encoders::{Vectors, embed_ahead, ready_for};
use crate::domain::{
    BeforeIs, Comparison, CycleId, DecisionId, FailureScore, IntentId, LeftOut, ReleaseId, Reporter, Timestamp,
};
use crate::learn::artefact::Artefact;
use crate::learn::dispute::{Dispute, Judged, disputes};
use crate::learn::embed::Embedder;
use crate::learn::intent::{Example, IntentModel, Prediction, Recipe, Trained, train};
use crate::learn::responses::{Answered, build};
use crate::learn::table::Table;
use crate::store::{IntentNames, NewDispute, NewRelease, Store, StoreError, TrainingExample};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

/// Where a run starts from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Start {
    /// The live release, where there is one (rule 21): it is the parent.
    #[default]
    Live,
    /// Nothing: no parent.
    Scratch,
}

/// What a run is given.
#[derive(Clone, Debug)]
pub struct FinetuneOptions {
    /// Where it starts from.
    pub from: Start,
    /// Cuts the decision log at that cycle's close.
    pub cycle: Option<CycleId>,
    /// Where dense vectors come from.
    pub vectors: Vectors,
    /// Seed.
    pub seed: u64,
    /// Who asks.
    pub reviewer: String,
    /// When.
    pub now: Timestamp,
}

/// What a run learns from, and what it must not look at.
struct Material {
    up_to: DecisionId,
    examples: Vec<TrainingExample>,
    held_out: Vec<TrainingExample>,
    gold: Vec<crate::store::GoldItem>,
    gold_version: Option<crate::domain::GoldVersion>,
    names: Rc<IntentNames>,
}

/// Trains a candidate, stores it, compares it with the live release (else the log, else the most frequent intent).
/// Nothing is stored when it is cancelled or fails.
///
/// # Errors
/// Nothing to learn from; cancelled; a training turn belongs to a test group; the store cannot be read or written.
pub fn finetune(store: &mut Store, options: &FinetuneOptions, reporter: &dyn Reporter) -> Result<Comparison, JobError> {
    let run = store.begin_run(&options.reviewer, options.now, options.cycle)?;
    let result = run_once(store, options, reporter);
    let (state, release, detail) = match &result {
        Ok(c) => ("done", Some(c.release), None),
        Err(JobError::Cancelled) => ("cancelled", None, None),
        Err(e) => ("failed", None, Some(e.to_string())),
    };
    store.end_run(run, state, release, detail.as_deref())?;
    result
}

fn run_once(store: &mut Store, options: &FinetuneOptions, reporter: &dyn Reporter) -> Result<Comparison, JobError> {
    reporter.step("read", 0, 0)?;
    let material = gather(store, options)?;
    let live = store.live()?;
    let before = live.map(|id| Ok::<_, StoreError>((id, store.artefact(id)?.intents))).transpose()?;
    let before = before.as_ref().and_then(|(id, model)| Some((*id, model.as_ref()?)));

    let examples: Vec<Example> = material.examples.iter().map(example).collect();
    let clock = Instant::now();
    let embedder = embedder(store, &options.vectors, &examples, reporter)?;
    let start = before.map(|(_, model)| model).filter(|_| options.from == Start::Live);
    let recipe = Recipe { seed: options.seed, names: &material.names.named(), embedder, start };
    let trained = train(&examples, &recipe, reporter)?;
    if let Some(encoder) = store.encoder_of(&trained.model) {
        store.keep_vectors(&encoder)?;
    }
    let train_seconds = clock.elapsed().as_secs_f64();

    let gold: Vec<&str> = material.gold.iter().map(|g| g.text.as_str()).collect();
    for model in before.iter().map(|(_, model)| *model).chain([&trained.model]) {
        ready_for(store, model, &gold, reporter)?;
    }
    reporter.step("compare", 0, 0)?;
    let parent = live.filter(|_| options.from == Start::Live);
    let sides = Sides {
        before,
        // The store gives the number when it keeps the release.
        after: (ReleaseId(0), &trained.model),
        parent,
        gold: &material.gold,
        trained: &material.examples,
        names: &material.names,
        seed: options.seed,
    };
    let mut comparison = side_by_side(&sides);
    comparison.left_out = LeftOut { repeats_gold: material.held_out.len() as u64 };
    comparison.train_seconds = train_seconds;
    comparison.gold_version = material.gold_version;
    comparison.failures =
        failures(store, options, &material, &trained.out_of_fold, before, comparison.before_is, reporter)?;

    let disputed = disputed(&material.examples, &examples, &trained);
    let artefact = release_artefact(store, trained.model, reporter)?;
    let intents = artefact.intents.as_ref().map_or(0, |m| m.intents().len()) as u64;
    let bytes = artefact.to_bytes().map_err(|e| JobError::NothingToDo(format!("the release cannot be packed: {e}")))?;
    reporter.step("store", 0, 0)?;
    let new = NewRelease {
        parent,
        recipe: recipe_name(&options.vectors, start.is_some()),
        seed: options.seed,
        decision: material.up_to,
        gold_version: material.gold_version,
        cycle: options.cycle,
        trained_on: material.examples.len() as u64,
        intents,
        train_seconds,
        held_out: material.held_out.iter().filter_map(|e| e.turn).collect(),
        disputes: disputed,
        artefact: bytes,
    };
    store.add_release(&options.reviewer, options.now, &new, &mut comparison)?;
    Ok(comparison)
}

/// The recipe as the registry shows it.
fn recipe_name(vectors: &Vectors, warm: bool) -> String {
    let heads = match vectors {
        Vectors::None => "words".to_owned(),
        Vectors::Static => "words + built-in vectors".to_owned(),
        Vectors::Encoder(encoder) => format!("words + {}", encoder.name),
    };
    if warm { format!("{heads}, from live") } else { heads }
}

/// What turns texts into vectors, with those of the training texts at hand.
pub(super) fn embedder(
    store: &Store,
    vectors: &Vectors,
    examples: &[Example],
    reporter: &dyn Reporter,
) -> Result<Option<Arc<dyn Embedder>>, JobError> {
    Ok(match vectors {
        Vectors::None => None,
        Vectors::Static => Some(Table::built_in()),
        Vectors::Encoder(installed) => {
            let encoder = store.encoder(&installed.key)?;
            let texts: Vec<&str> = examples.iter().map(|e| e.text.as_str()).collect();
            embed_ahead(store, &encoder, &texts, reporter)?;
            Some(encoder)
        }
    })
}

fn gather(store: &mut Store, options: &FinetuneOptions) -> Result<Material, JobError> {
    let up_to = match options.cycle {
        Some(id) => {
            let cycle = store.cycle(&id.0.to_string())?;
            cycle.closed_decision.map_or_else(|| store.last_decision(), Ok)?
        }
        None => store.last_decision()?,
    };
    let gold_version = store.gold_or_freeze(&options.reviewer, options.now)?;
    let gold = gold_version.map(|v| store.gold_items(v)).transpose()?.unwrap_or_default();
    let all = store.training_examples(up_to)?;
    if let Some(turn) = store.any_in_test_group(all.iter().filter_map(|e| e.turn))? {
        return Err(JobError::Gate(format!(
            "turn {turn} belongs to a test group and is in the training data; this is a fault of the program, please report it"
        )));
    }
    let (mut examples, held_out) = split_by_guard(all, &gold);
    // Oldest decision first: the order in which labels may contradict each other.
    examples.sort_by_key(|e| e.decision);
    let names = store.intent_names()?;
    Ok(Material { up_to, examples, held_out, gold, gold_version, names })
}

pub(super) fn example(e: &TrainingExample) -> Example {
    Example { text: e.text.clone(), intent: e.intent, group: e.group, weight: 1.0 }
}

/// The labels that the candidate disputes, each judged by a model that was not trained on it.
fn disputed(labels: &[TrainingExample], examples: &[Example], trained: &Trained) -> Vec<NewDispute> {
    let new = |d: Dispute| NewDispute {
        decision: labels[d.at].decision,
        says: d.says,
        confidence: d.confidence,
        given: d.given,
    };
    disputes(&Judged::of(examples, trained)).into_iter().map(new).collect()
}

/// Relabelled failures: the candidate's answer is out of fold. Failures that were labelled before the live release was
/// trained are left out, since it knew them.
fn failures(
    store: &Store,
    options: &FinetuneOptions,
    material: &Material,
    out_of_fold: &[Prediction],
    before: Option<(ReleaseId, &IntentModel)>,
    before_is: BeforeIs,
    reporter: &dyn Reporter,
) -> Result<FailureScore, JobError> {
    let known_to_before = before.map(|(id, _)| store.release(id).map(|r| r.decision)).transpose()?;
    let rows = store.failures(known_to_before.unwrap_or(DecisionId(0)), material.up_to, options.cycle)?;
    if let Some((_, model)) = before {
        let texts: Vec<&str> = rows.iter().map(|r| r.text.as_str()).collect();
        ready_for(store, model, &texts, reporter)?;
    }
    let today = |i: IntentId| material.names.today(i);
    let best = |p: &Prediction| p.best().map(|(i, _)| today(i));
    let by_turn: HashMap<i64, &Prediction> =
        material.examples.iter().zip(out_of_fold).filter_map(|(e, p)| Some((e.turn?, p))).collect();
    let mut score = FailureScore::default();
    for row in rows {
        let Some(after) = by_turn.get(&row.turn) else { continue };
        let gold: Vec<IntentId> = row.intents.iter().map(|&i| today(i)).collect();
        let guess = match (before, before_is) {
            (Some((_, model)), _) => best(&model.predict(&row.text)),
            (None, BeforeIs::Log | BeforeIs::Majority) => row.logged.map(today),
            (None, BeforeIs::Model) => None,
        };
        score.n += 1;
        score.before += u64::from(guess.is_some_and(|g| gold.contains(&g)));
        score.after += u64::from(best(after).is_some_and(|g| gold.contains(&g)));
    }
    Ok(score)
}

fn release_artefact(store: &Store, model: IntentModel, reporter: &dyn Reporter) -> Result<Artefact, JobError> {
    reporter.step("responses", 0, 0)?;
    let answers = store.answers()?;
    let rows =
        answers.iter().map(|a| Answered { intent: a.intent, response: &a.response, corrected: a.corrected.as_deref() });
    Ok(Artefact { intents: Some(model), responses: build(rows) })
}
