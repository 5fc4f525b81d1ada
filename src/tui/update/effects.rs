//! Doing what screens, overlays and answers ask of the program, in order; what is left is for the world outside.

#![deny(clippy::wildcard_enum_match_arm)]

use super::{keys, place};
use crate::domain::QueueOrder;
use crate::tui::guide::tour;
use crate::tui::overlays::Overlay;
use crate::tui::state::app::App;
use crate::tui::state::effect::{Effect, FootMessage, GoTo, Job, ProgramEffect, WorldEffect, ask};
use crate::tui::state::float::ListSubject;
use crate::tui::state::request::common::CommonRequest;
use crate::tui::state::shared::MessageTone;
use crate::tui::state::tab::ScreenTab;
use crate::tui::state::work::{Background, JobProgress};
use std::collections::VecDeque;

/// How long a message stays, in milliseconds.
const SHORT: u64 = 5_000;
const LONG: u64 = 15_000;

/// Does what concerns the program, each before the next; gives what is to be done outside, in order.
pub fn settle(app: &mut App, effects: Vec<Effect>) -> Vec<WorldEffect> {
    let mut todo: VecDeque<Effect> = effects.into();
    let mut outside = Vec::new();
    while let Some(effect) = todo.pop_front() {
        let follows = match effect {
            Effect::World(effect) => {
                if let WorldEffect::Ask(request) = &effect {
                    app.shared.has_acted |= request.decides();
                    app.shared.went_live &= !request.decides();
                }
                // Its first word comes later: a second key before that would begin another run.
                if matches!(effect, WorldEffect::Start(Job::Learn(_))) && app.shared.learning.progress().is_none() {
                    app.shared.learning = Background::Running(JobProgress::default());
                }
                outside.push(effect);
                continue;
            }
            Effect::Go(to) => go(app, to),
            Effect::Open(float) => {
                let (overlay, effects) = Overlay::open(float);
                app.overlays.push(overlay);
                effects
            }
            Effect::Relist(entries) => {
                if let Some(top) = app.overlays.last_mut() {
                    top.relist(entries);
                }
                Vec::new()
            }
            Effect::Counted(found) => {
                if let Some(Overlay::Cycle(form)) = app.overlays.last_mut() {
                    form.counted(found);
                }
                Vec::new()
            }
            Effect::Say(word) => say(app, word),
            Effect::Program(effect) => program(app, effect),
        };
        follows.into_iter().rev().for_each(|effect| todo.push_front(effect));
    }
    outside
}

fn say(app: &mut App, word: FootMessage) -> Vec<Effect> {
    let toasts = &mut app.shared.toasts;
    let (id, ms) = match word {
        FootMessage::Plain(text) => (toasts.show(text, MessageTone::Plain, None), SHORT),
        FootMessage::Lasting(text) => (toasts.stay(text), SHORT),
        FootMessage::Refused(why, action) => (toasts.refuse(why, action), SHORT),
        FootMessage::Good(text) => (toasts.show(text, MessageTone::Good, None), SHORT),
        FootMessage::Bad(text, detail) => {
            (toasts.show(format!("{text}: {detail}"), MessageTone::Bad, Some(detail)), LONG)
        }
        FootMessage::Decided(text) | FootMessage::TakenBack(text) if text.is_empty() => return Vec::new(),
        FootMessage::Decided(text) => {
            toasts.decide(text, false, app.tab);
            app.shared.has_acted = true;
            return Vec::new();
        }
        FootMessage::DecidedThen(text, next) => {
            let follows = say(app, FootMessage::Decided(text));
            app.shared.toasts.next = Some(next);
            return follows;
        }
        FootMessage::TakenBack(text) => {
            toasts.decide(text, true, app.tab);
            return Vec::new();
        }
        FootMessage::Detail(text, detail) => {
            toasts.last_detail = Some((text, detail));
            return Vec::new();
        }
    };
    vec![Effect::World(WorldEffect::ExpireAfter(id, ms))]
}

/// Brings a screen to the front.
fn enter(app: &mut App, tab: ScreenTab) -> Vec<Effect> {
    turn_to(app, tab);
    let (front, shared) = app.front_mut();
    front.enter(shared)
}

/// What was said of another screen is over.
fn turn_to(app: &mut App, tab: ScreenTab) {
    app.shared.listed = app.queue.listed();
    if std::mem::replace(&mut app.tab, tab) != tab {
        app.shared.toasts.leave();
    }
}

fn go(app: &mut App, to: GoTo) -> Vec<Effect> {
    match to {
        GoTo::Tab(tab) => enter(app, tab),
        GoTo::Queue(query) => {
            // The last view's order is nothing that was asked for.
            app.queue.sort = QueueOrder::default();
            let from = app.tab;
            let mut effects = enter(app, ScreenTab::Queue);
            effects.extend(app.queue.show_counted(&query));
            if from != ScreenTab::Queue {
                app.queue.back = Some((from, app.queue.bar.field.text().to_owned()));
            }
            effects
        }
        GoTo::Item(id, scope) => {
            turn_to(app, ScreenTab::Review);
            app.review.open(id, scope)
        }
        GoTo::Turn(turn, back) => {
            turn_to(app, ScreenTab::Review);
            app.review.open_turn(turn, back)
        }
        GoTo::Scope(scope, back) => {
            turn_to(app, ScreenTab::Review);
            app.review.open_scope(scope, back)
        }
    }
}

fn program(app: &mut App, effect: ProgramEffect) -> Vec<Effect> {
    match effect {
        ProgramEffect::Perform(action) => keys::perform(app, action),
        ProgramEffect::Refresh => refresh(app),
        ProgramEffect::RememberPlace => vec![place::remember(app)],
        ProgramEffect::PressHeld => keys::press_held(app),
        ProgramEffect::Trained => {
            tour::tuned(app);
            Vec::new()
        }
    }
}

/// Reads what is on the screen anew.
fn refresh(app: &mut App) -> Vec<Effect> {
    app.shared.sample.is_stale = true;
    let mut effects = vec![ask(CommonRequest::Counts), ask(CommonRequest::Intents)];
    let (front, shared) = app.front_mut();
    effects.extend(front.refresh(shared));
    if matches!(app.overlays.last(), Some(Overlay::Chooser(list)) if list.subject() == ListSubject::Filters) {
        effects.extend(app.queue.recount_filters(&app.shared));
    }
    effects
}
