//! Drawing the registry: a list, and beside or below it what is known of the selected release.

use super::{List, details, lists, selected};
use crate::action::Action;
use crate::theme::Role;
use crate::tui::app::{App, Load};
use crate::tui::screens::tune::result::below;
use crate::tui::widgets::{Canvas, Hit, words};
use ratatui::layout::Rect;

/// From so many columns the details stand beside the list.
const BESIDE: u16 = 116;
/// Columns of the details there.
const DETAILS: u16 = 46;
/// Rows of the details below the list.
const ROWS: u16 = 9;

/// Draws tabs, list and details.
pub fn draw(app: &App, canvas: &mut Canvas, area: Rect) {
    let registry = &app.tune.views.registry;
    match &registry.facts {
        Load::Waiting => return canvas.notice(area, &[("Reading the releases …", Role::Muted)]),
        Load::Failed(why) => {
            let why = words::line(why);
            let lines = [
                ("✗ The releases could not be read.", Role::Bad),
                ("", Role::Text),
                (why.as_str(), Role::Muted),
                ("", Role::Text),
                ("F5 tries again.", Role::Text),
            ];
            return canvas.notice(area, &lines);
        }
        Load::Ready(facts) if facts.releases.is_empty() => return empty(app, canvas, area),
        Load::Ready(_) => {}
    }
    tabs(app, canvas, area);
    let rest = below(area, area.y + 2);
    let about_release = matches!(registry.list, List::Releases | List::Live);
    let row = selected(app).filter(|_| about_release);
    // When it was live, and why, takes more room.
    let least = if registry.list == List::Live { BESIDE + DETAILS } else { BESIDE };
    let (list, beside) = match row {
        Some(_) if rest.width >= least => {
            let list = Rect { width: rest.width - DETAILS.min(rest.width * 2 / 5) - 3, ..rest };
            (list, Some(Rect { x: list.right() + 3, width: rest.right() - list.right() - 3, ..rest }))
        }
        Some(_) if rest.height > 2 * ROWS => {
            let list = Rect { height: rest.height - ROWS - 1, ..rest };
            (list, Some(Rect { y: list.bottom() + 1, height: ROWS, ..rest }))
        }
        Some(_) => {
            let list = Rect { height: rest.height / 2, ..rest };
            (list, Some(Rect { y: list.bottom(), height: rest.height - list.height, ..rest }))
        }
        None => (rest, None),
    };
    lists::draw(app, canvas, list);
    if let (Some(row), Some(area)) = (row, beside) {
        match area.x > list.x {
            true => canvas.divider(list.right() + 1, rest),
            false => canvas.rule(Rect { height: 1, ..area }, area.y.saturating_sub(1).max(list.bottom())),
        }
        let top = u16::from(area.y == list.bottom() && area.x == list.x);
        details::draw(app, row, canvas, below(area, area.y + top));
    }
}

fn empty(app: &App, canvas: &mut Canvas, area: Rect) {
    let key = app.keys.map.key_of(Action::Leave);
    let back = format!("{key} goes back to Fine-tune, where a run makes the first release.");
    let lines = [
        ("No release yet.", Role::Heading),
        ("", Role::Text),
        (
            "A release is a trained model with its answers: it is compared, promoted, rolled back, and never lost.",
            Role::Text,
        ),
        ("", Role::Text),
        (back.as_str(), Role::Muted),
    ];
    canvas.notice(area, &lines);
}

fn tabs(app: &App, canvas: &mut Canvas, area: Rect) {
    let mut x = canvas.text(area.x, area.y, 12, "Registry", Role::Heading) + 3;
    for list in List::ALL {
        let here = list == app.tune.views.registry.list;
        let from = x;
        x = canvas.text(x, area.y, 16, list.title(), if here { Role::Focus } else { Role::Muted });
        let tab = Rect { x: from, y: area.y, width: x - from, height: 1 };
        if here {
            canvas.underline(tab);
        }
        canvas.hit(tab, Hit::List(list as usize));
        x += 3;
    }
    let room = Rect { x, width: area.right().saturating_sub(x), ..area };
    let hint = marked(app);
    if words::width(&hint) < usize::from(room.width) {
        canvas.right(room, area.y, &hint, Role::Muted);
    }
}

/// What is marked, and what to do with it.
fn marked(app: &App) -> String {
    let key = app.keys.map.key_of(Action::Compare);
    match app.tune.views.registry.marked[..] {
        [before, after] => format!("{key} compares v{} (before) with v{} (after)", before.0, after.0),
        [before] => format!("v{} is marked as before", before.0),
        _ => String::new(),
    }
}
