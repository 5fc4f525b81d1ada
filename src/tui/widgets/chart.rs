//! A rate along an axis: a line of braille dots on its 95 % band, per cents on the left, values at both ends. Marks of the
//! left axis stand on whole rows and round numbers.

use super::Canvas;
use crate::theme::Role;
use ratatui::layout::Rect;

/// Columns left of the axis: `100 ┤`.
pub const MARGIN: u16 = 5;
/// Columns right of the chart: the last value.
pub const TAIL: u16 = 4;

/// One place along the axis. All but `x` are shares, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChartPoint {
    /// Where; 0 is at the left end.
    pub x: f64,
    /// The rate.
    pub value: f64,
    /// Lower end of its interval.
    pub lo: f64,
    /// Upper end.
    pub hi: f64,
    /// It may still change, or is of a part: drawn in grey.
    pub provisional: bool,
}

/// Dots of braille cells, two across and four down in each.
struct Dots {
    columns: usize,
    rows: usize,
    line: Vec<u8>,
    band: Vec<u8>,
    /// Columns in which the line is grey.
    grey: Vec<bool>,
}

impl Dots {
    fn new(columns: usize, rows: usize) -> Self {
        Self { columns, rows, line: vec![0; columns * rows], band: vec![0; columns * rows], grey: vec![false; columns] }
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

    /// Draws the band as a background with edges of half a cell where the theme has tints, else as sparse dots, and the line
    /// over it.
    fn draw(&self, canvas: &mut Canvas, area: Rect) {
        let tinted = canvas.theme.has_tints();
        for (i, (line, band)) in self.line.iter().zip(&self.band).enumerate() {
            let (x, y) = (area.x + (i % self.columns) as u16, area.y + (i / self.columns) as u16);
            if tinted {
                ground(canvas, x, y, *band, *line != 0);
            }
            let (dots, role) = match (line, band) {
                (0, _) if tinted => continue,
                (0, 0) => continue,
                (0, dots) => (sparse(*dots, i % self.columns), Role::Muted),
                (dots, _) if self.grey[i % self.columns] => (*dots, Role::Muted),
                (dots, _) => (*dots, Role::Accent),
            };
            let Some(c) = char::from_u32(0x2800 + u32::from(dots)) else { continue };
            canvas.text(x, y, 1, c.encode_utf8(&mut [0; 4]), role);
        }
    }
}

/// The dots of a cell's upper half; the others are of the lower one.
const UPPER: u8 = 0b0001_1011;

/// The tint of a cell: all of it, or the half that lies in the band. Behind the line all of it, so that it stands on one ground.
fn ground(canvas: &mut Canvas, x: u16, y: u16, band: u8, lined: bool) {
    match (band & UPPER != 0, band & !UPPER != 0) {
        (false, false) => {}
        (true, true) => canvas.over(Rect { x, y, width: 1, height: 1 }, Role::Band),
        _ if lined => canvas.over(Rect { x, y, width: 1, height: 1 }, Role::Band),
        (true, false) => drop(canvas.text(x, y, 1, "▀", Role::BandEdge)),
        (false, true) => drop(canvas.text(x, y, 1, "▄", Role::BandEdge)),
    }
}

/// A quarter of the dots of a cell, in the pattern of a stipple.
fn sparse(dots: u8, column: usize) -> u8 {
    dots & if column.is_multiple_of(2) { 0b0000_0101 } else { 0b0100_0010 }
}

/// From places and rates to dots. Rows hold round shares of a per cent, so that marks fall on whole rows.
pub struct Scale {
    last: f64,
    /// Per cent in the middle of the lowest row.
    base: f64,
    /// Per cent that a row takes.
    row: f64,
    /// Per cent between two marks.
    step: f64,
    rows: usize,
    across: usize,
}

/// Marks this far apart in per cent are round.
const STEPS: [f64; 5] = [5.0, 10.0, 20.0, 25.0, 50.0];

impl Scale {
    /// The closest scale around the bands whose marks fall on whole rows.
    fn of(points: &[ChartPoint], across: usize, rows: usize) -> Self {
        let (lo, hi) = points.iter().fold((1.0_f64, 0.0_f64), |(a, b), p| (a.min(p.lo), b.max(p.hi)));
        let (lo, hi) = (lo * 100.0, hi * 100.0);
        let last = points.last().map_or(0.0, |p| p.x);
        let mut ways: Vec<(f64, f64)> = Vec::new();
        for step in STEPS {
            // Rows between two marks.
            ways.extend((2..=5).map(|k| (step / f64::from(k), step)));
        }
        ways.extend([(25.0, 25.0), (50.0, 50.0)]);
        ways.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let fits = |&(row, step): &(f64, f64)| {
            let room = row * (rows as f64 - 1.0);
            let lowest = (lo / row).floor() * row;
            // Two marks at least, wherever they fall.
            let two = step * 2.0 <= room + row || row >= 25.0;
            (two && lowest + room + row / 2.0 >= hi).then(|| {
                // What is left over goes above and below, whole rows of it.
                let spare = ((lowest + room - hi).max(0.0) / row / 2.0).floor() * row;
                (row, step, (lowest - spare).max(0.0))
            })
        };
        let (row, step, base) = ways.iter().find_map(fits).unwrap_or((50.0, 50.0, 0.0));
        Self { last, base, row, step, rows, across }
    }

