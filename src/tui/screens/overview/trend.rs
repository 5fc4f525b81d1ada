//! How many of 100 customers the AI helped, week by week: a line on its 95 % band, months below, promotions on the axis.

use crate::domain::time::DAY;
use crate::domain::{Rate, Timestamp, Zone};
use crate::store::{OverviewPage, Promotion, WeekPoint};
use crate::theme::Role;
use crate::tui::widgets::chart::{self, MARGIN, Point, Scale, TAIL};
use crate::tui::widgets::{Canvas, words};
use chrono::{Datelike, Months};
use ratatui::layout::Rect;

/// Weeks with fewer conversations are left out where others hold more: they say next to nothing, and would bend the line.
const HEAVY: u64 = 20;
/// Weeks this far apart are not joined: nothing is known between them.
const JOINED: f64 = 2.0;

/// Draws heading, chart, axis and months.
pub fn draw(page: &OverviewPage, canvas: &mut Canvas, area: Rect) {
    canvas.text(area.x, area.y, area.width, "Helped by the AI, of 100 customers, by week", Role::Heading);
    let points = points(page);
    if points.len() < 2 {
        let why = match points.len() {
            0 if page.ahead > 0 => "No finished conversation lies before now: there is nothing to draw.",
            0 => "No finished conversation has a time: there is nothing to draw.",
            _ => "One week so far. The trend begins with the second.",
        };
        canvas.text(area.x, area.y + 1, area.width, why, Role::Muted);
        return;
    }
    let chart = Rect {
        x: area.x + MARGIN,
        y: area.y + 1,
        width: area.width.saturating_sub(MARGIN + TAIL),
        height: area.height.saturating_sub(3),
    };
    let Some(scale) = chart::draw(&points, JOINED, canvas, chart) else { return };
    let weeks = points.last().map_or(0.0, |p| p.x);
    let first = page.weeks.first().map_or(Timestamp(0), |w| w.monday);
    let axis = Axis { first, weeks, scale, zone: page.zone };
    months(&axis, canvas, chart);
    chart::ends(&points, &axis.scale, canvas, chart);
    let went_live = promotions(&page.promotions, &axis, canvas, chart);
    legend(went_live, canvas, area);
}

/// What band and marks mean, as far as there is room beside the heading.
fn legend(went_live: bool, canvas: &mut Canvas, area: Rect) {
    let mut room = Rect { width: area.width.saturating_sub(46), x: area.x + 46.min(area.width), ..area };
    let mut put = |text: &str, role: Role, canvas: &mut Canvas| {
        if words::width(text) as u16 <= room.width {
            let x = canvas.right(room, area.y, text, role);
            room.width = x.saturating_sub(room.x + 2);
        }
    };
    if went_live {
        put("▲ a new model", Role::Accent, canvas);
    }
    let sign = if canvas.theme.has_tints() { "▄" } else { "⠅" };
    put(&format!("{sign} the true value, 19 times in 20"), Role::Muted, canvas);
}

fn points(page: &OverviewPage) -> Vec<Point> {
    let Some(first) = page.weeks.first() else { return Vec::new() };
    // Weeks in which clocks change are an hour longer or shorter.
    let week = |t: Timestamp| (t.0 - first.monday.0 + DAY) / (7 * DAY);
    let heavy = page.weeks.iter().filter(|w| w.n >= HEAVY).count() >= 2;
    let shown = page.weeks.iter().filter(|w| !heavy || w.n >= HEAVY);
    let point = |w: &WeekPoint| {
        let rate = Rate::new(w.resolved, w.n);
        Point { x: week(w.monday) as f64, value: rate.value().unwrap_or(0.0), lo: rate.lo, hi: rate.hi }
    };
    shown.map(point).collect()
}

/// The weeks along the lower axis.
struct Axis {
    first: Timestamp,
    /// From the first to the last.
    weeks: f64,
    scale: Scale,
    zone: Zone,
}

impl Axis {
    /// The column of a moment.
    fn place(&self, at: Timestamp, chart: Rect) -> Option<u16> {
        let week = (at.0 - self.first.0) as f64 / (7 * DAY) as f64;
        // The last week is drawn at its Monday; what happens in it belongs to that dot.
        let x = self.scale.column(week.min(self.weeks));
        (week >= 0.0 && week < self.weeks + 1.0).then(|| chart.x + x.min(chart.width - 1))
    }
}

fn months(axis: &Axis, canvas: &mut Canvas, chart: Rect) {
    let first = axis.first;
    let start = axis.zone.day(first);
    let Some(mut month) = start.with_day(1) else { return };
    let mut free = chart.x;
    let many = axis.weeks > 60.0;
    for _ in 0..=axis.weeks as i64 / 4 + 2 {
        let at = Some(axis.zone.midnight(month));
        // The month in which the chart begins is named at its beginning, unless the next one needs the room.
        let next = month.checked_add_months(Months::new(1)).map(|m| axis.zone.midnight(m));
        let next = next.and_then(|t| axis.place(t, chart));
        let at = at.map(|t| t.max(first)).filter(|t| *t > first || next.is_none_or(|x| x >= chart.x + 5));
        let name = if month.month() == 1 && month > start { "%Y" } else { "%b" };
        if let Some(x) = at.and_then(|t| axis.place(t, chart))
            && x >= free
            && !(many && month.month() % 3 != 1)
        {
            let text = month.format(name).to_string();
            if x + words::width(&text) as u16 <= chart.right() {
                free = canvas.text(x, chart.bottom() + 1, 6, &text, Role::Muted) + 2;
            }
        }
        match month.checked_add_months(Months::new(1)) {
            Some(next) => month = next,
            None => return,
        }
    }
}

/// Marks promotions on the axis; whether there was one to mark.
fn promotions(all: &[Promotion], axis: &Axis, canvas: &mut Canvas, chart: Rect) -> bool {
    let mut any = false;
    let mut free = chart.x;
    for p in all {
        let Some(x) = axis.place(p.at, chart) else { continue };
        canvas.text(x, chart.bottom(), 1, "▲", Role::Accent);
        any = true;
        // Beside the mark on the axis itself: the chart above belongs to the band.
        if x > free {
            let name = format!("v{}", p.release.0);
            if x + 1 + words::width(&name) as u16 <= chart.right() {
                free = canvas.text(x + 1, chart.bottom(), 5, &name, Role::Muted) + 1;
            }
        }
    }
    any
}
