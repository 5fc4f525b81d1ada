//! Drawing what stands above the rows: the query, what is wrong with it, saved views, and what completes it.

use super::state::QueueScreen;
use super::{order, views};
use crate::domain::QueryError;
use crate::theme::Role;
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;

/// QueryOffers in view at most.
const OFFERS: u16 = 6;
/// From this height on there is a blank line above the rows.
const AIRY: u16 = 26;
/// From this width on the head says things in full.
const WIDE: u16 = 100;

/// Draws the query and the line below it; gives the lines used.
pub fn draw(queue: &QueueScreen, shared: &SharedState, canvas: &mut Canvas, area: Rect) -> u16 {
    bar(queue, shared, canvas, area);
    let below = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    // What is wrong stands in its place, and the rows below all of it.
    let used = match problem_of(queue) {
        Some(error) => problem(queue, shared, error, canvas, below),
        None => {
            line_of_views(queue, shared, canvas, Rect { height: 1, ..below });
            1
        }
    };
    1 + used + u16::from(area.height >= AIRY)
}

/// What is wrong with the query that is being written.
fn problem_of(queue: &QueueScreen) -> Option<&QueryError> {
    queue.bar.shown_error().filter(|_| queue.bar.editing)
}

/// Where the query's text stands, and how much of its front is cut off.
struct TextPlace {
    x: u16,
    columns: u16,
    skip: usize,
}

fn place(queue: &QueueScreen, area: Rect, columns: u16) -> TextPlace {
    let field = &queue.bar.field;
    let before = words::width(&field.text()[..field.cursor()]);
    let room = usize::from(columns);
    // What does not fit is cut at the front while the cursor is behind it.
    let skip = if queue.bar.editing { before.saturating_sub(room.saturating_sub(1)) } else { 0 };
    TextPlace { x: area.x + 2, columns, skip }
}

/// What stands to the right of the query: how many, in which order.
fn right_of_bar(queue: &QueueScreen, shared: &SharedState, width: u16) -> String {
    let all = shared.overview.ready().map(|o| format!(" of {}", numbers::count(o.conversations))).unwrap_or_default();
    let lead = if width < WIDE { "" } else { "sorted by " };
    let sort = match width < 70 {
        true => order::words(queue.sort.first()),
        false => order::spoken(queue.sort),
    };
    let hidden = match queue.hidden {
        n if n > 0 && queue.query.hides_test_groups() => format!(" · test: hidden {}", numbers::count(n)),
        _ => String::new(),
    };
    let said = |all: &str, hidden: &str| {
        let found = match queue.count {
            // What was counted is of another query than the one that stands there.
            _ if queue.bar.shown_error().is_some() => "–".to_owned(),
            Some(n) => format!("{}{all}{hidden}", numbers::count(n)),
            None if queue.is_counting => "…".to_owned(),
            None => String::new(),
        };
        format!("{found}   {lead}{sort}")
    };
    // The query has to be in sight as a whole: it says what is left out.
    let whole = said(&all, &hidden);
    let fits = |said: &str| words::width(said) + words::width(queue.bar.field.text()) + 5 <= usize::from(width);
    if fits(&whole) || width >= WIDE {
        return whole;
    }
    let shorter = said("", &hidden);
    if fits(&shorter) { shorter } else { said("", "") }
}

fn columns_of_bar(queue: &QueueScreen, shared: &SharedState, area: Rect) -> u16 {
    let right = words::width(&right_of_bar(queue, shared, area.width)) as u16;
    area.width.saturating_sub(right.min(area.width) + 4)
}

