//! Turns of an item, as several commands ask for them.

use crate::domain::{Kind, TurnKey};
use crate::store::ReviewItem;

/// Whether the label on a turn is gold.
pub(in crate::cli) fn is_gold(item: &ReviewItem, turn: TurnKey) -> bool {
    item.history.iter().any(|d| d.kind == Kind::Intent && d.turn == Some(turn) && d.state.as_deref() == Some("gold"))
}