    /// The column of a place, counted from the axis.
    pub fn column(&self, x: f64) -> u16 {
        (self.x(x) / 2.0) as u16
    }

    fn x(&self, x: f64) -> f64 {
        x / self.last.max(1.0) * (self.across - 1) as f64
    }

    /// The dot of a share, counted from above.
    fn y(&self, rate: f64) -> usize {
        let rows = (self.rows - 1) as f64 - (rate * 100.0 - self.base) / self.row;
        (rows * 4.0 + 1.5).clamp(0.0, (self.rows * 4 - 1) as f64).round() as usize
    }

    /// The row of a share, counted from above.
    pub fn row(&self, rate: f64) -> u16 {
        (self.y(rate) / 4) as u16
    }

    /// Rows that are marked, and their per cents, from below.
    fn ticks(&self) -> Vec<(u16, i64)> {
        let row = |i: usize| (i, self.base + self.row * i as f64);
        let marked = (0..self.rows).map(row).filter(|(_, v)| {
            let turns = v / self.step;
            (turns - turns.round()).abs() < 1e-6 && *v <= 100.0 + 1e-6
        });
        marked.map(|(i, v)| ((self.rows - 1 - i) as u16, v.round() as i64)).collect()
    }
}

/// Draws line, band and axes; the marks stand [`MARGIN`] columns left of `chart`, its lower axis in the row below it.
/// Points further apart than `joined` are not joined. Gives the scale for what stands below; `None` where there is no
/// room.
pub fn draw(points: &[ChartPoint], joined: f64, canvas: &mut Canvas, chart: Rect) -> Option<Scale> {
    if chart.height < 2 || chart.width < 10 {
        return None;
    }
    let scale = Scale::of(points, usize::from(chart.width) * 2, usize::from(chart.height));
    axis(&scale, canvas, chart);
    let mut dots = Dots::new(usize::from(chart.width), usize::from(chart.height));
    plot(points, joined, &scale, &mut dots);
    dots.grey = grey(points, &scale, usize::from(chart.width));
    dots.draw(canvas, chart);
    Some(scale)
}

/// Columns between a point that is provisional and those beside it.
fn grey(points: &[ChartPoint], scale: &Scale, columns: usize) -> Vec<bool> {
    let mut out = vec![false; columns];
    let column = |p: &ChartPoint| usize::from(scale.column(p.x));
    for at in (0..points.len()).filter(|&at| points[at].provisional) {
        let from = at.checked_sub(1).map_or(0, |before| column(&points[before]) + 1);
        let to = points.get(at + 1).map_or(columns, column);
        out.iter_mut().take(to).skip(from).for_each(|is_grey| *is_grey = true);
    }
    out
}

/// Writes the first value where the line begins, the last one right of the chart: both in the row that the left axis gives them.
pub fn ends(points: &[ChartPoint], scale: &Scale, canvas: &mut Canvas, chart: Rect) {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return };
    let value = |p: &ChartPoint| format!("{:.0}", p.value * 100.0);
    canvas.text(chart.right() + 1, chart.y + scale.row(last.value), TAIL - 1, &value(last), Role::Heading);
    let y = scale.row(first.value);
    if y < chart.height {
        canvas.text_over(chart.x, chart.y + y, 3, &value(first), Role::Text);
    }
}

