//! The last step: a candidate becomes a release of the store.

use super::request::ReleaseRequest;
use crate::domain::{Comparison, Findings, Reporter};
use crate::jobs::JobError;
use crate::jobs::train::candidate::ReleaseCandidate;
use crate::jobs::train::inputs::TrainingInputs;
use crate::jobs::train::plan::TrainingPlan;
use crate::store::{NewRelease, Store};

/// Stores a candidate with what was found of it, all or nothing.
///
/// # Errors
/// Cancelled; memory runs out; the store cannot be written.
pub(super) fn keep(
    store: &mut Store,
    request: &ReleaseRequest<'_>,
    plan: &TrainingPlan,
    inputs: &TrainingInputs,
    mut candidate: ReleaseCandidate,
    findings: Findings,
    reporter: &dyn Reporter,
) -> Result<Comparison, JobError> {
    // What is learnt by itself goes on with what is live (rule 48).
    if let Some(live) = store.live()? {
        candidate.artefact.learned = store.learned_sections(live)?;
    }
    let artefact = candidate.artefact.to_bytes().map_err(JobError::CannotPack)?;
    reporter.step("store", 0, 0)?;
    let new = NewRelease {
        parent: candidate.parent,
        seed: plan.seed,
        decision: plan.moment.labels,
        gold_version: plan.gold_version,
        cycle: request.cycle,
        trained_on: candidate.trained_on(inputs),
        held_out: candidate.held_out(inputs).iter().filter_map(|e| e.turn).collect(),
        noted: candidate.outside.is_none().then(|| inputs.noted(plan)),
        recipe: candidate.recipe,
        intents: candidate.intents,
        train_seconds: candidate.seconds,
        disputes: candidate.disputes,
        artefact,
        outside: candidate.outside,
    };
    Ok(store.add_release(request.reviewer, request.now, &new, findings)?)
}
