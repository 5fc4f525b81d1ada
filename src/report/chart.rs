//! Drawings: SVG in the page itself, coloured by its style sheet. Nothing but numbers and names that were made harmless goes in.

use super::content::{Report, ReportPeriod, ReportRelease, ReportWeek};
use super::numbers::{hundred, of_hundred};
use crate::domain::{Difference, Rate, RateMovement};
use maud::{Markup, html};

/// Weeks with fewer conversations are left out where others hold more.
const HEAVY: u64 = 20;
/// A week in milliseconds.
const WEEK: f64 = 604_800_000.0;
/// The chart's room.
const WIDTH: f64 = 860.0;
const HEIGHT: f64 = 252.0;
const LEFT: f64 = 40.0;
const RIGHT: f64 = 44.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 46.0;
/// Width of a label on the axis.
const LABEL: f64 = 30.0;

/// One customer: a cell whose texture says how it ended, not its colour alone. Drawn of plain shapes: printers make pictures of patterns.
fn cell(end: usize, x: f64, y: f64, width: f64, height: f64) -> Markup {
    let rect =
        |style: &str| html! { rect x=(f(x)) y=(f(y)) width=(f(width)) height=(f(height)) rx="1.4" style=(style) {} };
    let line = |from: (f64, f64), to: (f64, f64), style: &str| {
        html! { line x1=(f(x + from.0 * width)) y1=(f(y + from.1 * height)) x2=(f(x + to.0 * width)) y2=(f(y + to.1 * height)) style=(style) {} }
    };
    match end {
        0 => rect("fill:var(--good)"),
        1 => html! {
            (rect("fill:var(--warm);fill-opacity:.32"))
            @for at in [0.0, 0.33, 0.66] { (line((0.06, at + 0.31), (0.94, at + 0.03), "stroke:var(--warm);stroke-width:2")) }
        },
        2 => html! {
            (rect("fill:var(--bad);fill-opacity:.45"))
            @for at in [0.17, 0.5, 0.83] { (line((0.0, at), (1.0, at), "stroke:var(--bad);stroke-width:2.6")) }
        },
        _ => html! {
            @for at in [0.2, 0.5, 0.8] { circle cx=(f(x + width / 2.0)) cy=(f(y + at * height)) r="1.4" style="fill:var(--grey)" {} }
        },
    }
}

/// A sample of a texture.
pub(super) fn sample(end: usize) -> Markup {
    html! { svg class="sample" viewBox="0 0 7 16" aria-hidden="true" { (cell(end, 0.0, 0.0, 7.0, 16.0)) } }
}

/// 100 customers of each period as 100 cells.
pub(super) fn customers(periods: &[&ReportPeriod], whom: &str) -> Markup {
    // A cell a customer, with a little more air after every ten.
    let (wide, gap, label, row) = (7.3, 1.7, 112.0, 34.0);
    let height = row * periods.len() as f64;
    html! {
        svg class="customers" viewBox=(format!("0 0 {WIDTH} {height:.0}")) role="img" aria-label=(format!("100 {whom}, by how they ended")) {
            @for (i, p) in periods.iter().enumerate() {
                @let y = i as f64 * row + 4.0;
                text x="0" y=(y + 17.0) { (p.name) }
                @let ends = hundred(p.ends());
                @for (end, n) in ends.iter().enumerate() {
                    @let before: u64 = ends[..end].iter().sum();
                    @for i in before..before + n {
                        (cell(end, label + i as f64 * wide + (i / 10) as f64 * gap, y, wide - 1.2, 24.0))
                    }
                }
            }
        }
    }
}

/// A place on the chart.
struct Place {
    x: f64,
    y: f64,
    lo: f64,
    hi: f64,
    at: i64,
}

/// Where values are drawn.
struct Scale {
    first: i64,
    weeks: f64,
    low: f64,
    high: f64,
}

impl Scale {
    fn x(&self, at: i64) -> f64 {
        LEFT + (at - self.first) as f64 / WEEK / self.weeks.max(1.0) * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, value: f64) -> f64 {
        TOP + (self.high - value) / (self.high - self.low) * (HEIGHT - TOP - BOTTOM)
    }
}