fn axis(scale: &Scale, canvas: &mut Canvas, chart: Rect) {
    for y in chart.top()..chart.bottom() {
        canvas.text(chart.x - 1, y, 1, "│", Role::Faint);
    }
    for (row, tick) in scale.ticks() {
        canvas.text(chart.x - MARGIN, chart.y + row, MARGIN, &format!("{tick:>3} ┤"), Role::Muted);
    }
    let line = format!("└{}", "─".repeat(usize::from(chart.width)));
    canvas.text(chart.x - 1, chart.bottom(), chart.width + 1, &line, Role::Faint);
}

fn plot(points: &[ChartPoint], joined: f64, scale: &Scale, dots: &mut Dots) {
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

/// One column of dots: a dot of the line, and the band around it.
fn column(x: usize, value: f64, lo: f64, hi: f64, scale: &Scale, dots: &mut Dots) {
    dots.set(x, scale.y(value), true);
    for y in scale.y(hi)..=scale.y(lo) {
        dots.set(x, y, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_grey_up_to_what_is_known_whole_at_either_end() {
        let point = |x: f64, provisional| ChartPoint { x, value: 0.5, lo: 0.4, hi: 0.6, provisional };
        let points = [point(0.0, true), point(1.0, false), point(2.0, false), point(3.0, true), point(4.0, true)];
        // A week takes ten columns.
        let scale = Scale::of(&points, 82, 10);
        let is_grey = grey(&points, &scale, 41);
        let columns: Vec<usize> = (0..41).filter(|&column| is_grey[column]).collect();
        let column = |x: f64| usize::from(scale.column(x));
        assert_eq!(columns, (0..column(1.0)).chain(column(2.0) + 1..41).collect::<Vec<_>>());
    }

    #[test]
    fn marks_fall_on_whole_rows_and_round_numbers_and_all_of_the_band_is_in_sight() {
        for rows in 3..=30 {
            for (lo, hi) in [(0.42, 0.83), (0.0, 1.0), (0.7, 0.74), (0.0, 0.06), (0.93, 1.0), (0.48, 0.52)] {
                let points = [
                    ChartPoint { x: 0.0, value: lo, lo, hi, provisional: false },
                    ChartPoint { x: 9.0, value: hi, lo, hi, provisional: false },
                ];
                let scale = Scale::of(&points, 100, rows);
                let ticks = scale.ticks();
                assert!(!ticks.is_empty(), "{rows} rows, {lo} to {hi}");
                assert!(ticks.iter().all(|(_, tick)| tick % 5 == 0), "{ticks:?}");
                let apart: Vec<u16> = ticks.windows(2).map(|pair| pair[0].0 - pair[1].0).collect();
                assert!(apart.iter().all(|a| *a == apart[0] && *a >= 1), "{rows} rows: {ticks:?}");
                let top = scale.base + scale.row * (rows as f64 - 0.5);
                assert!(scale.base - scale.row / 2.0 <= lo * 100.0 && hi * 100.0 <= top + 1e-9, "{rows}: {lo} to {hi}");
                for (row, tick) in ticks {
                    assert_eq!(scale.row(tick as f64 / 100.0), row);
                }
            }
        }
    }
}
