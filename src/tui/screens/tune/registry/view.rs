//! Drawing the registry: a list, and beside or below it what is known of the selected release.

use super::{details, lists};
use crate::action::Action;
use crate::theme::Role;
use crate::tui::screens::tune::state::TuneScreen;
use crate::tui::screens::tune::state::registry::RegistryList;
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::{SharedState, StoreRead};
use crate::tui::widgets::area::below;
use crate::tui::widgets::{Canvas, words};
use ratatui::layout::Rect;

/// From so many columns the details stand beside the list.
const BESIDE: u16 = 132;
/// Columns of the details there.
const DETAILS: u16 = 46;
/// Rows of the details below the list, where there is room for as many.
const ROWS: u16 = 11;

/// Draws tabs, list and details.
pub fn draw(tune: &TuneScreen, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
    let registry = &tune.views.registry;
    match &registry.facts {
        StoreRead::Waiting => return canvas.notice(area, &[("Reading the releases …", Role::Muted)]),
        StoreRead::Failed(why) => {
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
        StoreRead::Ready(_) => {}
    }
    tabs(tune, shared, canvas, area);
    let rest = below(area, area.y + 2);
    let about_release = matches!(registry.list, RegistryList::Releases | RegistryList::Live);
    let none = registry.facts.ready().is_some_and(|f| f.releases.is_empty());
    if none && registry.list != RegistryList::Gold {
        return empty(tune, shared, canvas, rest);
    }
    let row = tune.views.registry.selected().filter(|_| about_release);
    let Some(row) = row else { return lists::draw(tune, shared, canvas, rest) };
    // When it was live, and why, takes more room.
    let least = if registry.list == RegistryList::Live { BESIDE + DETAILS } else { BESIDE };
    if rest.width >= least {
        let list = Rect { width: rest.width - DETAILS - 3, ..rest };
        lists::draw(tune, shared, canvas, list);
        canvas.divider(list.right() + 1, rest);
        return details::draw(tune, shared, row, canvas, Rect { x: list.right() + 3, width: DETAILS, ..rest });
    }
    // A short list leaves its room to the details.
    let most = (rest.height / 2).max(rest.height.saturating_sub(ROWS + 1));
    let height = (tune.views.registry.count() as u16 + 1).clamp(2, most);
    lists::draw(tune, shared, canvas, Rect { height, ..rest });
    let next = below(rest, rest.y + height);
    canvas.rule(next, next.y);
    details::draw(tune, shared, row, canvas, below(next, next.y + 1));
}

fn empty(tune: &TuneScreen, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
    let key = tune.key(shared, Action::Leave);
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

fn tabs(tune: &TuneScreen, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
    let mut x = canvas.text(area.x, area.y, 12, "Registry", Role::Heading) + 3;
    for list in RegistryList::ALL {
        let here = list == tune.views.registry.list;
        let from = x;
        x = canvas.text(x, area.y, 16, list.title(), if here { Role::Focus } else { Role::Muted });
        let tab = Rect { x: from, y: area.y, width: x - from, height: 1 };
        if here {
            canvas.underline(tab);
        }
        canvas.hit(tab, ScreenHit::List(list as usize));
        x += 3;
    }
    let room = Rect { x, width: area.right().saturating_sub(x), ..area };
    let hint = marked(tune, shared);
    if words::width(&hint) < usize::from(room.width) {
        canvas.right(room, area.y, &hint, Role::Muted);
    }
}

/// What is marked, and what to do with it.
fn marked(tune: &TuneScreen, shared: &SharedState) -> String {
    let key = tune.key(shared, Action::Compare);
    match tune.views.registry.marked[..] {
        [before, after] => format!("{key} compares v{} (before) with v{} (after)", before.0, after.0),
        [before] => format!("v{} is marked as before", before.0),
        _ => String::new(),
    }
}
