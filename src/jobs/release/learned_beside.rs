//! What two releases have learnt otherwise by themselves, and how that was judged when it was learnt.

use crate::domain::{LearnedAnswers, LearnedReport, ReleaseId};
use crate::jobs::JobError;
use crate::learn::release::artefact::LearnedSections;
use crate::store::{LearnerKind, Store};
use serde::Serialize;

/// A part of a release that a learner made, and that another release has otherwise or not at all.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LearnedBeside {
    /// Which learner.
    pub learner: &'static str,
    /// The release after has nothing of it.
    pub is_gone: bool,
    /// The release that it was learnt for; `None`: there is none, or that was not noted.
    pub learned_for: Option<ReleaseId>,
    /// What was live then: it was judged beside the same part of that.
    pub judged_beside: Option<ReleaseId>,
    /// What was found then, on data that neither had seen.
    pub found: Option<LearnedFound>,
}

/// What a learner found.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum LearnedFound {
    /// Of sentiment or offers.
    Signals(Box<LearnedReport>),
    /// Of answers.
    Answers(Box<LearnedAnswers>),
}

/// What the release after has learnt otherwise than the one before (`None`: the log), learner by learner. Nothing is judged for it.
///
/// # Errors
/// No such release; the store cannot be read.
pub fn learned_beside(
    store: &Store,
    before: Option<ReleaseId>,
    after: ReleaseId,
) -> Result<Vec<LearnedBeside>, JobError> {
    let was = before.map_or_else(|| Ok(LearnedSections::default()), |id| store.learned_sections(id))?;
    let is = store.learned_sections(after)?;
    let mut out = Vec::new();
    if was.sentiment != is.sentiment {
        let same = |s: &LearnedSections| s.sentiment == is.sentiment;
        out.push(of_signals(store, LearnerKind::Sentiment, is.sentiment.is_some(), same)?);
    }
    if was.offers != is.offers {
        let same = |s: &LearnedSections| s.offers == is.offers;
        out.push(of_signals(store, LearnerKind::Offers, is.offers.is_some(), same)?);
    }
    out.extend(of_answers(store, before, after)?);
    Ok(out)
}

/// The newest release that was learnt with the same section.
fn of_signals(
    store: &Store,
    learner: LearnerKind,
    has_any: bool,
    is_same: impl Fn(&LearnedSections) -> bool,
) -> Result<LearnedBeside, JobError> {
    let mut out = LearnedBeside {
        learner: learner.name(),
        is_gone: !has_any,
        learned_for: None,
        judged_beside: None,
        found: None,
    };
    for row in if has_any { store.learned_by(learner)? } else { Vec::new() } {
        if is_same(&store.learned_sections(row.release)?) {
            out.learned_for = Some(row.release);
            out.judged_beside = store.release(row.release)?.parent;
            out.found = Some(LearnedFound::Signals(Box::new(row.report)));
            break;
        }
    }
    Ok(out)
}

/// Answers that a learner made; what fine-tuning made of them is compared with the intents.
fn of_answers(store: &Store, before: Option<ReleaseId>, after: ReleaseId) -> Result<Option<LearnedBeside>, JobError> {
    let is = store.responses_of(after)?;
    if before.map(|id| store.responses_of(id)).transpose()?.as_ref() == Some(&is) {
        return Ok(None);
    }
    let learner = LearnerKind::Responses;
    for row in store.releases()?.into_iter().filter(|r| r.recipe == learner.recipe()) {
        if let Some(found) = store.learned_answers(row.release)?
            && store.responses_of(row.release)? == is
        {
            let (learned_for, judged_beside) = (Some(row.release), row.parent);
            let found = Some(LearnedFound::Answers(Box::new(found)));
            return Ok(Some(LearnedBeside {
                learner: learner.name(),
                is_gone: false,
                learned_for,
                judged_beside,
                found,
            }));
        }
    }
    Ok(None)
}
