//! The table of rates: the last seven days, the seven before, day one, and what may be said of the change.

use crate::domain::{Difference, Moved, Rate, Timestamp, Zone};
use crate::store::{Basis, OverviewPage, Period};
use crate::theme::Role;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// One row: a measure in the three times.
struct Measure {
    name: &'static str,
    this: Option<Rate>,
    last: Option<Rate>,
    day_one: Option<Rate>,
    /// Whether more is better; `None`: neither.
    good_up: Option<bool>,
    /// What stands behind numerator and denominator of this, last and day one.
    notes: [String; 3],
    /// This, last and day one are to be read with care.
    doubtful: [bool; 3],
    /// The times overlap: nothing changed since.
    same_time: bool,
}

/// Widths of the columns: name, this, last, day one, change.
fn columns(width: u16) -> [usize; 5] {
    let width = usize::from(width);
    let [name, this, last, first] = match width {
        150.. => [20, 42, 36, 36],
        100.. => [18, 36, 12, 12],
        _ => [16, 21, 8, 8],
    };
    [name, this, last, first, width.saturating_sub(name + this + last + first)]
}

/// Draws the table; gives the row after it.
pub fn draw(page: &OverviewPage, intervals: bool, canvas: &mut Canvas, area: Rect) -> u16 {
    let widths = columns(area.width);
    let mut x = area.x;
    for (i, (candidates, w)) in titles(page).iter().zip(widths).enumerate() {
        let text = longest(candidates, w);
        canvas.text(x, area.y, w as u16, text, if i == 1 { Role::Heading } else { Role::Muted });
        x += w as u16;
    }
    let mut y = area.y + 1;
    for m in measures(page, area.height >= 30) {
        if y >= area.bottom() {
            break;
        }
        row(&m, intervals, widths, canvas, Rect { y, height: 1, ..area });
        y += 1;
    }
    y
}

/// The first of the candidates that fits; the last one in any case.
fn longest(candidates: &[String], columns: usize) -> &str {
    let fits = candidates.iter().find(|c| words::width(c) <= columns);
    fits.or(candidates.last()).map_or("", String::as_str)
}

fn dates(p: &Period, zone: Zone) -> String {
    let (from, to) = (zone.local(Timestamp(p.from)), zone.local(Timestamp(p.to - 1)));
    let month = |t: &chrono::NaiveDateTime| t.format("%b %Y").to_string();
    if month(&from) == month(&to) {
        format!("{}-{}", from.format("%-d"), to.format("%-d %b"))
    } else {
        format!("{} - {}", from.format("%-d %b"), to.format("%-d %b"))
    }
}

/// Headings, the longest first.
fn titles(page: &OverviewPage) -> [Vec<String>; 5] {
    let (this, last) = match &page.basis {
        Basis::Week => ("last 7 days", "before"),
        Basis::OldWeek => ("newest 7 days", "before"),
        Basis::All => ("all conversations", "before"),
    };
    let with = |name: &str, p: Option<&Period>| {
        let short = name.split(' ').next().unwrap_or(name);
        let mut out = vec![name.to_owned()];
        if let Some(p) = p.filter(|_| page.basis != Basis::All) {
            out.insert(0, format!("{name} ({})", dates(p, page.zone)));
        }
        // Headings stand over the numbers, which leave a blank for a hundred.
        if name != "day one" {
            out.push(short.to_owned());
        }
        out.iter().map(|t| format!(" {t}")).collect::<Vec<_>>()
    };
    [
        Vec::new(),
        with(this, Some(&page.this)),
        with(last, page.last.as_ref()),
        with("day one", page.day_one.as_ref()),
        vec![" since day one".to_owned()],
    ]
}

