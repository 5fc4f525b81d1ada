//! What fails most, and what fine-tuning can repair of it.

use super::state::OverviewScreen;
use crate::domain::outcome::Repair;
use crate::domain::{Cause, Rate};
use crate::store::{FailingIntent, OverviewPage};
use crate::theme::Role;
use crate::tui::state::seen::Hit;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// Draws the intents that failed most, the selected one marked.
pub fn list(home: &OverviewScreen, page: &OverviewPage, canvas: &mut Canvas, area: Rect) {
    if area.height < 2 {
        return;
    }
    let name = usize::from(area.width).saturating_sub(47).clamp(14, 40);
    canvas.text(area.x, area.y, area.width, "Still failing most", Role::Heading);
    if page.failing.is_empty() {
        canvas.text(area.x, area.y + 1, area.width, "Nothing failed or was escalated in this time.", Role::Muted);
        return;
    }
    let head = format!("{:>8} {:>10}   resolved", "failed", "escalated");
    canvas.text(area.x + 2 + name as u16, area.y, area.width.saturating_sub(name as u16 + 2), &head, Role::Muted);
    let rows = Rect { y: area.y + 1, height: area.height - 1, ..area };
    let fits = usize::from(rows.height);
    let first = home.selected.saturating_sub(fits / 2).min(page.failing.len().saturating_sub(fits));
    for ((i, f), y) in page.failing.iter().enumerate().skip(first).zip(rows.top()..rows.bottom()) {
        let line = Rect { y, height: 1, ..rows };
        failing_row(f, name, canvas, line);
        if i == home.selected {
            canvas.text(line.x, y, 1, "▶", Role::Focus);
            canvas.over(Rect { x: line.x + 2, width: line.width.saturating_sub(2), ..line }, Role::Selected);
        }
        canvas.hit(line, Hit::Failing(i));
    }
    canvas.seen.rows = fits;
}

fn failing_row(f: &FailingIntent, name: usize, canvas: &mut Canvas, line: Rect) {
    let label = f.intent.as_deref().map_or_else(|| "(no intent)".to_owned(), words::line);
    let label = words::pad(&label, name);
    let counts = format!("{:>8} {:>10}", numbers::count(f.failed), numbers::count(f.escalated));
    let share = Rate::new(f.resolved, f.n).value().map_or(String::new(), |v| format!("{:.1} %", v * 100.0));
    let share = format!("   {}", words::pad_left(&share, 7));
    let of = format!("  ({}/{})", numbers::count(f.resolved), numbers::count(f.n));
    let pieces =
        [(label.as_str(), Role::Text), (counts.as_str(), Role::Text), (&share, Role::Text), (&of, Role::Muted)];
    canvas.pieces(line.x + 2, line.y, line.width.saturating_sub(2), &pieces);
}

/// Coded causes by what can be done about them.
struct Shares {
    all: u64,
    training: u64,
    response: u64,
}

fn shares(page: &OverviewPage) -> Shares {
    let sum = |f: &dyn Fn(Repair) -> bool| page.ceiling.causes.iter().filter(|c| f(c.0.repair())).map(|c| c.1).sum();
    Shares {
        all: sum(&|_| true),
        training: sum(&|r| matches!(r, Repair::Training | Repair::Partly)),
        response: sum(&|r| r == Repair::Response),
    }
}

fn share(n: u64, all: u64) -> String {
    format!("{:.0}\u{a0}%", n as f64 * 100.0 / all.max(1) as f64)
}

fn trained(cause: Cause) -> bool {
    matches!(cause.repair(), Repair::Training | Repair::Partly)
}

/// The ceiling in words.
fn sentence(page: &OverviewPage) -> String {
    let s = shares(page);
    if s.all == 0 {
        return "What fine-tuning can repair will stand here once reviews say why conversations failed.".to_owned();
    }
    let what = if page.ceiling.of_cycle { "this cycle's failures" } else { "the failures reviewed so far" };
    let n = format!("{} of {}", numbers::count(s.training), numbers::count(s.all));
    let head = format!("Fine-tuning can repair at most {} of {what} ({n}).", share(s.training, s.all));
    let response = match s.response {
        0 => String::new(),
        r => format!(" Corrected answers repair {}.", share(r, s.all)),
    };
    let rest: Vec<String> = page
        .ceiling
        .causes
        .iter()
        .filter(|c| c.0.repair() == Repair::No)
        .map(|(c, n)| format!("{} {}", c.label(), share(*n, s.all)))
        .collect();
    let rest = if rest.is_empty() { String::new() } else { format!(" The rest: {}.", rest.join(", ")) };
    format!("{head}{response}{rest}")
}

/// Rows that the sentence takes at a width.
pub fn ceiling_rows(page: &OverviewPage, columns: usize) -> u16 {
    (words::wrap(&sentence(page), columns).len() as u16).min(3)
}

/// Draws what fine-tuning can repair, with a bar for each cause where there is room. Gives the rows used.
pub fn ceiling(page: &OverviewPage, bars: bool, canvas: &mut Canvas, area: Rect) -> u16 {
    let s = shares(page);
    let mut y = area.y;
    if bars {
        canvas.text(area.x, y, area.width, "Why conversations failed", Role::Heading);
        y += 1;
    }
    if !bars || s.all == 0 {
        for line in words::wrap(&sentence(page), usize::from(area.width)) {
            if y < area.bottom() {
                canvas.text(area.x, y, area.width, &line, if s.all == 0 { Role::Muted } else { Role::Text });
                y += 1;
            }
        }
        return y - area.y;
    }
    let what = if page.ceiling.of_cycle { "this cycle" } else { "all reviewed" };
    let head = format!("{what}: fine-tuning can repair at most {}", numbers::rate(s.training, s.all));
    canvas.text(area.x, y, area.width, &head, Role::Text);
    y += 1;
    let most = page.ceiling.causes.first().map_or(1, |c| c.1).max(1);
    let room = usize::from(area.width).saturating_sub(46).min(24);
    for (cause, n) in &page.ceiling.causes {
        if y >= area.bottom() {
            break;
        }
        let (remedy, role) = match cause.repair() {
            _ if trained(*cause) => ("fine-tuning", Role::Good),
            Repair::Response => ("corrected answers", Role::Accent),
            _ => ("somebody else", Role::Muted),
        };
        let bar = words::pad(&numbers::bar(*n as f64 / most as f64, room), room + 1);
        let label = words::pad(cause.label(), 18);
        let n = format!("{} {}  ", words::pad_left(&numbers::count(*n), 5), words::pad_left(&share(*n, s.all), 5));
        canvas.pieces(
            area.x,
            y,
            area.width,
            &[(&label, Role::Text), (&n, Role::Muted), (&bar, role), (remedy, Role::Muted)],
        );
        y += 1;
    }
    y - area.y
}
