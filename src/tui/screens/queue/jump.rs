//! Jumping to a conversation or to a day.

use super::window::Land;
use crate::domain::query::sort::By;
use crate::domain::{Filter, Query, Sort};
use crate::store::Place;
use crate::tui::overlays;
use crate::tui::state::app::App;
use crate::tui::state::effect::Effect;
use crate::tui::state::request::{Goal, JumpRequest, Landing, Request};

/// What was written, as a goal.
///
/// # Errors
/// It is neither a name nor a time.
pub fn goal(text: &str) -> Result<Goal, &'static str> {
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
    Ok(time.map_or_else(|| Goal::Conversation(text.to_owned()), Goal::Moment))
}

/// Asks where a goal stands. A time has a place only in an order by activity.
pub fn go(app: &mut App, goal: Goal) -> Vec<Effect> {
    let mut effects = Vec::new();
    if matches!(goal, Goal::Moment(_)) && app.queue.sort.first().by != By::Activity {
        app.queue.sort = Sort::NEWEST;
        effects.extend(app.queue.reload(Place::Start, Land::First));
        effects.extend(app.say("sorted by newest first: only an order by time has a place for a day"));
    }
    let queue = &app.queue;
    let asked = JumpRequest { goal, query: queue.query.clone(), sort: queue.sort, generation: queue.generation() };
    effects.push(Effect::Ask(Request::Jump(asked)));
    effects
}

/// Lands.
pub fn land(app: &mut App, asked: &JumpRequest, landing: Result<Landing, String>) -> Vec<Effect> {
    if asked.generation != app.queue.generation() {
        return Vec::new();
    }
    match landing {
        Ok(Landing::Row(cursor)) => app.queue.reload(Place::From(cursor), Land::First),
        Ok(Landing::End) => {
            let newest_first = asked.sort.first().descending;
            let mut effects = app.queue.reload(Place::End, Land::Last);
            effects.extend(app.say(if newest_first { "nothing here is so old" } else { "nothing here is so new" }));
            effects
        }
        Ok(Landing::Hidden(id)) => overlays::offer_hidden(app, id),
        Err(why) => app.say(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::When;

    #[test]
    fn times_and_names_are_told_apart() {
        assert_eq!(goal("7d"), Ok(Goal::Moment(When::Days(7))));
        assert!(matches!(goal(" 2026-03-01 "), Ok(Goal::Moment(When::Day(_)))));
        for name in ["#12", "12", "web:55", "web:2026-03-01"] {
            assert_eq!(goal(name), Ok(Goal::Conversation(name.to_owned())));
        }
        assert!(goal("  ").is_err());
    }
}
