//! How customers feel: a line of the weeks, and how well that is told.

use super::known::{self, LearningNow, SignalNote};
use super::let_down;
use super::state::SignalsScreen;
use crate::domain::{Rate, RateMovement, SignalView, Timestamp, Verdict};
use crate::store::{FeltChange, FeltWeek, LearnerKind, SignalsPage, SurveyChange};
use crate::theme::Role;
use crate::tui::widgets::chart::{self, ChartPoint, MARGIN, TAIL};
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;

/// From this width on what is known stands beside the line, below it otherwise.
const BESIDE: u16 = 100;
/// Rows of a line of three with what it is of, the selected week and its axis.
const LINE: u16 = 7;
/// Columns of a month's name.
const MONTH: u16 = 3;
const WEEK: f64 = 7.0 * 86_400_000.0;

/// Draws it; gives the rows below what is known that are left.
pub fn draw(screen: &SignalsScreen, page: &SignalsPage, now: LearningNow, canvas: &mut Canvas, area: Rect) -> Rect {
    let beside = area.width >= BESIDE;
    let (left, right) = if beside {
        let left = area.width * 48 / 100;
        canvas.divider(area.x + left + 1, area);
        (Rect { width: left, ..area }, Rect { x: area.x + left + 3, width: area.width - left - 3, ..area })
    } else {
        // Without a line of weeks the words stand above, and what is known has the rest.
        let below = match screen.week() {
            // All that can be said takes the rows that a low line leaves.
            Some(_) if screen.intervals => {
                let wide = usize::from(area.width);
                let least = 1 + LINE + said_above(screen, page, wide).len() as u16;
                let told = known::fitting(notes_beside(screen, page, now, wide), usize::MAX, wide).len() as u16;
                told.min(area.height.saturating_sub(least))
            }
            Some(_) => (area.height / 2).min(9),
            None => area.height.saturating_sub(2 + words::wrap(&unknown(page), usize::from(area.width)).len() as u16),
        };
        let below = if screen.told_beside(page).is_some() { below } else { 0 };
        let above = Rect { height: area.height - below, ..area };
        (above, Rect { y: area.y + above.height, height: below, ..area })
    };
    trend(screen, page, canvas, left);
    let notes = notes_beside(screen, page, now, usize::from(right.width));
    let lines = known::fitting(notes, usize::from(right.height), usize::from(right.width));
    for ((text, role), y) in lines.iter().zip(right.top()..right.bottom()) {
        canvas.text(right.x, y, right.width, text, *role);
    }
    let taken = if lines.is_empty() { 0 } else { (lines.len() as u16 + 1).min(right.height) };
    Rect { y: right.y + taken, height: right.height - taken, ..right }
}

/// What is known of the learner with the cursor, and who is let down: below the heading, since how many there are is what one comes for;
/// above all of it where what is told there is of another release than the one that counts.
fn notes_beside(screen: &SignalsScreen, page: &SignalsPage, now: LearningNow, wide: usize) -> Vec<SignalNote> {
    let Some((learner, known)) = screen.told_beside(page) else { return Vec::new() };
    let mut notes = known::notes(learner, known, screen.intervals, now, wide);
    let Some(apart) = page.apart.as_ref().filter(|_| learner == LearnerKind::Sentiment) else { return notes };
    let mut told = let_down::notes(apart, page, screen.intervals, now, wide);
    let newest =
        known.newest.as_ref().filter(|row| row.report.nothing(numbers::count).is_none()).map(|row| row.release);
    let at = match known.learnt_by.filter(|live| Some(*live) != newest) {
        Some(live) if !told.is_empty() => {
            told.insert(0, SignalNote::plain(&format!("Who was let down, says v{}", live.0), wide, Role::Heading, 0));
            0
        }
        _ => 1,
    };
    notes.splice(at..at, told);
    notes
}

