//! Keys: to the text field on top, else to the action that they ask for.

use super::{floats, load, moment, overlay, place};
use crate::action::Action;
use crate::keymap::{KeyPress, Resolved};
use crate::theme::{Depth, Palette, Theme};
use crate::tui::guide::enabled::enabled;
use crate::tui::guide::{hints, tour};
use crate::tui::state::app::App;
use crate::tui::state::effect::{
    Effect, FootMessage, GoTo, ProgramEffect, TerminalEffect, WorldEffect, ask, go, open, say, terminal,
};
use crate::tui::state::float::Float;
use crate::tui::state::request::common::CommonRequest;
use crate::tui::state::tab::ScreenTab;
use crate::tui::widgets::words;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// Takes a key. While a decision is being saved it waits, so that fast typing meets the conversation it was meant for.
pub fn key(app: &mut App, key: KeyEvent) -> Vec<Effect> {
    app.later = None;
    app.shared.toasts.somebody_is_there();
    let interrupt = key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL);
    let (front, shared) = app.front_mut();
    if !interrupt && front.hold(shared, key) { Vec::new() } else { press(app, key) }
}

/// Presses the keys that waited, one after another, until the store is asked again.
pub fn press_held(app: &mut App) -> Vec<Effect> {
    let (front, shared) = app.front_mut();
    let Some(key) = front.next_held(shared) else { return Vec::new() };
    let mut effects = press(app, key);
    // What this key asks for comes before the next one is pressed.
    effects.push(Effect::Program(ProgramEffect::PressHeld));
    effects
}

fn press(app: &mut App, key: KeyEvent) -> Vec<Effect> {
    let printable =
        matches!(key.code, KeyCode::Char(_)) && !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
    if printable && let Some(effects) = write(app, key) {
        return effects;
    }
    let pressed = KeyPress::of(key);
    if let Some(top) = app.overlays.last() {
        let there = |key: KeyPress| key.plain().and_then(|c| top.by_key(c));
        if let Some(reply) = there(pressed).or_else(|| pressed.latin().and_then(there)) {
            return overlay::take(app, reply);
        }
    }
    app.shared.keys.pending.push(pressed);
    let scopes = app.scopes();
    match app.shared.keys.map.resolve(&scopes, &app.shared.keys.pending) {
        Resolved::Pending => Vec::new(),
        Resolved::Action(action) => {
            app.shared.keys.pending.clear();
            perform(app, action)
        }
        Resolved::Nothing => {
            let began = app.shared.keys.pending.len() > 1;
            app.shared.keys.pending.clear();
            if began { Vec::new() } else { write(app, key).unwrap_or_else(|| unknown(app, pressed)) }
        }
    }
}

/// A key that means nothing here is answered.
fn unknown(app: &App, key: KeyPress) -> Vec<Effect> {
    if !app.overlays.is_empty() {
        return key.plain().map(|letter| say(format!("{letter} is no choice here; Esc closes"))).unwrap_or_default();
    }
    if app.front().writes() {
        return Vec::new();
    }
    let why = app.front().unknown(&app.shared, key);
    let keys = app.shared.keys.map.key_of(Action::Help);
    let told = key.is_meant().then(|| format!("{key} does nothing here; {keys} lists the keys"));
    why.or(told).map(say).unwrap_or_default()
}

/// Gives a key to the text field on top, if there is one and it takes the key.
fn write(app: &mut App, key: KeyEvent) -> Option<Vec<Effect>> {
    match app.overlays.last_mut() {
        Some(top) => {
            let reply = top.write(&app.shared, key)?;
            Some(overlay::take(app, reply))
        }
        None => {
            let (front, shared) = app.front_mut();
            front.write(shared, key)
        }
    }
}

