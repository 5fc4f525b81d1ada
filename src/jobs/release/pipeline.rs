//! The one way of a release: training inputs, a method, its candidate, the two sides, what is found of them, kept.

use super::kept::keep;
use super::request::ReleaseRequest;
use crate::domain::{Comparison, Reporter};
use crate::jobs::JobError;
use crate::jobs::judge::failures::failures;
use crate::jobs::judge::findings::findings;
use crate::jobs::judge::sides::{BaselineSide, CandidateSide, JudgedSides};
use crate::jobs::predict::predictor::Predictor;
use crate::jobs::train::method::Method;
use crate::jobs::train::plan::TrainingPlan;
use crate::store::Store;

/// Makes a release by a method, compares it with what is live (else the log, else the most frequent intent), and stores both. How
/// the run began and ended is kept; of one that fails or is cancelled nothing else.
///
/// # Errors
/// No plan can be made; the method fails; cancelled; a training turn belongs to a test group; the store cannot be read or written.
pub(super) fn run(
    store: &mut Store,
    request: &ReleaseRequest<'_>,
    plan: impl FnOnce(&mut Store) -> Result<TrainingPlan, JobError>,
    method: &mut dyn Method,
    reporter: &dyn Reporter,
) -> Result<Comparison, JobError> {
    let run = store.begin_run(request.reviewer, request.now, request.cycle)?;
    let result = reporter
        .step("read", 0, 0)
        .map_err(JobError::from)
        .and_then(|()| plan(store))
        .and_then(|plan| make(store, request, plan, method, reporter));
    let (state, release, detail) = match &result {
        Ok(c) => ("done", Some(c.release), None),
        Err(JobError::Cancelled) => ("cancelled", None, None),
        Err(e) => ("failed", None, Some(e.to_string())),
    };
    store.end_run(run, state, release, detail.as_deref())?;
    result
}

fn make(
    store: &mut Store,
    request: &ReleaseRequest<'_>,
    plan: TrainingPlan,
    method: &mut dyn Method,
    reporter: &dyn Reporter,
) -> Result<Comparison, JobError> {
    let live = Predictor::live(store)?;
    let plan = &method.plan(plan, live.as_ref());
    let inputs = method.inputs(store, plan)?;
    let candidate = method.candidate(store, plan, &inputs, live.as_ref(), reporter)?;
    let cut = (plan.moment.labels, request.cycle);
    let before = BaselineSide::of(store, live.as_ref(), &inputs, reporter)?;
    let failures = failures(store, cut, &inputs, &candidate, live.as_ref(), reporter)?;
    let after = CandidateSide::candidate(&candidate, plan, &inputs, failures);
    let sides = JudgedSides::new(before, after, &inputs, plan.seed);
    let findings = findings(store, &sides, plan.gold_version, reporter)?;
    keep(store, request, plan, &inputs, candidate, findings, reporter)
}
