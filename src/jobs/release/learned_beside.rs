//! The parts that learners make of releases: of two releases each that differs, judged by what taught neither.

use crate::domain::{LearnedAnswers, LearnedReport, ReleaseId, Reporter, Responses};
use crate::jobs::JobError;
use crate::jobs::learners::{LearnRequest, compare_offers, compare_responses, compare_sentiment};
use crate::learn::release::artefact::LearnedSections;
use crate::learn::responses::ResponseTable;
use crate::store::{LearnerKind, Store};
use serde::Serialize;

/// A part that learners make, where two releases have it otherwise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LearnedBeside {
    /// Which learner.
    pub learner: &'static str,
    /// The release before has nothing of it.
    pub is_new: bool,
    /// The release after has nothing of it.
    pub is_gone: bool,
    /// The two of them, judged on what taught neither; nothing is learnt for it, and no look is counted.
    pub judged: Option<LearnedFound>,
    /// Why they are not judged, in a sentence.
    pub says: Option<String>,
    /// The release that the one after has it from; `None`: people's labels made it, there is none, or that was not noted.
    pub learned_for: Option<ReleaseId>,
    /// What was live then: it was judged beside the same part of that.
    pub judged_beside: Option<ReleaseId>,
    /// What was found then.
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

/// The parts that learners make and that two releases (`before` of `None`: the log) have otherwise, each judged as its learner judges. Where
/// the log is before, its answers are compared with the intents alone: those are what answers are judged by. `on_gold`: what both answer on
/// the open half of the gold set, where that is known.
///
/// # Errors
/// Cancelled; no such release; the store cannot be read.
pub fn learned_beside(
    store: &Store,
    before: Option<ReleaseId>,
    after: ReleaseId,
    on_gold: &Responses,
    request: &LearnRequest<'_>,
    reporter: &dyn Reporter,
) -> Result<Vec<LearnedBeside>, JobError> {
    let was = before.map_or_else(|| Ok(LearnedSections::default()), |id| store.learned_sections(id))?;
    let is = store.learned_sections(after)?;
    let signals = |found: LearnedReport| LearnedFound::Signals(Box::new(found));
    let mut out = Vec::new();
    if was.sentiment != is.sentiment {
        let sides = [was.sentiment.as_ref(), is.sentiment.as_ref()];
        let judged = compare_sentiment(store, sides, request.seed, reporter)?.map(signals);
        let same = |s: &LearnedSections| s.sentiment == is.sentiment;
        out.push(of_signals(store, LearnerKind::Sentiment, sides.map(|s| s.is_some()), judged, same)?);
    }
    if was.offers != is.offers {
        let sides = [was.offers.as_ref(), is.offers.as_ref()];
        let judged = compare_offers(store, sides, request, reporter)?.map(signals);
        let same = |s: &LearnedSections| s.offers == is.offers;
        out.push(of_signals(store, LearnerKind::Offers, sides.map(|s| s.is_some()), judged, same)?);
    }
    let answers = store.responses_of(after)?;
    if let Some(before) = before
        && store.responses_of(before)? != answers
    {
        let judged = compare_responses(store, [before, after], on_gold, request.seed, reporter)?;
        out.push(of_answers(store, &answers, judged.map(|found| LearnedFound::Answers(Box::new(found))))?);
    }
    Ok(out)
}

impl LearnedBeside {
    fn new(learner: LearnerKind, [had, has]: [bool; 2], judged: Result<LearnedFound, String>) -> Self {
        let (judged, says) = match judged {
            Ok(found) => (Some(found), None),
            Err(says) => (None, Some(says)),
        };
        Self {
            learner: learner.name(),
            is_new: !had,
            is_gone: !has,
            judged,
            says,
            learned_for: None,
            judged_beside: None,
            found: None,
        }
    }
}

/// With the newest release that was learnt with the same section.
fn of_signals(
    store: &Store,
    learner: LearnerKind,
    there: [bool; 2],
    judged: Result<LearnedFound, String>,
    is_same: impl Fn(&LearnedSections) -> bool,
) -> Result<LearnedBeside, JobError> {
    let mut out = LearnedBeside::new(learner, there, judged);
    for row in if out.is_gone { Vec::new() } else { store.learned_by(learner)? } {
        if is_same(&store.learned_sections(row.release)?) {
            out.learned_for = Some(row.release);
            out.judged_beside = store.release(row.release)?.parent;
            out.found = Some(LearnedFound::Signals(Box::new(row.report)));
            break;
        }
    }
    Ok(out)
}

/// With the newest release for which a learner made the same answers.
fn of_answers(
    store: &Store,
    answers: &ResponseTable,
    judged: Result<LearnedFound, String>,
) -> Result<LearnedBeside, JobError> {
    let learner = LearnerKind::Responses;
    let mut out = LearnedBeside::new(learner, [true; 2], judged);
    for row in store.releases()?.into_iter().filter(|r| r.recipe == learner.recipe()) {
        if let Some(found) = store.learned_answers(row.release)?
            && store.responses_of(row.release)? == *answers
        {
            (out.learned_for, out.judged_beside) = (Some(row.release), row.parent);
            out.found = Some(LearnedFound::Answers(Box::new(found)));
            break;
        }
    }
    Ok(out)
}
