//! Which intents are taken for which others on the open half: pairs as a list, and where there is width as a matrix.

use crate::action::Action;
use crate::domain::{Comparison, Confused, MistakenIntent};
use crate::theme::Role;
use crate::tui::screens::tune::state::TuneScreen;
use crate::tui::screens::tune::state::panes::Pane;
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::area::below;
use crate::tui::widgets::listed::{first_in_view, more_in, rows_below, unseen};
use crate::tui::widgets::words::guess;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;
use std::collections::BTreeMap;

/// Columns of before, after and change.
const FIGURES: usize = 24;
/// Columns of a cell of the matrix.
const CELL: u16 = 5;
/// From so many columns the matrix stands beside the list.
const BESIDE: u16 = 110;
const MOST_INTENTS: usize = 20;

/// Draws list and matrix.
pub fn draw(tune: &TuneScreen, shared: &SharedState, c: &Comparison, canvas: &mut Canvas, area: Rect) {
    let panes = &tune.panes;
    let pairs = panes.mistaken(c);
    if pairs.is_empty() {
        let lines = match c.open.confusion.is_empty() {
            true if c.open.after.n > 0 => "This comparison was made before confusion was kept: the next one has it.",
            true => "The open half has no gold turns yet.",
            false => "No turn of the open half is mistaken, before or after.",
        };
        canvas.text(area.x, area.y, area.width, lines, Role::Muted);
        return;
    }
    let total = |side: fn(&MistakenIntent) -> u64| numbers::count(pairs.iter().map(side).sum::<u64>());
    let (before, after, n) = (total(|p| p.before), total(|p| p.after), numbers::count(c.open.after.n));
    let text = format!("Of {n} gold turns of the open half {before} were mistaken before, {after} are after.");
    canvas.text(area.x, area.y, area.width, &text, Role::Text);
    let area = below(area, area.y + if area.height > 10 { 2 } else { 1 });
    let wide = area.width >= BESIDE;
    let columns = if wide { (area.width * 45 / 100).clamp(56, 80) } else { area.width };
    list(tune, &pairs, canvas, Rect { width: columns, ..area });
    if wide {
        canvas.divider(area.x + columns + 1, area);
        let x = area.x + columns + 3;
        matrix(tune, shared, c, &pairs, canvas, Rect { x, width: area.right().saturating_sub(x), ..area });
    }
}

fn list(tune: &TuneScreen, pairs: &[MistakenIntent], canvas: &mut Canvas, area: Rect) {
    let panes = &tune.panes;
    let names = usize::from(area.width).saturating_sub(FIGURES).clamp(20, 60);
    let (before_role, after_role) =
        if panes.before { (Role::Heading, Role::Muted) } else { (Role::Muted, Role::Heading) };
    let pieces = [
        (words::pad("meant → said", names), Role::Muted),
        (words::pad_left(if panes.before { "▾before" } else { "before" }, 8), before_role),
        (words::pad_left(if panes.before { "after" } else { "▾after" }, 8), after_role),
        (words::pad_left("change", 7), Role::Muted),
    ];
    let pieces: Vec<(&str, Role)> = pieces.iter().map(|(t, r)| (t.as_str(), *r)).collect();
    canvas.pieces(area.x, area.y, area.width, &pieces);
    let (rows, end) = rows_below(names + FIGURES, pairs.len(), area);
    let (fits, selected) = (usize::from(rows.height), panes.row_of(Pane::Confusion));
    let first = first_in_view(selected, fits, pairs.len());
    for ((i, pair), y) in pairs.iter().enumerate().skip(first).zip(rows.top()..rows.bottom()) {
        let line = Rect { y, height: 1, ..rows };
        row(pair, names, canvas, line);
        if i == selected {
            canvas.select(Rect { width: (names + 23).min(line.width.into()) as u16, ..line }, Role::Selected);
        }
        canvas.hit(line, ScreenHit::Pair(i));
    }
    more_in(unseen(first, fits, pairs.len()), Role::Muted, canvas, end);
    canvas.seen.rows = fits;
    canvas.seen.scrolled = area;
}

/// Fewer mistakes are good.
fn change_of(pair: &MistakenIntent) -> (String, Role) {
    match (pair.after, pair.before) {
        (a, b) if a < b => (format!("-{}", numbers::count(b - a)), Role::Good),
        (a, b) if a > b => (format!("+{}", numbers::count(a - b)), Role::Bad),
        _ => ("0".to_owned(), Role::Muted),
    }
}

