//! Conversations of which the log only knows who takes part: cut where a long silence lies between two turns.

use crate::domain::Turn;
use crate::ingest::context::Context;

/// Silence after which a person who comes back begins another conversation, in milliseconds: a day, the longest that the
/// bot services that tell conversations by person keep a session.
pub const DAY: i64 = 86_400_000;

/// Turns of a chat, cut where more than a day lies between two that have a time.
pub fn by_day(turns: Vec<Turn>, cx: &mut Context) -> Vec<Vec<Turn>> {
    cx.silence = Some(DAY);
    let (mut spells, mut last): (Vec<Vec<Turn>>, _) = (Vec::new(), None);
    for turn in turns {
        let long = matches!((last, turn.at), (Some(before), Some(at)) if gap(before, at) > DAY);
        last = turn.at.or(last);
        match spells.last_mut() {
            Some(spell) if !long => spell.push(turn),
            _ => spells.push(vec![turn]),
        }
    }
    spells
}

fn gap(before: crate::domain::Timestamp, at: crate::domain::Timestamp) -> i64 {
    at.0.saturating_sub(before.0)
}

/// The id of a part, from 0: the first keeps the whole's, so that it stays the same as the log grows.
pub fn part_id(id: &str, part: usize) -> String {
    if part == 0 { id.to_owned() } else { format!("{id}#{}", part + 1) }
}