/// How customers felt in the newest week that has enough for a share, in a line; of few, counts. `None` where nothing is known.
pub fn in_a_line(page: &SignalsPage) -> Option<String> {
    let week = page.weeks.iter().rfind(|w| w.is_told()).or(page.weeks.last())?;
    let (num, den) = match week.bad.value().filter(|_| week.is_told()) {
        Some(share) => (format!("{:.0}", 100.0 * share), "100".to_owned()),
        None => (numbers::count(week.bad.num), numbers::count(week.bad.den)),
    };
    let what = if page.is_of_ratings() { "who rated gave 1 or 2 of 5" } else { "rated or read as let down" };
    Some(format!("{num} of {den} {what}, week of {}", page.zone.format(week.monday, "%-d %b")))
}

/// Rows that it needs where no week is known, so that nothing stands empty.
pub fn rows_without_weeks(screen: &SignalsScreen, page: &SignalsPage, now: LearningNow, width: u16) -> u16 {
    let beside = width >= BESIDE;
    let left = usize::from(if beside { width * 48 / 100 } else { width });
    let right = usize::from(if beside { width - width * 48 / 100 - 3 } else { width });
    let said = 1 + words::wrap(&unknown(page), left).len();
    let known = known::fitting(notes_beside(screen, page, now, right), usize::MAX, right).len();
    (if beside { said.max(known) } else { said + known }) as u16
}

/// Why no week is known, and what changes that.
fn unknown(page: &SignalsPage) -> String {
    if page.so_far.all == 0 {
        return "Nothing is stored yet: 1 goes to the Overview, where a log can be imported.".to_owned();
    }
    match (page.feel.is_live, page.feel.candidate) {
        (true, _) if page.timeless => {
            "The live release tells how customers feel, and filters find it; the log has no times, so there are no weeks to show.".to_owned()
        }
        (true, _) => format!(
            "The live release tells how customers feel; no counted conversation of the last half year is read yet{}.",
            page.so_far.words(numbers::count).map_or(String::new(), |says| format!(" ({says})"))
        ),
        (false, Some(v)) if page.feel.newest.as_ref().is_some_and(|row| row.report.verdict == Verdict::Better) => {
            format!(
                "No release that is live tells how customers feel. v{} has learnt it: once p makes it live, the share of each week stands here.",
                v.0
            )
        }
        (false, _) if page.by_ratings && !page.weeks.is_empty() => {
            "No release that is live tells how customers feel: these are those who rated.".to_owned()
        }
        (false, _) if page.logs_sentiment => {
            "No release that is live tells how customers feel. The log tells a sentiment of its own: filters take it, nothing is learnt from it, and it is no number to show."
                .to_owned()
        }
        (false, _) => "No release that is live tells how customers feel: there is no number to show.".to_owned(),
    }
}

/// That the share of those who rate has changed, and what the line is of therefore.
fn changed(survey: &SurveyChange, page: &SignalsPage) -> String {
    if let Some((fewest, most)) = survey.rated_alone {
        return format!(
            "of those who rated: {} to {} a week; how many rate has changed",
            numbers::count(fewest),
            numbers::count(most)
        );
    }
    let share = |rate: Rate| 100.0 * rate.value().unwrap_or(0.0);
    format!(
        "{:.0} % rated in the week of {}, {:.0} % in that of {}: the line mixes both",
        share(survey.least.1),
        page.zone.date(survey.least.0),
        share(survey.most.1),
        page.zone.date(survey.most.0)
    )
}

/// What the line is of, and by which release: one reads all weeks, so that they can be compared, also those in which another was live.
fn heading(page: &SignalsPage, wide: usize) -> String {
    if page.is_of_ratings() {
        return "Rated 1 or 2 of 5, of 100 who rated, by week".to_owned();
    }
    let what = "Rated or read as let down, of 100 customers";
    // What it has not read yet counts as another release read it.
    let Some(v) = page.feel.learnt_by.filter(|_| page.so_far.is_done()).map(|by| by.0) else {
        return format!("{what}, by week");
    };
    let whole = format!("{what}, by week, as v{v} reads all weeks");
    if words::width(&whole) <= wide { whole } else { format!("{what}, says v{v}") }
}

