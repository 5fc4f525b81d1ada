//! A fine-tuning pass: learn from the labels, store a candidate, compare it with what is live.

use crate::domain::{
    BeforeIs, Comparison, CoverageCurve, CycleId, DecisionId, FailureScore, IntentId, ReleaseId, Reporter, Timestamp,
    Trainer,
};
use crate::jobs::JobError;
use crate::jobs::encoders::Vectors;
use crate::jobs::judge::compare::{Sides, before_coverage, side_by_side, turns_of, voice_before};
use crate::jobs::judge::predictor::{Measured, Respondent};
use crate::jobs::judge::responses;
use crate::jobs::judge::responses::Voice;
use crate::jobs::train::external_training::by_trainer;
use crate::jobs::train::training_inputs::{Material, Plan, gather, learn, pack};
use crate::learn::judge::scores::{coverage, right};
use crate::store::{NewRelease, Store, TrainingExample};
use std::collections::HashMap;

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

/// Trains a candidate, stores it, compares it with the live release (else the log, else the most frequent intent).
/// Nothing is stored when it is cancelled or fails.
///
/// # Errors
/// Nothing to learn from; cancelled; a training turn belongs to a test group; the store cannot be read or written.
pub fn finetune(store: &mut Store, options: &FinetuneOptions, reporter: &dyn Reporter) -> Result<Comparison, JobError> {
    recorded(store, &options.reviewer, options.now, options.cycle, |store| {
        reporter.step("read", 0, 0)?;
        let plan = Plan::now(store, options)?;
        run_once(store, options, &plan, None, reporter)
    })
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
        reporter.step("read", 0, 0)?;
        let plan = Plan::now(store, options)?;
        run_once(store, options, &plan, Some(trainer), reporter)
    })
}

/// Keeps how a run began and ended.
pub(in crate::jobs) fn recorded(
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

/// Learns what a plan says, compares it with what is live, and stores it.
pub(in crate::jobs) fn run_once(
    store: &mut Store,
    options: &FinetuneOptions,
    plan: &Plan,
    trainer: Option<&Trainer>,
    reporter: &dyn Reporter,
) -> Result<Comparison, JobError> {
    let mut material = gather(store, plan)?;
    let before = store.live()?.map(|id| Respondent::of(store, id)).transpose()?.flatten();
    let learned = match trainer {
        Some(trainer) => by_trainer(store, trainer, options, &mut material, before.as_ref(), reporter)?,
        None => {
            let is_parent = |r: &&Respondent| Some(r.release) == plan.parent;
            let other = plan.parent.filter(|_| before.as_ref().filter(is_parent).is_none());
            let other = other.map(|id| Respondent::of(store, id)).transpose()?.flatten();
            let parent = before.as_ref().filter(is_parent).or(other.as_ref());
            learn(store, plan, &material, parent.and_then(Respondent::model), reporter)?
        }
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
    comparison.gold_version = plan.gold_version;
    comparison.coverage.before = before_coverage(store, &comparison)?;
    comparison.coverage.after = coverage_out_of_fold(&material.examples, &learned.out_of_fold);
    let cut = (plan.moment.labels, options.cycle);
    comparison.failures =
        failures(store, cut, &material, &learned.out_of_fold, before.as_ref(), comparison.before_is, reporter)?;
    let turns = learned.outside.iter().flat_map(|o| &o.answers).filter_map(|a| Some((a.turn, a.response.clone()?)));
    let table = responses::table(&material.answers, plan.rules);
    let voice = Voice::new(&table, &material.names, turns.collect(), plan.moment.known);
    let heard = voice_before(store, comparison.before_release, comparison.before_is, &material.gold, &material.names)?;
    comparison.take_responses(responses::compare(store, &sides, heard.as_ref(), &voice, &material.answers, true)?);
    let bytes = pack(learned.artefact, plan, &material, reporter)?;
    reporter.step("store", 0, 0)?;
    let new = NewRelease {
        parent: learned.parent,
        recipe: learned.recipe,
        seed: options.seed,
        decision: plan.moment.labels,
        gold_version: plan.gold_version,
        cycle: options.cycle,
        trained_on: material.examples.len() as u64,
        intents: learned.intents,
        train_seconds: learned.seconds,
        held_out: material.held_out.iter().filter_map(|e| e.turn).collect(),
        disputes: learned.disputes,
        artefact: bytes,
        noted: learned.outside.is_none().then(|| material.noted(plan)),
        outside: learned.outside,
    };
    store.add_release(&options.reviewer, options.now, &new, &mut comparison)?;
    Ok(comparison)
}

/// Relabelled failures: the candidate's answer is out of fold. Failures that were labelled before the live release was
/// trained are left out, since it knew them, and so are those that either side was not asked about.
fn failures(
    store: &mut Store,
    (up_to, cycle): (DecisionId, Option<CycleId>),
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
    let rows = store.failures(known_to_before.unwrap_or(DecisionId(0)), up_to, cycle)?;
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
