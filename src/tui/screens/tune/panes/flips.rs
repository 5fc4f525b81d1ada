//! Turns of the open half that are not right both times: fixed, broken, wrong still, wrong in another way.

use crate::domain::{Comparison, Flip, FlipKind};
use crate::theme::Role;
use crate::tui::screens::tune::state::TuneScreen;
use crate::tui::screens::tune::state::panes::Pane;
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::area::below;
use crate::tui::widgets::listed::{first_in_view, more_in, rows_alone, unseen};
use crate::tui::widgets::words::guess;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// A kind as people read it.
pub const fn kind_words(kind: FlipKind) -> &'static str {
    match kind {
        FlipKind::Fixed => "fixed",
        FlipKind::Broken => "broken",
        FlipKind::StillWrong => "still wrong",
        FlipKind::BothWrong => "changed, both wrong",
    }
}

const fn look(kind: FlipKind) -> (&'static str, Role) {
    match kind {
        FlipKind::Fixed => ("✓", Role::Good),
        FlipKind::Broken => ("✗", Role::Bad),
        FlipKind::StillWrong => ("·", Role::Muted),
        FlipKind::BothWrong => ("≠", Role::Muted),
    }
}

/// Draws the list.
pub fn draw(tune: &TuneScreen, shared: &SharedState, c: &Comparison, canvas: &mut Canvas, area: Rect) {
    let panes = &tune.panes;
    let focus = panes.pane == Pane::Flips;
    let used = kinds(tune, c, canvas, area);
    let list = below(area, area.y + used);
    let flips = panes.flips(c);
    // A flip takes two lines where there is room, else one.
    let tall = if list.height >= 12 && area.width < 110 { 2 } else { 1 };
    let (list, end) = rows_alone(flips.len() * tall, list);
    let fits = (usize::from(list.height) / tall).max(1);
    let selected = panes.row_of(Pane::Flips);
    let first = first_in_view(selected, fits, flips.len());
    for (k, (i, flip)) in flips.iter().enumerate().skip(first).take(fits).enumerate() {
        let row = Rect { y: list.y + (k * tall) as u16, height: tall as u16, ..list }.intersection(list);
        draw_row(flip, canvas, row);
        if i == selected {
            let role = if focus { Role::Selected } else { Role::Resting };
            canvas.select(Rect { x: row.x + 2, width: row.width.saturating_sub(2), height: 1, ..row }, role);
        }
        canvas.hit(row, ScreenHit::Flip(i));
    }
    more_in(unseen(first, fits, flips.len()), Role::Muted, canvas, end);
    if flips.is_empty() {
        let text = match (c.open.after.n, &panes.intent, panes.kind) {
            (0, ..) => "The open half has no gold turns yet.".to_owned(),
            (_, Some(intent), _) => {
                let key = tune.key(shared, crate::action::Action::ShowFlips);
                format!("No such turn of {}; {key} shows those of all intents.", words::line(intent))
            }
            (_, None, Some(kind)) => format!("No turn is {}.", kind_words(kind)),
            (_, None, None) => "Both answer every turn of the open half rightly.".to_owned(),
        };
        canvas.text(list.x, list.y, list.width, &text, Role::Muted);
    }
    if focus {
        canvas.seen.rows = fits;
        canvas.seen.scrolled = area;
    }
}

/// How many turns of each kind there are, and which are listed. Gives the rows used.
fn kinds(tune: &TuneScreen, c: &Comparison, canvas: &mut Canvas, area: Rect) -> u16 {
    let panes = &tune.panes;
    let all: Vec<&Flip> = c.open.flips.iter().filter(|f| panes.is_about(f)).collect();
    let count = |kind: FlipKind| all.iter().filter(|f| f.kind == kind).count() as u64;
    let mut parts: Vec<(String, bool)> =
        vec![(format!("all {}", numbers::count(all.len() as u64)), panes.kind.is_none())];
    parts.extend(FlipKind::ALL.iter().map(|&k| {
        let words = format!("{} {} {}", look(k).0, kind_words(k), numbers::count(count(k)));
        (words, panes.kind == Some(k))
    }));
    let mut x = area.x;
    for (text, on) in &parts {
        let role = if *on { Role::Heading } else { Role::Muted };
        let from = x;
        x = canvas.text(x, area.y, area.right().saturating_sub(x), text, role);
        if *on {
            canvas.underline(Rect { x: from, y: area.y, width: x - from, height: 1 });
        }
        x += 2;
    }
    let gold = match &panes.intent {
        None => format!("of {} open gold turns", numbers::count(c.open.after.n)),
        Some(intent) => {
            let taken_for = panes.taken_for.as_ref().map(|said| format!(" taken for {}", guess(said.as_deref())));
            format!("open half, {}{}", words::line(intent), taken_for.unwrap_or_default())
        }
    };
    let one_row = usize::from(x) + words::width(&gold) < usize::from(area.right());
    let (x, y) = if one_row { (x + 1, area.y) } else { (area.x, area.y + 1) };
    canvas.text(x, y, area.right().saturating_sub(x), &gold, Role::Muted);
    y - area.y + if area.height > 10 { 2 } else { 1 }
}

fn draw_row(flip: &Flip, canvas: &mut Canvas, row: Rect) {
    let (sign, role) = look(flip.kind);
    let pinned = if flip.pinned { " ◆ pinned" } else { "" };
    let gold = match flip.kind {
        FlipKind::Fixed | FlipKind::Broken => String::new(),
        _ => format!("  right: {}", words::line(&flip.gold)),
    };
    let (before, after) = (guess(flip.before.as_deref()), guess(flip.after.as_deref()));
    let change = match flip.kind {
        FlipKind::StillWrong => format!("{after}{gold}{pinned}"),
        _ => format!("{before} → {after}{gold}{pinned}"),
    };
    let said = format!("“{}”", words::line(&flip.text));
    let x = canvas.text(row.x, row.y, 2, &format!("{sign} "), role);
    let room = row.right().saturating_sub(x);
    if row.height > 1 {
        canvas.text(x, row.y, room, &said, Role::Text);
        canvas.text(x + 2, row.y + 1, room.saturating_sub(2), &change, Role::Muted);
        return;
    }
    let part = room / 2;
    let x = canvas.text(x, row.y, part, &words::pad(&said, part.into()), Role::Text);
    canvas.text(x + 1, row.y, row.right().saturating_sub(x + 1), &change, Role::Muted);
}
