//! Drawing the queue: the query on top, rows, and a preview beside or below.

use super::head;
use super::state::QueueScreen;
use super::state::columns::{BOTH, ColumnLayout, QueueColumn, intents};
use crate::domain::query::views::DEFAULT_QUERY;
use crate::domain::{Review, Role as Speaker, Timestamp, Zone};
use crate::store::{QueueRow, ReviewItem};
use crate::text::mark::{self, Needles};
use crate::theme::Role;
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::{SharedState, StoreRead};
use crate::tui::widgets::outcomes::outcome_look;
use crate::tui::widgets::{Canvas, numbers, transcript, words};
use ratatui::layout::Rect;

/// Draws the screen.
pub fn draw(queue: &QueueScreen, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
    let used = head::draw(queue, shared, canvas, area);
    let body = Rect { y: area.y + used, height: area.height.saturating_sub(used), ..area };
    match &queue.load {
        StoreRead::Waiting => canvas.notice(body, &[("Reading the queue …", Role::Muted)]),
        StoreRead::Failed(why) => canvas.notice(
            body,
            &[
                ("✗ The queue could not be read.", Role::Bad),
                ("", Role::Text),
                (&words::line(why), Role::Muted),
                ("", Role::Text),
                ("F5 tries again.", Role::Text),
            ],
        ),
        StoreRead::Ready(()) if queue.window.rows().is_empty() => nothing(queue, shared, canvas, body),
        StoreRead::Ready(()) => {
            rows_and_preview(queue, shared, canvas, body);
            // Rows of what was asked before: the query that stands above is refused.
            if queue.bar.shown_error().is_some() {
                canvas.over(body, Role::Muted);
            }
        }
    }
    // Above the rows.
    head::draw_offers(queue, shared, canvas, area);
}

fn nothing(queue: &QueueScreen, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
    if let Some(error) = queue.bar.error.as_ref() {
        // While one writes it stands below the query.
        if queue.bar.editing {
            return;
        }
        let lines = [
            ("No rows for this query.", Role::Heading),
            ("", Role::Text),
            (&*words::line(&error.message), Role::Text),
            ("", Role::Text),
            ("/ changes it, Esc goes back to open failures and escalations.", Role::Muted),
        ];
        return canvas.notice(area, &lines);
    }
    if shared.overview.ready().is_some_and(|o| o.conversations == 0) {
        return canvas.notice(
            area,
            &[
                ("This store is empty.", Role::Heading),
                ("", Role::Text),
                ("Failed and escalated conversations will stand here, the most instructive first.", Role::Text),
                (
                    &format!(
                        "{} imports a file; 1 goes to the overview, where one can begin.",
                        shared.keys.map.first_key_named("import")
                    ),
                    Role::Text,
                ),
            ],
        );
    }
    let (failures, open) = shared.overview.ready().map_or((0, 0), |o| (o.failures, o.open));
    let usual = queue.bar.field.text() == DEFAULT_QUERY;
    if failures == 0 && usual {
        return no_failures(shared, canvas, area);
    }
    let left = match open {
        _ if failures == 0 => "No conversation in this store failed or was escalated.".to_owned(),
        0 => "No failed or escalated conversation is open: all are reviewed or put off.".to_owned(),
        n => format!(
            "{} failed or escalated and open in the whole store.",
            numbers::plural(n, "conversation is", "conversations are")
        ),
    };
    if queue.hidden > 0 {
        let those =
            numbers::plural(queue.hidden, "conversation of a test group does", "conversations of test groups do");
        return canvas.notice(
            area,
            &[
                ("Nothing outside the test groups matches this filter.", Role::Heading),
                ("", Role::Text),
                (&format!("{those}. test:shown in place of test:hidden shows them."), Role::Text),
                ("", Role::Text),
                ("/ changes the filter.", Role::Muted),
            ],
        );
    }
    let other = match usual {
        true => "/ changes the filter, f chooses one from a list.",
        false => "Esc goes back to open failures and escalations, / changes the filter.",
    };
    canvas.notice(
        area,
        &[
            ("Nothing matches this filter.", Role::Heading),
            ("", Role::Text),
            (&left, Role::Text),
            ("", Role::Text),
            (other, Role::Muted),
        ],
    );
}

