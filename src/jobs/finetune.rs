//! A fine-tuning pass: learn from the labels, store a candidate, compare it with what is live.

use super::JobError;
use super::compare::{Sides, before_coverage, side_by_side, split_by_guard, turns_of, voice_before};
use super::encoders::{Vectors, embed_ahead, ready_for};
use super::replies::{self, Voice};
use super::respondent::{Measured, Respondent};
use super::teach::by_trainer;
use crate::domain::{
    BeforeIs, Comparison, CoverageCurve, CycleId, DecisionId, FailureScore, IntentId, ReleaseId, Reporter, Timestamp,
    Trainer,
};
use crate::learn::artefact::Artefact;
use crate::learn::dispute::{Dispute, Judged, disputes};
use crate::learn::embed::Embedder;
use crate::learn::evaluate::{coverage, right};
use crate::learn::intent::{Example, Prediction, Recipe, Trained, train};
use crate::learn::responses::ResponseTable;
use crate::learn::table::Table;
use crate::store::{IntentNames, MadeOutside, NewDispute, NewRelease, Store, TrainingExample};
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
pub(super) struct Material {
    pub up_to: DecisionId,
    pub examples: Vec<TrainingExample>,
    pub held_out: Vec<TrainingExample>,
    pub gold: Vec<crate::store::GoldItem>,
    pub gold_version: Option<crate::domain::GoldVersion>,
    pub names: Rc<IntentNames>,
}

/// What a run has learned, whoever taught it.
pub(super) struct Learned {
    /// What it says to the gold turns.
    pub answers: Vec<Measured>,
    /// To the examples, each by a model that was not trained on it; empty where nobody gives them.
    pub out_of_fold: Vec<Measured>,
    pub artefact: Artefact,
    pub parent: Option<ReleaseId>,
    pub recipe: String,
    pub intents: u64,
    pub seconds: f64,
    pub disputes: Vec<NewDispute>,
    pub outside: Option<MadeOutside>,
}

/// Trains a candidate, stores it, compares it with the live release (else the log, else the most frequent intent).
/// Nothing is stored when it is cancelled or fails.
///
/// # Errors
/// Nothing to learn from; cancelled; a training turn belongs to a test group; the store cannot be read or written.
pub fn finetune(store: &mut Store, options: &FinetuneOptions, reporter: &dyn Reporter) -> Result<Comparison, JobError> {
    recorded(store, &options.reviewer, options.now, options.cycle, |store| run_once(store, options, None, reporter))
}

/// The same by an external trainer. Out-of-fold answers, and with them this cycle's failures, are there only where the
/// trainer gives them.
///
/// # Errors
/// As [`finetune`]; the trainer fails, takes too long, or writes what is incomplete.
pub fn finetune_with(
    store: &mut Store,
    trainer: &Trainer,
    options: &FinetuneOptions,
    reporter: &dyn Reporter,
) -> Result<Comparison, JobError> {
    recorded(store, &options.reviewer, options.now, options.cycle, |store| {
        run_once(store, options, Some(trainer), reporter)
    })
}

/// Keeps how a run began and ended.
pub(super) fn recorded(
    store: &mut Store,
    reviewer: &str,
    now: Timestamp,
    cycle: Option<CycleId>,
    work: impl FnOnce(&mut Store) -> Result<Comparison, JobError>,
) -> Result<Comparison, JobError> {
    let run = store.begin_run(reviewer, now, cycle)?;
    let result = work(store);
    let (state, release, detail) = match &result {
        Ok(c) => ("done", Some(c.release), None),
        Err(JobError::Cancelled) => ("cancelled", None, None),
        Err(e) => ("failed", None, Some(e.to_string())),
    };
    store.end_run(run, state, release, detail.as_deref())?;
    result
}

fn run_once(
    store: &mut Store,
    options: &FinetuneOptions,
    trainer: Option<&Trainer>,
    reporter: &dyn Reporter,
) -> Result<Comparison, JobError> {
    reporter.step("read", 0, 0)?;
    let mut material = gather(store, options)?;
    let before = store.live()?.map(|id| Respondent::of(store, id)).transpose()?.flatten();
    let learned = match trainer {
        None => learn(store, options, &material, before.as_ref(), reporter)?,
        Some(trainer) => by_trainer(store, trainer, options, &mut material, before.as_ref(), reporter)?,
    };
    let said = before.as_ref().map(|b| b.say(store, &turns_of(&material.gold), reporter)).transpose()?;
    reporter.step("compare", 0, 0)?;
    let sides = Sides {
        before: before.as_ref().map(|b| b.release).zip(said),
        // The store gives the number when it keeps the release.
        after: (ReleaseId(0), learned.answers),
        parent: learned.parent,
        gold: &material.gold,
        trained: &material.examples,
        trained_elsewhere: false,
        names: &material.names,
        seed: options.seed,
    };
    let mut comparison = side_by_side(&sides);
    comparison.left_out.repeats_gold = material.held_out.len() as u64;
    comparison.train_seconds = learned.seconds;
    comparison.gold_version = material.gold_version;
    comparison.coverage.before = before_coverage(store, &comparison)?;
    comparison.coverage.after = coverage_out_of_fold(&material.examples, &learned.out_of_fold);
    comparison.failures =
        failures(store, options, &material, &learned.out_of_fold, before.as_ref(), comparison.before_is, reporter)?;
    reporter.step("responses", 0, 0)?;
    let rows = store.answers()?;
    let table = replies::table(&rows);
    let turns = learned.outside.iter().flat_map(|o| &o.answers).filter_map(|a| Some((a.turn, a.response.clone()?)));
    let voice = Voice::new(&table, &material.names, turns.collect(), material.up_to);
    let heard = voice_before(store, comparison.before_release, comparison.before_is, &material.gold, &material.names)?;
    comparison.responses = replies::compare(store, &sides, heard.as_ref(), &voice, &rows, true)?;
    let artefact = Artefact { responses: table, ..learned.artefact };
    let bytes = artefact.to_bytes().map_err(|e| JobError::NothingToDo(format!("the release cannot be packed: {e}")))?;
    reporter.step("store", 0, 0)?;
    let new = NewRelease {
        parent: learned.parent,
        recipe: learned.recipe,
        seed: options.seed,
        decision: material.up_to,
        gold_version: material.gold_version,
        cycle: options.cycle,
        trained_on: material.examples.len() as u64,
        intents: learned.intents,
        train_seconds: learned.seconds,
        held_out: material.held_out.iter().filter_map(|e| e.turn).collect(),
        disputes: learned.disputes,
        artefact: bytes,
        outside: learned.outside,
    };
    store.add_release(&options.reviewer, options.now, &new, &mut comparison)?;
    Ok(comparison)
}

