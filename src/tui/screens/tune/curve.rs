//! The learning curve: what the labels made so far were worth, what they cost, and what more of them may bring (rule 22).

use super::state::TuneScreen;
use super::state::front::TuneFront;
use crate::action::Action;
use crate::domain::CurvePoint;
use crate::jobs::train::economics::{IntervalEstimate, Unseen};
use crate::jobs::{Advice, Economics};
use crate::theme::Role;
use crate::tui::state::effect::{Effect, Job, LongWork, say, start, stop};
use crate::tui::state::shared::SharedState;
use crate::tui::state::work::{JobEnd, JobRun};
use crate::tui::widgets::chart::{self, ChartPoint, MARGIN};
use crate::tui::widgets::gauge::Gauge;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// Fewer rows make no chart.
const LEAST_CHART: u16 = 4;
/// Rows that the chart keeps where it is low.
const LOW_CHART: u16 = 6;

/// Shows the curve, or hides it.
pub fn toggle(tune: &mut TuneScreen) -> Vec<Effect> {
    let front = &mut tune.views.front;
    *front = if *front == TuneFront::Curve { TuneFront::Result } else { TuneFront::Curve };
    redraw(tune)
}

/// Draws the curve anew where it is shown; nothing is computed where nothing was decided since.
pub fn redraw(tune: &mut TuneScreen) -> Vec<Effect> {
    let shown = tune.views.front == TuneFront::Curve;
    let curve = &mut tune.views.curve;
    if !shown || curve.run.is_some() {
        return Vec::new();
    }
    curve.run = Some(JobRun::default());
    vec![start(Job::Curve)]
}

/// Stops drawing.
pub fn cancel(tune: &mut TuneScreen) -> Vec<Effect> {
    tune.views.curve.run.iter_mut().for_each(|r| r.cancelling = true);
    vec![stop(LongWork::Curve)]
}

/// The drawing ended.
pub fn finished(tune: &mut TuneScreen, end: Result<Box<Economics>, JobEnd>) -> Vec<Effect> {
    let curve = &mut tune.views.curve;
    curve.run = None;
    curve.problem = None;
    match end {
        Ok(drawn) => curve.drawn = Some(drawn),
        Err(JobEnd::Failed(why)) => (curve.drawn, curve.problem) = (None, Some(why)),
        Err(JobEnd::Cancelled) => {
            if tune.views.front == TuneFront::Curve {
                tune.views.front = TuneFront::Result;
            }
            return say("the learning curve was not drawn");
        }
    }
    Vec::new()
}