/// Nothing is known to have failed: why, and what can be reviewed all the same.
fn no_failures(shared: &SharedState, canvas: &mut Canvas, area: Rect) {
    let (all, unknown, open) =
        shared.overview.ready().map_or((0, 0, 0), |o| (o.conversations, o.unknown, o.unknown_open));
    let key = |name| shared.keys.map.first_key_named(name);
    let (filter, ended) = (key("filter-menu"), key("how-it-ended"));
    let mut lines =
        vec![("No conversation here is known to have failed or been handed over.".to_owned(), Role::Heading)];
    if unknown > 0 {
        let says = format!(
            "How {} of {} ended nobody knows: no outcome, hand-over or rating tells it.",
            numbers::count(unknown),
            numbers::count(all)
        );
        lines.push((says, Role::Text));
    }
    lines.extend([(String::new(), Role::Text), ("What can be reviewed all the same:".to_owned(), Role::Muted)]);
    if unknown > 0 {
        // The choice stays within the filter that is shown.
        let those = match numbers::count(open) {
            n if open == unknown => format!("these {n}"),
            n => format!("{n} of these, open and in no test group"),
        };
        let says = format!("  {filter}, there “outcome unknown”: {those}; {ended} in Review says how one ended");
        lines.push((says, Role::Text));
    }
    let everything = format!("  {filter}, there “everything”: all {}", numbers::count(all));
    lines.push((everything, Role::Text));
    let cycle =
        format!("  then {}: a review cycle over what is listed, a part of it drawn at random", key("open-cycle"));
    lines.push((cycle, Role::Text));
    let lines: Vec<(&str, Role)> = lines.iter().map(|(text, role)| (text.as_str(), *role)).collect();
    canvas.notice(area, &lines);
}

fn rows_and_preview(queue: &QueueScreen, shared: &SharedState, canvas: &mut Canvas, body: Rect) {
    let with = queue.look.preview && body.height >= 12;
    if with && body.width >= 150 {
        let side = body.width * 36 / 100;
        let list = Rect { width: body.width - side - 3, ..body };
        rows(queue, shared, canvas, list);
        canvas.divider(list.right(), body);
        preview(queue, shared, canvas, Rect { x: list.right() + 2, width: side, ..body });
        return;
    }
    if !with {
        return rows(queue, shared, canvas, body);
    }
    let below = (body.height / 3).clamp(5, 12);
    rows(queue, shared, canvas, Rect { height: body.height - below - 1, ..body });
    let y = body.bottom() - below - 1;
    canvas.rule(body, y);
    preview(queue, shared, canvas, Rect { y: y + 1, height: below, ..body });
}

/// Columns before a row: what is selected, and what is marked.
const LEAD: u16 = 2;

fn rows(queue: &QueueScreen, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
    let list = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let (shown, selected) = queue.window.view(usize::from(list.height));
    let clock = (shared.now, shared.zone());
    // A mark keeps apart from what follows it.
    let lead = if queue.marks.is_empty() { LEAD } else { LEAD + 1 };
    let layout = ColumnLayout::of(usize::from(area.width.saturating_sub(lead)), queue.look.columns, shown, clock);
    let is_live = shared.overview.ready().is_some_and(|o| o.live.is_some());
    let cells = |line: Rect| Rect { x: line.x + lead, width: line.width.saturating_sub(lead), ..line };
    headings(&layout, is_live, canvas, cells(Rect { height: 1, ..area }));
    let needles = Needles::of(&queue.query);
    for (i, (row, y)) in shown.iter().zip(list.top()..list.bottom()).enumerate() {
        let line = Rect { y, height: 1, ..list };
        draw_row(row, clock, &layout, &needles, canvas, cells(line));
        if Some(i) == selected {
            canvas.text(line.x, y, 1, "▶", Role::Focus);
            let role = if queue.bar.editing { Role::Resting } else { Role::Selected };
            canvas.over(Rect { x: line.x + 2, width: line.width.saturating_sub(2), ..line }, role);
        }
        if queue.marks.has(row.n) {
            canvas.text(line.x + 1, y, 1, "●", Role::Focus);
        }
        canvas.hit(line, ScreenHit::Row(row.n));
    }
    canvas.seen.rows = usize::from(list.height);
}

