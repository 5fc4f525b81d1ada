//! Measuring an AI that answers elsewhere: it is asked the gold texts, and its answers are a release like any other.

use super::pipeline::run;
use super::request::ReleaseRequest;
use crate::domain::{Ai, Comparison, Reporter, SecretKey, Timestamp};
use crate::jobs::JobError;
use crate::jobs::encoders::Vectors;
use crate::jobs::train::by_asking::{AskingBill, ByAsking};
use crate::jobs::train::plan::{FinetuneOptions, TrainingPlan, TrainingStart};
use crate::store::Store;

/// What a measurement is given.
#[derive(Clone, Debug)]
pub struct MeasureOptions {
    /// Seed of the bootstrap.
    pub seed: u64,
    /// Who asks.
    pub reviewer: String,
    /// When.
    pub now: Timestamp,
}

/// Asks an AI the gold texts, stores its answers as a release and compares it with what is live (else the log, else the
/// most frequent intent). What was answered before an interruption is not asked again; a finished measurement is: the
/// AI may have changed.
///
/// # Errors
/// There is no gold set; the AI does not answer; cancelled; the store cannot be read or written.
pub fn measure(
    store: &mut Store,
    ai: &Ai,
    key: Option<&SecretKey>,
    options: &MeasureOptions,
    reporter: &dyn Reporter,
) -> Result<(Comparison, AskingBill), JobError> {
    let MeasureOptions { seed, reviewer, now } = options.clone();
    let request = ReleaseRequest { reviewer: &options.reviewer, now, cycle: None };
    let reads =
        FinetuneOptions { from: TrainingStart::Scratch, cycle: None, vectors: Vectors::None, seed, reviewer, now };
    let mut asking = ByAsking { ai, key, bill: AskingBill::default() };
    let comparison = run(store, &request, |store| TrainingPlan::now(store, &reads), &mut asking, reporter)?;
    store.forget_asked()?;
    Ok((comparison, asking.bill))
}
