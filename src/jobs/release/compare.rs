//! Two stored releases on the newest gold version.

use crate::domain::{Comparison, ReleaseId, Reporter, Timestamp};
use crate::jobs::JobError;
use crate::jobs::judge::findings::findings;
use crate::jobs::judge::sides::{BaselineSide, CandidateSide, JudgedSides};
use crate::jobs::predict::predictor::Predictor;
use crate::jobs::train::inputs::TrainingInputs;
use crate::store::Store;

/// Compares two stored releases on the newest gold version, and counts the look. `before` of `None` takes the log's own
/// predictions, else the most frequent intent (rule 13).
///
/// # Errors
/// No such release; no gold set; the store cannot be read or written.
pub fn compare(
    store: &mut Store,
    reviewer: &str,
    now: Timestamp,
    before: Option<ReleaseId>,
    after: ReleaseId,
    reporter: &dyn Reporter,
) -> Result<Comparison, JobError> {
    let release = store.release(after)?;
    let version = store.gold_or_freeze(reviewer, now)?;
    reporter.step("read", 0, 0)?;
    let inputs = TrainingInputs::of_release(store, after, version)?;
    let before = before.map(|id| known(store, id)).transpose()?;
    let before = BaselineSide::of(store, before.as_ref(), &inputs, reporter)?;
    let after = CandidateSide::stored(store, &release, &inputs, reporter)?;
    let sides = JudgedSides::new(before, after, &inputs, release.seed);
    let findings = findings(store, &sides, version, reporter)?;
    Ok(store.keep_comparison(reviewer, now, release.release, findings)?)
}

fn known(store: &Store, id: ReleaseId) -> Result<Predictor, JobError> {
    store.release(id)?;
    Predictor::of(store, id)?.ok_or_else(|| JobError::no_model(id))
}