/// How many of 100 the AI helped, week by week, on its 95 % band, with what went live.
pub(super) fn trend(report: &Report) -> Option<Markup> {
    let heavy = report.weeks.iter().filter(|w| w.resolution.den >= HEAVY).count() >= 2;
    let weeks: Vec<&ReportWeek> = report.weeks.iter().filter(|w| !heavy || w.resolution.den >= HEAVY).collect();
    let (first, last) = (weeks.first()?, weeks.last()?);
    if weeks.len() < 2 {
        return None;
    }
    let ends = weeks.iter().flat_map(|w| [w.resolution.lo, w.resolution.hi]);
    let (low, high) = ends.fold((1.0f64, 0.0f64), |(l, h), x| (l.min(x), h.max(x)));
    let (low, high) = ((low * 10.0).floor() / 10.0, (high * 10.0).ceil() / 10.0);
    let scale = Scale { first: first.at, weeks: (last.at - first.at) as f64 / WEEK, low, high: high.max(low + 0.1) };
    let place = |w: &&ReportWeek| Place {
        x: scale.x(w.at),
        y: scale.y(w.resolution.value().unwrap_or(0.0)),
        lo: scale.y(w.resolution.lo),
        hi: scale.y(w.resolution.hi),
        at: w.at,
    };
    let places: Vec<Place> = weeks.iter().map(place).collect();
    // Weeks that lie apart are not joined: nothing is known between them.
    let runs = places.chunk_by(|a, b| (b.at - a.at) as f64 <= 2.1 * WEEK);
    let end = |w: &ReportWeek, x: f64, anchor: &str| {
        let y = scale.y(w.resolution.value().unwrap_or(0.0)) + 4.0;
        html! { text class="end" x=(x) y=(f(y)) text-anchor=(anchor) { (of_hundred(&w.resolution)) } }
    };
    Some(html! {
        svg class="trend" viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label=(format!("Helped by the AI, of 100 {}, by week", report.whom)) {
            @for value in ticks(&scale) {
                @let y = f(scale.y(value));
                line x1=(LEFT) x2=(WIDTH - RIGHT) y1=(y) y2=(y) style="stroke:var(--line)" {}
                text x=(LEFT - 10.0) y=(f(scale.y(value) + 4.0)) text-anchor="end" { (format!("{:.0}", value * 100.0)) }
            }
            @for run in runs {
                path d=(band(run)) style="fill:var(--band)" {}
                path d=(line(run)) style="fill:none;stroke:var(--good);stroke-width:2.2;stroke-linejoin:round" {}
            }
            @for (w, p) in weeks.iter().zip(&places) {
                circle cx=(f(p.x)) cy=(f(p.y)) r="2.6" style="fill:var(--good)" {
                    title { (w.week) ": " (w.resolution.num) " of " (w.resolution.den) }
                }
            }
            (end(last, WIDTH - RIGHT + 10.0, "start"))
            (months(&weeks, &scale))
            (marks(&report.releases, &scale))
        }
    })
}

fn f(x: f64) -> String {
    format!("{x:.1}")
}

fn ticks(scale: &Scale) -> Vec<f64> {
    let step = if scale.high - scale.low > 0.65 { 20 } else { 10 };
    let (low, high) = ((scale.low * 100.0).round() as i64, (scale.high * 100.0).round() as i64);
    (low..=high).filter(|v| v % step == 0).map(|v| v as f64 / 100.0).collect()
}

fn line(run: &[Place]) -> String {
    let points: Vec<String> = run.iter().map(|p| format!("{:.1} {:.1}", p.x, p.y)).collect();
    format!("M{}", points.join("L"))
}

fn band(run: &[Place]) -> String {
    let up = run.iter().map(|p| format!("{:.1} {:.1}", p.x, p.hi));
    let down = run.iter().rev().map(|p| format!("{:.1} {:.1}", p.x, p.lo));
    format!("M{}Z", up.chain(down).collect::<Vec<_>>().join("L"))
}