/// Draws the curve, how far its drawing is, or why there is none.
pub fn draw(tune: &TuneScreen, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
    let curve = &tune.views.curve;
    let mut area = area;
    if let Some(run) = &curve.run {
        let gauge = Gauge {
            title: "Learning curve",
            progress: &run.progress,
            stopping: run.cancelling,
            cancel: (Action::CancelTuning, tune.key(shared, Action::CancelTuning)),
            count: None,
            one_stage: true,
        };
        let used = gauge.draw(canvas, area);
        area = Rect { y: area.y + used, height: area.height.saturating_sub(used), ..area };
    }
    let back = format!("{} goes back to the result", tune.key(shared, Action::ToggleCurve));
    match (&curve.drawn, &curve.problem) {
        (Some(drawn), _) if drawn.curve.is_empty() => without(drawn, &back, canvas, area),
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

/// What can be said without a curve: what a decision takes, and what nobody has met.
fn without(e: &Economics, back: &str, canvas: &mut Canvas, area: Rect) {
    let why = words::sentence(&words::line(&e.says));
    let mut lines = vec![
        ("There is no learning curve.".to_owned(), Role::Heading),
        (String::new(), Role::Text),
        (why, Role::Text),
        (String::new(), Role::Text),
    ];
    let rows = rows(e);
    let wide = rows.iter().map(|(name, ..)| words::width(name)).max().unwrap_or(0) + 2;
    lines.extend(rows.iter().map(|(name, text, role)| (format!("{}{text}", words::pad(name, wide)), *role)));
    lines.extend([(String::new(), Role::Text), (back.to_owned(), Role::Muted)]);
    let lines: Vec<(&str, Role)> = lines.iter().map(|(text, role)| (text.as_str(), *role)).collect();
    canvas.notice(area, &lines);
}

fn chart_of(e: &Economics, back: &str, canvas: &mut Canvas, area: Rect) {
    let title = if area.width >= 90 {
        "Learning curve: intent accuracy by number of labels, 95 % band"
    } else {
        "Intent accuracy by labels, 95 % band"
    };
    let right = canvas.right(area, area.y, back, Role::Muted);
    canvas.text(area.x, area.y, right.saturating_sub(area.x + 1), title, Role::Heading);
    let columns = usize::from(area.width);
    let mut below: Vec<(String, Role)> = Vec::new();
    let advice = match e.advice {
        Advice::GoOn => Role::Good,
        Advice::Stop => Role::Bad,
        Advice::CannotTell => Role::Heading,
    };
    below.extend(words::wrap(&words::sentence(&words::line(&e.says)), columns).into_iter().map(|l| (l, advice)));
    below.push((String::new(), Role::Text));
    let names = rows(e);
    let wide = names.iter().map(|(name, ..)| words::width(name)).max().unwrap_or(0) + 2;
    below.extend(names.iter().map(|(name, text, role)| (format!("{}{text}", words::pad(name, wide)), *role)));
    // What explains the dots goes first where it is low.
    if area.height >= 30 {
        below.push((String::new(), Role::Text));
        below.extend(words::wrap(&legend(e), columns).into_iter().map(|l| (l, Role::Muted)));
    }
    // Where it is low, what one asks for last goes first; where a chart would take it all, there is none.
    let with_chart = usize::from(area.height.saturating_sub(5 + LOW_CHART));
    if with_chart >= 5 {
        below.truncate(with_chart);
    }
    let points: Vec<ChartPoint> = e
        .curve
        .iter()
        .map(|p| ChartPoint { x: p.labels as f64, value: p.accuracy, lo: p.lo, hi: p.hi, provisional: false })
        .collect();
    // Above: the heading and a blank row; below: the axis, its marks, and a blank row.
    let room = area.height.saturating_sub(5 + below.len() as u16).min(24);
    let chart = Rect { x: area.x + MARGIN, y: area.y + 2, width: area.width.saturating_sub(MARGIN + 1), height: room };
    let mut y = area.y + 2;
    if points.len() > 1
        && room >= LEAST_CHART
        && let Some(scale) = chart::draw(&points, f64::INFINITY, canvas, chart)
    {
        marks(&e.curve, &scale, canvas, chart);
        y = chart.bottom() + 3;
    }
    for ((text, role), y) in below.iter().zip(y..area.bottom()) {
        canvas.text(area.x, y, area.width, text, *role);
    }
}

/// Round numbers of labels below the axis.
fn marks(points: &[CurvePoint], scale: &chart::Scale, canvas: &mut Canvas, chart: Rect) {
    let last = points.last().map_or(0, |p| p.labels);
    let step = round_step(last);
    let mut end = chart.right() + 1;
    for labels in (0..=last / step).rev().map(|i| i * step) {
        let text = numbers::count(labels);
        let wide = words::width(&text) as u16;
        let middle = chart.x + scale.column(labels as f64);
        let x = middle.saturating_sub(wide / 2).min(chart.right().saturating_sub(wide));
        if x + wide < end && x >= chart.x.saturating_sub(1) {
            canvas.text(x, chart.bottom() + 1, wide, &text, Role::Muted);
            end = x;
        }
    }
}

/// The smallest of 1, 2, 5, 10, 20, … that leaves at most six marks up to a number.
fn round_step(last: u64) -> u64 {
    let decades = std::iter::successors(Some(1_u64), |d| d.checked_mul(10));
    decades.flat_map(|d| [d, 2 * d, 5 * d]).find(|step| last / step <= 6).unwrap_or(u64::MAX)
}

/// On what the curve rests.
fn legend(e: &Economics) -> String {
    let n = e.curve.last().map_or(0, |p| p.n);
    format!(
        "Each dot is a model trained on the labels up to there, in the order in which they were given, and measured on the \
         same {}. Base examples come on top. Labels were picked, not drawn at random.",
        numbers::plural(n, "sealed turn", "sealed turns")
    )
}

/// What labels cost and bring: a name, a figure, and its tone.
fn rows(e: &Economics) -> Vec<(&'static str, String, Role)> {
    let mut out = Vec::new();
    let mut add = |name, text: String, role| out.push((name, text, role));
    let at = |p: &CurvePoint| {
        let right = (p.accuracy * p.n as f64).round() as u64;
        format!("{}: {}", numbers::plural(p.labels, "label", "labels"), numbers::rate(right, p.n))
    };
    if let Some((first, last)) = e.curve.first().zip(e.curve.last()) {
        let ends = if e.curve.len() > 1 { format!("{} → {}", at(first), at(last)) } else { at(last) };
        add("so far", ends, Role::Text);
    }
    if let Some(gain) = &e.gain {
        let cost = match &e.cost_of_a_point {
            Some(c) => format!("{}; a point cost {}", points(gain), price(c.hours, c.money)),
            None if gain.lo <= 0.0 => format!("{}; no cost of a point: that may be nothing", points(gain)),
            None => points(gain),
        };
        add("that brought", cost, Role::Text);
    }
    if let Some(f) = &e.forecast {
        let cost = f.hours.map(|h| format!(" for {}", price(h, f.money))).unwrap_or_default();
        add("the next 100", format!("{}{cost}", points(&f.gain)), Role::Text);
        let again = numbers::plural(f.again.labels, "label", "labels");
        add("as many again", format!("{} for {again}", points(&f.again.gain)), Role::Text);
        if let Some(b) = &f.before {
            let came = numbers::points(b.came);
            add("one step ago", format!("{} was expected, {came} came", points(&b.said)), Role::Muted);
        }
    }
    let pace = e.seconds_per_decision.map_or("–".to_owned(), |s| format!("{s:.1} s"));
    add(
        "a decision",
        format!("{pace}, median of {}", numbers::plural(e.decisions, "decision", "decisions")),
        Role::Text,
    );
    for (name, unseen) in [("unseen intents", &e.unseen_intents), ("unseen causes", &e.unseen_causes)] {
        add(name, unseen.as_ref().map_or_else(|| "–  no audit item has an answer yet".to_owned(), chance), Role::Text);
    }
    out
}

fn points(e: &IntervalEstimate) -> String {
    let end = |x: f64| numbers::signed(x * 100.0, 1);
    format!("{}  [{}, {}]", numbers::points(e.value), end(e.lo), end(e.hi))
}

fn price(hours: f64, money: Option<f64>) -> String {
    let time = numbers::hours(hours);
    money.map_or(time.clone(), |money| format!("{time}, {money:.2} in money"))
}

/// Good-Turing in words.
fn chance(u: &Unseen) -> String {
    let percent = |x: f64| format!("{:.1}", x * 100.0);
    format!(
        "{} % of requests [{}, {}] are like none of {} ({} seen)",
        percent(u.chance.value),
        percent(u.chance.lo),
        percent(u.chance.hi),
        numbers::plural(u.items, "audit item", "audit items"),
        numbers::plural(u.kinds, "kind", "kinds"),
    )
}
