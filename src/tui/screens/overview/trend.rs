//! How many of 100 customers the AI helped, week by week: a line on its 95 % band, months below, promotions on the axis.

use super::state::OverviewScreen;
use crate::domain::time::DAY;
use crate::domain::{Rate, Timestamp, Zone};
use crate::store::{DefinitionMark, MovedTo, OverviewPage, Promotion, WeekPoint};
use crate::theme::Role;
use crate::tui::state::seen::ScreenHit;
use crate::tui::widgets::chart::{self, ChartPoint, MARGIN, Scale, TAIL};
use crate::tui::widgets::{Canvas, numbers, words};
use chrono::{Datelike, Months};
use ratatui::layout::Rect;

/// Weeks this far apart are not joined: nothing is known between them.
const JOINED: f64 = 2.0;

/// From this width on the heading is said in full.
const WIDE: u16 = 100;

/// Whether there is enough for a line: two weeks, and conversations that it says something of.
pub fn is_drawn(page: &OverviewPage) -> bool {
    page.weeks.len() >= 2 && page.weeks.iter().map(|w| w.n).sum::<u64>() >= Rate::ENOUGH
}

/// Draws heading, chart, axis and months.
pub fn draw(home: &OverviewScreen, now: Timestamp, page: &OverviewPage, canvas: &mut Canvas, area: Rect) {
    let weeks = home.trend.weeks(page);
    let points = points(&weeks, page, now);
    let selected = home.trend.selected(page);
    let head = selected.map_or_else(
        || {
            let of = if is_drawn(page) { format!(", of 100 {}", page.holds.whom()) } else { String::new() };
            // What the marks mean has to stand beside it.
            let said = match area.width < WIDE {
                true => format!("Helped{of}, by week"),
                false => format!("Helped by the AI{of}, by calendar week"),
            };
            vec![(said, Role::Heading)]
        },
        |week| of_week(&week, page),
    );
    let pieces: Vec<(&str, Role)> = head.iter().map(|(t, r)| (t.as_str(), *r)).collect();
    let heading = canvas.pieces(area.x, area.y, area.width, &pieces);
    if points.len() < 2 || !is_drawn(page) {
        let why = match weeks.len() {
            0 if page.ahead > 0 => "No finished conversation lies before now: there is nothing to draw.",
            0 => "No finished conversation has a time: there is nothing to draw.",
            1 => "One week so far. The trend begins with the second.",
            _ => "Too few conversations for a trend.",
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
    let first = weeks.first().map_or(Timestamp(0), |w| w.monday);
    let last = weeks.last().map_or(0.0, |week| ((week.monday.0 - first.0 + DAY) / (7 * DAY)) as f64);
    let begins = weeks.first().is_some_and(|week| is_first_part(week, page));
    let axis = Axis { first, begins, weeks: last, scale, zone: page.zone };
    months(&axis, canvas, chart);
    chart::ends(&points, &axis.scale, canvas, chart);
    let changed = definitions(&page.marks, &axis, canvas, chart);
    let went_live = promotions(&page.promotions, &axis, canvas, chart);
    if let Some(week) = selected
        && let Some(x) = axis.place(week.monday, chart)
    {
        match weeks.iter().position(|w| w.monday == week.monday).and_then(|at| points.get(at)) {
            Some(point) => canvas.text_over(x, chart.y + axis.scale.row(point.value), 1, "●", Role::Focus),
            // Behind the last point of the line, since it is none.
            None => canvas.text_over(chart.right(), chart.bottom() + 1, 1, "▴", Role::Focus),
        };
    }
    hits(&weeks, &points, &axis, canvas, chart);
    let marks = Marks { went_live, changed, begins, provisional: points.iter().any(|p| p.provisional) };
    legend(&marks, canvas, Rect { x: heading + 2, width: area.right().saturating_sub(heading + 2), ..area });
}

/// The columns nearest to each week's point lead to it.
fn hits(weeks: &[WeekPoint], points: &[ChartPoint], axis: &Axis, canvas: &mut Canvas, chart: Rect) {
    let at = |p: &ChartPoint| (chart.x + axis.scale.column(p.x)).min(chart.right().saturating_sub(1));
    let columns: Vec<u16> = points.iter().map(at).collect();
    for (i, week) in weeks.iter().enumerate().take(columns.len()) {
        let middle = |a: u16, b: u16| a + (b - a) / 2;
        let from = i.checked_sub(1).map_or(chart.x, |before| middle(columns[before], columns[i]) + 1);
        let to = columns.get(i + 1).map_or(chart.right(), |&next| middle(columns[i], next) + 1);
        let area = Rect { x: from, width: to.saturating_sub(from), ..chart };
        canvas.hit(area, ScreenHit::Week(week.monday));
    }
}

/// What band and marks mean, as far as there is room beside the heading.
fn legend(marks: &Marks, canvas: &mut Canvas, area: Rect) {
    // All in the longest wording in which there is room for every one; what the band is goes first.
    let sign = if canvas.theme.has_tints() { "▄" } else { "⠅" };
    let band = (format!("{sign} the true value, 19 times in 20"), Role::Muted);
    let mut ways = vec![marks.said(0).into_iter().chain([band]).collect()];
    ways.extend((0..Marks::WAYS).map(|way| marks.said(way)));
    let wide = |way: &Vec<(String, Role)>| way.iter().map(|(text, _)| words::width(text) + 2).sum::<usize>();
    let at = ways.iter().position(|way| wide(way) <= usize::from(area.width) + 2).unwrap_or(ways.len() - 1);
    let mut room = area;
    for (text, role) in &ways[at] {
        if words::width(text) <= usize::from(room.width) {
            let x = canvas.right(room, area.y, text, *role);
            room.width = x.saturating_sub(room.x + 2);
        }
    }
}

/// What is drawn on the chart beside the line.
struct Marks {
    went_live: bool,
    changed: bool,
    provisional: bool,
    /// The log begins within the first week that is drawn.
    begins: bool,
}

impl Marks {
    /// In how many lengths they are told.
    const WAYS: usize = 3;

    /// What each of them means, in words of one length: the longest is 0.
    fn said(&self, way: usize) -> Vec<(String, Role)> {
        let grey = match self.begins {
            true => ["grey: a part of a week, or may still change", "grey: a part, or may change", "grey: not final"],
            false => ["grey: may still change", "grey: may change", "grey: not final"],
        };
        let all = [
            (self.went_live, ["▲ a new model", "▲ new model", "▲ new model"], Role::Accent),
            (self.changed, ["◆ a definition changed", "◆ definition", "◆ definition"], Role::Muted),
            (self.provisional, grey, Role::Muted),
        ];
        all.into_iter().filter(|(is, ..)| *is).map(|(_, ways, role)| (ways[way].to_owned(), role)).collect()
    }
}

/// A week in words: its rate, and what happened in it.
fn of_week(week: &WeekPoint, page: &OverviewPage) -> Vec<(String, Role)> {
    let rate = Rate::new(week.resolved, week.n);
    let day = page.zone.format(week.monday, "%-d %b");
    let counts = format!(
        " ({}/{}, {:.0} to {:.0})",
        numbers::count(week.resolved),
        numbers::count(week.n),
        rate.lo * 100.0,
        rate.hi * 100.0
    );
    let head = (format!("Week of {day}: "), Role::Heading);
    let mut out = match week.n < Rate::ENOUGH {
        true => {
            vec![
                head,
                (format!("{} of {}", numbers::count(week.resolved), numbers::count(week.n)), Role::Heading),
                (" helped".to_owned(), Role::Text),
            ]
        }
        false => vec![
            head,
            (format!("{:.0}", rate.value().unwrap_or_default() * 100.0), Role::Heading),
            (" of 100 helped".to_owned(), Role::Text),
            (counts, Role::Muted),
        ],
    };
    if is_first_part(week, page) {
        out.push((", a part of a week: the log begins in it".to_owned(), Role::Muted));
    }
    let end = page.zone.days_after(week.monday, 7);
    let within = |at: Timestamp| at >= week.monday && at < end;
    let live = page.promotions.iter().filter(|p| within(p.at)).map(|p| format!("v{} went live", p.release.0));
    let mut said: Vec<String> = live.collect();
    let intents = page.marks.iter().filter(|m| within(m.at) && m.moved == MovedTo::Intents).count() as u64;
    for mark in page.marks.iter().filter(|m| within(m.at)) {
        said.extend(match &mark.moved {
            MovedTo::Zone(name) => Some(format!("days of {}", words::line(name))),
            MovedTo::Gold(version) => Some(format!("test set {version}")),
            MovedTo::Intents => None,
        });
    }
    if intents > 0 {
        said.push(format!("{} changed", numbers::plural(intents, "intent", "intents")));
    }
    if !said.is_empty() {
        out.push((format!("  {}", said.join(" · ")), Role::Text));
    }
    out
}

/// Marks on the axis where a definition changed; whether there was one to mark.
fn definitions(all: &[DefinitionMark], axis: &Axis, canvas: &mut Canvas, chart: Rect) -> bool {
    let places: Vec<u16> = all.iter().filter_map(|mark| axis.place(mark.at, chart)).collect();
    for &x in &places {
        canvas.text(x, chart.bottom(), 1, "◆", Role::Muted);
    }
    !places.is_empty()
}

/// Whether the log begins within a week.
fn is_first_part(week: &WeekPoint, page: &OverviewPage) -> bool {
    page.begins_within && page.weeks.first().is_some_and(|first| first.monday == week.monday)
}

fn points(weeks: &[WeekPoint], page: &OverviewPage, now: Timestamp) -> Vec<ChartPoint> {
    let Some(first) = weeks.first() else { return Vec::new() };
    // Weeks in which clocks change are an hour longer or shorter.
    let week = |t: Timestamp| (t.0 - first.monday.0 + DAY) / (7 * DAY);
    let point = |w: &WeekPoint| {
        let rate = Rate::new(w.resolved, w.n);
        // Who was helped may come back within seven days; what ended may still be told of.
        let provisional = is_first_part(w, page) || page.zone.days_after(w.monday, 14) > now;
        let value = rate.value().unwrap_or(0.0);
        ChartPoint { x: week(w.monday) as f64, value, lo: rate.lo, hi: rate.hi, provisional }
    };
    // What a week has only begun with is no point of the line, as long as it is too little for a share.
    let is_told = |w: &&WeekPoint| w.n >= Rate::ENOUGH || page.zone.days_after(w.monday, 7) <= now;
    weeks.iter().filter(is_told).map(point).collect()
}

/// The weeks along the lower axis.
struct Axis {
    first: Timestamp,
    /// The log begins within the first.
    begins: bool,
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
    // A log from the 1st begins with its own month, whatever the week's first day is in.
    let start = axis.zone.day_of_month(first, axis.begins);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_the_smallest_usual_screen_every_mark_is_told() {
        for begins in [false, true] {
            let marks = Marks { went_live: true, changed: true, begins, provisional: true };
            let told: usize = marks.said(Marks::WAYS - 1).iter().map(|(text, _)| words::width(text) + 2).sum();
            let beside = words::width("Helped, of 100 customers, by week") + told;
            assert!(beside <= 78, "{beside}");
        }
    }
}
