//! Keys: to the text field on top, else to the action that they ask for.

use super::load;
use crate::action::Action;
use crate::keymap::{Key, Resolved};
use crate::tui::app::{App, Screen};
use crate::tui::ask::{Open, Request};
use crate::tui::effect::Effect;
use crate::tui::enabled::enabled;
use crate::tui::overlays::{self, Overlay};
use crate::tui::screens::{overview, queue, review, tune};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// Keys that may wait for an answer of the store.
const TYPED_AHEAD: usize = 128;

/// Takes a key. While a decision is being saved it waits, so that fast typing meets the conversation it was meant for.
pub fn key(app: &mut App, key: KeyEvent) -> Vec<Effect> {
    let interrupt = key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL);
    if app.screen == Screen::Review && waits(app) && !interrupt {
        if app.review.wait.typed.len() < TYPED_AHEAD {
            app.review.wait.typed.push_back(key);
        }
        return Vec::new();
    }
    press(app, key)
}

/// Keys wait for a decision to be saved, for the conversation to come, and for the intents that they pick from.
fn waits(app: &App) -> bool {
    app.review.wait.busy || !app.shared.intents_known
}

/// Presses the keys that waited, until the store is asked again.
pub fn replay(app: &mut App) -> Vec<Effect> {
    let mut effects = Vec::new();
    while !waits(app) {
        let Some(key) = app.review.wait.typed.pop_front() else { break };
        effects.extend(press(app, key));
    }
    effects
}

fn press(app: &mut App, key: KeyEvent) -> Vec<Effect> {
    let printable =
        matches!(key.code, KeyCode::Char(_)) && !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
    if printable && let Some(effects) = write(app, key) {
        return effects;
    }
    if let (Some(Overlay::Menu(menu)), KeyCode::Char(c)) = (app.overlays.last(), key.code)
        && printable
        && let Some(choice) = menu.by_key(c)
    {
        return overlays::choose::take(app, choice, Action::Accept);
    }
    app.keys.pending.push(Key::of(key));
    let scopes = app.scopes();
    match app.keys.map.resolve(&scopes, &app.keys.pending) {
        Resolved::Pending => Vec::new(),
        Resolved::Action(action) => {
            app.keys.pending.clear();
            perform(app, action)
        }
        Resolved::Nothing => {
            let began = app.keys.pending.len() > 1;
            app.keys.pending.clear();
            if began { Vec::new() } else { write(app, key).unwrap_or_default() }
        }
    }
}

/// Gives a key to the text field on top, if there is one and it takes the key.
fn write(app: &mut App, key: KeyEvent) -> Option<Vec<Effect>> {
    if let Some(top) = app.overlays.last_mut() {
        return (top.writes() && top.write(key)).then(|| overlays::import::written(app));
    }
    if app.screen == Screen::Queue && app.queue.editing {
        return queue::edit(app, key);
    }
    None
}

/// Does what was asked for, or says why not.
pub fn perform(app: &mut App, action: Action) -> Vec<Effect> {
    if app.overlays.is_empty() {
        if let Err(why) = enabled(app, action) {
            return app.say(why);
        }
    } else {
        return overlays::act(app, action);
    }
    if app.screen == Screen::Queue && app.queue.editing {
        return queue::edit_act(app, action);
    }
    match action {
        Action::Quit => quit(app),
        Action::Help => overlays::open_keys(app),
        Action::Palette => overlays::open_palette(app),
        Action::Import => overlays::import::open(app),
        Action::BuildDemo => load::demo(app),
        Action::CancelLoading => load::cancel(app),
        Action::Details => overlays::open_details(app),
        Action::Undo => take_back(app, Request::Undo),
        Action::Redo => take_back(app, Request::Redo),
        Action::Refresh => refresh(app),
        Action::Suspend => vec![Effect::Suspend],
        Action::Tab(n) => match Screen::ALL.get(usize::from(n).wrapping_sub(1)) {
            Some(screen) => app.go(*screen),
            None => Vec::new(),
        },
        _ => match app.screen {
            Screen::Overview => overview::act(app, action),
            Screen::Queue => queue::act(app, action),
            Screen::Review => review::act(app, action),
            Screen::FineTune => tune::act(app, action),
        },
    }
}

fn quit(app: &mut App) -> Vec<Effect> {
    if app.tune.run.is_some() || app.loading.is_some() {
        return overlays::confirm_quit(app);
    }
    vec![Effect::Ask(Request::Remember("place", review::place(app).to_string())), Effect::Quit]
}

/// Undo and redo. In Review keys wait until the conversation that it was about is on the screen again.
fn take_back(app: &mut App, request: Request) -> Vec<Effect> {
    if app.screen == Screen::Review {
        app.review.next_request();
    }
    vec![Effect::Ask(request)]
}

fn refresh(app: &mut App) -> Vec<Effect> {
    let mut effects = app.refresh();
    effects.push(Effect::Redraw);
    match app.screen {
        Screen::Review => {
            let open = match (app.review.item().map(|i| i.n), app.review.scope.clone()) {
                (Some(id), _) => Some(Open::Item(id)),
                (None, Some(scope)) => Some(Open::Next(scope, None)),
                (None, None) => None,
            };
            if let Some(open) = open {
                let generation = app.review.next_request();
                effects.push(Effect::Ask(Request::Open(open, generation)));
            }
        }
        Screen::FineTune => effects.push(Effect::Ask(Request::Releases)),
        Screen::Overview | Screen::Queue => {}
    }
    effects
}
