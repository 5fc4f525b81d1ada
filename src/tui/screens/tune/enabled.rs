//! What can be done on Fine-tune, here and now.

use super::registry::enabled as in_registry;
use super::state::front::TuneFront;
use super::state::panes::{Pane, pane_of};
use super::state::{LearnReadiness, TuneScreen, ready};
use super::{blame, judging, replay};
use crate::action::Action;
use crate::domain::ReleaseId;
use crate::tui::state::shared::SharedState;
use crate::tui::state::work::CandidateMethod;

/// Whether an action of Fine-tune can be done now.
///
/// # Errors
/// Why not, for a person.
pub fn enabled(tune: &TuneScreen, shared: &SharedState, action: Action) -> Result<(), &'static str> {
    match action {
        Action::CancelTuning => match tune.work.as_ref().map(|w| &w.run).or(tune.views.curve.run.as_ref()) {
            None => Err("no run is going on"),
            Some(run) if run.cancelling => Err("it is stopping"),
            Some(_) => Ok(()),
        },
        _ if tune.work.is_some() && works(tune, action) => Err("a run is going on already"),
        Action::FreezeGold | Action::OpenDisputed | Action::Promote if shared.overview.ready().is_none() => {
            Err("the store is still being read")
        }
        Action::FreezeGold if shared.counts().gold_new == 0 && !in_registry::first_gold(tune, shared) => {
            Err("no test label is new: audit items of a cycle become test labels")
        }
        Action::Replay if replayable(tune).is_none() => Err("there is no release to ask yet"),
        _ => match tune.views.front {
            TuneFront::Registry => in_registry::enabled(tune, shared, action),
            TuneFront::Replay => replay::enabled(tune, action),
            TuneFront::Blame => blame::enabled(tune, action),
            TuneFront::Result | TuneFront::Curve => result_enabled(tune, shared, action),
        },
    }
}

/// Whether an action begins work on a thread of its own; there is one.
fn works(tune: &TuneScreen, action: Action) -> bool {
    let lists = tune.views.front == TuneFront::Registry && tune.views.registry.opening_works();
    matches!(
        action,
        Action::StartTuning
            | Action::Replay
            | Action::BlameTurn
            | Action::Compare
            | Action::Verify
            | Action::ScoreAll
            | Action::ExportModel
            | Action::DropLabels
    ) || action == Action::OpenFlip && lists
}

/// Whether an action can be done while a comparison or the learning curve is in front.
fn result_enabled(tune: &TuneScreen, shared: &SharedState, action: Action) -> Result<(), &'static str> {
    match action {
        Action::StartTuning if matches!(tune.how, CandidateMethod::Ask(_)) && shared.overview.ready().is_some() => {
            Ok(())
        }
        Action::StartTuning => learnable(shared),
        Action::OpenDisputed => match shared.counts().disputed {
            None => Err("the next run tells which labels look wrong"),
            Some((0, 0)) => Err("no label looks wrong to the newest run's model"),
            Some(_) => Ok(()),
        },
        Action::Promote | Action::Reject => decidable(tune, shared, action),
        Action::ToggleCurve if tune.views.front == TuneFront::Curve => Ok(()),
        Action::Leave if tune.views.front != TuneFront::Curve && tune.views.back.is_none() => {
            Err("there is nothing to go back to")
        }
        Action::ToggleCurve => learnable(shared),
        Action::OpenFlip | Action::NextPane | Action::PreviousPane | Action::OtherView => in_panes(tune, action),
        Action::JudgePairs | Action::BlameTurn | Action::Pin => in_panes(tune, action),
        _ if pane_of(action).is_some() => in_panes(tune, action),
        Action::OlderResult | Action::NewerResult if tune.neighbour(action == Action::OlderResult).is_none() => {
            Err("there is no other comparison that way")
        }
        _ => Ok(()),
    }
}

/// Whether something can be done in the lower half.
fn in_panes(tune: &TuneScreen, action: Action) -> Result<(), &'static str> {
    let Some(c) = tune.shown() else { return Err("there is no comparison yet") };
    match (action, tune.panes.pane) {
        _ if tune.views.front == TuneFront::Curve => Err("the learning curve stands in its place"),
        (Action::BlameTurn | Action::Pin, Pane::Flips) if tune.selected_flip().is_none() => Err("nothing is selected"),
        (Action::BlameTurn | Action::Pin, Pane::Flips) => Ok(()),
        (Action::BlameTurn | Action::Pin, _) => Err("select a turn first: they are in a pane of their own"),
        (Action::OpenFlip, Pane::Calibration | Pane::Coverage) => Err("there is nothing to open here"),
        (Action::OpenFlip, _) if tune.panes.len(c) == 0 => Err("nothing is selected"),
        (Action::JudgePairs, _) if judging::pairs(c).is_empty() => Err("no turn is answered differently by both"),
        (Action::JudgePairs, Pane::Responses) => Ok(()),
        (Action::JudgePairs, _) => Err("answers are judged from the responses"),
        (Action::OtherView, Pane::Intents | Pane::Calibration | Pane::Coverage) => {
            Err("there is no other view of this")
        }
        _ => Ok(()),
    }
}

fn learnable(shared: &SharedState) -> Result<(), &'static str> {
    match shared.overview.ready().map(ready) {
        Some(LearnReadiness::Yes) => Ok(()),
        Some(LearnReadiness::NothingToLearn) => Err("there is nothing to learn from yet"),
        None => Err("the store is still being read"),
    }
}

fn decidable(tune: &TuneScreen, shared: &SharedState, action: Action) -> Result<(), &'static str> {
    let (Some(c), Some(row)) = (tune.shown(), tune.shown_release()) else {
        return Err("there is no candidate yet; s trains one");
    };
    match action {
        _ if tune.busy => Err("one moment"),
        Action::Promote if row.state == "live" => Err("there is no candidate: this one is live already; s trains one"),
        Action::Promote if row.state == "rejected" => Err("there is no candidate: this one was rejected; s trains one"),
        Action::Promote => in_registry::promotable(row, c.before_release, shared.counts().live),
        _ => in_registry::rejectable(row),
    }
}

/// The release whose answers to failures are asked for.
pub fn replayable(tune: &TuneScreen) -> Option<ReleaseId> {
    match tune.views.front {
        TuneFront::Registry => tune.views.registry.selected().map(|r| r.release),
        TuneFront::Replay => tune.views.replay.found.as_ref().map(|f| f.replay.release),
        TuneFront::Result | TuneFront::Curve | TuneFront::Blame => tune.shown().map(|c| c.release),
    }
}