fn measures(page: &OverviewPage, roomy: bool) -> Vec<Measure> {
    let times = [Some(&page.this), page.last.as_ref(), page.day_one.as_ref()];
    let same_time = page.day_one.as_ref().is_some_and(|d| d.overlaps(&page.this));
    let of = |name, good_up, f: &dyn Fn(&Period) -> Rate| {
        let [this, last, day_one] = times.map(|p| p.map(f));
        let doubtful = times.map(|p| p.is_some_and(Period::doubtful));
        Measure { name, this, last, day_one, good_up, notes: Default::default(), doubtful, same_time }
    };
    let mut out = vec![
        of("Resolution rate", Some(true), &|p| p.rate(p.resolved)),
        of("Escalation rate", Some(false), &|p| p.rate(p.escalated)),
    ];
    if roomy {
        out.push(of("Failure rate", Some(false), &|p| p.rate(p.failed)));
        out.push(of("Abandonment rate", None, &|p| p.rate(p.abandoned)));
    }
    let a = page.accuracy;
    let sealed = || " sealed gold".to_owned();
    out.push(Measure {
        name: "Intent accuracy",
        this: a.live,
        last: a.before,
        day_one: a.day_one,
        good_up: Some(true),
        notes: [sealed(), sealed(), sealed()],
        doubtful: [false; 3],
        same_time: false,
    });
    let answered = |p: Option<&Period>| {
        let share = p.and_then(|p| p.rate(p.rated).value());
        share.map_or(String::new(), |v| format!("; {:.0} % answered", v * 100.0))
    };
    let csat = of("CSAT", Some(true), &|p| p.csat());
    out.push(Measure { notes: times.map(answered), doubtful: [false; 3], ..csat });
    if times.iter().flatten().any(|p| p.unknown > 0) {
        let unknown = of("Outcome unknown", None, &|p| p.unknown_rate());
        out.push(unknown);
    }
    out
}

fn percent(rate: &Rate) -> Option<String> {
    Some(words::pad_left(&format!("{:.1} %", rate.value()? * 100.0), 7))
}

/// A rate, the most detailed way of writing it first.
fn ways(rate: Option<&Rate>, note: &str, intervals: bool) -> Vec<String> {
    let Some((rate, value)) = rate.and_then(|r| Some((r, percent(r)?))) else { return vec!["      –".to_owned()] };
    let counts = format!("{}/{}", numbers::count(rate.num), numbers::count(rate.den));
    let between = format!("[{:.1}, {:.1}]", rate.lo * 100.0, rate.hi * 100.0);
    let mut out = Vec::new();
    if intervals {
        out.push(format!("{value}  {between}  ({counts}{note})"));
        out.push(format!("{value}  {between}  ({counts})"));
        out.push(format!("{value} {between}"));
    } else {
        out.push(format!("{value}  ({counts}{note})"));
        out.push(format!("{value}  ({counts})"));
    }
    out.push(value);
    out
}

/// What may be said since day one: words, the shortest last, and their role.
fn change(m: &Measure, intervals: bool) -> (Vec<String>, Role) {
    let Some((old, new)) = m.day_one.zip(m.this) else { return (Vec::new(), Role::Muted) };
    if m.same_time {
        return (vec!["still day one".to_owned()], Role::Muted);
    }
    let Some(d) = Difference::between(old, new) else { return (Vec::new(), Role::Muted) };
    let points = words::pad_left(&numbers::points(d.delta), 8);
    let (long, short, role) = match (d.moved(), m.good_up) {
        (Moved::CannotTell, _) => ("cannot tell yet", "cannot tell", Role::Muted),
        (Moved::Up, None) => ("clearly more", "more", Role::Text),
        (Moved::Down, None) => ("clearly less", "less", Role::Text),
        (Moved::Up, Some(true)) | (Moved::Down, Some(false)) => ("clearly better", "better", Role::Good),
        _ => ("clearly worse", "worse", Role::Bad),
    };
    let between = format!("[{}, {}]", numbers::signed(d.lo * 100.0, 1), numbers::signed(d.hi * 100.0, 1));
    if intervals {
        return (vec![format!("{points}  {between}  {long}"), format!("{points} {between}"), points], role);
    }
    (vec![format!("{points}  {long}"), format!("{points} {short}"), points], role)
}

fn row(m: &Measure, intervals: bool, widths: [usize; 5], canvas: &mut Canvas, line: Rect) {
    let plain = m.name == "Outcome unknown";
    let doubt = |i: usize, role| if m.doubtful[i] || plain { Role::Muted } else { role };
    let [name, this, last, first, rest] = widths;
    let mut x = line.x;
    let mut cell = |text: &str, w: usize, role: Role| {
        canvas.text(x, line.y, w as u16, text, role);
        x += w as u16;
    };
    cell(m.name, name, if plain { Role::Muted } else { Role::Text });
    let now = ways(m.this.as_ref(), &m.notes[0], intervals);
    cell(longest(&now, this - 1), this, doubt(0, Role::Heading));
    let before = ways(m.last.as_ref(), &m.notes[1], intervals);
    cell(longest(&before, last - 1), last, doubt(1, Role::Text));
    let day_one = ways(m.day_one.as_ref(), &m.notes[2], intervals);
    cell(longest(&day_one, first - 1), first, doubt(2, Role::Text));
    let (words, role) = change(m, intervals);
    let role = if m.doubtful[0] || m.doubtful[2] { Role::Muted } else { role };
    cell(longest(&words, rest), rest, role);
}
