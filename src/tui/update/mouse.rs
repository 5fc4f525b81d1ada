//! The mouse: a click selects or does what it says, a click on the selected row opens it, the wheel scrolls.

use super::perform;
use crate::action::Action;
use crate::tui::overlays::{self, Overlay};
use crate::tui::screens::tune::Pane;
use crate::tui::screens::{queue, review, tune};
use crate::tui::state::app::{App, Screen};
use crate::tui::state::effect::Effect;
use crate::tui::widgets::Hit;
use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};

/// Rows that one notch of the wheel moves.
const NOTCH: isize = 3;

/// Takes a mouse event.
pub fn mouse(app: &mut App, event: MouseEvent) -> Vec<Effect> {
    if app.screen == Screen::Review && app.review.wait.busy {
        return Vec::new();
    }
    match event.kind {
        MouseEventKind::ScrollDown => wheel(app, NOTCH),
        MouseEventKind::ScrollUp => wheel(app, -NOTCH),
        MouseEventKind::Down(MouseButton::Left) => match app.seen.at(event.column, event.row) {
            Some(hit) => click(app, hit),
            None if !app.overlays.is_empty() => overlays::act(app, Action::Cancel),
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
    let fits = app.seen.rows.max(1);
    match app.screen {
        Screen::Overview => perform(app, if by > 0 { Action::Down } else { Action::Up }),
        Screen::Queue => app.queue.step(by, fits),
        Screen::Review => {
            review::scroll_by(app, by);
            Vec::new()
        }
        Screen::FineTune => perform(app, if by > 0 { Action::Down } else { Action::Up }),
    }
}

fn click(app: &mut App, hit: Hit) -> Vec<Effect> {
    match hit {
        Hit::Entry(i) => entry(app, i),
        Hit::Act(action) if app.overlays.is_empty() || app.scopes_know(action) => perform(app, action),
        _ if !app.overlays.is_empty() => outside(app, hit),
        Hit::Act(_) | Hit::Float => Vec::new(),
        Hit::Query => perform(app, Action::EditQuery),
        Hit::Row(id) => {
            let mut effects = queue::bar::put_down(app);
            if app.queue.window.selected().is_some_and(|r| r.n == id) {
                return perform(app, Action::OpenItem);
            }
            app.queue.window.select(id);
            effects.extend(app.queue.step(0, app.seen.rows.max(1)));
            effects.extend(app.queue.ask_preview());
            effects
        }
        Hit::Sort(by) => queue::order::by(app, by),
        Hit::View(i) => {
            app.queue.bar.editing = false;
            queue::views::all(app).get(i).map(|view| queue::views::choose(app, view)).unwrap_or_default()
        }
        Hit::Failing(i) => {
            app.home.selected = i;
            perform(app, Action::OpenFailing)
        }
        Hit::Intent(i) => row(app, Pane::Intents, i),
        Hit::Flip(i) => row(app, Pane::Flips, i),
        Hit::Pair(i) => row(app, Pane::Confusion, i),
        Hit::Response(i) => row(app, Pane::Responses, i),
        Hit::List(i) => tune::show_list(app, i),
        Hit::Listed(i) => match tune::select_listed(app, i) {
            true => perform(app, Action::OpenFlip),
            false => Vec::new(),
        },
    }
}

/// A row of a pane of the comparison.
fn row(app: &mut App, pane: Pane, i: usize) -> Vec<Effect> {
    let panes = &mut app.tune.panes;
    let again = panes.pane == pane && panes.row() == i;
    panes.pane = pane;
    panes.select(i);
    if again { perform(app, Action::OpenFlip) } else { Vec::new() }
}

/// A click beside what floats closes it, unless something is being written.
fn outside(app: &mut App, hit: Hit) -> Vec<Effect> {
    match (hit, app.overlays.last()) {
        (Hit::Float, _)
        | (_, Some(Overlay::Editor(_) | Overlay::Prompt(_) | Overlay::Import(_) | Overlay::Judge(_))) => Vec::new(),
        _ => overlays::act(app, Action::Cancel),
    }
}

fn entry(app: &mut App, i: usize) -> Vec<Effect> {
    match app.overlays.last_mut() {
        Some(Overlay::Chooser(c)) => {
            c.select(i);
            let how = if c.subject.toggles() { Action::Toggle } else { Action::Accept };
            overlays::act(app, how)
        }
        Some(Overlay::Import(importer)) => {
            importer.select(i);
            overlays::act(app, Action::Accept)
        }
        Some(Overlay::Menu(m)) => {
            m.select(i);
            overlays::act(app, Action::Accept)
        }
        None => {
            if let Some(offers) = &mut app.queue.bar.offers {
                offers.selected = Some(i);
            }
            queue::bar::complete(app)
        }
        _ => Vec::new(),
    }
}
