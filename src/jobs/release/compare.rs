//! Two stored releases on the newest gold version.

use crate::domain::{Comparison, Findings, ReleaseId, Reporter, Timestamp};
use crate::jobs::JobError;
use crate::jobs::judge::findings::findings;
use crate::jobs::judge::sides::{BaselineSide, CandidateSide, JudgedSides};
use crate::jobs::predict::predictor::Predictor;
use crate::jobs::train::inputs::TrainingInputs;
use crate::store::Store;

/// Compares two stored releases on the newest gold version, and counts the look, unless both have the same intents. `before` of `None` takes
/// the log's own predictions, else the most frequent intent (rule 13).
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
    let same_intents = before.map_or(Ok(false), |before| have_same_intents(store, before, after))?;
    let version = store.gold_or_freeze(reviewer, now)?;
    reporter.step("read", 0, 0)?;
    let inputs = TrainingInputs::of_release(store, after, version)?;
    let before = before.map(|id| known(store, id)).transpose()?;
    let before = BaselineSide::of(store, before.as_ref(), &inputs, reporter)?;
    let after = CandidateSide::stored(store, &release, &inputs, reporter)?;
    let sides = JudgedSides::new(before, after, &inputs, release.seed);
    let findings = Findings { same_intents, ..findings(store, &sides, version, reporter)? };
    Ok(store.keep_comparison(reviewer, now, release.release, findings)?)
}

fn known(store: &Store, id: ReleaseId) -> Result<Predictor, JobError> {
    store.release(id)?;
    Predictor::of(store, id)?.ok_or_else(|| JobError::no_model(id))
}

/// Whether two releases have the same intents: the same model, byte for byte, or the same answers of something outside.
fn have_same_intents(store: &Store, before: ReleaseId, after: ReleaseId) -> Result<bool, JobError> {
    store.release(before)?;
    let [was, is] = [store.artefact(before)?, store.artefact(after)?];
    if was.intents != is.intents || was.external != is.external {
        return Ok(false);
    }
    let [made_was, made_is] = [store.made_by(before)?, store.made_by(after)?];
    let is_outside = made_was.is_some() && made_was == made_is;
    Ok(is.intents.is_some() || (is_outside && store.kept_answers(before)? == store.kept_answers(after)?))
}
