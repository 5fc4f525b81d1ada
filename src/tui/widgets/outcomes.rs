//! How a conversation ended, as a sign and a colour.

use super::listed::Cells;
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

/// How conversations ended, as one bar: shares, 0 to 1, of those that were resolved, handed over, failed and given up.
pub fn bar(shares: [f64; 4], columns: usize) -> Cells {
    let ends = [Outcome::Resolved, Outcome::Escalated, Outcome::Failed, Outcome::Abandoned];
    let (mut before, mut sum) = (0, 0.0);
    let piece = |(outcome, share): (Outcome, f64)| {
        sum += share;
        let end = (sum * columns as f64).round() as usize;
        let (sign, role) = texture(outcome);
        let cells = sign.repeat(end.saturating_sub(before));
        before = end;
        (cells, role)
    };
    ends.into_iter().zip(shares).map(piece).collect()
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
