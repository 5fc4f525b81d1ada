//! Drawing the overview: rates on top, the trend, what fails most, what fine-tuning can repair.

use super::state::OverviewScreen;
use super::{failing, table, trend, welcome};
use crate::domain::Timestamp;
use crate::store::{Basis, OverviewPage};
use crate::theme::Role;
use crate::tui::state::shared::{Load, Shared};
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// From this size on the trend and the lists stand side by side.
const WIDE: u16 = 150;
/// Rows of the trend where it is small, axis and heading included.
const LEAST_TREND: u16 = 7;

/// Draws the screen.
pub fn draw(home: &OverviewScreen, shared: &Shared, canvas: &mut Canvas, area: Rect) {
    let mut area = area;
    if let Some(loading) = &shared.loading {
        let used = welcome::loading(shared, loading, canvas, area);
        area = Rect { y: area.y + used, height: area.height.saturating_sub(used), ..area };
    }
    if shared.is_empty() {
        if shared.loading.is_none() {
            welcome::draw(shared, canvas, area);
        }
        return;
    }
    match &home.page {
        Load::Waiting => canvas.notice(area, &[("Counting how conversations ended …", Role::Muted)]),
        Load::Failed(why) => canvas.notice(
            area,
            &[
                ("✗ The figures could not be read.", Role::Bad),
                ("", Role::Text),
                (&words::line(why), Role::Muted),
                ("", Role::Text),
                ("F5 tries again.", Role::Text),
            ],
        ),
        Load::Ready(page) => figures(home, page, canvas, area),
    }
}

fn figures(home: &OverviewScreen, page: &OverviewPage, canvas: &mut Canvas, area: Rect) {
    let air = u16::from(area.height >= 28);
    let top = Rect { y: area.y + air, height: area.height - air, ..area };
    let mut y = table::draw(page, home.intervals, canvas, top);
    for (text, role) in notes(page, usize::from(area.width)) {
        if y < area.bottom() {
            canvas.text(area.x, y, area.width, &text, role);
            y += 1;
        }
    }
    let rest = Rect { y: y + 1, height: area.bottom().saturating_sub(y + 1), ..area };
    if rest.width >= WIDE && rest.height >= 16 {
        let left = Rect { width: rest.width * 58 / 100, height: rest.height.min(30), ..rest };
        trend::draw(page, canvas, left);
        let x = left.right() + 4;
        let right = Rect { x, width: rest.right() - x, ..rest };
        let used = failing::ceiling(page, true, canvas, right);
        let list = Rect { y: right.y + used + 1, height: right.height.saturating_sub(used + 1), ..right };
        failing::list(home, page, canvas, list);
        return;
    }
    stacked(home, page, canvas, rest, air);
}

/// One below the other: the trend takes what the lists leave.
fn stacked(home: &OverviewScreen, page: &OverviewPage, canvas: &mut Canvas, area: Rect, air: u16) {
    let ceiling = failing::ceiling_rows(page, usize::from(area.width));
    let wanted = (page.failing.len() as u16 + 1).clamp(2, if air > 0 { 8 } else { 3 });
    let fixed = ceiling + wanted + 1 + 2 * air;
    let tall = area.height.saturating_sub(fixed).min(18);
    let mut y = area.y;
    if tall >= LEAST_TREND - 1 {
        trend::draw(page, canvas, Rect { height: tall, ..area });
        y += tall + 1;
    }
    let foot = area.bottom().saturating_sub(ceiling);
    failing::list(home, page, canvas, Rect { y, height: foot.saturating_sub(y + air), ..area });
    failing::ceiling(page, false, canvas, Rect { y: foot, height: ceiling, ..area });
}

/// What one must know to read the rates rightly.
fn notes(page: &OverviewPage, columns: usize) -> Vec<(String, Role)> {
    let mut out = Vec::new();
    let day = |ms: i64| page.zone.format(Timestamp(ms), "%-d %b %Y");
    match page.basis {
        Basis::OldWeek => out.push(format!(
            "The newest finished conversation is of {}; the last 7 days count from there.",
            day(page.this.to - 1)
        )),
        Basis::All if page.ahead == 0 => out.push("The log has no times: everything counts as one.".to_owned()),
        _ => {}
    }
    if page.basis != Basis::All && page.day_one.is_none() {
        out.push("Day one will be the first 7 days with 200 finished conversations.".to_owned());
    }
    if page.this.n() == 0 && page.this.unknown == 0 {
        out.push("No conversation ended in this time.".to_owned());
    }
    if let Some(rests) = &page.all_traffic {
        let (reviewed, n) = (numbers::count(rests.reviewed), numbers::count(page.this.n()));
        out.push(format!(
            "All traffic: the {reviewed} reviewed of {n}; what is stored of it is {}.",
            numbers::count(rests.stored)
        ));
    }
    let mut out: Vec<_> = out.into_iter().map(|t| (t, Role::Muted)).collect();
    if page.ahead > 0 {
        let words = match page.ahead {
            1 => "! 1 conversation lies ahead of now: its time is wrong, it counts nowhere.".to_owned(),
            n => format!("! {} conversations lie ahead of now: they count nowhere.", numbers::count(n)),
        };
        out.push((words, Role::Bad));
    }
    if page.this.doubtful() {
        let text = "! More than 20 % of outcomes are unknown: these rates may mislead.";
        out.push((text.to_owned(), Role::Bad));
    }
    out.into_iter().flat_map(|(t, r)| words::wrap(&t, columns).into_iter().map(move |l| (l, r))).collect()
}
