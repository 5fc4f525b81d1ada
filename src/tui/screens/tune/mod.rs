//! Fine-tune: start a run, watch it, see before and after side by side, promote or reject (rules 11-18).

pub mod blame;
mod calibration;
mod confusion;
mod coverage;
pub mod curve;
mod enabled;
mod flips;
pub mod how;
mod intents;
pub mod judging;
pub mod panes;
pub mod registry;
pub mod replay;
pub mod responses;
pub mod result;
mod state;
pub mod view;
pub mod work;

use crate::action::Action;
use crate::domain::ReleaseId;
use crate::tui::overlays::{self, Candidate};
use crate::tui::screens::{queue, review};
use crate::tui::state::app::{App, Screen};
use crate::tui::state::effect::{Effect, How, TuneJob};
use crate::tui::state::request::{Request, Which};
pub use curve::Curve;
pub use enabled::enabled;
pub use how::Ways;
pub use panes::{Pane, Panes};
pub use state::{Background, Front, Ready, Run, Tuning, Views, ready};
pub use work::Work;

/// What to read when the screen comes to the front.
pub fn enter(app: &mut App) -> Vec<Effect> {
    app.screen = Screen::FineTune;
    let mut effects = vec![Effect::Ask(Request::Overview)];
    // A comparison that somebody looks at stays; the list of releases is read anew all the same.
    if app.tune.shown().is_none() {
        effects.push(Effect::Ask(Request::Releases));
    }
    effects.extend(refresh(app));
    effects.extend(curve::redraw(app));
    effects
}

/// Reads anew what others may have changed; what one looks at stays.
pub fn refresh(app: &App) -> Vec<Effect> {
    let mut effects = vec![Effect::Ask(Request::Registry), Effect::Ask(Request::Pins)];
    match app.tune.views.front {
        Front::Registry => effects.extend(registry::refresh(app)),
        Front::Replay => effects.extend(replay::refresh(app)),
        _ => {}
    }
    effects
}

/// Does what was asked for on the Fine-tune screen.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let rows = app.seen.rows.max(1) as isize;
    match action {
        Action::Up => step(app, -1),
        Action::Down => step(app, 1),
        Action::PageUp => step(app, -rows),
        Action::PageDown => step(app, rows),
        Action::Top => step(app, isize::MIN / 2),
        Action::Bottom => step(app, isize::MAX / 2),
        Action::CancelTuning if app.tune.work.is_some() => work::cancel(app),
        Action::CancelTuning => curve::cancel(app),
        Action::Replay => match replayable(app) {
            Some(release) => replay::begin(app, release),
            None => Vec::new(),
        },
        _ => match app.tune.views.front {
            Front::Registry => registry::act(app, action),
            Front::Replay => replay::act(app, action),
            Front::Blame => blame::act(app, action),
            Front::Result | Front::Curve => on_result(app, action),
        },
    }
}

/// Does what was asked for while a comparison or the learning curve is in front.
fn on_result(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::StartTuning => start(app),
        Action::ChooseHow => how::open(app),
        Action::ShowRegistry => registry::enter(app),
        Action::BlameTurn => blame::begin(app),
        Action::Pin => match app.tune.selected_flip().map(|f| ((f.conversation, f.turn), f.pinned)) {
            Some((turn, pinned)) => vec![Effect::Ask(Request::Pin(turn, !pinned))],
            None => Vec::new(),
        },
        Action::NextPane | Action::PreviousPane => {
            app.tune.panes.turn(action == Action::NextPane);
            pane_shown(app)
        }
        Action::OtherView => {
            app.tune.panes.other_view();
            Vec::new()
        }
        Action::OlderResult | Action::NewerResult => {
            let there = app.tune.neighbour(action == Action::OlderResult);
            there.map(|row| app.tune.show(Which::Row(row))).unwrap_or_default()
        }
        Action::Promote => match app.tune.shown().map(Candidate::of) {
            Some(candidate) => overlays::ask_promote(app, &candidate),
            None => Vec::new(),
        },
        Action::Reject => match app.tune.shown().map(|c| c.release) {
            Some(release) => overlays::ask_reject(app, release),
            None => Vec::new(),
        },
        Action::FreezeGold => vec![Effect::Ask(Request::FreezeGold)],
        Action::OpenFlip => open_row(app),
        Action::OpenDisputed => open_disputed(app),
        Action::ToggleCurve => curve::toggle(app),
        Action::Leave if app.tune.views.front == Front::Curve => curve::toggle(app),
        Action::Leave => {
            let back = app.tune.views.back.take();
            app.tune.views.front = back.unwrap_or_default();
            refresh(app)
        }
        Action::JudgePairs => judging::begin(app),
        _ => match panes::pane_of(action) {
            Some(pane) => {
                app.tune.panes.show(pane);
                pane_shown(app)
            }
            None => Vec::new(),
        },
    }
}

