//! What floats above every screen: keys, commands, details, the tour, leaving, a store that is gone.

use super::place::init;
use crate::action::{Action, Scope, rows};
use crate::theme::Role;
use crate::tui::guide::enabled::enabled;
use crate::tui::overlays::Overlay;
use crate::tui::state::app::App;
use crate::tui::state::choice::{Choice, ProgramChoice};
use crate::tui::state::effect::{Effect, StoreEffect, WorldEffect, open, say};
use crate::tui::state::float::{ChooserSpec, Entry, Float, MenuSpec, SheetContent, Subject};
use crate::tui::state::tab::Tab;
use crate::tui::widgets::words;

/// Shows the keys that work here, those of this screen first.
pub fn keys(app: &App) -> Vec<Effect> {
    let mut scopes = app.scopes();
    if scopes.contains(&Scope::Review) && !scopes.contains(&Scope::Cause) {
        scopes.insert(1, Scope::Cause);
    }
    scopes.extend([Scope::Menu, Scope::Field, Scope::Editor]);
    open(Float::Sheet(SheetContent::Keys(scopes)))
}

/// Shows the details of the last message that had any.
pub fn details(app: &App) -> Vec<Effect> {
    match app.shared.toasts.last_detail.clone() {
        Some((what, why)) => open(Float::Sheet(SheetContent::Detail(what, why))),
        None => say("no message has details"),
    }
}

/// Lists every command that exists on this screen, with its key; what cannot be done now says why.
pub fn palette(app: &App) -> Vec<Effect> {
    let scopes = app.scopes();
    let entries = scopes
        .iter()
        .filter(|s| **s != Scope::Move)
        .flat_map(|s| rows().filter(move |r| r.scope == *s))
        .filter(|r| !matches!(r.action, Action::Pick(_) | Action::Palette))
        .map(|r| {
            let hint = match enabled(app, r.action) {
                Ok(()) => app.shared.keys.map.first_key(r),
                Err(why) => why.to_owned(),
            };
            let text = match r.action {
                Action::Tab(n) => {
                    let tab = Tab::ALL.into_iter().find(|t| t.number() == n).unwrap_or_default();
                    format!("go to {}", tab.title())
                }
                _ => r.name.replace('-', " "),
            };
            let help = if text == r.label { "" } else { r.help };
            Entry::new(format!("{text}  {help}").trim_end(), hint, Choice::Act(r.action))
        })
        .collect();
    open(ChooserSpec { subject: Subject::Commands, entries })
}

/// Asks whether to be shown around.
pub fn offer_tour() -> Vec<Effect> {
    let entries = vec![
        Entry::new("show me around", "one review, one fine-tuning; two minutes", ProgramChoice::Tour).key('1'),
        Entry::new("I look around myself", "T begins the tour later", Choice::Nothing).key('2'),
    ];
    let note = "This is a made-up company: half a year of customers, an AI that learned week by week, and a week of \
                failures to review. Nothing in it can be broken.";
    open(MenuSpec::new("The demo is ready", note, entries))
}

/// Asks before leaving while work is running.
pub fn confirm_quit(app: &App) -> Vec<Effect> {
    let entries = vec![
        Entry::new("leave", "the run is cancelled; what is saved stays", ProgramChoice::Quit).key('1'),
        Entry::new("stay", "", Choice::Nothing).key('2'),
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
        Entry::new("open what is there now", "", ProgramChoice::Reopen).key('o'),
        Entry::new("leave", "", ProgramChoice::Quit).key('q'),
        Entry::new("stay, to read or copy what is on the screen", "nothing can be decided", Choice::Nothing),
    ];
    open(MenuSpec { tone: Role::Bad, ..MenuSpec::new(GONE, words::line(why), entries) })
}

/// Opens the file that has the store's name now. What was read of the other is forgotten.
pub fn reopen(app: &mut App) -> Vec<Effect> {
    app.forget_store();
    let reopen = std::iter::once(WorldEffect::Store(StoreEffect::Reopen));
    reopen.chain(init()).map(Effect::World).collect()
}
