//! What learning by itself came to.

use crate::domain::{LearnedReport, ReleaseId, Timestamp, Verdict};
use crate::jobs::JobError;
use crate::learn::release::artefact::{Artefact, LearnedSections};
use crate::store::{LearnedCut, LearnedRelease, LearnerKind, Store};
use serde::Serialize;

/// Who promotes what learns by itself (rule 19).
pub const BY_ITSELF: &str = "appraise";
/// New signals after which a learner looks again.
pub const AGAIN_AFTER: u64 = 200;

/// Who has something learnt, and when.
#[derive(Clone, Copy, Debug)]
pub struct LearnRequest<'a> {
    /// Who asked.
    pub reviewer: &'a str,
    /// Now.
    pub now: Timestamp,
    /// Seed of resampling and folds.
    pub seed: u64,
}

/// What a learner says after a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum LearnReport {
    /// There was too little to learn from.
    TooLittle {
        /// Always false.
        enough: bool,
        /// What is missing, and how much.
        says: String,
    },
    /// A release was made.
    Made(Box<LearnerRun>),
}

/// A run that made a release.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LearnerRun {
    /// The release.
    pub release: ReleaseId,
    /// Which learner.
    pub learner: &'static str,
    /// What was found.
    #[serde(flatten)]
    pub report: LearnedReport,
    /// It went live.
    pub promoted: bool,
    /// Why it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_back: Option<String>,
}

pub(super) fn too_little(says: String) -> LearnReport {
    LearnReport::TooLittle { enough: false, says }
}

/// What a learner has made, before it is a release.
pub(super) struct Made {
    pub learner: LearnerKind,
    /// Examples learnt from.
    pub trained_on: u64,
    pub seconds: f64,
    pub cut: LearnedCut,
    /// A digest of what it read.
    pub inputs: String,
    /// Signals that there were.
    pub signals: u64,
    pub report: LearnedReport,
}

/// Stores a release with a new learned section beside what is live now, and promotes it where it is better. What something outside made
/// of the intents goes on as it is.
pub(super) fn keep(
    store: &mut Store,
    request: &LearnRequest<'_>,
    made: Made,
    change: impl FnOnce(&mut LearnedSections),
) -> Result<LearnReport, JobError> {
    let live = store.live()?;
    let mut artefact = live.map_or_else(|| Ok(Artefact::empty()), |id| store.artefact(id))?;
    change(&mut artefact.learned);
    let bytes = artefact.to_bytes().map_err(JobError::CannotPack)?;
    let learner = made.learner;
    let new = LearnedRelease {
        parent: live,
        learner,
        seed: request.seed,
        trained_on: made.trained_on,
        train_seconds: made.seconds,
        artefact: bytes,
        cut: made.cut,
        inputs: made.inputs,
        signals: made.signals,
        report: made.report.clone(),
    };
    let id = store.add_learned(request.reviewer, request.now, &new)?;
    let held_back = match (made.report.verdict, live) {
        (Verdict::Better, Some(_)) => None,
        (Verdict::Better, None) => Some("no release is live that it could go on with; `appraise finetune` makes one"),
        (Verdict::Worse, _) => Some("it is worse than what is there"),
        (Verdict::CannotTell, _) => Some("whether it is better cannot be told yet"),
    };
    if held_back.is_none() {
        let why = format!("{}: better on what it has not seen", learner.recipe());
        store.set_live(BY_ITSELF, request.now, id, &why)?;
    }
    Ok(LearnReport::Made(Box::new(LearnerRun {
        release: id,
        learner: learner.name(),
        report: made.report,
        promoted: held_back.is_none(),
        held_back: held_back.map(str::to_owned),
    })))
}
