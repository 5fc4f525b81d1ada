//! The resolution rate by week as a braille chart: a line, its 95 % band, months below, promotions on the axis.

use crate::domain::time::DAY;
use crate::domain::{Rate, Timestamp};
use crate::store::{OverviewPage, Promotion};
use crate::theme::Role;
use crate::tui::widgets::{Canvas, words};
use chrono::{Datelike, Months};
use ratatui::layout::Rect;

/// Columns left of the axis: `100 ┤`.
const MARGIN: u16 = 5;
/// Weeks with fewer conversations are left out where others hold more: they say next to nothing, and would bend the line.
const HEAVY: u64 = 20;
/// Weeks this far apart are not joined: nothing is known between them.
const JOINED: i64 = 2;

/// One week on the chart.
struct Point {
    /// Weeks since the first.
    week: i64,
    rate: Rate,
}

/// Dots of braille cells, two across and four down in each.
struct Dots {
    columns: usize,
    rows: usize,
    line: Vec<u8>,
    band: Vec<u8>,
}

impl Dots {
    fn new(columns: usize, rows: usize) -> Self {
        Self { columns, rows, line: vec![0; columns * rows], band: vec![0; columns * rows] }
    }

    fn set(&mut self, x: usize, y: usize, line: bool) {
        if x >= self.columns * 2 || y >= self.rows * 4 {
            return;
        }
        let bit = match (x % 2, y % 4) {
            (0, 3) => 0x40,
            (1, 3) => 0x80,
            (0, row) => 1 << row,
            (_, row) => 8 << row,
        };
        let at = y / 4 * self.columns + x / 2;
        let layer = if line { &mut self.line } else { &mut self.band };
        layer[at] |= bit;
    }

    fn draw(&self, canvas: &mut Canvas, area: Rect) {
        for (i, (line, band)) in self.line.iter().zip(&self.band).enumerate() {
            let (text, role) = match (line, band) {
                (0, 0) => continue,
                (0, dots) => (*dots, Role::Muted),
                (dots, _) => (*dots, Role::Accent),
            };
            let Some(c) = char::from_u32(0x2800 + u32::from(text)) else { continue };
            let (x, y) = ((i % self.columns) as u16, (i / self.columns) as u16);
            canvas.text(area.x + x, area.y + y, 1, c.encode_utf8(&mut [0; 4]), role);
        }
    }
}

/// From weeks and rates to dots.
struct Scale {
    weeks: i64,
    lo: f64,
    hi: f64,
    across: usize,
    down: usize,
}

impl Scale {
    /// Whole tens around the bands.
    fn of(points: &[Point], across: usize, down: usize) -> Self {
        let ends = points.iter().map(|p| (p.rate.lo, p.rate.hi));
        let (lo, hi) = ends.fold((1.0_f64, 0.0_f64), |(a, b), (lo, hi)| (a.min(lo), b.max(hi)));
        let (lo, hi) = ((lo * 10.0).floor() / 10.0, (hi * 10.0).ceil() / 10.0);
        let (lo, hi) = if hi - lo < 0.2 { ((lo - 0.1).max(0.0), (hi + 0.1).min(1.0)) } else { (lo, hi) };
        let weeks = points.last().map_or(0, |p| p.week);
        Self { weeks, lo, hi, across, down }
    }

    fn x(&self, week: f64) -> f64 {
        week / self.weeks.max(1) as f64 * (self.across - 1) as f64
    }

    fn y(&self, rate: f64) -> usize {
        let share = ((self.hi - rate) / (self.hi - self.lo)).clamp(0.0, 1.0);
        (share * (self.down - 1) as f64).round() as usize
    }

    /// Per cents at which the axis is marked, so that marks stand at least two rows apart.
    fn ticks(&self, rows: u16) -> Vec<i64> {
        let (lo, hi) = ((self.lo * 100.0).round() as i64, (self.hi * 100.0).round() as i64);
        let fits = i64::from(rows / 2).max(1);
        let step = [10, 20, 25, 50, 100].into_iter().find(|s| (hi - lo) / s <= fits).unwrap_or(100);
        (lo..=hi).filter(|t| t % step == 0).collect()
    }
}

/// Draws heading, chart, axis and months.
pub fn draw(page: &OverviewPage, canvas: &mut Canvas, area: Rect) {
    let title = if area.width >= 60 { "Resolution rate by week, 95 % band" } else { "Resolution rate by week" };
    canvas.text(area.x, area.y, area.width, title, Role::Heading);
    let points = points(page);
    if points.len() < 2 {
        let why = match points.len() {
            0 => "No finished conversation has a time: there is nothing to draw.",
            _ => "One week so far. The trend begins with the second.",
        };
        canvas.text(area.x, area.y + 1, area.width, why, Role::Muted);
        return;
    }
    let chart = Rect {
        x: area.x + MARGIN,
        y: area.y + 1,
        width: area.width.saturating_sub(MARGIN),
        height: area.height.saturating_sub(3),
    };
    if chart.height < 2 || chart.width < 10 {
        return;
    }
    let (across, down) = (usize::from(chart.width) * 2, usize::from(chart.height) * 4);
    let scale = Scale::of(&points, across, down);
    axis(&scale, canvas, chart);
    let mut dots = Dots::new(usize::from(chart.width), usize::from(chart.height));
    plot(&points, &scale, &mut dots);
    dots.draw(canvas, chart);
    let first = page.weeks.first().map_or(Timestamp(0), |w| w.monday);
    months(first, &scale, canvas, chart);
    if promotions(&page.promotions, first, &scale, canvas, chart) {
        canvas.right(area, area.y, "▲ a model went live", Role::Accent);
    }
}

