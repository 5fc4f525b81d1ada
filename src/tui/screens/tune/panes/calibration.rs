//! Whether confidences can be believed: a reliability diagram of the sealed half, and the turns in each of its bins.

use crate::domain::{CalibrationBin, Comparison};
use crate::theme::Role;
use crate::tui::widgets::area::below;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// Columns left of the diagram: `100 ┤`.
const MARGIN: u16 = 5;
/// Rows below it: axis, confidences, and the turns of both sides.
const BELOW: u16 = 4;
/// From so many columns the bins stand beside the diagram as a table.
const BESIDE: u16 = 130;
const TABLE: u16 = 58;

/// Draws it.
pub fn draw(c: &Comparison, canvas: &mut Canvas, area: Rect) {
    let bins = &c.calibration;
    if bins.before.is_empty() && bins.after.is_empty() {
        let text = match (c.after.n, c.after.ece) {
            (0, _) => "There are no sealed gold turns yet.",
            (_, None) => "Neither side says how sure it is: there is nothing to calibrate.",
            _ => "This comparison was made before calibration was kept: the next one has it.",
        };
        canvas.text(area.x, area.y, area.width, text, Role::Muted);
        return;
    }
    let mut y = area.y;
    for line in words::wrap(&sentence(c), area.width.into()) {
        canvas.text(area.x, y, area.width, &line, Role::Text);
        y += 1;
    }
    let rest = below(area, y + 1);
    let diagram = if rest.width >= BESIDE { Rect { width: rest.width - TABLE - 3, ..rest } } else { rest };
    draw_diagram(c, canvas, diagram);
    if rest.width >= BESIDE {
        canvas.divider(diagram.right() + 1, rest);
        table(c, canvas, Rect { x: diagram.right() + 3, width: TABLE, ..rest });
    }
}

/// What the bin with the most turns says, and the error on both sides.
fn sentence(c: &Comparison) -> String {
    let three = |e: Option<f64>| e.map_or_else(|| "–".to_owned(), |e| format!("{e:.3}"));
    let error = format!("Calibration error {} → {} on the sealed half.", three(c.before.ece), three(c.after.ece));
    let most = c.calibration.after.iter().max_by_key(|b| b.n).filter(|b| b.n > 0);
    most.map_or(error.clone(), |b| {
        let (sure, right) = (b.confidence / b.n as f64, b.right as f64 / b.n as f64);
        let verb = match right - sure {
            d if d > 0.05 => "it is too modest",
            d if d < -0.05 => "it is too sure of itself",
            _ => "it can be believed",
        };
        format!(
            "{error} Where v{} is {:.0} % sure, {verb}: {} of these turns are right.",
            c.release.0,
            sure * 100.0,
            numbers::rate(b.right, b.n)
        )
    })
}

fn accuracy(bin: &CalibrationBin) -> Option<f64> {
    (bin.n > 0).then(|| bin.right as f64 / bin.n as f64)
}

fn draw_diagram(c: &Comparison, canvas: &mut Canvas, area: Rect) {
    let (before, after) = (&c.calibration.before, &c.calibration.after);
    let count = before.len().max(after.len()) as u16;
    let cell = (area.width.saturating_sub(MARGIN + 7) / count.max(1)).clamp(3, 6);
    let rows = area.height.saturating_sub(BELOW + 1);
    if rows < 3 {
        return;
    }
    let (height, steps) = left_marks(rows);
    let chart = Rect { x: area.x + MARGIN, y: area.y + 1, width: cell * count, height };
    canvas.text(area.x, area.y, area.width, "right %   ○ before   ● after   · as sure as right", Role::Muted);
    let row_of = |share: f64| chart.y + ((1.0 - share) * f64::from(chart.height - 1)).round() as u16;
    let middle = |bin: usize| chart.x + bin as u16 * cell + cell / 2;
    for y in chart.top()..chart.bottom() {
        canvas.text(chart.x - 1, y, 1, "│", Role::Faint);
    }
    for step in 0..=steps {
        let y = chart.y + (steps - step) * ((height - 1) / steps);
        canvas.text(area.x, y, MARGIN, &format!("{:>3} ┤", 100 * step / steps), Role::Muted);
    }
    for x in 0..chart.width {
        let share = (f64::from(x) + 0.5) / f64::from(chart.width);
        canvas.text(chart.x + x, row_of(share), 1, "·", Role::Faint);
    }
    for (bins, sign, role) in [(before, "○", Role::Muted), (after, "●", Role::Accent)] {
        for (k, share) in bins.iter().enumerate().filter_map(|(k, b)| Some((k, accuracy(b)?))) {
            canvas.text(middle(k), row_of(share), 1, sign, role);
        }
    }
    axis(c, canvas, chart, area, &middle);
}

