//! Whether something can be done here and now. Hints, palette and dispatch all ask the same function.

use crate::action::{Action, ActionScope, rows};
use crate::tui::state::app::App;

/// Whether an action can be done now.
///
/// # Errors
/// Why not, for a person.
pub fn enabled(app: &App, action: Action) -> Result<(), &'static str> {
    // The same action may be on several screens; what counts is what it means on this one.
    let here = app.front().scopes(&app.shared);
    let on_screen = rows().find(|r| r.action == action && here.contains(&r.scope));
    let shared = &app.shared;
    if shared.read_only && on_screen.or_else(|| rows().find(|r| r.action == action)).is_some_and(|r| r.writes) {
        return Err("the store is opened read-only");
    }
    match action {
        Action::Undo | Action::Redo => Ok(()),
        Action::Import | Action::BuildDemo if shared.loading.is_some() => Err("something is being loaded already"),
        Action::CancelLoading if shared.loading.is_none() => Err("nothing is being loaded"),
        Action::AsOf if shared.is_empty() && shared.as_of.is_none() => Err("the store is empty"),
        Action::AsOf if shared.loading.is_some() || app.tune.work.is_some() => {
            Err("wait for what is running, or stop it")
        }
        Action::Cancel if shared.as_of.is_some() || app.front().has_open() => Ok(()),
        Action::Cancel if app.overlays.is_empty() && app.tour.is_none() && !app.front().writes() => {
            Err("there is nothing to leave")
        }
        Action::Tour | Action::StartReview | Action::Resume if shared.is_empty() => Err("the store is empty"),
        Action::Suspend if cfg!(not(unix)) => Err("this system cannot suspend a program"),
        Action::Details if shared.toasts.last_detail.is_none() => Err("no message has details"),
        _ => match on_screen.map(|r| r.scope) {
            Some(ActionScope::Global | ActionScope::Move | ActionScope::Welcome | ActionScope::Field) | None => Ok(()),
            Some(_) => app.front().enabled(shared, action),
        },
    }
}
