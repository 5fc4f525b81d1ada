//! Judging two answers without knowing whose they are: which pairs there are.

use super::state::TuneScreen;
use crate::domain::{Comparison, Pair};
use crate::tui::state::effect::{Effect, open, say};
use crate::tui::state::float::{Float, PairToJudge};

/// The pairs that can be judged: of every change one turn, then a second one of each, and so on.
pub fn pairs(c: &Comparison) -> Vec<PairToJudge> {
    let rounds = c.responses.changes.iter().map(|change| change.turns.len()).max().unwrap_or(0);
    let mut out = Vec::new();
    for round in 0..rounds {
        for change in &c.responses.changes {
            // Where a side says nothing there is nothing to weigh.
            let Some((before, after)) = change.before.as_ref().zip(change.after.as_ref()) else { continue };
            let Some(asked) = change.turns.get(round) else { continue };
            let pair =
                Pair { conversation: asked.conversation, turn: asked.turn, before: c.before_release, after: c.release };
            out.push(PairToJudge { pair, asked: asked.clone(), before: before.clone(), after: after.clone() });
        }
    }
    out
}

/// Begins to judge.
pub fn begin(tune: &TuneScreen) -> Vec<Effect> {
    let Some(c) = tune.shown() else { return Vec::new() };
    let Some(said) = &tune.judgements else { return say("one moment") };
    open(Float::Judge(pairs(c), said.clone()))
}
