//! The store was taken away under the screen: what to do now.

use super::{Choice, Entry, Menu, Overlay};
use crate::theme::Role;
use crate::tui::state::app::App;
use crate::tui::state::effect::Effect;
use crate::tui::update::init;
use crate::tui::widgets::words;

const TITLE: &str = "The store is gone: nothing is saved any more";

/// Says so, in front of everything else, and offers the way out.
pub fn store_gone(app: &mut App, why: &str) -> Vec<Effect> {
    let is_said = matches!(app.overlays.last(), Some(Overlay::Menu(menu)) if menu.title() == TITLE);
    if !is_said {
        let entries = vec![
            Entry::new("open what is there now", "", Choice::Reopen).key('o'),
            Entry::new("leave", "", Choice::Quit).key('q'),
            Entry::new("stay, to read or copy what is on the screen", "nothing can be decided", Choice::Nothing),
        ];
        app.overlays.push(Overlay::Menu(Menu::new(TITLE, words::line(why), entries).toned(Role::Bad)));
    }
    Vec::new()
}

/// Opens the file that has the store's name now. What was read of the other is forgotten.
pub fn reopen(app: &mut App) -> Vec<Effect> {
    app.forget_store();
    let mut effects = vec![Effect::Reopen];
    effects.extend(init());
    effects
}
