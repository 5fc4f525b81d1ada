//! A fine-tuning pass: learn from the labels, store a candidate, compare it with what is live.

use super::pipeline::run;
use super::request::ReleaseRequest;
use crate::domain::{Comparison, Reporter, Trainer};
use crate::jobs::JobError;
use crate::jobs::train::built_in::BuiltIn;
use crate::jobs::train::by_trainer::ByTrainer;
use crate::jobs::train::method::Method;
use crate::jobs::train::plan::{FinetuneOptions, TrainingPlan};
use crate::store::Store;

/// Trains a candidate, stores it, compares it with the live release (else the log, else the most frequent intent).
/// Nothing is stored when it is cancelled or fails.
///
/// # Errors
/// Nothing to learn from; cancelled; a training turn belongs to a test group; the store cannot be read or written.
pub fn finetune(store: &mut Store, options: &FinetuneOptions, reporter: &dyn Reporter) -> Result<Comparison, JobError> {
    by(&mut BuiltIn, store, options, reporter)
}

/// Has an external trainer do the same. Out-of-fold answers, and with them this cycle's failures, are there only where the
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
    by(&mut ByTrainer(trainer), store, options, reporter)
}

fn by(
    method: &mut dyn Method,
    store: &mut Store,
    options: &FinetuneOptions,
    reporter: &dyn Reporter,
) -> Result<Comparison, JobError> {
    let request = ReleaseRequest { reviewer: &options.reviewer, now: options.now, cycle: options.cycle };
    run(store, &request, |store| TrainingPlan::now(store, options), method, reporter)
}
