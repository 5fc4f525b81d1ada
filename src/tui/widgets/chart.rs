//! A rate along an axis as braille dots: a line, its 95 % band, per cents on the left.

use super::Canvas;
use crate::theme::Role;
use ratatui::layout::Rect;

/// Columns left of the axis: `100 ┤`.
pub const MARGIN: u16 = 5;

/// One place along the axis. All but `x` are shares, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Where; 0 is at the left end.
    pub x: f64,
    /// The rate.
    pub value: f64,
    /// Lower end of its interval.
    pub lo: f64,
    /// Upper end.
    pub hi: f64,
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

/// From places and rates to dots.
pub struct Scale {
    last: f64,
    lo: f64,
    hi: f64,
    across: usize,
    down: usize,
}

impl Scale {
    /// Whole tens around the bands.
    fn of(points: &[Point], across: usize, down: usize) -> Self {
        let (lo, hi) = points.iter().fold((1.0_f64, 0.0_f64), |(a, b), p| (a.min(p.lo), b.max(p.hi)));
        let (lo, hi) = ((lo * 10.0).floor() / 10.0, (hi * 10.0).ceil() / 10.0);
        let (lo, hi) = if hi - lo < 0.2 { ((lo - 0.1).max(0.0), (hi + 0.1).min(1.0)) } else { (lo, hi) };
        Self { last: points.last().map_or(0.0, |p| p.x), lo, hi, across, down }
    }

    /// The column of a place, counted from the axis.
    pub fn column(&self, x: f64) -> u16 {
        (self.x(x) / 2.0) as u16
    }

    fn x(&self, x: f64) -> f64 {
        x / self.last.max(1.0) * (self.across - 1) as f64
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

/// Draws line, band and axes; the marks stand [`MARGIN`] columns left of `chart`, its lower axis in the row below it.
/// Points further apart than `joined` are not joined. Gives the scale for what stands below; `None` where there is no
/// room.
pub fn draw(points: &[Point], joined: f64, canvas: &mut Canvas, chart: Rect) -> Option<Scale> {
    if chart.height < 2 || chart.width < 10 {
        return None;
    }
    let scale = Scale::of(points, usize::from(chart.width) * 2, usize::from(chart.height) * 4);
    axis(&scale, canvas, chart);
    let mut dots = Dots::new(usize::from(chart.width), usize::from(chart.height));
    plot(points, joined, &scale, &mut dots);
    dots.draw(canvas, chart);
    Some(scale)
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

fn plot(points: &[Point], joined: f64, scale: &Scale, dots: &mut Dots) {
    for p in points {
        column(scale.x(p.x).round() as usize, p.value, p.lo, p.hi, scale, dots);
    }
    for pair in points.windows(2) {
        let [a, b] = pair else { continue };
        if b.x - a.x > joined {
            continue;
        }
        let (from, to) = (scale.x(a.x), scale.x(b.x));
        let mut last = None;
        for x in from.round() as usize..=to.round() as usize {
            let t = ((x as f64 - from) / (to - from)).clamp(0.0, 1.0);
            let mix = |a: f64, b: f64| a + (b - a) * t;
            let value = mix(a.value, b.value);
            column(x, value, mix(a.lo, b.lo), mix(a.hi, b.hi), scale, dots);
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
