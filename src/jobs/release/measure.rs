//! Measuring an AI that answers elsewhere: it is asked the gold texts, and its answers are a release like any other.

use super::pipeline::run;
use super::request::Request;
use crate::domain::{Ai, Comparison, Reporter, Secret, Timestamp};
use crate::jobs::JobError;
use crate::jobs::encoders::Vectors;
use crate::jobs::train::by_asking::{Bill, ByAsking};
use crate::jobs::train::plan::{FinetuneOptions, Plan, Start};
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
    key: Option<&Secret>,
    options: &MeasureOptions,
    reporter: &dyn Reporter,
) -> Result<(Comparison, Bill), JobError> {
    let MeasureOptions { seed, reviewer, now } = options.clone();
    let request = Request { reviewer: &options.reviewer, now, cycle: None };
    let reads = FinetuneOptions { from: Start::Scratch, cycle: None, vectors: Vectors::None, seed, reviewer, now };
    let mut asking = ByAsking { ai, key, bill: Bill::default() };
    let comparison = run(store, &request, |store| Plan::now(store, &reads), &mut asking, reporter)?;
    store.forget_asked()?;
    Ok((comparison, asking.bill))
}
