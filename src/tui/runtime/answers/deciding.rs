//! Saving decisions.

use crate::domain::{Change, DecisionId};
use crate::store::{Attempt, Store, StoreError};
use crate::tui::runtime::desk::Desk;

/// Saves decisions, of whoever has seen the log up to a decision only where nobody else judged the same since.
pub fn decide(
    store: &mut Store,
    desk: &Desk,
    changes: &[Change],
    seen: Option<DecisionId>,
) -> Result<Attempt, StoreError> {
    let (who, now) = (desk.reviewer.as_str(), (desk.clock)());
    match seen {
        Some(seen) => store.decide_if_seen(who, now, changes, seen),
        None => store.decide(who, now, changes).map(Attempt::Saved),
    }
}
