//! Fine-tune as a screen of the program.

use super::lists::PromotionCandidate;
use super::state::TuneScreen;
use super::state::front::TuneFront;
use super::state::panes::{Pane, pane_of};
use super::{blame, curve, disputes, enabled, how, judging, lists, registry, replay, view};
use crate::action::{Action, ActionScope};
use crate::tui::screens::contract::Screen;
use crate::tui::state::effect::{Effect, GoTo, ask, go, open, perform};
use crate::tui::state::request::common::CommonRequest;
use crate::tui::state::request::tune::{TuneRequest, WhichComparison};
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::SharedState;
use crate::tui::state::tab::ScreenTab;
use crate::tui::state::work::{CandidateMethod, TuneJob};
use crate::tui::widgets::Canvas;
use ratatui::layout::Rect;

impl Screen for TuneScreen {
    fn scopes(&self, _: &SharedState) -> Vec<ActionScope> {
        vec![self.views.front.scope(), ActionScope::Move, ActionScope::Global]
    }

    fn enter(&mut self, _: &SharedState) -> Vec<Effect> {
        self.comes_back = true;
        let mut effects = vec![ask(CommonRequest::Counts)];
        // An older comparison that somebody chose stays; the list of releases is read anew all the same.
        if self.shown().is_none() {
            effects.push(ask(TuneRequest::Releases));
        }
        effects.extend(reread(self));
        effects.extend(curve::redraw(self));
        effects
    }

    fn act(&mut self, shared: &SharedState, action: Action) -> Vec<Effect> {
        let rows = shared.page() as isize;
        match action {
            Action::Up => step(self, -1),
            Action::Down => step(self, 1),
            Action::PageUp => step(self, -rows),
            Action::PageDown => step(self, rows),
            Action::Top => step(self, isize::MIN / 2),
            Action::Bottom => step(self, isize::MAX / 2),
            Action::CancelTuning if self.work.is_some() => return self.cancel(),
            Action::CancelTuning => return curve::cancel(self),
            Action::Replay => {
                return enabled::replayable(self).map(|r| replay::begin(self, shared, r)).unwrap_or_default();
            }
            _ => {
                return match self.views.front {
                    TuneFront::Registry => registry::act(self, shared, action),
                    TuneFront::Replay => replay::act(self, shared, action),
                    TuneFront::Blame => blame::act(self, action),
                    TuneFront::Result | TuneFront::Curve => on_result(self, shared, action),
                };
            }
        }
        Vec::new()
    }

    fn enabled(&self, shared: &SharedState, action: Action) -> Result<(), &'static str> {
        enabled::enabled(self, shared, action)
    }

    fn draw(&self, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
        view::draw(self, shared, canvas, area);
    }

    fn refresh(&mut self, _: &SharedState) -> Vec<Effect> {
        let mut effects = Vec::new();
        if self.comparison.ready().is_none() {
            effects.push(ask(TuneRequest::Releases));
        }
        effects.extend(reread(self));
        effects
    }

    fn click(&mut self, _: &SharedState, hit: ScreenHit) -> Vec<Effect> {
        let again = match hit {
            ScreenHit::Intent(i) => self.panes.click(Pane::Intents, i),
            ScreenHit::Flip(i) => self.panes.click(Pane::Flips, i),
            ScreenHit::Pair(i) => self.panes.click(Pane::Confusion, i),
            ScreenHit::Response(i) => self.panes.click(Pane::Responses, i),
            ScreenHit::List(i) => return show_list(self, i),
            ScreenHit::Listed(i) => select_listed(self, i),
            _ => false,
        };
        if again { perform(Action::OpenFlip) } else { Vec::new() }
    }

    fn selected(&self, _: &SharedState, text: bool) -> Option<String> {
        let (id, said) = selected_words(self)?;
        Some(if text { said } else { id })
    }
}

/// Reads anew what others may have changed; a comparison that one looks at stays.
pub fn reread(tune: &TuneScreen) -> Vec<Effect> {
    let mut effects = vec![ask(TuneRequest::Registry), ask(TuneRequest::Pins)];
    match tune.views.front {
        TuneFront::Registry => effects.extend(registry::refresh(tune)),
        TuneFront::Replay => effects.extend(replay::refresh(tune)),
        TuneFront::Result | TuneFront::Curve | TuneFront::Blame => {}
    }
    effects
}

