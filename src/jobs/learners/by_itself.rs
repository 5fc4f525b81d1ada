//! Learning without being asked: when enough new signals have come.

use super::offers::learn_offers;
use super::report::{AGAIN_AFTER, LearnReport, LearnRequest, READING_STAGE};
use super::responses::learn_responses;
use super::sentiment::learn_sentiment;
use crate::base::counted::counted;
use crate::domain::{Cancelled, Reporter, Timestamp};
use crate::jobs::JobError;
use crate::store::{BY_ITSELF, LearnerKind, Store};
use std::time::{Duration, Instant};

/// Between two looks at whether somebody else is done.
const PAUSE: Duration = Duration::from_millis(250);

/// How a stage begins in which it waits for another program that began to learn.
pub const HELD: &str = "another program was learning";

/// Has a learner look now.
///
/// # Errors
/// Cancelled; the store cannot be read or written.
pub fn learn(
    store: &mut Store,
    learner: LearnerKind,
    request: &LearnRequest<'_>,
    reporter: &dyn Reporter,
) -> Result<LearnReport, JobError> {
    match learner {
        LearnerKind::Sentiment => learn_sentiment(store, request, reporter),
        LearnerKind::Offers => learn_offers(store, request, reporter),
        LearnerKind::Responses => learn_responses(store, request, reporter),
    }
}

/// Has every learner look that looks unasked and has enough new signals since it looked last: after an import, in the background. Says what came of it.
///
/// # Errors
/// Cancelled; the store cannot be read or written.
pub fn learn_what_is_due(
    store: &mut Store,
    now: Timestamp,
    seed: u64,
    reporter: &dyn Reporter,
) -> Result<Vec<(LearnerKind, LearnReport)>, JobError> {
    let mut out = Vec::new();
    let (mut nth, of) = (0, due(store)?.len());
    for learner in LearnerKind::UNASKED {
        if !is_ours(store, learner, now, reporter)? {
            continue;
        }
        nth += 1;
        let one_of = OneOf { whole: reporter, says: format!("{}, {nth} of {of}", learner.name()) };
        let reporter: &dyn Reporter = if of > 1 { &one_of } else { reporter };
        // Somebody else may have looked between the question and the claim.
        let request = LearnRequest { reviewer: BY_ITSELF, now, seed };
        let report = match is_due(store, learner)? {
            true => learn(store, learner, &request, reporter).map(Some),
            false => Ok(None),
        };
        store.learning_done(learner)?;
        out.extend(report?.map(|report| (learner, report)));
    }
    Ok(out)
}

/// Has a learner look because somebody asked, and with it those that look unasked and never did: what either lacks is then known.
///
/// # Errors
/// Cancelled; the store cannot be read or written.
pub fn learn_asked(
    store: &mut Store,
    learner: LearnerKind,
    request: &LearnRequest<'_>,
    reporter: &dyn Reporter,
) -> Result<Vec<(LearnerKind, LearnReport)>, JobError> {
    let mut out = vec![(learner, learn(store, learner, request, reporter)?)];
    for other in LearnerKind::UNASKED {
        if other != learner && store.last_look(other)?.is_none() {
            out.push((other, learn(store, other, request, reporter)?));
        }
    }
    Ok(out)
}

/// One of several learners that look one after another: each begins its steps anew, so that it says which it is.
struct OneOf<'a> {
    whole: &'a dyn Reporter,
    says: String,
}

impl Reporter for OneOf<'_> {
    fn step(&self, stage: &str, done: u64, total: u64) -> Result<(), Cancelled> {
        let reads = if stage == READING_STAGE { ", reading" } else { "" };
        self.whole.step(&format!("{}{reads}", self.says), done, total)
    }
}

/// Whether a look is due and ours to make. Where somebody is at it already it waits: they may have been killed, and then nobody would
/// look before more comes.
fn is_ours(store: &mut Store, learner: LearnerKind, now: Timestamp, reporter: &dyn Reporter) -> Result<bool, JobError> {
    let began = Instant::now();
    while is_due(store, learner)? {
        let waited = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
        let at = now.plus(waited);
        if store.claim_learning(learner, at)? {
            return Ok(true);
        }
        let says = store.learning_held(learner, at)?.map(|until| held(store, at, until)).transpose()?;
        reporter.step(&says.unwrap_or_default(), 0, 0)?;
        std::thread::sleep(PAUSE);
    }
    Ok(false)
}

/// That another program was learning, and when it is tried again.
fn held(store: &Store, now: Timestamp, until: Timestamp) -> Result<String, JobError> {
    let minutes = counted((until.0 - now.0).max(0).unsigned_abs().div_ceil(60_000), "minute", "minutes");
    Ok(format!("{HELD}: tried again at {} (in {minutes})", store.zone()?.format(until, "%H:%M")))
}

/// The learners that look unasked and would now, with how many signals came since they looked last.
///
/// # Errors
/// The store cannot be read.
pub fn due(store: &Store) -> Result<Vec<(LearnerKind, u64)>, JobError> {
    let mut out = Vec::new();
    for learner in LearnerKind::UNASKED {
        out.extend(new_if_due(store, learner)?.map(|new| (learner, new)));
    }
    Ok(out)
}

fn is_due(store: &Store, learner: LearnerKind) -> Result<bool, JobError> {
    Ok(new_if_due(store, learner)?.is_some())
}

/// How many signals came since it looked last, where that is enough for another look.
fn new_if_due(store: &Store, learner: LearnerKind) -> Result<Option<u64>, JobError> {
    let (looked, signals) = (store.last_look(learner)?, store.learning_signals(learner)?);
    let wanted = looked.map_or_else(|| learner.first_look(store.test_share()), |_| AGAIN_AFTER);
    Ok(Some(signals.saturating_sub(looked.unwrap_or(0))).filter(|new| *new >= wanted))
}
