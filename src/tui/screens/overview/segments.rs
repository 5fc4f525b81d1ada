//! The last seven days by language, channel and intent: a line each, which opens exactly its conversations.

use super::headline::of_hundred;
use super::missing::languages_unread;
use super::state::OverviewScreen;
use crate::domain::{Difference, Outcome, Rate, RateMovement};
use crate::store::{PeriodBasis, SegmentKind, SegmentLine, SegmentPage};
use crate::theme::Role;
use crate::tui::state::shared::{SharedState, StoreRead};
use crate::tui::widgets::listed::{Cells, LineList};
use crate::tui::widgets::outcomes::texture;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// Columns of the kind of segment.
const KIND: usize = 10;
/// From so many columns on a line has its bar of outcomes.
const WITH_BAR: u16 = 110;
/// From so many columns on it is compared with day one, too.
const WITH_FIRST: u16 = 100;
/// Cells of that bar.
const BAR: usize = 25;
/// Segments with fewer conversations are not compared with other times.
const FEWEST: u64 = 10;

/// Draws the page.
pub fn draw(home: &OverviewScreen, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
    match &home.segments {
        StoreRead::Waiting => canvas.notice(area, &[("Counting …", Role::Muted)]),
        StoreRead::Failed(why) => canvas.notice(
            area,
            &[("✗ This could not be counted.", Role::Bad), ("", Role::Text), (&words::line(why), Role::Muted)],
        ),
        StoreRead::Ready(page) => {
            let mut area = area;
            if page.languages_unread {
                let foot = area.bottom().saturating_sub(1);
                canvas.text(area.x, foot, area.width, &languages_unread(shared), Role::Muted);
                area.height = area.height.saturating_sub(1);
            }
            list(home, page, canvas, area);
        }
    }
}

fn list(home: &OverviewScreen, page: &SegmentPage, canvas: &mut Canvas, area: Rect) {
    let when = match page.basis {
        PeriodBasis::All => "all times".to_owned(),
        PeriodBasis::Week | PeriodBasis::OldWeek => format!("the {}", page.basis.words()),
    };
    let (resolved, n) = page.all;
    let all = of_hundred(&Rate::new(resolved, n));
    let customers = numbers::plural(n, "customer", "customers");
    let helped = if n < Rate::ENOUGH { numbers::count(resolved) } else { format!("{all} of 100") };
    // Of several wordings the first that fits.
    let of = match page.one_kind {
        Some(kind) => vec![format!("a rate {}", kind.needs())],
        None => vec![
            format!("of {customers} in {when} the AI helped {helped}"),
            format!("of {customers} the AI helped {helped}"),
            format!("the AI helped {helped}"),
        ],
    };
    let end = canvas.text(area.x, area.y, area.width, "By language, channel and intent  ", Role::Heading);
    let room = area.right().saturating_sub(end);
    if let Some(of) = of.iter().find(|of| words::width(of) <= usize::from(room)) {
        canvas.text(end, area.y, room, of, Role::Muted);
    }
    let body = Rect {
        x: area.x + 1,
        y: area.y + 2,
        width: area.width.saturating_sub(1),
        height: area.height.saturating_sub(2),
    };
    let (bar, wide) = (area.width >= WITH_BAR, area.width >= WITH_FIRST);
    let longest = page.lines.iter().map(|l| words::width(&name(l))).max().unwrap_or(0);
    let name_width = longest.clamp(8, if bar { 34 } else { 22 });
    let first = if page.has_day_one && wide { "since day one" } else { "" };
    let rates = format!(
        "{:<17}{}{:<16}{first}",
        "helped  95 %",
        if bar { words::pad("how they ended", BAR + 2) } else { String::new() },
        "7 days before",
    );
    let head = format!(
        "{}{:>7}  {}",
        " ".repeat(KIND + name_width + 1),
        "conv.",
        if page.one_kind.is_some() { "" } else { &rates },
    );
    let none = "All of it is one language, one channel, one intent, or the log names none.";
    let listed = LineList { head: &head, len: page.lines.len(), selected: Some(home.line), none };
    listed.draw(canvas, body, |i| {
        let line = &page.lines[i];
        let begins = i == 0 || page.lines[i - 1].kind != line.kind;
        match page.one_kind {
            Some(_) => counted(line, begins, name_width),
            None => cells(line, begins, name_width, (bar, wide)),
        }
    });
}

/// What it is, and how many.
fn counted(line: &SegmentLine, begins: bool, width: usize) -> Cells {
    let kind = match line.kind {
        SegmentKind::Language => "language",
        SegmentKind::Channel => "channel",
        SegmentKind::Intent => "intent",
    };
    vec![
        (words::pad(if begins { kind } else { "" }, KIND), Role::Muted),
        (words::pad(&words::fit(&name(line), width), width + 1), Role::Text),
        (format!("{:>7}  ", numbers::count(line.n())), Role::Text),
    ]
}

fn cells(line: &SegmentLine, begins: bool, width: usize, (bar, wide): (bool, bool)) -> Cells {
    let rate = Rate::new(line.ends[0], line.n());
    let mut out = counted(line, begins, width);
    out.extend([
        (format!("{:>3} % ", of_hundred(&rate)), Role::Heading),
        (words::pad(&format!("[{:.0}, {:.0}]", rate.lo * 100.0, rate.hi * 100.0), 11), Role::Muted),
    ]);
    if bar {
        out.extend(ends(line));
    }
    out.push(change(line.before, rate));
    if wide && line.first.1 > 0 {
        let (text, role) = change(line.first, rate);
        out.push((text.trim_end().to_owned(), role));
    }
    out
}

/// The four textures, a share each.
fn ends(line: &SegmentLine) -> Cells {
    let outcomes = [Outcome::Resolved, Outcome::Escalated, Outcome::Failed, Outcome::Abandoned];
    let (n, mut sum, mut cells) = (line.n().max(1), 0, 0);
    let mut out: Cells = Vec::new();
    for (outcome, ended) in outcomes.into_iter().zip(line.ends) {
        sum += ended;
        let end = (sum as f64 * BAR as f64 / n as f64).round() as usize;
        let (sign, role) = texture(outcome);
        out.push((sign.repeat(end - cells), role));
        cells = end;
    }
    out.push((" ".repeat(BAR + 2 - cells), Role::Text));
    out
}

/// How much more of 100 are helped than at another time; in grey where that may be chance.
fn change((resolved, n): (u64, u64), now: Rate) -> (String, Role) {
    let then = Rate::new(resolved, n);
    match Difference::between(then, now).filter(|_| n >= FEWEST && now.den >= FEWEST) {
        None => (words::pad("–", 16), Role::Muted),
        Some(d) => {
            let [delta, lo, hi] = d.of_hundred();
            let text = format!("{delta} [{lo}, {hi}]");
            let role = if d.moved() == RateMovement::CannotTell { Role::Muted } else { Role::Text };
            (words::pad(&text, 16), role)
        }
    }
}

fn name(line: &SegmentLine) -> String {
    match (line.kind, line.name.as_str()) {
        (SegmentKind::Intent, "") => "(no intent)".to_owned(),
        (_, "") => "(not said)".to_owned(),
        (SegmentKind::Language, tag) => words::line(&words::language(tag)),
        (_, name) => words::line(name),
    }
}
