//! Judging two answers without knowing whose they are: which pairs there are, and in which order their answers stand.

use crate::base::rng::mix;
use crate::domain::{AnsweredTurn, Comparison, Pair};
use crate::tui::overlays::{Judge, Overlay};
use crate::tui::state::app::App;
use crate::tui::state::effect::Effect;
use crate::tui::state::request::Request;

/// Two answers to one customer's turn.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Which pair.
    pub pair: Pair,
    /// What the customer said.
    pub asked: AnsweredTurn,
    /// What is answered before.
    pub before: String,
    /// What is answered after.
    pub after: String,
}

/// The pairs that can be judged: of every change one turn, then a second one of each, and so on.
pub fn pairs(c: &Comparison) -> Vec<Candidate> {
    let rounds = c.responses.changes.iter().map(|change| change.turns.len()).max().unwrap_or(0);
    let mut out = Vec::new();
    for round in 0..rounds {
        for change in &c.responses.changes {
            // Where a side says nothing there is nothing to weigh.
            let Some((before, after)) = change.before.as_ref().zip(change.after.as_ref()) else { continue };
            let Some(asked) = change.turns.get(round) else { continue };
            let pair =
                Pair { conversation: asked.conversation, turn: asked.turn, before: c.before_release, after: c.release };
            out.push(Candidate { pair, asked: asked.clone(), before: before.clone(), after: after.clone() });
        }
    }
    out
}

/// Whether the answer after stands first: by a hash of pair and person, so that nobody can get used to an order.
pub fn after_first(pair: Pair, reviewer: &str) -> bool {
    let person = reviewer.bytes().fold(7, |h, b| mix(h ^ u64::from(b)));
    let parts = [pair.conversation.0, i64::from(pair.turn.0), pair.before.map_or(0, |r| r.0), pair.after.0];
    mix(parts.into_iter().fold(person, |h, part| mix(h ^ part as u64))) & 1 == 1
}

/// Reads what was judged of the comparison on the screen.
pub fn ask(app: &mut App) -> Vec<Effect> {
    app.tune.judgements = None;
    let Some(c) = app.tune.shown().filter(|c| !c.responses.changes.is_empty()) else { return Vec::new() };
    vec![Effect::Ask(Request::Judgements(c.before_release, c.release))]
}

/// Begins to judge.
pub fn begin(app: &mut App) -> Vec<Effect> {
    let Some(c) = app.tune.shown() else { return Vec::new() };
    let Some(said) = &app.tune.judgements else { return app.say("one moment") };
    let judge = Judge::new(pairs(c), said.mine.iter().copied());
    let effects = judge.ask_context();
    app.overlays.push(Overlay::Judge(Box::new(judge)));
    effects
}