/// How it has moved, as much of it as there is room for.
fn finding(change: &FeltChange, page: &SignalsPage, wide: usize) -> String {
    let [what, few] = if page.is_of_ratings() { ["Rated 1 or 2", "Rated 1-2"] } else { ["Seen let down", "Let down"] };
    let [first, last] = [change.first, change.last].map(|rate| 100.0 * rate.value().unwrap_or_default());
    let since = page.zone.format(change.since, "%-d %b");
    let [near, far] = change.moved.sure_of_hundred();
    let (whole, short) = match change.moved.moved() {
        RateMovement::Up => (format!(": rose by {near} to {far}"), ": rose"),
        RateMovement::Down => (format!(": fell by {near} to {far}"), ": fell"),
        RateMovement::CannotTell => (", cannot tell whether it changed".to_owned(), ": cannot tell"),
    };
    // The line ends with single weeks, which are others.
    let (at_ends, each) = match change.weeks {
        1 => ("first and last whole week".to_owned(), "first and last week".to_owned()),
        n => (format!("first and last {n} whole weeks"), format!("first and last {n} weeks")),
    };
    let moved = format!("{first:.0} → {last:.0}");
    let says = format!("{what}: {moved} of 100, {at_ends}");
    [
        format!("{says} since {since}{whole}"),
        format!("{says} since {since}{short}"),
        format!("{says}{short}"),
        format!("{what}: {moved} of 100, {each}{short}"),
        format!("{what}: {moved}, {each}{short}"),
        format!("{few}: {moved}, {each}{short}"),
    ]
    .into_iter()
    .find(|says| words::width(says) <= wide)
    .unwrap_or(moved)
}

/// Of how many it has moved, with its interval.
fn counted(change: &FeltChange) -> String {
    let of = |rate: Rate| format!("{} of {}", numbers::count(rate.num), numbers::count(rate.den));
    let [moved, lo, hi] = change.moved.of_hundred();
    let weeks = if change.weeks == 1 { "week".to_owned() } else { format!("{} weeks", change.weeks) };
    format!("first {weeks}: {}, newest: {}; {moved} of 100 ({lo} to {hi})", of(change.first), of(change.last))
}

/// What there is to know before one reads the line, in lines.
fn said_above(screen: &SignalsScreen, page: &SignalsPage, wide: usize) -> Vec<(String, Role)> {
    let mut says: Vec<(String, Role)> = Vec::new();
    match page.by_ratings {
        true => says.push((unknown(page), Role::Muted)),
        false => says.extend(page.so_far.words(numbers::count).map(|says| (says, Role::Accent))),
    }
    says.extend(page.survey.as_ref().map(|survey| (changed(survey, page), Role::Accent)));
    says.extend(page.change().filter(|_| screen.intervals).map(|change| (counted(&change), Role::Muted)));
    says.iter().flat_map(|(says, role)| words::wrap(says, wide).into_iter().map(|line| (line, *role))).collect()
}