fn points(page: &OverviewPage) -> Vec<Point> {
    let Some(first) = page.weeks.first() else { return Vec::new() };
    let week = |t: Timestamp| (t.0 - first.monday.0) / (7 * DAY);
    let heavy = page.weeks.iter().filter(|w| w.n >= HEAVY).count() >= 2;
    let shown = page.weeks.iter().filter(|w| !heavy || w.n >= HEAVY);
    shown.map(|w| Point { week: week(w.monday), rate: Rate::new(w.resolved, w.n) }).collect()
}

fn axis(scale: &Scale, canvas: &mut Canvas, chart: Rect) {
    for y in chart.top()..chart.bottom() {
        canvas.text(chart.x - 1, y, 1, "│", Role::Faint);
    }
    for tick in scale.ticks(chart.height) {
        let y = chart.y + (scale.y(tick as f64 / 100.0) / 4) as u16;
        canvas.text(chart.x - MARGIN, y, MARGIN, &format!("{tick:>3} ┤"), Role::Muted);
    }
    let line = format!("└{}", "─".repeat(usize::from(chart.width)));
    canvas.text(chart.x - 1, chart.bottom(), chart.width + 1, &line, Role::Faint);
}

fn plot(points: &[Point], scale: &Scale, dots: &mut Dots) {
    for p in points {
        column(
            scale.x(p.week as f64).round() as usize,
            p.rate.value().unwrap_or(0.0),
            p.rate.lo,
            p.rate.hi,
            scale,
            dots,
        );
    }
    for pair in points.windows(2) {
        let [a, b] = pair else { continue };
        if b.week - a.week > JOINED {
            continue;
        }
        let (from, to) = (scale.x(a.week as f64), scale.x(b.week as f64));
        let mut last = None;
        for x in from.round() as usize..=to.round() as usize {
            let t = ((x as f64 - from) / (to - from)).clamp(0.0, 1.0);
            let mix = |a: f64, b: f64| a + (b - a) * t;
            let (va, vb) = (a.rate.value().unwrap_or(0.0), b.rate.value().unwrap_or(0.0));
            let value = mix(va, vb);
            column(x, value, mix(a.rate.lo, b.rate.lo), mix(a.rate.hi, b.rate.hi), scale, dots);
            // A steep line has no holes.
            let y = scale.y(value);
            for between in last.map_or(y, |l: usize| l.min(y))..=last.map_or(y, |l: usize| l.max(y)) {
                dots.set(x, between, true);
            }
            last = Some(y);
        }
    }
}

/// One column of dots: a dot of the line, and a sparse band around it.
fn column(x: usize, value: f64, lo: f64, hi: f64, scale: &Scale, dots: &mut Dots) {
    dots.set(x, scale.y(value), true);
    for y in scale.y(hi)..=scale.y(lo) {
        if x.is_multiple_of(2) && (y + x / 2).is_multiple_of(2) {
            dots.set(x, y, false);
        }
    }
}

/// The column of a moment.
fn place(at: Timestamp, first: Timestamp, scale: &Scale, chart: Rect) -> Option<u16> {
    let week = (at.0 - first.0) as f64 / (7 * DAY) as f64;
    // The last week is drawn at its Monday; what happens in it belongs to that dot.
    let x = scale.x(week.min(scale.weeks as f64)) / 2.0;
    (week >= 0.0 && week < scale.weeks as f64 + 1.0).then(|| chart.x + (x as u16).min(chart.width - 1))
}

fn months(first: Timestamp, scale: &Scale, canvas: &mut Canvas, chart: Rect) {
    let start = first.utc().date_naive();
    let Some(mut month) = start.with_day(1) else { return };
    let mut free = chart.x;
    let many = scale.weeks > 60;
    for _ in 0..=scale.weeks / 4 + 2 {
        let at = month.and_hms_opt(0, 0, 0).map(|t| Timestamp(t.and_utc().timestamp_millis()));
        // The month in which the chart begins is named at its beginning, unless the next one needs the room.
        let next = month.checked_add_months(Months::new(1)).and_then(|m| m.and_hms_opt(0, 0, 0));
        let next = next.and_then(|t| place(Timestamp(t.and_utc().timestamp_millis()), first, scale, chart));
        let at = at.map(|t| t.max(first)).filter(|t| *t > first || next.is_none_or(|x| x >= chart.x + 5));
        let name = if month.month() == 1 && month > start { "%Y" } else { "%b" };
        if let Some(x) = at.and_then(|t| place(t, first, scale, chart))
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
fn promotions(all: &[Promotion], first: Timestamp, scale: &Scale, canvas: &mut Canvas, chart: Rect) -> bool {
    let mut any = false;
    let mut free = chart.x;
    let tall = chart.height >= 14;
    for p in all {
        let Some(x) = place(p.at, first, scale, chart) else { continue };
        canvas.text(x, chart.bottom(), 1, "▲", Role::Accent);
        any = true;
        if tall && x >= free {
            let y = chart.bottom() - 1;
            free = canvas.text(x, y, 5, &format!("v{}", p.release.0), Role::Muted) + 1;
        }
    }
    any
}
