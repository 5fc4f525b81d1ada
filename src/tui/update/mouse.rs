//! The mouse: a click selects or does what it says, a click on the selected row opens it, the wheel scrolls.

use super::{keys, overlay};
use crate::action::Action;
use crate::tui::state::app::App;
use crate::tui::state::effect::Effect;
use crate::tui::state::seen::ScreenHit;
use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};

/// Rows that one notch of the wheel moves.
const NOTCH: isize = 3;

/// Takes a mouse event.
pub fn mouse(app: &mut App, event: MouseEvent) -> Vec<Effect> {
    if app.front().is_busy() {
        return Vec::new();
    }
    if matches!(event.kind, MouseEventKind::Down(_)) {
        app.shared.toasts.somebody_is_there();
    }
    match event.kind {
        MouseEventKind::ScrollDown => wheel(app, NOTCH),
        MouseEventKind::ScrollUp => wheel(app, -NOTCH),
        MouseEventKind::Down(MouseButton::Left) => match app.shared.seen.at(event.column, event.row) {
            Some(hit) => click(app, hit),
            None if !app.overlays.is_empty() => keys::perform(app, Action::Cancel),
            None => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn wheel(app: &mut App, by: isize) -> Vec<Effect> {
    if let Some(top) = app.overlays.last_mut() {
        top.scroll(by);
        return Vec::new();
    }
    let (front, shared) = app.front_mut();
    front.wheel(shared, by)
}

fn click(app: &mut App, hit: ScreenHit) -> Vec<Effect> {
    if let ScreenHit::Act(action) = hit
        && (app.overlays.is_empty() || app.scopes_know(action))
    {
        return keys::perform(app, action);
    }
    let Some(top) = app.overlays.last_mut() else {
        let (front, shared) = app.front_mut();
        return front.click(shared, hit);
    };
    let reply = match hit {
        ScreenHit::Entry(i) => top.click(&app.shared, i),
        _ => Some(top.click_beside(&app.shared, hit)),
    };
    reply.map(|reply| overlay::take(app, reply)).unwrap_or_default()
}