/// Does what was asked for while a comparison or the learning curve is in front.
fn on_result(tune: &mut TuneScreen, shared: &SharedState, action: Action) -> Vec<Effect> {
    match action {
        Action::StartTuning => start(tune, shared),
        Action::ChooseHow => open(how::list(tune)),
        Action::ShowRegistry => registry::enter(tune),
        Action::BlameTurn => blame::begin(tune),
        Action::Pin => match tune.selected_flip().map(|f| ((f.conversation, f.turn), f.pinned)) {
            Some((turn, pinned)) => vec![ask(TuneRequest::Pin(turn, !pinned))],
            None => Vec::new(),
        },
        Action::NextPane | Action::PreviousPane => {
            tune.panes.turn(action == Action::NextPane);
            tune.pane_shown()
        }
        Action::OtherView => {
            tune.panes.other_view();
            Vec::new()
        }
        Action::OlderResult | Action::NewerResult => {
            let there = tune.neighbour(action == Action::OlderResult);
            there.map(|row| tune.show(WhichComparison::Row(row))).unwrap_or_default()
        }
        Action::Promote => match tune.shown().map(PromotionCandidate::of) {
            Some(candidate) => open(lists::promote(&candidate, shared.counts().live)),
            None => Vec::new(),
        },
        Action::Reject => match tune.shown().map(|c| c.release) {
            Some(release) => open(lists::reject(release)),
            None => Vec::new(),
        },
        Action::FreezeGold => vec![ask(TuneRequest::FreezeGold)],
        Action::OpenFlip => open_row(tune),
        Action::OpenDisputed => disputes::begin(shared),
        Action::ToggleCurve => curve::toggle(tune),
        Action::Leave if tune.views.front == TuneFront::Curve => curve::toggle(tune),
        Action::Leave => {
            let back = tune.views.back.take();
            tune.views.front = back.unwrap_or_default();
            reread(tune)
        }
        Action::JudgePairs => judging::begin(tune),
        _ => match pane_of(action) {
            Some(pane) => {
                tune.panes.show(pane);
                tune.pane_shown()
            }
            None => Vec::new(),
        },
    }
}

fn step(tune: &mut TuneScreen, by: isize) {
    let moved = |row: usize, len: usize| row.saturating_add_signed(by).min(len.saturating_sub(1));
    match tune.views.front {
        TuneFront::Registry => {
            let registry = &mut tune.views.registry;
            registry.select(moved(registry.row(), registry.count()));
        }
        TuneFront::Replay => tune.views.replay.step(by),
        TuneFront::Blame => {
            let blame = &mut tune.views.blame;
            *blame.row_mut() = moved(blame.row(), blame.count());
        }
        TuneFront::Result | TuneFront::Curve => {
            if let Some(c) = tune.comparison.ready().and_then(|c| c.as_deref()) {
                tune.panes.step(by, c);
            }
        }
    }
}

fn start(tune: &mut TuneScreen, shared: &SharedState) -> Vec<Effect> {
    if let CandidateMethod::Ask(name) = &tune.how {
        return open(lists::asking(tune, shared, name));
    }
    tune.begin(TuneJob::Train(tune.how.clone(), None))
}

/// A tab of the registry or of what is to blame was clicked.
fn show_list(tune: &mut TuneScreen, at: usize) -> Vec<Effect> {
    match tune.views.front {
        TuneFront::Registry => registry::show_list(tune, at),
        TuneFront::Blame => {
            tune.views.blame.show(at);
            Vec::new()
        }
        TuneFront::Result | TuneFront::Curve | TuneFront::Replay => Vec::new(),
    }
}

/// A row was clicked; whether it was the selected one already.
fn select_listed(tune: &mut TuneScreen, row: usize) -> bool {
    let views = &mut tune.views;
    let before = match views.front {
        TuneFront::Registry => {
            let before = views.registry.row();
            views.registry.select(row);
            before
        }
        TuneFront::Replay => std::mem::replace(&mut views.replay.selected, row),
        TuneFront::Blame => std::mem::replace(views.blame.row_mut(), row),
        TuneFront::Result | TuneFront::Curve => return false,
    };
    before == row
}

/// What is selected as it can be copied: its name, and what the customer said.
fn selected_words(tune: &TuneScreen) -> Option<(String, String)> {
    match tune.views.front {
        TuneFront::Registry => tune.views.registry.selected_words(),
        TuneFront::Replay => tune.views.replay.change().map(|c| (c.id.clone(), c.text.clone())),
        TuneFront::Blame => {
            let label = tune.views.blame.label()?;
            Some((label.id.clone()?, label.text.clone()))
        }
        TuneFront::Result | TuneFront::Curve => tune.selected_flip().map(|f| (f.id.clone(), f.text.clone())),
    }
}

/// Opens the conversation of the selected flip at its turn; of an intent, its turns.
fn open_row(tune: &mut TuneScreen) -> Vec<Effect> {
    if let Some((intent, taken_for)) = tune.shown().and_then(|c| tune.panes.selected_intent(c)) {
        tune.panes.flips_of(intent, taken_for);
        return Vec::new();
    }
    match tune.shown().and_then(|c| tune.panes.selected_turn(c)) {
        Some(turn) => go(GoTo::Turn(turn, ScreenTab::FineTune)),
        None => Vec::new(),
    }
}
