//! What floats above every screen: keys, commands, details, the tour, leaving, a store that is gone.

use super::place::init;
use crate::action::{Action, ActionRow, ActionScope, rows};
use crate::theme::Role;
use crate::tui::guide::enabled::enabled;
use crate::tui::overlays::Overlay;
use crate::tui::screens::contract::Screen;
use crate::tui::state::app::{App, WaitingCommand};
use crate::tui::state::choice::{CommandPlace, ListChoice, ProgramChoice};
use crate::tui::state::effect::{Effect, GoTo, StoreEffect, WorldEffect, go, open, perform, say};
use crate::tui::state::float::{ChooserSpec, Float, ListEntry, ListSubject, MenuSpec, SheetContent};
use crate::tui::state::tab::ScreenTab;
use crate::tui::widgets::words;

/// Shows the keys that work here, those of this screen first.
pub fn keys(app: &App) -> Vec<Effect> {
    let mut scopes = app.scopes();
    if scopes.contains(&ActionScope::Review) && !scopes.contains(&ActionScope::Cause) {
        scopes.insert(1, ActionScope::Cause);
    }
    scopes.extend([ActionScope::Menu, ActionScope::Field, ActionScope::Editor, ActionScope::Form]);
    open(Float::Sheet(SheetContent::Keys(scopes)))
}

/// Shows the details of the last message that had any.
pub fn details(app: &App) -> Vec<Effect> {
    match app.shared.toasts.last_detail.clone() {
        Some((what, why)) => open(Float::Sheet(SheetContent::Detail(what, why))),
        None => say("no message has details"),
    }
}

/// Lists every command of the program: those of this screen with their keys, what cannot be done now with the reason; those of
/// other screens with their place, where they are run.
pub fn palette(app: &App) -> Vec<Effect> {
    let scopes = app.scopes();
    let listed = |r: &&ActionRow| !matches!(r.action, Action::Pick(_) | Action::Palette);
    let here = scopes.iter().filter(|s| **s != ActionScope::Move).flat_map(|s| rows().filter(move |r| r.scope == *s));
    let here: Vec<&ActionRow> = here.filter(listed).collect();
    let elsewhere = rows().filter(listed).filter(|r| here.iter().all(|h| h.action != r.action && h.name != r.name));
    let there = elsewhere.filter_map(|r| {
        let (place, words) = place_of(app, r.scope)?;
        Some(ListEntry::new(said(r), words, ListChoice::ActAt(place, r.action)).named(r.name))
    });
    let entries = here.iter().map(|r| {
        let hint = match enabled(app, r.action) {
            Ok(()) => app.shared.keys.map.first_key(r),
            Err(why) => why.to_owned(),
        };
        ListEntry::new(said(r), hint, ListChoice::Act(r.action)).named(r.name)
    });
    let entries = entries.chain(there).collect();
    open(ChooserSpec { subject: ListSubject::Commands, entries })
}

/// A command and what it does.
fn said(r: &ActionRow) -> String {
    let text = match r.action {
        Action::Tab(n) => {
            let tab = ScreenTab::ALL.into_iter().find(|t| t.number() == n).unwrap_or_default();
            return format!("go to {}", tab.title());
        }
        _ => r.name.replace('-', " "),
    };
    let help = if text == r.help { "" } else { r.help };
    format!("{text}  {help}").trim_end().to_owned()
}

/// Where the commands of a scope are run, and its name; `None` where they need more than a screen: an item, a float.
fn place_of(app: &App, scope: ActionScope) -> Option<(CommandPlace, &'static str)> {
    let on = |tab: ScreenTab, first, words| Some((CommandPlace { tab, first }, words));
    match scope {
        ActionScope::Overview if !app.shared.is_empty() => on(ScreenTab::Overview, None, "Overview"),
        ActionScope::Segments if !app.shared.is_empty() => {
            on(ScreenTab::Overview, Some(Action::ShowSegments), "Overview, by language …")
        }
        ActionScope::Cycles if !app.shared.is_empty() => {
            on(ScreenTab::Overview, Some(Action::ShowCycles), "Overview, cycles")
        }
        ActionScope::Queue => on(ScreenTab::Queue, None, "Queue"),
        ActionScope::Review => on(ScreenTab::Review, None, "Review"),
        ActionScope::Patterns => on(ScreenTab::Patterns, None, "Patterns"),
        ActionScope::Responses => on(ScreenTab::Responses, None, "Responses"),
        ActionScope::Signals => on(ScreenTab::Signals, None, "Signals"),
        ActionScope::FineTune => on(ScreenTab::FineTune, None, "Fine-tune"),
        ActionScope::Registry => on(ScreenTab::FineTune, Some(Action::ShowRegistry), "Fine-tune, registry"),
        ActionScope::Overview
        | ActionScope::Segments
        | ActionScope::Cycles
        | ActionScope::Replay
        | ActionScope::Blame
        | ActionScope::Global
        | ActionScope::Move
        | ActionScope::Welcome
        | ActionScope::Cause
        | ActionScope::Judge
        | ActionScope::Menu
        | ActionScope::Field
        | ActionScope::Editor
        | ActionScope::Form => None,
    }
}