/// Does what was asked for, or says why not.
pub fn perform(app: &mut App, action: Action) -> Vec<Effect> {
    let writes = app.front().writes();
    if let Some(top) = app.overlays.last_mut() {
        let reply = top.act(&app.shared, action);
        return overlay::take(app, reply);
    }
    if !writes && tour::takes(app, action) {
        return Vec::new();
    }
    if let Err(why) = enabled(app, action) {
        return vec![Effect::Say(FootMessage::Refused(why, action))];
    }
    if writes {
        let (front, shared) = app.front_mut();
        return front.act(shared, action);
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
        Action::Help => floats::keys(app),
        Action::Palette => floats::palette(app),
        Action::Import => open(Float::Import),
        Action::BuildDemo => load::demo(app),
        Action::CancelLoading => load::cancel(app),
        Action::Details => floats::details(app),
        Action::Undo => take_back(app, CommonRequest::Undo),
        Action::Redo => take_back(app, CommonRequest::Redo),
        Action::AsOf => moment::ask_date(app),
        Action::Cancel if app.shared.as_of.is_some() && !app.front().has_open() => moment::ask_date(app),
        Action::Refresh => reload(app),
        Action::DarkColours => colours(app, Some(Palette::Dark)),
        Action::LightColours => colours(app, Some(Palette::Light)),
        Action::NoColours => colours(app, None),
        Action::OwnColours => own_colours(app),
        Action::Suspend => vec![terminal(TerminalEffect::Suspend)],
        Action::Tab(n) => match ScreenTab::from_number(n) {
            Some(tab) => go(GoTo::Tab(tab)),
            None => say(format!("there is no screen {n} yet")),
        },
        _ => {
            let (front, shared) = app.front_mut();
            front.act(shared, action)
        }
    }
}

/// Shows other colours until the program is left; the configuration keeps them.
fn colours(app: &mut App, palette: Option<Palette>) -> Vec<Effect> {
    let name = match palette {
        Some(Palette::Dark) => "dark",
        Some(Palette::Light) => "light",
        None => "plain",
    };
    app.shared.chosen_colours = true;
    app.shared.theme = palette.map_or(Theme::new(Depth::None, Palette::Dark), |p| Theme::new(app.shared.depth, p));
    say(format!("colours: {name}; theme = \"{name}\" in the configuration keeps them"))
}

/// Back to the colours that nobody chose here.
fn own_colours(app: &mut App) -> Vec<Effect> {
    app.shared.chosen_colours = false;
    app.shared.theme = app.shared.own_theme;
    say("colours: as the configuration and the terminal say")
}

/// Copies what is selected. What a customer wrote loses its control characters on the way: it may be pasted into a shell.
fn copy(app: &App, text: bool) -> Vec<Effect> {
    let Some(found) = app.front().selected(&app.shared, text) else {
        return say("nothing is selected that could be copied");
    };
    let clean = words::paragraph(&found);
    let copied = words::copyable(&clean).to_owned();
    let mut effects = say(format!("copied: {}", words::fit(&words::line(&copied), 60)));
    effects.push(terminal(TerminalEffect::Copy(copied)));
    effects
}

fn quit(app: &App) -> Vec<Effect> {
    if app.tune.work.is_some() || app.shared.loading.is_some() {
        return floats::confirm_quit(app);
    }
    vec![place::remember(app), Effect::World(WorldEffect::Quit)]
}

/// Undo and redo. In Review keys wait until the conversation that it was about is on the screen again.
fn take_back(app: &mut App, request: CommonRequest) -> Vec<Effect> {
    // It would take back something else than what was done last.
    if request == CommonRequest::Undo && std::mem::take(&mut app.shared.went_live) {
        return say("what is live is rolled back on Fine-tune; u again undoes what was before it");
    }
    // A hand that presses it by habit is not to open last week's cycle again.
    if request == CommonRequest::Undo && !std::mem::replace(&mut app.shared.has_acted, true) {
        return vec![ask(CommonRequest::NextUndo)];
    }
    if app.tab == ScreenTab::Review {
        app.review.next_request();
    }
    vec![ask(request)]
}

/// Reads everything anew because a person asked for it, and draws it anew.
fn reload(app: &mut App) -> Vec<Effect> {
    let mut effects = vec![ask(CommonRequest::Counts), ask(CommonRequest::Intents), terminal(TerminalEffect::Redraw)];
    let (front, shared) = app.front_mut();
    effects.extend(front.reload(shared));
    effects
}
