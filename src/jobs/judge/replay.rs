//! The failures of the last days put to a candidate: what would it say now? A person judges only what has changed.

use crate::domain::{ConversationId, IntentId, ReleaseId, Reporter, Timestamp, TurnKey};
use crate::jobs::JobError;
use crate::jobs::predict::predictor::{Measured, Predictor, cannot_answer};
use crate::learn::contract::Predict;
use crate::learn::responses::{ResponseQuestion, ResponseTable};
use crate::store::{FailedTurn, IntentNames, Store, turn_id};
use serde::Serialize;
use std::rc::Rc;

/// Failures a batch: what is in memory at once.
const BATCH: usize = 1_000;
/// What finds the changes that are to judge.
const QUERY: &str = "is:changed";

/// What a replay is asked.
#[derive(Clone, Copy, Debug)]
pub struct ReplayOptions {
    /// Which release.
    pub release: ReleaseId,
    /// Failures with activity at or after this moment.
    pub since: Timestamp,
    /// How many changes are listed at most; all are counted and kept.
    pub most: usize,
}

/// What was said to a failure at the time, and what would be said now.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReplayedChange {
    /// `source:id`.
    pub id: String,
    /// Its row.
    pub n: ConversationId,
    /// The failing turn.
    pub turn: TurnKey,
    /// What the customer said.
    pub text: String,
    /// What was understood at the time; `None` for a fallback.
    pub was: Option<String>,
    /// Who understood it so.
    pub was_is: WasIs,
    /// What the release understands; `None` without a guess.
    pub now: Option<String>,
    /// Its confidence, where it gives one.
    pub confidence: Option<f32>,
    /// Its group is a test group: nobody has to judge it, since a label counts neither for training nor as gold.
    pub test_group: bool,
    /// What a person labelled it. The release may have learned from that: it says nothing about how good the release is.
    pub label: Option<String>,
    /// What the AI answered.
    pub response_was: Option<String>,
    /// What the release would answer.
    pub response_now: Option<String>,
}

/// Whose word stands in `was`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum WasIs {
    /// The log's.
    Log,
    /// The live release's: the log has none.
    Live,
}

/// What came of a replay. `failures` = `same` + `changed` + `unknown`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Replay {
    /// Which release was asked.
    pub release: ReleaseId,
    /// Failures with activity at or after this moment.
    pub since: Timestamp,
    /// Failures that it was asked about.
    pub failures: u64,
    /// It understands what was understood at the time.
    pub same: u64,
    /// It understands something else.
    pub changed: u64,
    /// Neither log nor live release say what was understood, or it cannot be asked: nothing to compare.
    pub unknown: u64,
    /// Changes that nobody has labelled, those of test groups left out: what a person judges.
    pub to_judge: u64,
    /// The query that finds them.
    pub query: &'static str,
    /// Newest first; those to judge before the others.
    pub changes: Vec<ReplayedChange>,
}

/// Puts failures to a release, in batches. What changed and is to be judged is kept for the queue (`is:changed`), in place of
/// what the replay before found; nothing is kept when it is cancelled.
///
/// # Errors
/// The release cannot be asked about new texts; cancelled; the store cannot be read or written.
pub fn replay(store: &mut Store, options: &ReplayOptions, reporter: &dyn Reporter) -> Result<Replay, JobError> {
    let release = options.release;
    if let Some(why) = cannot_answer(store, release)? {
        return Err(JobError::NotThisRelease(why));
    }
    let predictor = Predictor::of(store, release)?.ok_or_else(|| JobError::no_model(release))?;
    let mut tally = ReplayTally {
        names: store.intent_names()?,
        responses: store.artefact(release)?.responses,
        most: options.most,
        out: Replay {
            release,
            since: options.since,
            failures: 0,
            same: 0,
            changed: 0,
            unknown: 0,
            to_judge: 0,
            query: QUERY,
            changes: Vec::new(),
        },
        to_judge: Vec::new(),
        others: Vec::new(),
    };
    let (total, mut below) = (store.count_failed(options.since)?, ConversationId(i64::MAX));
    loop {
        reporter.step("replay", tally.out.failures, total.max(tally.out.failures))?;
        let batch = store.failed_turns(options.since, below, BATCH)?;
        let Some(last) = batch.last() else { break };
        below = last.conversation;
        let turns: Vec<(i64, &str)> =
            batch.iter().map(|f| (turn_id(f.conversation, f.turn), f.text.as_str())).collect();
        let said = predictor.say(store, &turns, &crate::domain::SilentReporter)?;
        batch.iter().zip(said).try_for_each(|(failed, now)| tally.take(store, failed, now))?;
    }
    store.keep_replay(release, &tally.to_judge)?;
    Ok(tally.done())
}

/// What a replay has found so far.
struct ReplayTally {
    names: Rc<IntentNames>,
    responses: ResponseTable,
    most: usize,
    out: Replay,
    to_judge: Vec<ConversationId>,
    /// Changes that nobody has to judge.
    others: Vec<ReplayedChange>,
}

impl ReplayTally {
    fn take(&mut self, store: &Store, failed: &FailedTurn, now: Measured) -> Result<(), JobError> {
        self.out.failures += 1;
        let (Some((was, was_is)), Some(now)) = (was(failed, &self.names), now) else {
            self.out.unknown += 1;
            return Ok(());
        };
        if was == now.map(|g| g.0) {
            self.out.same += 1;
            return Ok(());
        }
        self.out.changed += 1;
        let list = match failed.label {
            None if !failed.test_group => {
                self.to_judge.push(failed.conversation);
                &mut self.out.changes
            }
            _ => &mut self.others,
        };
        if list.len() >= self.most {
            return Ok(());
        }
        let name = |i: IntentId| self.names.name(self.names.today(i));
        let language = self.responses.rules().asked_in(&failed.text, failed.lang.as_deref());
        let question = |intent| ResponseQuestion { intent, language: &language, asked: &failed.text };
        list.push(ReplayedChange {
            id: store.conversation_key(failed.conversation)?,
            n: failed.conversation,
            turn: failed.turn,
            text: failed.text.clone(),
            was: was.map(name),
            was_is,
            now: now.map(|g| name(g.0)),
            confidence: now.and_then(|g| g.1),
            test_group: failed.test_group,
            label: failed.label.map(name),
            response_was: failed.response.clone(),
            response_now: now.and_then(|g| self.responses.predict(question(g.0))).map(|r| r.response.text.clone()),
        });
        Ok(())
    }

    fn done(mut self) -> Replay {
        self.out.to_judge = self.to_judge.len() as u64;
        self.out.changes.append(&mut self.others);
        self.out.changes.truncate(self.most);
        self.out
    }
}

/// What was understood at the time: the log's word, else the live release's; `Some(None)` for a fallback.
fn was(failed: &FailedTurn, names: &IntentNames) -> Option<(Option<IntentId>, WasIs)> {
    match (failed.fallback, failed.logged, failed.live) {
        (true, ..) => Some((None, WasIs::Log)),
        (_, Some(logged), _) => Some((Some(names.today(logged)), WasIs::Log)),
        (_, None, Some(live)) => Some((Some(names.today(live)), WasIs::Live)),
        (_, None, None) => None,
    }
}
