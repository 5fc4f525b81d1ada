//! What learning by itself came to.

use crate::domain::{ReleaseId, Timestamp, Verdict};
use crate::jobs::JobError;
use crate::learn::release::artefact::{Artefact, LearnedSections};
use crate::store::{LearnedRelease, Store};
use serde::Serialize;
use std::collections::BTreeMap;

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
    /// A release with other answers was made.
    Answers(Box<ResponsesRun>),
}

/// A run that made a release.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LearnerRun {
    /// The release.
    pub release: ReleaseId,
    /// Which learner.
    pub learner: &'static str,
    /// What is live, or the base rate, on what neither has seen.
    pub before: LearnedFigures,
    /// The new model on the same.
    pub after: LearnedFigures,
    /// By how much the loss fell, nats an example; above 0 is better.
    pub delta: f64,
    /// Its 95 % interval, by customer.
    pub ci95: [f64; 2],
    /// Sign-flip test by customer, two-sided.
    pub p_cluster: f64,
    /// What may be concluded.
    pub verdict: Verdict,
    /// The how many-th look by itself this was.
    pub looks: u64,
    /// It went live.
    pub promoted: bool,
    /// Why it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_back: Option<String>,
    /// What it learnt from, counted.
    pub learned_from: BTreeMap<&'static str, u64>,
    /// New examples after which learning again is worth it.
    pub again_after: u64,
}

/// A run that made a release with other answers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ResponsesRun {
    /// The release.
    pub release: ReleaseId,
    /// Always `responses`.
    pub learner: &'static str,
    /// The live answers on turns of test groups.
    pub before: AnswerScore,
    /// The new ones on the same.
    pub after: AnswerScore,
    /// By how much the share of good answers rose.
    pub delta: f64,
    /// Its 95 % interval, by customer.
    pub ci95: [f64; 2],
    /// Sign-flip test by customer, two-sided.
    pub p_cluster: f64,
    /// What may be concluded.
    pub verdict: Verdict,
    /// The how many-th look by itself this was.
    pub looks: u64,
    /// It went live.
    pub promoted: bool,
    /// Why it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_back: Option<String>,
    /// What it learnt from, counted.
    pub learned_from: BTreeMap<&'static str, u64>,
    /// New corrections after which learning again is worth it.
    pub again_after: u64,
}

/// How often one side gives the good answer. What other learners are measured by does not apply.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct AnswerScore {
    /// Share of turns that get what a person wrote, else what the AI said where the conversation was resolved.
    pub accuracy: f64,
    /// Always none.
    pub auc: Option<f64>,
    /// Always none.
    pub log_loss: Option<f64>,
    /// Always none.
    pub macro_f1: Option<f64>,
    /// Always none.
    pub ece: Option<f64>,
    /// Turns.
    pub n: u64,
}

impl AnswerScore {
    /// From turn by turn: 1 where the good answer is given.
    pub(super) fn of(hits: &[u8]) -> Self {
        let sum: u64 = hits.iter().map(|h| u64::from(*h)).sum();
        Self { accuracy: sum as f64 / hits.len().max(1) as f64, n: hits.len() as u64, ..Self::default() }
    }
}

/// Figures of one side.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LearnedFigures {
    /// Area under the ROC curve: of yes, or of negative.
    pub auc: f64,
    /// Mean loss, nats an example.
    pub log_loss: f64,
    /// Of sentiment alone.
    pub macro_f1: Option<f64>,
    /// Calibration error; of offers alone.
    pub ece: Option<f64>,
    /// Examples.
    pub n: u64,
}

pub(super) fn too_little(says: String) -> LearnReport {
    LearnReport::TooLittle { enough: false, says }
}

/// Stores a release with new learned sections beside what is live now, and promotes it where it is better. Says the release, whether
/// it went live, and why not.
pub(super) fn keep(
    store: &mut Store,
    request: &LearnRequest<'_>,
    recipe: &str,
    (trained_on, seconds): (u64, f64),
    verdict: Verdict,
    change: impl FnOnce(&mut LearnedSections),
) -> Result<(ReleaseId, bool, Option<String>), JobError> {
    keep_with(store, request, recipe, (trained_on, seconds), verdict, |artefact| change(&mut artefact.learned))
}

/// As [`keep`], with any part of the release changed.
pub(super) fn keep_with(
    store: &mut Store,
    request: &LearnRequest<'_>,
    recipe: &str,
    (trained_on, seconds): (u64, f64),
    verdict: Verdict,
    change: impl FnOnce(&mut Artefact),
) -> Result<(ReleaseId, bool, Option<String>), JobError> {
    let live = store.live()?;
    let mut artefact = live.map_or_else(|| Ok(Artefact::empty()), |id| store.artefact(id))?;
    change(&mut artefact);
    let bytes = artefact.to_bytes().map_err(JobError::CannotPack)?;
    let new = LearnedRelease {
        parent: live,
        recipe: recipe.to_owned(),
        seed: request.seed,
        trained_on,
        train_seconds: seconds,
        artefact: bytes,
    };
    let id = store.add_learned(request.reviewer, request.now, &new)?;
    let held_back = match (verdict, live) {
        (Verdict::Better, Some(_)) => None,
        (Verdict::Better, None) => Some("no release is live that it could go on with; `appraise finetune` makes one"),
        (Verdict::Worse, _) => Some("it is worse than what is there"),
        (Verdict::CannotTell, _) => Some("whether it is better cannot be told yet"),
    };
    if held_back.is_none() {
        store.set_live(request.reviewer, request.now, id, &format!("{recipe}: better on what it has not seen"))?;
    }
    Ok((id, held_back.is_none(), held_back.map(str::to_owned)))
}