fn bar(queue: &QueueScreen, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
    let bar = &queue.bar;
    canvas.right(area, area.y, &right_of_bar(queue, shared, area.width), Role::Muted);
    let TextPlace { x, columns, skip } = place(queue, area, columns_of_bar(queue, shared, area));
    let role = if bar.editing { Role::Focus } else { Role::Text };
    canvas.text(area.x, area.y, 2, if bar.editing { "/ " } else { "  " }, Role::Key);
    let text = bar.field.text();
    if words::line(text).is_empty() && !bar.editing {
        canvas.text(x, area.y, columns, "everything", Role::Muted);
    } else {
        canvas.text(x, area.y, columns, &words::tail(text, skip), role);
    }
    if let Some(error) = bar.shown_error() {
        let (from, wide) = culprit(text, error, skip);
        let wide = wide.min(columns.saturating_sub(from));
        let mark = Rect { x: x + from, y: area.y, width: wide, height: 1 };
        canvas.over(mark, Role::Bad);
        canvas.frame.buffer_mut().set_style(mark, Modifier::UNDERLINED);
    }
    if bar.editing {
        let before = words::width(&text[..bar.field.cursor()]);
        canvas.frame.set_cursor_position(Position::new(x + (before - skip) as u16, area.y));
    }
    canvas.hit(Rect { width: columns + 2, height: 1, ..area }, ScreenHit::Query);
}

/// Where in the bar the culprit begins, and how wide it is.
fn culprit(text: &str, error: &QueryError, skip: usize) -> (u16, u16) {
    let from = words::width(text.get(..error.at.start).unwrap_or(text));
    let wide = words::width(text.get(error.at.clone()).unwrap_or_default()).max(1);
    let hidden = skip.saturating_sub(from).min(wide.saturating_sub(1));
    (from.saturating_sub(skip) as u16, (wide - hidden) as u16)
}

/// What is wrong, under the culprit; where the room to its right is too small, to its left; what no line holds takes more of them. Gives
/// the lines used.
fn problem(queue: &QueueScreen, shared: &SharedState, error: &QueryError, canvas: &mut Canvas, area: Rect) -> u16 {
    let bar = &queue.bar;
    let line = Rect { height: 1, ..area };
    let place = place(queue, line, columns_of_bar(queue, shared, line));
    let (from, wide) = culprit(bar.field.text(), error, place.skip);
    let from = (place.x + from).min(line.right().saturating_sub(1));
    let carets = "^".repeat(usize::from(wide.min(line.right() - from)));
    let take = match &error.instead {
        Some(_) if bar.editing => format!("   {} takes it", shared.keys.map.first_key_named("field-toggle")),
        _ => String::new(),
    };
    let message = format!("{}{take}", words::line(&error.message));
    let columns = words::width(&message) as u16;
    let after = from + carets.len() as u16 + 1;
    if after + columns <= line.right() {
        canvas.text(from, line.y, line.width, &carets, Role::Bad);
        canvas.text(after, line.y, columns, &message, Role::Bad);
    } else if line.x + columns < from {
        canvas.text(from, line.y, line.right() - from, &carets, Role::Bad);
        canvas.text(from - 1 - columns, line.y, columns, &message, Role::Bad);
    } else {
        let room = usize::from(line.width.saturating_sub(2));
        let lines = match words::width(&message) <= room {
            true => vec![message],
            false => words::first_lines(&message, room, usize::from(area.height / 2)),
        };
        for (text, y) in lines.iter().zip(area.top()..area.bottom()) {
            canvas.text(line.x + 2, y, line.width.saturating_sub(2), text, Role::Bad);
        }
        return lines.len() as u16;
    }
    1
}

/// One view as it is shown, with its name's role.
struct Shown {
    index: usize,
    name: String,
    count: String,
}

impl Shown {
    fn width(&self) -> u16 {
        (words::width(&self.name) + if self.count.is_empty() { 0 } else { 1 + words::width(&self.count) }) as u16
    }
}