/// The release whose answers to failures are asked for.
fn replayable(app: &App) -> Option<ReleaseId> {
    match app.tune.views.front {
        Front::Registry => registry::selected(app).map(|r| r.release),
        Front::Replay => app.tune.views.replay.found.as_ref().map(|f| f.replay.release),
        _ => app.tune.shown().map(|c| c.release),
    }
}

/// What a pane needs beside the comparison.
pub fn pane_shown(app: &mut App) -> Vec<Effect> {
    if app.tune.panes.pane == Pane::Responses { judging::ask(app) } else { Vec::new() }
}

fn step(app: &mut App, by: isize) -> Vec<Effect> {
    let moved = |row: usize, len: usize| row.saturating_add_signed(by).min(len.saturating_sub(1));
    match app.tune.views.front {
        Front::Registry => {
            let len = registry::len(app);
            let registry = &mut app.tune.views.registry;
            registry.select(moved(registry.row(), len));
        }
        Front::Replay => app.tune.views.replay.step(by),
        Front::Blame => {
            let blame = &mut app.tune.views.blame;
            *blame.row_mut() = moved(blame.row(), blame.count());
        }
        Front::Result | Front::Curve => {
            let tune = &mut app.tune;
            if let Some(c) = tune.comparison.ready().and_then(|c| c.as_deref()) {
                tune.panes.step(by, c);
            }
        }
    }
    Vec::new()
}

fn start(app: &mut App) -> Vec<Effect> {
    if let How::Ask(name) = app.tune.how.clone() {
        return overlays::confirm_asking(app, &name);
    }
    let job = TuneJob::Train(app.tune.how.clone(), None);
    work::begin(app, job)
}

/// A tab of the registry or of what is to blame was clicked.
pub fn show_list(app: &mut App, at: usize) -> Vec<Effect> {
    match app.tune.views.front {
        Front::Registry => registry::show_list(app, at),
        Front::Blame => {
            app.tune.views.blame.show(at);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// A row was clicked; whether it was the selected one already.
pub fn select_listed(app: &mut App, row: usize) -> bool {
    let views = &mut app.tune.views;
    let before = match views.front {
        Front::Registry => {
            let before = views.registry.row();
            views.registry.select(row);
            before
        }
        Front::Replay => std::mem::replace(&mut views.replay.selected, row),
        Front::Blame => std::mem::replace(views.blame.row_mut(), row),
        Front::Result | Front::Curve => return false,
    };
    before == row
}

/// What is selected as it can be copied: its name, and what the customer said.
pub fn selected_words(app: &App) -> Option<(String, String)> {
    match app.tune.views.front {
        Front::Registry => registry::selected_words(app),
        Front::Replay => app.tune.views.replay.change().map(|c| (c.id.clone(), c.text.clone())),
        Front::Blame => {
            let label = app.tune.views.blame.label()?;
            Some((label.id.clone()?, label.text.clone()))
        }
        Front::Result | Front::Curve => app.tune.selected_flip().map(|f| (f.id.clone(), f.text.clone())),
    }
}

/// Opens the conversation of the selected flip at its turn; of an intent, its turns.
fn open_row(app: &mut App) -> Vec<Effect> {
    if let Some(intent) = app.tune.shown().and_then(|c| app.tune.panes.selected_intent(c)) {
        app.tune.panes.flips_of(intent);
        return Vec::new();
    }
    let turn = app.tune.shown().and_then(|c| app.tune.panes.selected_turn(c));
    match turn {
        Some(turn) => review::open_turn(app, turn, Screen::FineTune),
        None => Vec::new(),
    }
}

/// The queue with the labels that the model disputes.
fn open_disputed(app: &mut App) -> Vec<Effect> {
    let mut effects = queue::enter(app);
    effects.extend(app.queue.set_query("is:disputed"));
    effects
}
