//! Keys: to the text field on top, else to the action that they ask for.

use super::load;
use crate::action::Action;
use crate::keymap::{Key, Resolved};
use crate::tui::guide::enabled::enabled;
use crate::tui::guide::{hints, tour};
use crate::tui::overlays::{self, Overlay};
use crate::tui::runtime::terminal::copyable;
use crate::tui::screens::{overview, queue, review, tune};
use crate::tui::state::app::{App, Screen};
use crate::tui::state::effect::Effect;
use crate::tui::state::request::{Open, Request};
use crate::tui::widgets::words;
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
    let pressed = Key::of(key);
    if let Some(Overlay::Menu(menu)) = app.overlays.last() {
        let there = |key: Key| key.plain().and_then(|c| menu.by_key(c));
        if let Some(choice) = there(pressed).or_else(|| pressed.latin().and_then(there)) {
            return overlays::choose::take(app, choice, Action::Accept);
        }
    }
    app.keys.pending.push(pressed);
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
        return (top.writes() && top.write(key)).then(|| overlays::written(app));
    }
    if app.screen == Screen::Queue && app.queue.bar.editing {
        return queue::bar::edit(app, key);
    }
    None
}

/// Does what was asked for, or says why not.
pub fn perform(app: &mut App, action: Action) -> Vec<Effect> {
    let editing = app.screen == Screen::Queue && app.queue.bar.editing;
    if app.overlays.is_empty() && !editing && tour::takes(app, action) {
        return Vec::new();
    }
    if app.overlays.is_empty() {
        if let Err(why) = enabled(app, action) {
            return app.say(why);
        }
    } else {
        return overlays::act(app, action);
    }
    if editing {
        return queue::bar::act(app, action);
    }
    let learned = hints::did(app, action);
    let mut effects = on_screen(app, action);
    effects.extend(learned);
    effects
}

/// What means the same on every screen, else what the screen makes of it.
fn on_screen(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::Quit => quit(app),
        Action::Tour => tour::begin(app),
        Action::CopyId | Action::CopyText => copy(app, action == Action::CopyText),
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

/// What is selected, as it can be copied: its name, or what was said.
fn selected(app: &App, text: bool) -> Option<String> {
    match app.screen {
        Screen::Overview => app.home.page.ready()?.failing.get(app.home.selected)?.intent.clone(),
        Screen::Queue => app.queue.window.selected().map(|r| if text { r.text.clone() } else { r.id.clone() }),
        Screen::Review => {
            let c = &app.review.item()?.conversation;
            match text {
                true => app.review.turn.and_then(|t| c.turn(t)).map(|t| t.text.clone()),
                false => Some(format!("{}:{}", c.source, c.id)),
            }
        }
        Screen::FineTune => {
            let (id, said) = tune::selected_words(app)?;
            Some(if text { said } else { id })
        }
    }
}

/// Copies what is selected. What a customer wrote loses its control characters on the way: it may be pasted into a shell.
fn copy(app: &mut App, text: bool) -> Vec<Effect> {
    let Some(found) = selected(app, text) else { return app.say("nothing is selected that could be copied") };
    let clean = words::paragraph(&found);
    let copied = copyable(&clean).to_owned();
    let mut effects = app.say(format!("copied: {}", words::fit(&words::line(&copied), 60)));
    effects.push(Effect::Copy(copied));
    effects
}

fn quit(app: &mut App) -> Vec<Effect> {
    if app.tune.work.is_some() || app.loading.is_some() {
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
        // A comparison that somebody looks at stays.
        Screen::FineTune => effects.extend(tune::refresh(app)),
        Screen::Overview | Screen::Queue => {}
    }
    effects
}
