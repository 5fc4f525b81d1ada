//! Whether a log that names no conversation tells a stored one once more, from another message on.

use super::{NO_CHANCE, alike, matched, span};
use crate::domain::conversation::{Conversation, Role, Turn};

/// Whether a conversation has messages of another and goes on in it: of what both say in the time that both cover, the most is the same at the same
/// moments. One that the same customer says is enough; else two must be, and of customers whom nobody names too much for chance. Of logs that name
/// no conversation: one export begins later than another. What is as long in turns and time is said twice under two names.
pub fn goes_on(a: &Conversation, b: &Conversation) -> bool {
    !is_as_long(a, b) && shares(a, b)
}

/// Whether a conversation is another once more, as an import after it tells it: as long, at the same moments, by the same rule.
pub fn is_told_again(a: &Conversation, b: &Conversation) -> bool {
    is_as_long(a, b) && shares(a, b)
}

fn is_as_long(a: &Conversation, b: &Conversation) -> bool {
    span(&a.turns) == span(&b.turns) && a.turns.len() == b.turns.len()
}

fn shares(a: &Conversation, b: &Conversation) -> bool {
    let (one, other) = (a.customer_id.as_deref(), b.customer_id.as_deref());
    let Some((x, y)) = span(&a.turns).zip(span(&b.turns)).filter(|_| one.is_none() || other.is_none() || one == other)
    else {
        return false;
    };
    let both = x.0.max(y.0)..=x.1.min(y.1);
    let within = |turns: &[Turn]| turns.iter().filter(|t| t.at.is_some_and(|at| both.contains(&at.0))).count();
    let is_at_once = |&(i, j): &(usize, usize)| {
        let (x, y) = (&a.turns[i], &b.turns[j]);
        alike(x, y) && x.at.is_some() && x.at == y.at
    };
    let same: Vec<_> = matched(&a.turns, &b.turns).into_iter().filter(is_at_once).collect();
    let words: usize = same.iter().map(|&(_, j)| b.turns[j].text.split_whitespace().count()).sum();
    let is_customers = |&(_, j): &(usize, usize)| b.turns[j].role == Role::User && !b.turns[j].text.trim().is_empty();
    let is_theirs = match one.is_some() && one == other {
        true => same.len() > 1 || same.iter().any(is_customers),
        false => same.len() > 1 && words >= NO_CHANCE,
    };
    is_theirs && same.len() * 2 >= within(&a.turns).min(within(&b.turns))
}
