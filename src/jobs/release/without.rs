//! A release made again without some of its labels.

use super::pipeline::run;
use super::request::ReleaseRequest;
use crate::domain::{Comparison, DecisionId, ReleaseId, Reporter, Timestamp};
use crate::jobs::JobError;
use crate::jobs::encoders::InstalledEncoders;
use crate::jobs::train::built_in::BuiltIn;
use crate::jobs::train::plan::TrainingPlan;
use crate::jobs::train::verify::plan_of;
use crate::store::{ReadMoment, Store};

/// Which labels to leave out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOutLabels {
    /// What one decision said.
    Decision(DecisionId),
    /// All of one step.
    Step(i64),
}

/// Trains a release again as though some of its labels had not been given (those before them stand), compares that with what
/// is live, and stores it as a candidate. Everything else is as it was when the release was trained, but for the gold set, which is the newest.
///
/// # Errors
/// The release cannot be trained again; it did not learn from such a label; cancelled.
pub fn retrain_without(
    store: &mut Store,
    encoders: &InstalledEncoders,
    release: ReleaseId,
    drops: &[LeftOutLabels],
    (reviewer, now): (&str, Timestamp),
    reporter: &dyn Reporter,
) -> Result<Comparison, JobError> {
    let request = ReleaseRequest { reviewer, now, cycle: None };
    let plan = |store: &mut Store| plan_without(store, encoders, release, drops, (reviewer, now));
    run(store, &request, plan, &mut BuiltIn, reporter)
}

fn plan_without(
    store: &mut Store,
    encoders: &InstalledEncoders,
    release: ReleaseId,
    drops: &[LeftOutLabels],
    (reviewer, now): (&str, Timestamp),
) -> Result<TrainingPlan, JobError> {
    let (row, origin) = (store.release(release)?, store.origin(release)?);
    let mut plan = plan_of(encoders, &row, &origin, &store.artefact(release)?)
        .map_err(|why| JobError::NotThisRelease(why.to_string()))?;
    for drop in drops {
        let before = plan.moment.without.len();
        // What a step had said before on the same turn comes up when its last word goes.
        loop {
            let found = learned_from(store, &plan.moment, *drop)?;
            let done = found.is_empty() || matches!(drop, LeftOutLabels::Decision(_));
            plan.moment.without.extend(found);
            if done {
                break;
            }
        }
        if plan.moment.without.len() == before {
            let what = match drop {
                LeftOutLabels::Decision(d) => format!("decision {}", d.0),
                LeftOutLabels::Step(step) => format!("step {step}"),
            };
            return Err(JobError::NotFound(format!(
                "v{} learned nothing from {what}; `appraise blame` lists what it learned from",
                release.0
            )));
        }
    }
    plan.moment.without.sort_unstable();
    plan.moment.without.dedup();
    plan.gold_version = store.gold_or_freeze(reviewer, now)?;
    Ok(plan)
}

/// Decisions among what is learned at a moment.
fn learned_from(store: &Store, moment: &ReadMoment, drop: LeftOutLabels) -> Result<Vec<DecisionId>, JobError> {
    let learned = store.training_examples_at(moment)?;
    let learned: Vec<DecisionId> = learned.into_iter().map(|e| e.decision).filter(|d| d.0 > 0).collect();
    Ok(match drop {
        LeftOutLabels::Decision(d) => learned.into_iter().filter(|&l| l == d).collect(),
        LeftOutLabels::Step(step) => {
            let facts = store.label_facts(&learned)?;
            learned.into_iter().zip(facts).filter(|(_, f)| f.step == step).map(|(d, _)| d).collect()
        }
    })
}