/// Names of the columns; a click on one sorts by it. How sure the live model is, is named after it: Review tells the log's.
fn headings(layout: &ColumnLayout, is_live: bool, canvas: &mut Canvas, line: Rect) {
    let mut x = line.x;
    for (column, width) in &layout.0 {
        let name = match column {
            QueueColumn::Number => words::pad_left("#", *width),
            QueueColumn::Turns | QueueColumn::Sentiment => words::pad_left(column.name(), *width),
            QueueColumn::Intent if *width >= BOTH => "intent → suggested".to_owned(),
            QueueColumn::Intent => "intent".to_owned(),
            QueueColumn::Confidence => if is_live { "live" } else { "conf" }.to_owned(),
            QueueColumn::Status => String::new(),
            QueueColumn::Said => "customer said".to_owned(),
            QueueColumn::Why => "why it is here".to_owned(),
            other => other.name().to_owned(),
        };
        let wide = *width as u16;
        canvas.text(x, line.y, wide, &name, Role::Muted);
        if let Some(by) = column.sorts() {
            canvas.hit(Rect { x, width: wide, ..line }, ScreenHit::Sort(by));
        }
        x += wide + 1;
    }
}

/// The sign of where a review stands.
pub fn status_sign(status: Review) -> &'static str {
    match status {
        Review::Open => " ",
        Review::Done => "✓",
        Review::Later => "↷",
        Review::Skipped => "?",
        Review::Flagged => "⚑",
    }
}

/// What the customer said in so many columns; of a search, what matches it, whoever said it.
fn said(row: &QueueRow, needles: &Needles, columns: usize) -> Vec<(String, Role)> {
    let text = match &row.found {
        Some((Speaker::Bot, text)) => format!("AI: {}", words::line(text)),
        Some((Speaker::Agent, text)) => format!("colleague: {}", words::line(text)),
        Some((_, text)) => words::line(text),
        None => words::line(&row.text),
    };
    let (text, found) = mark::around(&text, &mark::matches(&text, needles), columns);
    let shown = words::fit(&text, columns);
    // The ellipsis of a cut is no match.
    let kept = if shown.len() < text.len() { shown.trim_end_matches('…').len() } else { shown.len() };
    let found: Vec<_> = found.into_iter().map(|r| r.start.min(kept)..r.end.min(kept)).collect();
    let mut pieces = words::marked(&shown, &found, Role::Text, Role::Match);
    pieces.push((" ".repeat(columns - words::width(&shown).min(columns)), Role::Text));
    pieces
}

fn draw_row(
    row: &QueueRow,
    now: (Timestamp, Zone),
    layout: &ColumnLayout,
    needles: &Needles,
    canvas: &mut Canvas,
    line: Rect,
) {
    let mut x = line.x;
    for (column, width) in &layout.0 {
        let wide = (*width as u16).min(line.right().saturating_sub(x));
        if *column == QueueColumn::Said {
            let pieces = said(row, needles, *width);
            let pieces: Vec<(&str, Role)> = pieces.iter().map(|(text, role)| (text.as_str(), *role)).collect();
            canvas.pieces(x, line.y, wide, &pieces);
        } else {
            let (text, role) = cell(row, *column, *width, now);
            canvas.text(x, line.y, wide, &text, role);
        }
        x += *width as u16 + 1;
    }
}

/// When it was, in so many columns: of a far day without room for its year the day alone.
fn when(at: Timestamp, width: usize, (now, zone): (Timestamp, Zone)) -> String {
    let whole = zone.ago(at, now);
    if words::width(&whole) <= width { whole } else { zone.format(at, "%-d %b") }
}

