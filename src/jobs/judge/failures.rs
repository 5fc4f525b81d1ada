//! How a candidate does on the failures that reviewers relabelled.

use crate::domain::{CycleId, DecisionId, FailureScore, IntentId, Reporter};
use crate::jobs::JobError;
use crate::jobs::predict::predictor::{Measured, Predictor};
use crate::jobs::train::candidate::{ReleaseCandidate, measured};
use crate::jobs::train::inputs::TrainingInputs;
use crate::learn::judge::scores::right;
use crate::store::Store;
use std::collections::HashMap;

/// Scores relabelled failures up to a decision, of one cycle or of all: the candidate's answer is out of fold (rule 18), and where it
/// gives none nothing is scored. Failures that were labelled before the live release was trained are left out, since it knew them, and
/// so are those that either side was not asked about. Without a live release the log's own word stands before.
///
/// # Errors
/// The live release cannot be asked; cancelled; the store cannot be read or written.
pub(in crate::jobs) fn failures(
    store: &mut Store,
    (up_to, cycle): (DecisionId, Option<CycleId>),
    inputs: &TrainingInputs,
    candidate: &ReleaseCandidate,
    live: Option<&Predictor>,
    reporter: &dyn Reporter,
) -> Result<FailureScore, JobError> {
    if candidate.out_of_fold.is_empty() {
        return Ok(FailureScore::default());
    }
    let known_to_live = live.map(|l| store.release(l.release).map(|r| r.decision)).transpose()?;
    let rows = store.failures(known_to_live.unwrap_or(DecisionId(0)), up_to, cycle)?;
    let turns: Vec<(i64, &str)> = rows.iter().map(|r| (r.turn, r.text.as_str())).collect();
    let old: Vec<Measured> = match live {
        Some(live) => live.say(store, &turns, reporter)?,
        None => rows.iter().map(|r| measured(&inputs.names, r.logged.map(|i| (i, None)))).collect(),
    };
    let guessed = inputs.examples.iter().zip(&candidate.out_of_fold);
    let by_turn: HashMap<i64, &Measured> = guessed.filter_map(|(e, guess)| Some((e.turn?, guess))).collect();
    let mut score = FailureScore::default();
    for (row, old) in rows.iter().zip(old) {
        let (Some(Some(after)), Some(old)) = (by_turn.get(&row.turn), old) else { continue };
        let gold: Vec<IntentId> = row.intents.iter().map(|&i| inputs.names.today(i)).collect();
        score.n += 1;
        score.before += u64::from(right(&gold, &old));
        score.after += u64::from(right(&gold, after));
    }
    Ok(score)
}
