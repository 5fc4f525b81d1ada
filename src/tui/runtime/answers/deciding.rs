//! Saving decisions.

use super::words::words;
use crate::domain::{ConversationId, DecisionChange, DecisionId, Judgement};
use crate::store::{Attempt, OthersWord, Store, StoreError};
use crate::tui::runtime::desk::WorkingDesk;
use crate::tui::state::request::queue::DecidedMany;

/// Saves decisions, of whoever has seen the log up to a decision only where nobody else judged the same since.
pub fn decide(
    store: &mut Store,
    desk: &WorkingDesk,
    changes: &[DecisionChange],
    seen: Option<DecisionId>,
) -> Result<Attempt, StoreError> {
    let (who, now) = (desk.reviewer.as_str(), (desk.clock)());
    match seen {
        Some(seen) => store.decide_if_seen(who, now, changes, seen),
        None => store.decide(who, now, changes).map(Attempt::Saved),
    }
}

/// What came of one judgement on many conversations.
pub enum Many {
    /// It is saved.
    Saved(DecidedMany),
    /// Others judged some of them meanwhile: nothing is saved.
    Overtaken(Vec<OthersWord>),
}

/// One step for all, so that one undo takes it back.
pub fn decide_many(
    store: &mut Store,
    desk: &WorkingDesk,
    ids: &[ConversationId],
    judgement: &Judgement,
    seen: Option<DecisionId>,
) -> Result<Many, String> {
    const NOTHING: &str = "there is nothing to label: the customer said nothing in them, or they are audit items, which Review labels one by one";
    const NONE_FAILED: &str =
        "nothing says that any of them failed, so there is no reason why: first say how they ended, each in Review";
    let cases = store.cases(ids).map_err(words)?;
    let unfailed = cases.iter().filter(|c| !c.takes(judgement)).count();
    let decisions: Vec<_> = cases.iter().map(|c| c.decide(judgement)).filter(|d| !d.is_empty()).collect();
    let done = decisions.len();
    let open = cases.iter().filter(|c| c.is_open_after(judgement)).count();
    if done == 0 {
        return Err(if unfailed > 0 { NONE_FAILED } else { NOTHING }.to_owned());
    }
    let changes = decisions.concat();
    match decide(store, desk, &changes, seen).map_err(words)? {
        Attempt::Saved(_) => {
            let left_out = ids.len() - done - unfailed;
            Ok(Many::Saved(DecidedMany { told: told(store, &changes), open, unfailed, left_out }))
        }
        Attempt::Overtaken(said) => Ok(Many::Overtaken(said)),
    }
}

/// Decisions on conversations in words.
pub fn told(store: &Store, changes: &[DecisionChange]) -> String {
    let told = store.told(changes).ok().flatten();
    told.map_or_else(|| "saved".to_owned(), |t| format!("{}: {}", t.about, t.what))
}
