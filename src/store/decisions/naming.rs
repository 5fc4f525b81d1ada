//! A label with an intent that may be new: both are one step, so one undo takes both back.

use crate::domain::{DecisionChange, DecisionId, IntentId, Timestamp};
use crate::store::intents::edits::AdditionOrigin;
use crate::store::{Attempt, Result, Store};

/// What came of a label by name.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedAttempt {
    /// Whether it was saved.
    pub attempt: Attempt,
    /// The decisions: the intent on the list, where it was not, then what followed from it.
    pub changes: Vec<DecisionChange>,
    /// The intent.
    pub intent: IntentId,
    /// How it came to the list; `None`: it was in use.
    pub listed: Option<AdditionOrigin>,
}

impl Store {
    /// Decides with the intent that a name means: one in use, else a new one, else one that was retired and is in use again.
    /// `follows` gives the decisions; whether the intent came to the list just now is told. By somebody who has seen the log up to
    /// a decision only where nobody else has judged the same since.
    ///
    /// # Errors
    /// The name is no name, or that of a merged intent that stands for another; the store cannot be written.
    pub fn decide_named(
        &mut self,
        (reviewer, now): (&str, Timestamp),
        name: &str,
        seen: Option<DecisionId>,
        follows: impl FnOnce(IntentId, bool) -> Vec<DecisionChange>,
    ) -> Result<NamedAttempt> {
        let name = self.check_name(name)?;
        self.immediate("saving a decision", |store| {
            let names = store.intent_names()?;
            let used = names.find(&name).map(|i| names.today(i)).filter(|&i| names.is_active(i));
            let (intent, listed) = match used {
                Some(intent) => (intent, None),
                None => {
                    let (intent, how) = store.place_on_list(&name, false, now)?;
                    (intent, Some(how))
                }
            };
            let list = listed.map(|_| DecisionChange::intent_state(intent, "active"));
            let changes: Vec<DecisionChange> = list.into_iter().chain(follows(intent, listed.is_some())).collect();
            let said = seen.map(|seen| store.said_since(reviewer, &changes, seen)).transpose()?.unwrap_or_default();
            let attempt = match said.is_empty() {
                true => Attempt::Saved(store.decide_within(reviewer, now, &changes)?),
                false => Attempt::Overtaken(said),
            };
            Ok(NamedAttempt { attempt, changes, intent, listed })
        })
    }
}
