//! How a conversation ended, as a sign and a colour.

use crate::domain::Outcome;
use crate::theme::Role;

/// Gives a sign and a role for how a conversation ended.
pub fn outcome_look(outcome: Outcome) -> (&'static str, Role) {
    match outcome {
        Outcome::Resolved => ("✓", Role::Good),
        Outcome::Failed => ("✗", Role::Bad),
        Outcome::Escalated => ("↗", Role::Bad),
        Outcome::Abandoned => ("○", Role::Muted),
        Outcome::Pending | Outcome::Unknown => ("·", Role::Muted),
    }
}

/// Gives the texture and the role of an outcome in a bar: the same everywhere, told apart without colour.
pub fn texture(outcome: Outcome) -> (&'static str, Role) {
    match outcome {
        Outcome::Resolved => ("█", Role::Good),
        Outcome::Escalated => ("▓", Role::Handed),
        Outcome::Failed => ("▒", Role::Bad),
        Outcome::Abandoned => ("·", Role::Muted),
        Outcome::Pending | Outcome::Unknown => (" ", Role::Muted),
    }
}