fn trend(screen: &SignalsScreen, page: &SignalsPage, canvas: &mut Canvas, area: Rect) {
    let Some(week) = screen.week() else {
        canvas.text(area.x, area.y, area.width, "How customers feel", Role::Heading);
        let lines = words::wrap(&unknown(page), usize::from(area.width));
        for (line, y) in lines.iter().zip(area.y + 1..area.bottom()) {
            canvas.text(area.x, y, area.width, line, Role::Muted);
        }
        return;
    };
    let says = said_above(screen, page, usize::from(area.width));
    let mut above = 0;
    let costs_the_line = area.height == LINE + says.len() as u16;
    if let Some(change) = page.change().filter(|_| !costs_the_line) {
        let says = finding(&change, page, usize::from(area.width));
        canvas.text(area.x, area.y, area.width, &says, Role::Heading);
        above = 1;
    }
    let of_what = if above == 0 { Role::Heading } else { Role::Muted };
    let end = canvas.text(area.x, area.y + above, area.width, &heading(page, usize::from(area.width)), of_what);
    let (mark, room) = ("   ▲ a new model", area.right().saturating_sub(end));
    if !page.promotions.is_empty() && words::width(mark) <= usize::from(room) {
        canvas.text(end, area.y + above, room, mark, Role::Muted);
    }
    above += 1;
    let day = page.zone.date(week.monday);
    let interval = if screen.intervals && week.is_told() {
        format!("  {:.0}-{:.0} of 100", 100.0 * week.bad.lo, 100.0 * week.bad.hi)
    } else {
        String::new()
    };
    let chosen =
        format!("▴ week of {day}: {} of {}{interval}", numbers::count(week.bad.num), numbers::count(week.bad.den));
    let is_front = screen.view == SignalView::Feel;
    let y = area.y + above;
    let end = canvas.text(area.x, y, area.width, &chosen, if is_front { Role::Accent } else { Role::Muted });
    let known: Vec<&str> = [(!week.is_told(), "too few for a share"), (week.is_part, "a part of a week")]
        .iter()
        .filter(|k| k.0)
        .map(|k| k.1)
        .collect();
    let room = usize::from(area.right().saturating_sub(end));
    let mut ways = (1..=known.len()).rev().map(|n| format!("  {}", known[..n].join("; ")));
    if let Some(says) = ways.find(|says| words::width(says) <= room) {
        canvas.text(end, y, area.right() - end, &says, Role::Muted);
    }
    above += 1;
    for (text, role) in says {
        canvas.text(area.x, area.y + above, area.width, &text, role);
        above += 1;
    }
    // Where no line can be drawn, grey points that nothing joins: of each too little is known.
    let is_line = page.weeks.iter().filter(|w| w.is_told()).count() >= FeltWeek::MAKE_A_LINE;
    let told = |w: &&FeltWeek| w.is_told() || !is_line;
    let Some(first) = page.weeks.iter().find(told) else { return };
    let x = |t: Timestamp| (((t.0 - first.monday.0) as f64) / WEEK).round();
    let points: Vec<ChartPoint> = page
        .weeks
        .iter()
        .filter(told)
        .map(|w| ChartPoint {
            x: x(w.monday),
            value: w.bad.value().unwrap_or(0.0),
            lo: w.bad.lo,
            hi: w.bad.hi,
            provisional: !is_line || w.is_part,
        })
        .collect();
    let chart = Rect {
        x: area.x + MARGIN,
        y: area.y + above,
        width: area.width.saturating_sub(MARGIN + TAIL),
        height: area.height.saturating_sub(above + 2),
    };
    if points.len() < 2 || chart.height < 3 {
        return;
    }
    let joined = if is_line { 2.0 } else { 0.0 };
    let Some(scale) = chart::draw(&points, joined, canvas, chart) else { return };
    if is_line {
        chart::ends(&points, &scale, canvas, chart);
    }
    let place = |weeks: f64| chart.x + scale.column(weeks).min(chart.width.saturating_sub(1));
    let last = points.last().map_or(0.0, |p| p.x);
    for p in &page.promotions {
        let weeks = (p.at.0 - first.monday.0) as f64 / WEEK;
        if weeks >= 0.0 && weeks < last + 1.0 {
            canvas.text(place(weeks.min(last)), chart.bottom(), 1, "▲", Role::Accent);
        }
    }
    // A week that has only begun is no point of the line: its mark stands behind the last one.
    let beyond = |weeks: f64| chart.x + scale.column(weeks).min(chart.width + TAIL - 1);
    let mark = is_front.then(|| beyond(x(week.monday)));
    let mut free = chart.x;
    let mut named = String::new();
    for (i, w) in page.weeks.iter().enumerate() {
        let month = page.zone.day_of_month(w.monday, i == 0 && w.is_part).format("%b").to_string();
        let at = place(x(w.monday));
        // A month stands behind the mark that would stand in it.
        let at = mark.filter(|&mark| (at..at + MONTH).contains(&mark)).map_or(at, |mark| mark + 1);
        if month != named && at >= free && at + MONTH <= chart.right() {
            free = canvas.text(at, chart.bottom() + 1, 4, &month, Role::Muted) + 2;
            named = month;
        }
    }
    if let Some(mark) = mark {
        canvas.text_over(mark, chart.bottom() + 1, 1, "▴", Role::Focus);
    }
}
