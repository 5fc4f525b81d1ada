//! What the leakage guard left out of a run (rule 15).

use crate::domain::{ConversationId, ReleaseId, Reporter, TurnKey};
use crate::jobs::JobError;
use crate::jobs::train::guard::{guard, rules_of};
use crate::store::{ReadMoment, Store, split_turn};
use serde::Serialize;

/// A training text that repeats a gold text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HeldOut {
    /// `source:id`; `None` for a base example.
    pub id: Option<String>,
    /// Its row.
    pub n: Option<ConversationId>,
    /// Turn number.
    pub turn: Option<TurnKey>,
    /// Its label.
    pub intent: String,
    /// What the customer said.
    pub text: String,
}

/// What a release was not trained on because it repeats a gold text of the time, base examples included. Which gold text that
/// is stays untold: it may be sealed. What masking made alike for an external trainer is not among them.
///
/// # Errors
/// No such release, or one that was trained elsewhere; cancelled; the store cannot be read.
pub fn held_out(store: &Store, release: ReleaseId, reporter: &dyn Reporter) -> Result<Vec<HeldOut>, JobError> {
    reporter.step("read", 0, 0)?;
    let row = store.release(release)?;
    if row.trained_on == 0 {
        return Err(JobError::NotThisRelease(format!(
            "v{} was trained elsewhere: nothing was left out here",
            release.0
        )));
    }
    let gold = row.gold_version.map(|v| store.gold_items(v)).transpose()?.unwrap_or_default();
    let moment: ReadMoment = store.origin(release)?.moment;
    let names = store.intent_names()?;
    let out = guard(store.training_examples_at(&moment)?, &gold, rules_of(store, release)?).held_out;
    out.into_iter()
        .map(|e| {
            let place = e.turn.map(split_turn);
            Ok(HeldOut {
                id: place.map(|(c, _)| store.conversation_key(c)).transpose()?,
                n: place.map(|(c, _)| c),
                turn: place.map(|(_, turn)| turn),
                intent: names.name(names.today(e.intent)),
                text: e.text,
            })
        })
        .collect()
}
