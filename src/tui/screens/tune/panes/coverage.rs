//! How much the AI should answer itself: coverage against accuracy, and the threshold that costs least.

use crate::domain::{AtThreshold, BestThreshold, Comparison, CoverageCurve, ErrorCosts, Rate, ReleaseId};
use crate::theme::Role;
use crate::tui::screens::tune::state::TuneScreen;
use crate::tui::widgets::area::below;
use crate::tui::widgets::chart::{self, ChartPoint, MARGIN};
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// Below so many answers their accuracy jumps about, and is not drawn.
const FEWEST: u64 = 20;
/// From so many columns the thresholds stand beside the chart as a table.
const BESIDE: u16 = 110;
const TABLE: u16 = 52;

/// Draws it.
pub fn draw(tune: &TuneScreen, c: &Comparison, canvas: &mut Canvas, area: Rect) {
    let costs = tune.costs;
    let Some((curve, best)) = c.coverage.after.as_ref().zip(c.coverage.best_after(costs)) else {
        let why = match c.trained_on {
            0 => "It was trained elsewhere: thresholds are chosen on training texts, which nobody here has.",
            _ => {
                "No out-of-fold confidences are known: its trainer gave none, or the comparison was made before they were kept."
            }
        };
        for (line, y) in words::wrap(why, area.width.into()).iter().zip(area.top()..area.bottom()) {
            canvas.text(area.x, y, area.width, line, Role::Muted);
        }
        return;
    };
    let mut y = area.y;
    for (text, role) in sentences(c, best, costs) {
        for line in words::wrap(&text, area.width.into()) {
            canvas.text(area.x, y, area.width, &line, role);
            y += 1;
        }
    }
    let rest = below(area, y + 1);
    let width = if rest.width >= BESIDE { rest.width - TABLE - 3 } else { rest.width };
    draw_curve(curve, best.chosen, costs, canvas, Rect { width, height: rest.height.min(28), ..rest });
    if rest.width >= BESIDE {
        canvas.divider(rest.x + width + 1, rest);
        table(c, best.chosen, costs, canvas, Rect { x: rest.x + width + 3, width: TABLE, ..rest });
    }
}

/// `each wrong answer is taken to cost 5 hand-overs`.
fn cost_words(costs: ErrorCosts) -> String {
    if costs.handover > 0.0 {
        return format!("each wrong answer is taken to cost as much as {} hand-overs", costs.wrong / costs.handover);
    }
    "a hand-over is taken to cost nothing".to_owned()
}

fn does(release: ReleaseId, best: BestThreshold) -> String {
    let at = best.open.unwrap_or(best.chosen);
    format!(
        "At {:.2} v{} answers {} of turns itself and is right in {} of those",
        at.threshold,
        release.0,
        numbers::rate(at.answered, at.n),
        numbers::rate(at.right, at.answered)
    )
}

fn sentences(c: &Comparison, best: BestThreshold, costs: ErrorCosts) -> Vec<(String, Role)> {
    let mut out = vec![(format!("{}; {}.", does(c.release, best), cost_words(costs)), Role::Text)];
    if let Some((release, before)) = c.before_named().zip(c.coverage.best_before(costs)) {
        out.push((format!("Before: {}.", does(release, before).replacen("At", "at", 1)), Role::Muted));
    }
    let chosen = numbers::plural(best.chosen.n, "training text", "training texts");
    let measured = match best.open {
        Some(at) => format!("measured on {}", numbers::plural(at.n, "turn of the open half", "turns of the open half")),
        None => "not yet measured on the open half, which has no gold".to_owned(),
    };
    let there = numbers::rate(best.chosen.answered, best.chosen.n);
    out.push((
        format!("The threshold costs least on {chosen}, of which it answers {there} (the curve, ▲), each judged by a model that had not seen it; what it does is {measured}."),
        Role::Muted,
    ));
    out
}

fn draw_curve(curve: &CoverageCurve, best: AtThreshold, costs: ErrorCosts, canvas: &mut Canvas, area: Rect) {
    let title = "right of what is answered, by share answered, on training texts";
    canvas.text(area.x, area.y, area.width, title, Role::Muted);
    // A title above; axis, marks and the threshold below.
    let height = area.height.saturating_sub(4);
    let chart = Rect { x: area.x + MARGIN, y: area.y + 1, width: area.width.saturating_sub(MARGIN + 2), height };
    let share = |p: &AtThreshold| p.answered as f64 / (p.n as f64).max(1.0);
    let mut points: Vec<ChartPoint> = Vec::new();
    for p in curve.all(costs).filter(|p| p.answered >= FEWEST) {
        let rate = Rate::new(p.right, p.answered);
        let point = ChartPoint {
            x: share(&p),
            value: rate.value().unwrap_or(0.0),
            lo: rate.lo,
            hi: rate.hi,
            provisional: false,
        };
        if points.last().is_none_or(|last| last.x > point.x) {
            points.push(point);
        }
    }
    points.reverse();
    // The axis ends at everybody, answered or not.
    let Some(scale) = chart::draw(&points, f64::INFINITY, canvas, chart) else { return };
    let y = chart.bottom() + 1;
    for percent in [0u16, 25, 50, 75, 100] {
        let text = if percent == 100 { "100 %".to_owned() } else { percent.to_string() };
        let x = (chart.x + scale.column(f64::from(percent) / 100.0)).min(area.right().saturating_sub(5));
        canvas.text(x, y, 5, &text, Role::Muted);
    }
    let mark = format!("▲ {:.2}", best.threshold);
    let x = chart.x + scale.column(share(&best));
    let x = x.min(area.right().saturating_sub(words::width(&mark) as u16));
    canvas.text(x, y + 1, 8, &mark, Role::Accent);
}

/// Thresholds in figures, every tenth and the best one.
fn table(c: &Comparison, best: AtThreshold, costs: ErrorCosts, canvas: &mut Canvas, area: Rect) {
    let Some(after) = &c.coverage.after else { return };
    let of = format!("answers of {}", numbers::count(after.n));
    let head = format!("{:>9}{of:>18}{:>16}{:>9}", "threshold", "right of them", "cost");
    canvas.text(area.x, area.y, area.width, &head, Role::Muted);
    let here = CoverageCurve::hundredths(&best);
    let mut steps: Vec<usize> = (0..=9).map(|k| k * 10).chain([here]).collect();
    steps.sort_unstable();
    steps.dedup();
    for (k, y) in steps.into_iter().zip(area.top() + 1..area.bottom()) {
        let at = after.at(k, costs);
        let is_best = k == here;
        let lead = format!("{}{:.2}", if is_best { "▶ " } else { "" }, at.threshold);
        let role = if is_best { Role::Heading } else { Role::Text };
        let share = |num: u64, den: u64| match den {
            0 => "–".to_owned(),
            _ => format!("{:.1} %  {:>6}", num as f64 * 100.0 / den as f64, numbers::count(num)),
        };
        let (answers, right) = (share(at.answered, at.n), share(at.right, at.answered));
        let line = format!("{lead:>9}{answers:>18}{right:>16}{:>9.3}", at.cost);
        canvas.text(area.x, y, area.width, &line, role);
    }
}
