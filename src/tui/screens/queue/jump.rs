//! Jumping to a conversation or to a day.

use super::lists;
use super::state::QueueScreen;
use super::state::window::LandAt;
use crate::domain::query::sort::OrderBy;
use crate::domain::{Filter, Query, QueueOrder};
use crate::store::PageStart;
use crate::tui::state::effect::{Effect, ask, open, say};
use crate::tui::state::request::queue::{JumpGoal, JumpLanding, JumpRequest, QueueRequest};

/// What was written, as a goal.
///
/// # Errors
/// It is neither a name nor a time.
pub fn goal(text: &str) -> Result<JumpGoal, &'static str> {
    let text = text.trim();
    if text.is_empty() {
        return Err("write #123, web:55, 2026-03-01 or 7d");
    }
    let time = Query::parse(&format!("since:{text}")).ok().and_then(|q| match q.terms.as_slice() {
        [term] => match term.filter {
            Filter::Since(when) => Some(when),
            _ => None,
        },
        _ => None,
    });
    Ok(time.map_or_else(|| JumpGoal::Conversation(text.to_owned()), JumpGoal::Moment))
}

/// Asks where a goal stands. A time has a place only in an order by activity.
pub fn go(queue: &mut QueueScreen, goal: JumpGoal) -> Vec<Effect> {
    let mut effects = Vec::new();
    if matches!(goal, JumpGoal::Moment(_)) && queue.sort.first().by != OrderBy::Activity {
        queue.sort = QueueOrder::NEWEST;
        effects.extend(queue.read_at(PageStart::Start, LandAt::First));
        effects.extend(say("sorted by newest first: only an order by time has a place for a day"));
    }
    let asked = JumpRequest { goal, query: queue.query.clone(), sort: queue.sort, generation: queue.generation() };
    effects.push(ask(QueueRequest::Jump(asked)));
    effects
}

/// Lands.
pub fn land(queue: &mut QueueScreen, asked: &JumpRequest, landing: Result<JumpLanding, String>) -> Vec<Effect> {
    if asked.generation != queue.generation() {
        return Vec::new();
    }
    match landing {
        Ok(JumpLanding::Row(cursor)) => queue.read_at(PageStart::From(cursor), LandAt::First),
        Ok(JumpLanding::End) => {
            let newest_first = asked.sort.first().descending;
            let mut effects = queue.read_at(PageStart::End, LandAt::Last);
            effects.extend(say(if newest_first { "nothing here is so old" } else { "nothing here is so new" }));
            effects
        }
        Ok(JumpLanding::Hidden(id)) => open(lists::hidden(id, &asked.query)),
        Err(why) => say(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::QueryMoment;

    #[test]
    fn times_and_names_are_told_apart() {
        assert_eq!(goal("7d"), Ok(JumpGoal::Moment(QueryMoment::Days(7))));
        assert!(matches!(goal(" 2026-03-01 "), Ok(JumpGoal::Moment(QueryMoment::Day(_)))));
        for name in ["#12", "12", "web:55", "web:2026-03-01"] {
            assert_eq!(goal(name), Ok(JumpGoal::Conversation(name.to_owned())));
        }
        assert!(goal("  ").is_err());
    }
}