/// What stands in one column of a row.
fn cell(row: &QueueRow, column: QueueColumn, width: usize, (now, zone): (Timestamp, Zone)) -> (String, Role) {
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
    match column {
        QueueColumn::Number => (words::pad_left(&row.n.0.to_string(), width), Role::Muted),
        QueueColumn::When => (or_dash(row.at.map(|t| when(t, width, (now, zone)))), Role::Muted),
        QueueColumn::Outcome => {
            let (sign, role) = outcome_look(row.outcome);
            (format!("{sign} {}", row.outcome), role)
        }
        QueueColumn::Intent => (intents(row, width), Role::Text),
        QueueColumn::Confidence => {
            (words::pad_left(&or_dash(row.confidence.map(|c| format!("{c:.2}"))), width), Role::Muted)
        }
        QueueColumn::Status => (status_sign(row.status).to_owned(), Role::Good),
        QueueColumn::Said => (words::line(&row.text), Role::Text),
        QueueColumn::Csat => (or_dash(row.csat.map(|c| format!("★{c:.0}"))), Role::Muted),
        QueueColumn::Who => (or_dash(row.reviewer.as_deref().map(words::line)), Role::Muted),
        QueueColumn::Cause => (or_dash(row.cause.map(|c| c.label().to_owned())), Role::Muted),
        QueueColumn::Why => (row.why.join(" · "), Role::Muted),
        QueueColumn::Channel => (or_dash(row.channel.as_deref().map(words::line)), Role::Muted),
        QueueColumn::Language => (or_dash(row.language.as_deref().map(words::line)), Role::Muted),
        QueueColumn::Turns => (words::pad_left(&row.turns.to_string(), width), Role::Muted),
        QueueColumn::Sentiment => {
            (words::pad_left(&or_dash(row.sentiment.map(|s| numbers::signed(s, 2))), width), Role::Muted)
        }
    }
}

fn preview(queue: &QueueScreen, shared: &SharedState, canvas: &mut Canvas, area: Rect) {
    let Some(row) = queue.window.selected() else { return };
    let item = match &queue.preview {
        StoreRead::Ready(item) if item.n == row.n => item,
        StoreRead::Failed(why) => {
            canvas.text(area.x, area.y, area.width, &format!("✗ {}", words::line(why)), Role::Bad);
            return;
        }
        _ => return,
    };
    // A cause alone does not close it, and no column may have room for it.
    let half = row.cause.filter(|_| row.status == Review::Open && row.label.is_none());
    let half = half.map(|cause| format!("{}, no intent yet", cause.label()));
    let why = row.why.iter().map(|why| (*why).to_owned()).chain(half).collect::<Vec<_>>().join(" · ");
    let title = if why.is_empty() { format!("#{}", row.n.0) } else { format!("#{}   {why}", row.n.0) };
    let test = if row.test_group && area.width >= 60 { "test group" } else { "" };
    let end = canvas.right(area, area.y, test, Role::Muted);
    let room = end.saturating_sub(area.x + 2);
    canvas.text(area.x, area.y, room, &words::fit(&title, room.into()), Role::Muted);
    let rest = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let needles = Needles::of(&queue.query);
    if area.width >= 60 && area.height > 14 {
        full((item, shared.zone()), &needles, canvas, Rect { y: rest.y + 1, height: rest.height - 1, ..rest });
        return;
    }
    let columns = usize::from(area.width.saturating_sub(2));
    let lines = transcript::brief(item, columns, usize::from(rest.height), &needles, shared.zone());
    draw_lines(&lines, canvas, rest);
}

fn full((item, zone): (&ReviewItem, Zone), needles: &Needles, canvas: &mut Canvas, area: Rect) {
    let columns = usize::from(area.width.saturating_sub(2));
    let shown = transcript::TranscriptLook { judged: item.turn, columns, needles, zone, unfolded: false };
    let (lines, begins) = transcript::lines(item, shown);
    let fits = usize::from(area.height);
    let first = begins.saturating_sub(fits / 2).min(lines.len().saturating_sub(fits));
    draw_lines(&lines[first..], canvas, area);
}

fn draw_lines(lines: &[transcript::TranscriptLine], canvas: &mut Canvas, area: Rect) {
    for (line, y) in lines.iter().zip(area.top()..area.bottom()) {
        if line.judged {
            canvas.text(area.x, y, 1, "▌", Role::Focus);
        }
        let pieces: Vec<(&str, Role)> = line.pieces.iter().map(|(t, r)| (t.as_str(), *r)).collect();
        canvas.pieces(area.x + 2, y, area.width.saturating_sub(2), &pieces);
    }
}
