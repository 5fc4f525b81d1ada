//! Each intent of the sealed half: right before and after, with intervals.

use crate::domain::{Comparison, IntentScore, Rate};
use crate::learn::judge::certain;
use crate::theme::Role;
use crate::tui::screens::tune::state::TuneScreen;
use crate::tui::screens::tune::state::panes::Pane;
use crate::tui::state::seen::ScreenHit;
use crate::tui::widgets::listed::{first_in_view, more_in, rows_below, unseen};
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;
use std::cmp::Ordering;

/// Columns of everything but names and the plot: n, before, after, change, its interval, F1 and its change.
const FIGURES: usize = 56;
/// Fewer columns make no plot.
const LEAST_PLOT: usize = 24;
const MOST_PLOT: usize = 60;

/// How wide what is.
struct IntentWidths {
    name: usize,
    plot: usize,
}

impl IntentWidths {
    fn of(width: u16) -> Self {
        let rest = usize::from(width).saturating_sub(FIGURES);
        let name = rest.min(if rest >= LEAST_PLOT + 22 { 24 } else { 40 }).max(12);
        let plot = rest.saturating_sub(name + 3).min(MOST_PLOT);
        Self { name, plot: if plot >= LEAST_PLOT { plot } else { 0 } }
    }
}

/// Draws the list.
pub fn draw(tune: &TuneScreen, c: &Comparison, canvas: &mut Canvas, area: Rect) {
    let panes = &tune.panes;
    let focus = panes.pane == Pane::Intents;
    let columns = IntentWidths::of(area.width);
    let mut head = format!(
        "{}{}{}{}{} {}{}{}",
        words::pad("sealed half, right", columns.name),
        words::pad_left("n", 5),
        words::pad_left("before", 8),
        words::pad_left("after", 8),
        words::pad_left("change", 9),
        words::pad_left("95 %", 11),
        words::pad_left("F1", 7),
        words::pad_left("", 7),
    );
    if columns.plot > 0 {
        let legend = if columns.plot >= 36 { "○ before  ● after  ─ 95 %" } else { "○ before ● after" };
        head = format!("{head}   0 {}100 %", words::pad(legend, columns.plot.saturating_sub(7)));
    }
    canvas.text(area.x, area.y, area.width, &head, if focus { Role::Heading } else { Role::Muted });
    let certain = certain::changed(&c.intents);
    let (list, end) = rows_below(words::width(head.trim_end()), c.intents.len(), area);
    let fits = usize::from(list.height);
    let selected = panes.row_of(Pane::Intents);
    let first = first_in_view(selected, fits, c.intents.len());
    for ((i, score), y) in c.intents.iter().enumerate().skip(first).zip(list.top()..list.bottom()) {
        let line = Rect { y, height: 1, ..list };
        row(score, certain[i], &columns, canvas, line);
        if i == selected {
            let width = (columns.name + FIGURES).min(usize::from(list.width)) as u16;
            canvas.select(Rect { width, ..line }, if focus { Role::Selected } else { Role::Resting });
        }
        canvas.hit(line, ScreenHit::Intent(i));
    }
    more_in(unseen(first, fits, c.intents.len()), Role::Muted, canvas, end);
    if c.intents.is_empty() {
        canvas.text(list.x, list.y, list.width, "no sealed gold turns", Role::Muted);
    }
    if focus {
        canvas.seen.rows = fits;
        canvas.seen.scrolled = area;
    }
}

/// Only what is certain has a colour.
fn change_role(s: &IntentScore, certain: bool) -> Role {
    match s.after.cmp(&s.before) {
        Ordering::Greater if certain => Role::Good,
        Ordering::Less if certain => Role::Bad,
        _ => Role::Muted,
    }
}

fn row(s: &IntentScore, certain: bool, columns: &IntentWidths, canvas: &mut Canvas, line: Rect) {
    let share = |right: u64| right as f64 / (s.n as f64).max(1.0);
    let percent = |right: u64| words::pad_left(&format!("{:.0} %", share(right) * 100.0), 8);
    let change = numbers::signed((share(s.after) - share(s.before)) * 100.0, 0);
    let change_text = words::pad_left(&format!("{change} pt"), 9);
    let band = s.ci95.and_then(|ci| ci.change).map_or_else(String::new, |[lo, hi]| {
        format!("[{}, {}]", numbers::signed(lo * 100.0, 0), numbers::signed(hi * 100.0, 0))
    });
    let f1 = numbers::signed(s.f1_after - s.f1_before, 2);
    let pieces = [
        (words::pad(&words::line(&s.intent), columns.name), Role::Text),
        (words::pad_left(&numbers::count(s.n), 5), Role::Muted),
        (percent(s.before), Role::Muted),
        (percent(s.after), Role::Text),
        (change_text, change_role(s, certain)),
        (format!(" {}", words::pad_left(&band, 11)), Role::Muted),
        (format!("{:>7.2}", s.f1_after), Role::Text),
        (words::pad_left(&f1, 7), Role::Muted),
    ];
    let pieces: Vec<(&str, Role)> = pieces.iter().map(|(t, r)| (t.as_str(), *r)).collect();
    canvas.pieces(line.x, line.y, line.width, &pieces);
    if columns.plot > 0 {
        let x = line.x + (columns.name + FIGURES + 3) as u16;
        plot(s, certain, canvas, Rect { x, width: columns.plot as u16, ..line });
    }
}

/// Both accuracies on a line from 0 to 100 %, and the interval of the one after.
fn plot(s: &IntentScore, certain: bool, canvas: &mut Canvas, line: Rect) {
    if s.n == 0 {
        return;
    }
    let last = f64::from(line.width - 1);
    let at = |share: f64| line.x + (share * last).round() as u16;
    let after = Rate::new(s.after, s.n);
    let share = |right: u64| right as f64 / s.n as f64;
    for x in [line.x, at(0.5), line.right() - 1] {
        canvas.text(x, line.y, 1, "┊", Role::Faint);
    }
    for x in at(after.lo)..=at(after.hi) {
        canvas.text(x, line.y, 1, "─", Role::Muted);
    }
    canvas.text(at(share(s.before)), line.y, 1, "○", Role::Muted);
    let role = if certain { change_role(s, true) } else { Role::Text };
    canvas.text(at(share(s.after)), line.y, 1, "●", role);
}