/// How long a command waits for what it needs, in milliseconds.
const PATIENCE: i64 = 3_000;

/// Goes where a command belongs and runs it there, as soon as what it needs has been read.
pub fn run_at(app: &mut App, place: CommandPlace, action: Action) -> Vec<Effect> {
    let mut effects = go(GoTo::Tab(place.tab));
    // Nobody decides on a conversation that they do not see.
    if place.tab == ScreenTab::Review && action.decides() {
        effects.extend(say("nothing is decided from elsewhere: here it is, and its key decides"));
        return effects;
    }
    effects.extend(place.first.into_iter().flat_map(perform));
    // Whether a cycle is open is known everywhere: nothing has to be read to say so.
    let is_known = matches!(action, Action::OpenCycle | Action::CloseCycle) && app.shared.overview.ready().is_some();
    if let Err(why) = if is_known { app.queue.enabled(&app.shared, action) } else { Ok(()) } {
        effects.extend(say(why));
        return effects;
    }
    app.later = Some(WaitingCommand { tab: place.tab, action, until: app.shared.now.plus(PATIENCE) });
    // Nothing else may happen until then; no message has this number.
    effects.push(Effect::World(WorldEffect::ExpireAfter(0, PATIENCE as u64 + 100)));
    effects
}

/// Runs what was asked for on another screen, once it can be done there; whoever has gone elsewhere does not want it any more.
pub fn run_later(app: &mut App) -> Vec<Effect> {
    let Some(WaitingCommand { tab, action, until }) = app.later else { return Vec::new() };
    if app.tab != tab || !app.overlays.is_empty() {
        app.later = None;
        return Vec::new();
    }
    let possible =
        if app.scopes_know(action) { enabled(app, action) } else { Err("this needs something on the screen first") };
    match possible {
        Ok(()) => {
            app.later = None;
            perform(action)
        }
        Err(why) if app.shared.now > until || (tab == ScreenTab::FineTune && app.tune.has_read(&app.shared)) => {
            app.later = None;
            say(why)
        }
        Err(_) => Vec::new(),
    }
}

/// Asks whether to be shown around.
pub fn offer_tour() -> Vec<Effect> {
    let entries = vec![
        ListEntry::new("show me around", "one review, one fine-tuning; two minutes", ProgramChoice::Tour).key('1'),
        ListEntry::new("I look around myself", "T begins the tour later", ListChoice::Nothing).key('2'),
    ];
    let note = "This is a made-up company: half a year of customers, an AI that learned week by week, and a week of \
                failures to review. Nothing in it can be broken.";
    open(MenuSpec::new("The demo is ready", note, entries))
}

/// Asks before leaving while work is running.
pub fn confirm_quit(app: &App) -> Vec<Effect> {
    let entries = vec![
        ListEntry::new("leave", "the run is cancelled; what is saved stays", ProgramChoice::Quit).key('1'),
        ListEntry::new("stay", "", ListChoice::Nothing).key('2'),
    ];
    let what = match &app.tune.work {
        Some(work) => format!("{} is not finished", work.title()),
        None => "Something is being loaded".to_owned(),
    };
    open(MenuSpec::new(what, "", entries))
}

const GONE: &str = "The store is gone: nothing is saved any more";

/// Says that the store was taken away under the screen, in front of everything else, and offers the way out.
pub fn store_gone(app: &App, why: &str) -> Vec<Effect> {
    if matches!(app.overlays.last(), Some(Overlay::Menu(menu)) if menu.title() == GONE) {
        return Vec::new();
    }
    let entries = vec![
        ListEntry::new("open what is there now", "", ProgramChoice::Reopen).key('o'),
        ListEntry::new("leave", "", ProgramChoice::Quit).key('q'),
        ListEntry::new("stay, to read or copy what is on the screen", "nothing can be decided", ListChoice::Nothing),
    ];
    open(MenuSpec { tone: Role::Bad, ..MenuSpec::new(GONE, words::line(why), entries) })
}

/// Opens the file that has the store's name now. What was read of the other is forgotten.
pub fn reopen(app: &mut App) -> Vec<Effect> {
    app.forget_store();
    let reopen = std::iter::once(WorldEffect::Store(StoreEffect::Reopen));
    reopen.chain(init()).map(Effect::World).collect()
}