fn months(weeks: &[&ReportWeek], scale: &Scale) -> Markup {
    const NAMES: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = |w: &ReportWeek| {
        (w.monday.get(..4).map(str::to_owned), w.monday.get(5..7).and_then(|m| m.parse::<usize>().ok()))
    };
    let mut free = 0.0;
    let mut labels = Vec::new();
    for (i, w) in weeks.iter().enumerate() {
        let (year, m) = month(w);
        let begins = i == 0 || month(weeks[i - 1]).1 != m;
        let (x, name) = (scale.x(w.at), m.and_then(|m| NAMES.get(m.wrapping_sub(1))));
        if let Some(name) = name.filter(|_| begins && x >= free) {
            // The first label makes room for the next month where both would stand side by side.
            let crowded = i == 0 && weeks.iter().any(|n| month(n).1 != m && scale.x(n.at) < x + LABEL);
            if !crowded {
                let name = if m == Some(1) && i > 0 { year.unwrap_or_default() } else { (*name).to_owned() };
                labels.push((x, name));
                free = x + LABEL;
            }
        }
    }
    html! { @for (x, name) in labels { text x=(f(x)) y=(HEIGHT - 6.0) { (name) } } }
}

fn marks(releases: &[ReportRelease], scale: &Scale) -> Markup {
    let y = HEIGHT - BOTTOM + 4.0;
    let mut free = 0.0;
    let mut out = Vec::new();
    for r in releases.iter().filter(|r| r.answered) {
        // What happens in the last week belongs to its dot.
        let x = scale.x(r.at.min(scale.first + (scale.weeks * WEEK) as i64));
        if r.at < scale.first || r.at as f64 > scale.first as f64 + (scale.weeks + 1.0) * WEEK {
            continue;
        }
        let named = x >= free;
        if named {
            free = x + LABEL;
        }
        out.push((x, r, named));
    }
    html! {
        @for (x, r, named) in out {
            path d=(format!("M{:.1} {y}l4.5 8h-9z", x)) style="fill:var(--accent)" { title { (r.release) ", " (r.day) } }
            @if named { text x=(f(x + 7.0)) y=(y + 9.0) style="font-size:11px" { (r.release) } }
        }
    }
}

/// A bar for each fortnight, for a row of a table.
pub(super) fn sparkline(values: &[Option<u64>]) -> Markup {
    let most = values.iter().flatten().copied().max().unwrap_or(0).max(1) as f64;
    let total: u64 = values.iter().flatten().sum();
    html! {
        svg class="spark" viewBox="0 0 78 18" role="img" aria-label=(format!("half a year by fortnights: {total} in all")) {
            @for (i, v) in values.iter().enumerate().filter_map(|(i, v)| Some((i, (*v)?))) {
                @let h = v as f64 / most * 17.0;
                rect x=(i * 6) y=(f(18.0 - h.max(0.8))) width="4.6" height=(f(h.max(0.8))) rx="1" style=(if v > 0 { "fill:var(--bad);opacity:.8" } else { "fill:var(--line)" }) {}
            }
        }
    }
}

/// From one rate to another, coloured where it is certain that they differ; nothing is drawn of a rate without data.
pub(super) fn dumbbell(from: &Rate, to: &Rate) -> Markup {
    let x = |v: f64| 6.0 + v * 158.0;
    let tone = match Difference::between(*from, *to).map(|d| d.moved()) {
        Some(RateMovement::Up) => "var(--good)",
        Some(RateMovement::Down) => "var(--bad)",
        Some(RateMovement::CannotTell) | None => "var(--grey)",
    };
    html! {
        svg class="dumb" viewBox="0 0 170 14" aria-hidden="true" {
            line x1="6" x2="164" y1="7" y2="7" style="stroke:var(--line)" {}
            @if let (Some(a), Some(b)) = (from.value(), to.value()) { line x1=(f(x(a))) x2=(f(x(b))) y1="7" y2="7" style=(format!("stroke:{tone};stroke-width:3")) {} }
            @if let Some(a) = from.value() { circle cx=(f(x(a))) cy="7" r="3.6" style="fill:var(--paper);stroke:var(--grey);stroke-width:1.8" {} }
            @if let Some(b) = to.value() { circle cx=(f(x(b))) cy="7" r="4.2" style=(format!("fill:{tone}")) {} }
        }
    }
}
