//! How customers feel: a line of the weeks, and how well that is told.

use super::known;
use super::state::SignalsScreen;
use crate::domain::{SignalView, Timestamp};
use crate::store::{LearnerKind, SignalsPage};
use crate::theme::Role;
use crate::tui::widgets::chart::{self, ChartPoint, MARGIN, TAIL};
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// From this width on what is known stands beside the line, below it otherwise.
const BESIDE: u16 = 100;
const WEEK: f64 = 7.0 * 86_400_000.0;

/// Draws it.
pub fn draw(screen: &SignalsScreen, page: &SignalsPage, canvas: &mut Canvas, area: Rect) {
    let beside = area.width >= BESIDE;
    let (left, right) = if beside {
        let left = area.width * 48 / 100;
        canvas.divider(area.x + left + 1, area);
        (Rect { width: left, ..area }, Rect { x: area.x + left + 3, width: area.width - left - 3, ..area })
    } else {
        let below = (area.height / 2).min(9);
        let above = Rect { height: area.height - below, ..area };
        (above, Rect { y: area.y + above.height, height: below, ..area })
    };
    trend(screen, page, canvas, left);
    let lines = known::lines(LearnerKind::Sentiment, &page.feel, screen.intervals, usize::from(right.width));
    for ((text, role), y) in lines.iter().zip(right.top()..right.bottom()) {
        canvas.text(right.x, y, right.width, text, *role);
    }
}

fn trend(screen: &SignalsScreen, page: &SignalsPage, canvas: &mut Canvas, area: Rect) {
    let mut says = |text: &str| {
        canvas.text(area.x, area.y, area.width, "How customers feel", Role::Heading);
        for (line, y) in words::wrap(text, usize::from(area.width)).iter().zip(area.y + 1..area.bottom()) {
            canvas.text(area.x, y, area.width, line, Role::Muted);
        }
    };
    let Some(week) = screen.week() else {
        return says(match page.feel.is_live {
            true => {
                "The live release tells how customers feel; no counted conversation of the last half year is read yet."
            }
            false => "No release that is live tells how customers feel: there is no number to show.",
        });
    };
    canvas.text(area.x, area.y, area.width, "Let down or angry, of 100 customers, by week", Role::Heading);
    let day = page.zone.date(week.monday);
    let interval = if screen.intervals {
        format!("  {:.0}-{:.0} of 100", 100.0 * week.bad.lo, 100.0 * week.bad.hi)
    } else {
        String::new()
    };
    let chosen =
        format!("week of {day}: {} of {}{interval}", numbers::count(week.bad.num), numbers::count(week.bad.den));
    let is_front = screen.view == SignalView::Feel;
    canvas.text(area.x, area.y + 1, area.width, &chosen, if is_front { Role::Accent } else { Role::Muted });
    let Some(first) = page.weeks.first() else { return };
    let x = |t: Timestamp| (((t.0 - first.monday.0) as f64) / WEEK).round();
    let points: Vec<ChartPoint> = page
        .weeks
        .iter()
        .map(|w| ChartPoint {
            x: x(w.monday),
            value: w.bad.value().unwrap_or(0.0),
            lo: w.bad.lo,
            hi: w.bad.hi,
            provisional: false,
        })
        .collect();
    let chart = Rect {
        x: area.x + MARGIN,
        y: area.y + 2,
        width: area.width.saturating_sub(MARGIN + TAIL),
        height: area.height.saturating_sub(4),
    };
    if points.len() < 2 || chart.height < 3 {
        return;
    }
    let Some(scale) = chart::draw(&points, 2.0, canvas, chart) else { return };
    chart::ends(&points, &scale, canvas, chart);
    let place = |weeks: f64| chart.x + scale.column(weeks).min(chart.width.saturating_sub(1));
    let last = points.last().map_or(0.0, |p| p.x);
    for p in &page.promotions {
        let weeks = (p.at.0 - first.monday.0) as f64 / WEEK;
        if weeks >= 0.0 && weeks < last + 1.0 {
            canvas.text(place(weeks.min(last)), chart.bottom(), 1, "▲", Role::Accent);
        }
    }
    let mut free = chart.x;
    let mut named = String::new();
    for w in &page.weeks {
        let month = page.zone.format(w.monday, "%b");
        let at = place(x(w.monday));
        if month != named && at >= free && at + 3 <= chart.right() {
            free = canvas.text(at, chart.bottom() + 1, 4, &month, Role::Muted) + 2;
            named = month;
        }
    }
    if is_front {
        canvas.text_over(place(x(week.monday)), chart.bottom() + 1, 1, "▴", Role::Focus);
    }
}
