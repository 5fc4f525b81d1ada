//! Whether a log that names no conversation tells a stored one once more, from another message on.

use super::clocks::{MINUTE, has_minutes_alone};
use super::{NO_CHANCE, alike, matched, span};
use crate::domain::Timestamp;
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

/// Whether one of two parts of a chat, of one customer with one AI, follows the other after no longer a silence than this, in milliseconds.
pub fn follows(a: &Conversation, b: &Conversation, silence: i64) -> bool {
    let gap = span(&a.turns).zip(span(&b.turns)).map(|(x, y)| (y.0.saturating_sub(x.1)).max(x.0.saturating_sub(y.1)));
    a.customer_id == b.customer_id
        && a.bot == b.bot
        && a.channel == b.channel
        && gap.is_some_and(|gap| (0..=silence).contains(&gap))
}

/// Between which moments what these turns say was said, each as another log may tell it: where these tell the minute alone, within that;
/// else at their moment, or at its minute.
pub fn moments(turns: &[Turn]) -> Vec<(Timestamp, Timestamp)> {
    let times = || turns.iter().filter_map(|t| t.at);
    let minute = |at: Timestamp| at.plus(-at.0.rem_euclid(MINUTE));
    if times().all(|at| minute(at) == at) {
        return times().map(|at| (at, at.plus(MINUTE - 1))).collect();
    }
    times().flat_map(|at| [(at, at), (minute(at), minute(at))]).collect()
}

/// By how many milliseconds two logs tell moments apart.
fn grain(a: &Conversation, b: &Conversation) -> i64 {
    if has_minutes_alone(&a.turns) || has_minutes_alone(&b.turns) { MINUTE } else { 1 }
}

fn is_as_long(a: &Conversation, b: &Conversation) -> bool {
    let grain = grain(a, b);
    let span = |c: &Conversation| span(&c.turns).map(|(from, to)| (from.div_euclid(grain), to.div_euclid(grain)));
    span(a) == span(b) && a.turns.len() == b.turns.len()
}

fn shares(a: &Conversation, b: &Conversation) -> bool {
    let (one, other) = (a.customer_id.as_deref(), b.customer_id.as_deref());
    let Some((x, y)) = span(&a.turns).zip(span(&b.turns)).filter(|_| one.is_none() || other.is_none() || one == other)
    else {
        return false;
    };
    let grain = grain(a, b);
    let moment = |at: i64| at.div_euclid(grain);
    let both = moment(x.0.max(y.0))..=moment(x.1.min(y.1));
    let within = |turns: &[Turn]| turns.iter().filter(|t| t.at.is_some_and(|at| both.contains(&moment(at.0)))).count();
    let is_at_once = |&(i, j): &(usize, usize)| {
        let (x, y) = (&a.turns[i], &b.turns[j]);
        alike(x, y) && x.at.zip(y.at).is_some_and(|(x, y)| moment(x.0) == moment(y.0))
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