/// All views with their counts, as many as there is room for around the one that is shown; at the right, what is marked.
fn line_of_views(queue: &QueueScreen, shared: &SharedState, canvas: &mut Canvas, line: Rect) {
    let marked = match queue.marks.len() as u64 {
        0 => String::new(),
        n => format!("● {} marked", numbers::count(n)),
    };
    let right = canvas.right(line, line.y, &marked, Role::Focus);
    let room = right.saturating_sub(line.x + if marked.is_empty() { 2 } else { 4 });
    let all = views::all(queue, shared);
    let current = views::current(queue, &all);
    let shown: Vec<Shown> = all
        .iter()
        .enumerate()
        .map(|(index, v)| {
            let note =
                v.note.as_ref().filter(|_| Some(index) == current).map(|n| format!(" ({n})")).unwrap_or_default();
            Shown { index, name: words::line(&v.title()), count: queue.views.count(&v.name) + &note }
        })
        .collect();
    let (first, last) = around(&shown, current.unwrap_or(0), room.saturating_sub(4));
    let mut x = line.x + 2;
    if first > 0 {
        canvas.text(line.x, line.y, 1, "‹", Role::Muted);
    }
    for s in &shown[first..last] {
        let role = if Some(s.index) == current { Role::Focus } else { Role::Muted };
        let from = x;
        let name = Rect { x, y: line.y, width: words::width(&s.name) as u16, height: 1 };
        x = canvas.text(x, line.y, room.saturating_sub(x - line.x), &s.name, role);
        if Some(s.index) == current {
            canvas.frame.buffer_mut().set_style(name.intersection(line), Modifier::UNDERLINED);
        }
        if !s.count.is_empty() {
            let role = if Some(s.index) == current { Role::Text } else { Role::Muted };
            x = canvas.text(x + 1, line.y, room.saturating_sub(x + 1 - line.x), &s.count, role);
        }
        canvas.hit(Rect { x: from, width: x - from, ..line }, ScreenHit::View(s.index));
        x += 3;
    }
    if last < shown.len() {
        canvas.text(x - 1, line.y, 1, "›", Role::Muted);
    }
}

/// Which neighbours of one entry fit into so many columns, the entry included: from, to. The ones after it come first.
fn around(shown: &[Shown], centre: usize, room: u16) -> (usize, usize) {
    if shown.is_empty() {
        return (0, 0);
    }
    let (mut first, mut last) = (centre, centre + 1);
    let mut used = shown[centre].width();
    loop {
        let mut grown = false;
        if let Some(s) = shown.get(last).filter(|s| used + 3 + s.width() <= room) {
            (used, last, grown) = (used + 3 + s.width(), last + 1, true);
        }
        if let Some(s) = first.checked_sub(1).map(|i| &shown[i]).filter(|s| used + 3 + s.width() <= room) {
            (used, first, grown) = (used + 3 + s.width(), first - 1, true);
        }
        if !grown {
            return (first, last);
        }
    }
}

/// Draws what completes the query, below the place where it is written and over the rows.
pub fn draw_offers(queue: &QueueScreen, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
    let bar = &queue.bar;
    let Some(offers) = bar.offers.as_ref().filter(|_| bar.editing) else { return };
    let place = place(queue, area, columns_of_bar(queue, shared, area));
    let from =
        words::width(bar.field.text().get(..offers.at.start).unwrap_or_default()).saturating_sub(place.skip) as u16;
    let text = offers.all.iter().map(|o| words::width(&o.text)).max().unwrap_or(0).min(40) as u16;
    let hint = offers.all.iter().map(|o| words::width(&o.hint)).max().unwrap_or(0) as u16;
    let wide = (text + if hint > 0 { hint + 2 } else { 0 } + 4).max(16).min(area.width);
    let tall = (offers.all.len() as u16).min(OFFERS);
    let x = (place.x + from).saturating_sub(2).min(area.right().saturating_sub(wide)).max(area.x);
    let tab = shared.keys.map.first_key_named("field-toggle");
    let more = match offers.all.len() {
        n if n > usize::from(tall) => format!("{tab} {} of {n}", offers.selected.map_or(1, |i| i + 1)),
        _ => tab,
    };
    let inner = canvas.float(Rect { x, y: area.y + 1, width: wide, height: tall + 2 }, &more, Role::Accent);
    let top = offers.selected.map_or(0, |i| (i + 1).saturating_sub(usize::from(tall)));
    for ((i, offer), y) in offers.all.iter().enumerate().skip(top).zip(inner.top()..inner.bottom()) {
        let line = Rect { y, height: 1, ..inner };
        canvas.text(line.x, y, text.min(line.width), &offer.text, Role::Text);
        canvas.text(line.x + text + 2, y, line.width.saturating_sub(text + 2), &offer.hint, Role::Muted);
        if offers.selected == Some(i) {
            canvas.select(line, Role::Selected);
        }
        canvas.hit(line, ScreenHit::Entry(i));
    }
}
