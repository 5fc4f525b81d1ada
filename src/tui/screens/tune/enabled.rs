//! What can be done on Fine-tune, here and now.

use super::{Front, Pane, Ready, blame, judging, panes, ready, registry, replay, replayable};
use crate::action::Action;
use crate::tui::state::app::App;
use crate::tui::state::effect::How;

/// Whether an action of Fine-tune can be done now.
///
/// # Errors
/// Why not, for a person.
pub fn enabled(app: &App, action: Action) -> Result<(), &'static str> {
    let tune = &app.tune;
    match action {
        Action::CancelTuning => match tune.work.as_ref().map(|w| &w.run).or(tune.views.curve.run.as_ref()) {
            None => Err("no run is going on"),
            Some(run) if run.cancelling => Err("it is stopping"),
            Some(_) => Ok(()),
        },
        _ if tune.work.is_some() && works(app, action) => Err("a run is going on already"),
        Action::FreezeGold if app.overview().gold_new == 0 && !registry::first_gold(app) => {
            Err("no test label is new: audit items of a cycle become test labels")
        }
        Action::Replay if replayable(app).is_none() => Err("there is no release to ask yet"),
        _ => match tune.views.front {
            Front::Registry => registry::enabled(app, action),
            Front::Replay => replay::enabled(app, action),
            Front::Blame => blame::enabled(app, action),
            Front::Result | Front::Curve => result_enabled(app, action),
        },
    }
}

/// Whether an action begins work on a thread of its own; there is one.
fn works(app: &App, action: Action) -> bool {
    let lists = app.tune.views.front == Front::Registry && registry::opening_works(app);
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
fn result_enabled(app: &App, action: Action) -> Result<(), &'static str> {
    let tune = &app.tune;
    match action {
        Action::StartTuning if matches!(tune.how, How::Ask(_)) => Ok(()),
        Action::StartTuning => learnable(app),
        Action::OpenDisputed => match app.overview().disputed {
            None => Err("the next run tells which labels look wrong"),
            Some((0, _)) => Err("no label looks wrong to the newest run's model"),
            Some(_) => Ok(()),
        },
        Action::Promote | Action::Reject => decidable(app, action),
        Action::ToggleCurve if tune.views.front == Front::Curve => Ok(()),
        Action::Leave if tune.views.front != Front::Curve && tune.views.back.is_none() => {
            Err("there is nothing to go back to")
        }
        Action::ToggleCurve => learnable(app),
        Action::OpenFlip | Action::NextPane | Action::PreviousPane | Action::OtherView => in_panes(app, action),
        Action::JudgePairs | Action::BlameTurn | Action::Pin => in_panes(app, action),
        _ if panes::pane_of(action).is_some() => in_panes(app, action),
        Action::OlderResult | Action::NewerResult if tune.neighbour(action == Action::OlderResult).is_none() => {
            Err("there is no other comparison that way")
        }
        _ => Ok(()),
    }
}

/// Whether something can be done in the lower half.
fn in_panes(app: &App, action: Action) -> Result<(), &'static str> {
    let tune = &app.tune;
    let Some(c) = tune.shown() else { return Err("there is no comparison yet") };
    match (action, tune.panes.pane) {
        _ if tune.views.front == Front::Curve => Err("the learning curve stands in its place"),
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

fn learnable(app: &App) -> Result<(), &'static str> {
    match app.shared.overview.ready().map(ready) {
        Some(Ready::Yes) => Ok(()),
        Some(Ready::NothingToLearn) => Err("there is nothing to learn from yet"),
        None => Err("the store is still being read"),
    }
}

fn decidable(app: &App, action: Action) -> Result<(), &'static str> {
    let tune = &app.tune;
    let (Some(c), Some(row)) = (tune.shown(), tune.shown_release()) else { return Err("there is no candidate yet") };
    match action {
        _ if tune.busy => Err("one moment"),
        Action::Promote => registry::promotable(&row.state, c.before_release, app.overview().live),
        _ => registry::rejectable(&row.state),
    }
}
