//! The lower half of a comparison: one pane at a time, two where there is width.

mod calibration;
mod confusion;
mod coverage;
pub mod flips;
mod intents;
mod responses;

use super::state::TuneScreen;
use super::state::panes::{Pane, action_of};
use crate::domain::{BeforeIs, Comparison};
use crate::theme::Role;
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::area::below;
use crate::tui::widgets::{Canvas, numbers};
use ratatui::layout::Rect;

/// From so many columns two lists stand side by side.
const TWO: u16 = 150;

/// Draws the tabs and the pane.
pub fn draw(tune: &TuneScreen, shared: &SharedState, c: &Comparison, canvas: &mut Canvas, area: Rect) {
    tabs(tune, shared, c, canvas, area);
    let rest = below(area, area.y + if area.height > 8 { 2 } else { 1 });
    let pane = tune.panes.pane;
    if rest.width >= TWO && matches!(pane, Pane::Intents | Pane::Flips) {
        let left = Rect { width: rest.width * 55 / 100, ..rest };
        intents::draw(tune, c, canvas, left);
        canvas.divider(left.right() + 1, rest);
        let x = left.right() + 3;
        return flips::draw(tune, shared, c, canvas, Rect { x, width: rest.right().saturating_sub(x), ..rest });
    }
    match pane {
        Pane::Intents => intents::draw(tune, c, canvas, rest),
        Pane::Flips => flips::draw(tune, shared, c, canvas, rest),
        Pane::Confusion => confusion::draw(tune, shared, c, canvas, rest),
        Pane::Calibration => calibration::draw(c, canvas, rest),
        Pane::Coverage => coverage::draw(tune, c, canvas, rest),
        Pane::Responses => responses::draw(tune, shared, c, canvas, rest),
    }
}

/// What a tab says beside its name: how many turns would be answered otherwise, and whether something is wrong with that.
fn badge(pane: Pane, c: &Comparison) -> Option<(String, Role)> {
    let r = &c.responses;
    let wrong = !r.faults.reasons().is_empty();
    let shown = pane == Pane::Responses && r.differ > 0 && c.before_is != BeforeIs::Majority;
    shown.then(|| match (wrong, r.losses.any()) {
        (true, _) => (format!(" {}!", numbers::count(r.differ)), Role::Bad),
        (false, true) => (format!(" {}▾", numbers::count(r.differ)), Role::Focus),
        (false, false) => (format!(" {}", numbers::count(r.differ)), Role::Text),
    })
}

fn tabs(tune: &TuneScreen, shared: &SharedState, c: &Comparison, canvas: &mut Canvas, area: Rect) {
    let gap = if area.width >= 100 { 4 } else { 2 };
    let mut x = area.x;
    for pane in Pane::ALL {
        let action = action_of(pane);
        let from = x;
        let here = pane == tune.panes.pane;
        x = canvas.text(x, area.y, 6, &format!("{} ", tune.key(shared, action)), Role::Key);
        let word = x;
        x = canvas.text(x, area.y, 16, pane.title(), if here { Role::Focus } else { Role::Muted });
        if here {
            canvas.underline(Rect { x: word, y: area.y, width: x - word, height: 1 });
        }
        if let Some((text, role)) = badge(pane, c) {
            x = canvas.text(x, area.y, area.right().saturating_sub(x), &text, role);
        }
        canvas.hit(Rect { x: from, y: area.y, width: x - from, height: 1 }, ScreenHit::Act(action));
        x += gap;
    }
}