fn row(pair: &MistakenIntent, names: usize, canvas: &mut Canvas, line: Rect) {
    let half = (names - 3) / 2;
    let gold = words::pad(&words::fit(&words::line(&pair.gold), half), half);
    let said = words::fit(&guess(pair.said.as_deref()), names - 3 - half);
    let (change, role) = change_of(pair);
    let pieces = [
        (gold, Role::Text),
        (" → ".to_owned(), Role::Muted),
        (words::pad(&said, names - 3 - half), Role::Text),
        (words::pad_left(&numbers::count(pair.before), 8), Role::Muted),
        (words::pad_left(&numbers::count(pair.after), 8), Role::Text),
        (words::pad_left(&change, 7), role),
    ];
    let pieces: Vec<(&str, Role)> = pieces.iter().map(|(t, r)| (t.as_str(), *r)).collect();
    canvas.pieces(line.x, line.y, line.width, &pieces);
}

/// Counts by what was meant and what was said.
type Counts<'a> = BTreeMap<(&'a str, Option<&'a str>), u64>;

fn counts(confusion: &[Confused], before: bool) -> Counts<'_> {
    let mut out = Counts::new();
    for c in confusion {
        let said = if before { &c.before } else { &c.after };
        *out.entry((&c.gold, said.as_deref())).or_default() += c.n;
    }
    out
}

/// The intents that are mistaken most, as far as there is room, neighbours in the order of the list.
fn most_confused(pairs: &[MistakenIntent], fits: usize) -> Vec<Option<&str>> {
    let mut out: Vec<Option<&str>> = Vec::new();
    for pair in pairs {
        let new: Vec<_> =
            [Some(pair.gold.as_str()), pair.said.as_deref()].into_iter().filter(|i| !out.contains(i)).collect();
        if out.len() + new.len() <= fits {
            out.extend(new);
        }
    }
    // A fallback is said, never meant: the last column.
    if let Some(at) = out.iter().position(Option::is_none) {
        let fallback = out.remove(at);
        out.push(fallback);
    }
    out
}

fn matrix(
    tune: &TuneScreen,
    shared: &SharedState,
    c: &Comparison,
    pairs: &[MistakenIntent],
    canvas: &mut Canvas,
    area: Rect,
) {
    let before = tune.panes.before;
    let (side, other) = if before { ("before", "after") } else { ("after", "before") };
    let key = tune.key(shared, Action::OtherView);
    canvas.text(area.x, area.y, area.width, &format!("{side}: meant ↓ said →"), Role::Heading);
    canvas.right(area, area.y, &format!("{key} shows {other}"), Role::Muted);
    let name = (area.width / 4).clamp(14, 26);
    let fits = (area.width.saturating_sub(name + 3) / CELL).min(area.height.saturating_sub(4)) as usize;
    let intents = most_confused(pairs, fits.min(MOST_INTENTS));
    let (now, was) = (counts(&c.open.confusion, before), counts(&c.open.confusion, !before));
    let cell = |k: usize| area.x + name + 3 + k as u16 * CELL;
    for (k, intent) in intents.iter().enumerate() {
        let number = intent.map_or_else(|| "fb".to_owned(), |_| (k + 1).to_string());
        canvas.text(cell(k), area.y + 1, CELL, &words::pad_left(&number, 3), Role::Muted);
    }
    let rows = intents.iter().enumerate().filter_map(|(k, i)| Some((k, (*i)?)));
    for ((k, gold), y) in rows.zip(area.top() + 2..area.bottom().saturating_sub(1)) {
        canvas.text(area.x, y, 3, &words::pad_left(&(k + 1).to_string(), 2), Role::Muted);
        canvas.text(area.x + 3, y, name.saturating_sub(1), &words::line(gold), Role::Text);
        for (j, said) in intents.iter().enumerate() {
            let of = |counts: &Counts| counts.get(&(gold, *said)).copied().unwrap_or(0);
            entry(*said == Some(gold), of(&now), of(&was), before, canvas, (cell(j), y));
        }
    }
    let legend = "right on the diagonal   ▾ fewer than before   ▴ more";
    canvas.text(area.x, area.bottom().saturating_sub(1), area.width, legend, Role::Muted);
}

/// One count; of what came after, whether it is more or fewer than before.
fn entry(diagonal: bool, n: u64, other: u64, before: bool, canvas: &mut Canvas, (x, y): (u16, u16)) {
    let moved = match n.cmp(&other) {
        _ if before => " ",
        std::cmp::Ordering::Less => "▾",
        std::cmp::Ordering::Greater => "▴",
        std::cmp::Ordering::Equal => " ",
    };
    let (text, role) = match (n, diagonal) {
        (0, _) if moved == " " => ("·".to_owned(), Role::Faint),
        (n, true) => (n.to_string(), Role::Heading),
        (n, false) => (n.to_string(), Role::Text),
    };
    // More on the diagonal is good, more elsewhere is not.
    let mark = if (moved == "▴") == diagonal { Role::Good } else { Role::Bad };
    let end = canvas.text(x, y, CELL - 1, &words::pad_left(&text, 3), role);
    canvas.text(end, y, 1, moved, mark);
}