/// In how many of so many rows the left axis stands, and into how many equal steps its marks divide it: every mark in the
/// middle of a row, as many rows as possible.
fn left_marks(rows: u16) -> (u16, u16) {
    let ways = [2, 4, 5].map(|steps| ((rows - 1) / steps * steps + 1, steps));
    ways.into_iter().max_by_key(|(used, _)| *used).unwrap_or((rows, 1))
}

/// Confidences below the diagram, a mark at every fifth, and how many turns each bin holds.
fn axis(c: &Comparison, canvas: &mut Canvas, chart: Rect, area: Rect, middle: &dyn Fn(usize) -> u16) {
    let line = format!("└{}", "─".repeat(chart.width.into()));
    canvas.text(chart.x - 1, chart.bottom(), chart.width + 1, &line, Role::Faint);
    let y = chart.bottom() + 1;
    for fifth in 0..=5 {
        let x = chart.x - 1 + chart.width * fifth / 5;
        if fifth > 0 {
            canvas.text(x, chart.bottom(), 1, "┬", Role::Faint);
        }
        let text = if fifth == 5 { "100 % sure".to_owned() } else { (20 * fifth).to_string() };
        let x = if fifth == 5 { x - 1 } else { x };
        canvas.text(x, y, area.right().saturating_sub(x), &text, Role::Muted);
    }
    let sides = [(&c.calibration.before, "n ○"), (&c.calibration.after, "n ●")];
    for ((bins, label), y) in sides.into_iter().zip(y + 1..area.bottom()) {
        canvas.text(area.x, y, MARGIN, label, Role::Muted);
        for (k, bin) in bins.iter().enumerate() {
            let text = if bin.n == 0 { "·".to_owned() } else { bin.n.to_string() };
            let x = (middle(k) + 1).saturating_sub(words::width(&text) as u16);
            canvas.text(x, y, 5, &text, if bin.n == 0 { Role::Faint } else { Role::Text });
        }
    }
}

/// The bins in figures.
fn table(c: &Comparison, canvas: &mut Canvas, area: Rect) {
    let (before, after) = (&c.calibration.before, &c.calibration.after);
    let head = format!("{:<11}{:>22}   {:>22}", "sure", "right before", "right after");
    canvas.text(area.x, area.y, area.width, &head, Role::Muted);
    let count = before.len().max(after.len());
    for (k, y) in (0..count).rev().zip(area.top() + 1..area.bottom()) {
        let ends = [k, k + 1].map(|i| 100.0 * i as f64 / count as f64);
        let side = |bins: &[CalibrationBin]| {
            let bin = bins.get(k).copied().unwrap_or_default();
            if bin.n == 0 { "–".to_owned() } else { numbers::rate(bin.right, bin.n) }
        };
        let range = words::pad(&format!("{:.0}-{:.0} %", ends[0], ends[1]), 11);
        let pieces = [
            (range, Role::Muted),
            (words::pad_left(&side(before), 22), Role::Muted),
            (words::pad_left(&side(after), 25), Role::Text),
        ];
        let pieces: Vec<(&str, Role)> = pieces.iter().map(|(t, r)| (t.as_str(), *r)).collect();
        canvas.pieces(area.x, y, area.width, &pieces);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_the_left_axis_are_equally_far_apart_at_every_height() {
        for rows in 3..=60 {
            let (used, steps) = left_marks(rows);
            assert!(used <= rows && used * 2 > rows, "{used} of {rows} rows");
            assert_eq!((used - 1) % steps, 0, "{rows} rows: {used} in {steps} steps");
            assert_eq!(100 % steps, 0);
        }
    }
}