/// Learns with the built-in classifier.
fn learn(
    store: &mut Store,
    options: &FinetuneOptions,
    material: &Material,
    before: Option<&Respondent>,
    reporter: &dyn Reporter,
) -> Result<Learned, JobError> {
    let examples: Vec<Example> = material.examples.iter().map(example).collect();
    let clock = Instant::now();
    let embedder = embedder(store, &options.vectors, &examples, reporter)?;
    let warm = options.from == Start::Live;
    let start = before.and_then(Respondent::model).filter(|_| warm);
    let recipe = Recipe { seed: options.seed, names: &material.names.named(), embedder, start };
    let trained = train(&examples, &recipe, reporter)?;
    if let Some(encoder) = store.encoder_of(&trained.model) {
        store.keep_vectors(&encoder)?;
    }
    let seconds = clock.elapsed().as_secs_f64();
    let gold: Vec<&str> = material.gold.iter().map(|g| g.text.as_str()).collect();
    ready_for(store, &trained.model, &gold, reporter)?;
    let measured = |p: &Prediction| Some(p.best().map(|(i, c)| (material.names.today(i), Some(c))));
    Ok(Learned {
        answers: trained.model.predict_batch(&gold).iter().map(measured).collect(),
        out_of_fold: trained.out_of_fold.iter().map(measured).collect(),
        disputes: disputed(&material.examples, &examples, &trained),
        parent: store.live()?.filter(|_| warm),
        recipe: recipe_name(&options.vectors, start.is_some()),
        intents: trained.model.intents().len() as u64,
        seconds,
        artefact: Artefact { intents: Some(trained.model), responses: ResponseTable::default(), external: None },
        outside: None,
    })
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

pub(super) fn gather(store: &mut Store, options: &FinetuneOptions) -> Result<Material, JobError> {
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
/// trained are left out, since it knew them, and so are those that either side was not asked about.
fn failures(
    store: &mut Store,
    options: &FinetuneOptions,
    material: &Material,
    out_of_fold: &[Measured],
    before: Option<&Respondent>,
    before_is: BeforeIs,
    reporter: &dyn Reporter,
) -> Result<FailureScore, JobError> {
    if out_of_fold.is_empty() {
        return Ok(FailureScore::default());
    }
    let known_to_before = before.map(|b| store.release(b.release).map(|r| r.decision)).transpose()?;
    let rows = store.failures(known_to_before.unwrap_or(DecisionId(0)), material.up_to, options.cycle)?;
    let today = |i: IntentId| material.names.today(i);
    let turns: Vec<(i64, &str)> = rows.iter().map(|r| (r.turn, r.text.as_str())).collect();
    let old: Vec<Measured> = match before {
        Some(before) => before.say(store, &turns, reporter)?,
        None if before_is == BeforeIs::Model => vec![None; rows.len()],
        None => rows.iter().map(|r| Some(r.logged.map(|i| (today(i), None)))).collect(),
    };
    let by_turn: HashMap<i64, &Measured> =
        material.examples.iter().zip(out_of_fold).filter_map(|(e, p)| Some((e.turn?, p))).collect();
    let mut score = FailureScore::default();
    for (row, old) in rows.iter().zip(old) {
        let (Some(Some(after)), Some(old)) = (by_turn.get(&row.turn), old) else { continue };
        let gold: Vec<IntentId> = row.intents.iter().map(|&i| today(i)).collect();
        score.n += 1;
        score.before += u64::from(right(&gold, &old));
        score.after += u64::from(right(&gold, after));
    }
    Ok(score)
}

/// Coverage against accuracy on the examples, each judged by a model that was not trained on it.
fn coverage_out_of_fold(examples: &[TrainingExample], out_of_fold: &[Measured]) -> Option<CoverageCurve> {
    let turns = examples.iter().zip(out_of_fold);
    coverage(turns.filter_map(|(e, guess)| Some((std::slice::from_ref(&e.intent), guess.as_ref()?))))
}
