//! The learning curve: what the labels made so far were worth (rule 22).

use super::Run;
use crate::action::Action;
use crate::domain::{CurvePoint, LearningCurve};
use crate::theme::Role;
use crate::tui::app::App;
use crate::tui::effect::Effect;
use crate::tui::msg::JobEnd;
use crate::tui::widgets::chart::{self, MARGIN, Point};
use crate::tui::widgets::gauge::Gauge;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// The curve and the drawing of it.
#[derive(Debug, Default)]
pub struct Curve {
    /// It stands in the place of the result.
    pub shown: bool,
    /// The curve drawn last.
    pub drawn: Option<Box<LearningCurve>>,
    /// It is being drawn.
    pub run: Option<Run>,
    /// Why there is none.
    pub problem: Option<String>,
}

/// Shows the curve, or hides it.
pub fn toggle(app: &mut App) -> Vec<Effect> {
    app.tune.curve.shown = !app.tune.curve.shown;
    redraw(app)
}

/// Draws the curve anew where it is shown; nothing is computed where nothing was decided since.
pub fn redraw(app: &mut App) -> Vec<Effect> {
    let curve = &mut app.tune.curve;
    if !curve.shown || curve.run.is_some() {
        return Vec::new();
    }
    curve.run = Some(Run::default());
    vec![Effect::DrawCurve]
}

/// Stops drawing.
pub fn cancel(app: &mut App) -> Vec<Effect> {
    app.tune.curve.run.iter_mut().for_each(|r| r.cancelling = true);
    vec![Effect::CancelCurve]
}

/// The drawing ended.
pub fn finished(app: &mut App, end: Result<Box<LearningCurve>, JobEnd>) -> Vec<Effect> {
    let curve = &mut app.tune.curve;
    curve.run = None;
    curve.problem = None;
    match end {
        Ok(drawn) => curve.drawn = Some(drawn),
        Err(JobEnd::Failed(why)) => (curve.drawn, curve.problem) = (None, Some(why)),
        Err(JobEnd::Cancelled) => {
            curve.shown = false;
            return app.say("the learning curve was not drawn");
        }
    }
    Vec::new()
}

/// Draws the curve, how far its drawing is, or why there is none.
pub fn draw(app: &App, canvas: &mut Canvas, area: Rect) {
    let curve = &app.tune.curve;
    let mut area = area;
    if let Some(run) = &curve.run {
        let gauge = Gauge {
            title: "Learning curve",
            progress: &run.progress,
            stopping: run.cancelling,
            cancel: (Action::CancelTuning, app.keys.map.key_of(Action::CancelTuning)),
            count: None,
            one_stage: true,
        };
        let used = gauge.draw(canvas, area);
        area = Rect { y: area.y + used, height: area.height.saturating_sub(used), ..area };
    }
    let back = format!("{} goes back to the result", app.keys.map.key_of(Action::ToggleCurve));
    match (&curve.drawn, &curve.problem) {
        (Some(drawn), _) => chart_of(drawn, &back, canvas, area),
        (None, Some(why)) => {
            let why = words::line(why);
            let lines = [
                ("There is no learning curve.", Role::Heading),
                ("", Role::Text),
                (&why, Role::Text),
                ("", Role::Text),
                (&back, Role::Muted),
            ];
            canvas.notice(area, &lines);
        }
        (None, None) => {
            let what = "Trains on the first fifth of your labels, the first two fifths, and so on, and measures each.";
            canvas.notice(area, &[(what, Role::Muted), ("", Role::Text), (&back, Role::Muted)]);
        }
    }
}

fn chart_of(curve: &LearningCurve, back: &str, canvas: &mut Canvas, area: Rect) {
    let title = if area.width >= 90 {
        "Learning curve: intent accuracy by number of labels, 95 % band"
    } else {
        "Intent accuracy by labels, 95 % band"
    };
    let right = canvas.right(area, area.y, back, Role::Muted);
    canvas.text(area.x, area.y, right.saturating_sub(area.x + 1), title, Role::Heading);
    let columns = usize::from(area.width);
    let mut below: Vec<(String, Role)> = Vec::new();
    for (text, role) in sentences(curve) {
        below.extend(words::wrap(&text, columns).into_iter().map(|l| (l, role)));
    }
    let points: Vec<Point> =
        curve.points.iter().map(|p| Point { x: p.labels as f64, value: p.accuracy, lo: p.lo, hi: p.hi }).collect();
    // Above: the heading and a blank row; below: the axis, its marks, and a blank row.
    let room = area.height.saturating_sub(5 + below.len() as u16).min(24);
    let chart = Rect { x: area.x + MARGIN, y: area.y + 2, width: area.width.saturating_sub(MARGIN + 1), height: room };
    let mut y = area.y + 2;
    if points.len() > 1
        && let Some(scale) = chart::draw(&points, f64::INFINITY, canvas, chart)
    {
        marks(&curve.points, &scale, canvas, chart);
        y = chart.bottom() + 3;
    }
    for ((text, role), y) in below.iter().zip(y..area.bottom()) {
        canvas.text(area.x, y, area.width, text, *role);
    }
}

/// Numbers of labels below the axis: the last one first, the others where they fit.
fn marks(points: &[CurvePoint], scale: &chart::Scale, canvas: &mut Canvas, chart: Rect) {
    let mut end = chart.right() + 1;
    for p in points.iter().rev() {
        let text = numbers::count(p.labels);
        let wide = words::width(&text) as u16;
        let middle = chart.x + scale.column(p.labels as f64);
        let x = middle.saturating_sub(wide / 2).min(chart.right().saturating_sub(wide));
        if x + wide < end && x >= chart.x.saturating_sub(1) {
            canvas.text(x, chart.bottom() + 1, wide, &text, Role::Muted);
            end = x;
        }
    }
}

/// What the curve says, and on what it rests.
fn sentences(curve: &LearningCurve) -> Vec<(String, Role)> {
    let at = |p: &CurvePoint| {
        let right = (p.accuracy * p.n as f64).round() as u64;
        format!("{}: {}", numbers::plural(p.labels, "label", "labels"), numbers::rate(right, p.n))
    };
    let Some((first, last)) = curve.points.first().zip(curve.points.last()) else { return Vec::new() };
    let ends = if curve.points.len() > 1 { format!("{}   →   {}", at(first), at(last)) } else { at(last) };
    let sealed = numbers::plural(last.n, "sealed turn", "sealed turns");
    vec![
        (ends, Role::Text),
        (
            format!(
                "Each dot is a model trained on the labels up to there, in the order in which they were given, and \
                 measured on the same {sealed}. Base examples come on top. Labels were picked, not drawn at random: \
                 the curve does not say how many more it takes."
            ),
            Role::Muted,
        ),
    ]
}
