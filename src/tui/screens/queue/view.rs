//! Drawing the queue: the query on top, rows, and a preview beside or below.

use super::Queue;
use crate::domain::sort::By;
use crate::domain::{Review, Role as Speaker, Timestamp};
use crate::store::{QueueRow, ReviewItem};
use crate::text::mark::{self, Needles};
use crate::theme::Role;
use crate::tui::app::{App, Load};
use crate::tui::screens::review::transcript;
use crate::tui::screens::review::view::outcome_look;
use crate::tui::widgets::{Canvas, Hit, numbers, words};
use ratatui::layout::{Position, Rect};

/// Draws the screen.
pub fn draw(app: &App, canvas: &mut Canvas, area: Rect) {
    bar(app, canvas, area);
    let body = Rect { y: area.y + 2, height: area.height.saturating_sub(2), ..area };
    if let Some(error) = &app.queue.error {
        problem(&app.queue, &error.message, error.at.clone(), canvas, area);
    }
    match &app.queue.load {
        Load::Waiting => canvas.notice(body, &[("Reading the queue …", Role::Muted)]),
        Load::Failed(why) => canvas.notice(
            body,
            &[
                ("✗ The queue could not be read.", Role::Bad),
                ("", Role::Text),
                (&words::line(why), Role::Muted),
                ("", Role::Text),
                ("F5 tries again.", Role::Text),
            ],
        ),
        Load::Ready(()) if app.queue.window.rows().is_empty() => nothing(app, canvas, body),
        Load::Ready(()) => rows_and_preview(app, canvas, body),
    }
}

fn bar(app: &App, canvas: &mut Canvas, area: Rect) {
    let queue = &app.queue;
    let all =
        app.shared.overview.ready().map(|o| format!(" of {}", numbers::count(o.conversations))).unwrap_or_default();
    let found = queue.count.map(|n| format!("{}{all}", numbers::count(n))).unwrap_or_default();
    let arrow = if !queue.sort.first().descending { "↑" } else { "↓" };
    let sort =
        if area.width < 100 { format!("{} {arrow}", queue.sort) } else { format!("sorted by {} {arrow}", queue.sort) };
    // Otherwise nobody could tell why these are fewer than the store holds.
    let left_out = if queue.sort.first().by == By::Value && area.width >= 110 { ", test group left out" } else { "" };
    let right = canvas.right(area, area.y, &format!("{found}   {sort}{left_out}"), Role::Muted);
    let columns = right.saturating_sub(area.x + 2);
    let lead = if queue.editing { "/ " } else { "  " };
    let role = if queue.editing { Role::Focus } else { Role::Text };
    let x = canvas.text(area.x, area.y, 2, lead, Role::Key);
    let room = usize::from(columns.saturating_sub(2));
    // What does not fit is cut at the front while the cursor is behind it.
    let clean = words::line(queue.field.text());
    let before = words::width(&queue.field.text()[..queue.field.cursor()]);
    let skip = if queue.editing { before.saturating_sub(room.saturating_sub(1)) } else { 0 };
    let shown = if skip > 0 { words::tail(queue.field.text(), skip) } else { queue.field.text().to_owned() };
    if clean.is_empty() && !queue.editing {
        canvas.text(x, area.y, columns, "everything", Role::Muted);
    } else {
        canvas.text(x, area.y, columns.saturating_sub(2), &shown, role);
    }
    if queue.editing {
        canvas.frame.set_cursor_position(Position::new(x + (before - skip) as u16, area.y));
    }
    canvas.hit(Rect { width: columns, height: 1, ..area }, Hit::Query);
}

fn problem(queue: &Queue, message: &str, at: std::ops::Range<usize>, canvas: &mut Canvas, area: Rect) {
    let text = queue.field.text();
    let from = words::width(text.get(..at.start).unwrap_or(text)) as u16;
    let marked = words::width(text.get(at).unwrap_or_default()).max(1);
    let y = area.y + 1;
    let x = canvas.text(area.x + 2 + from.min(area.width / 2), y, area.width / 2, &"^".repeat(marked), Role::Bad);
    let right = area.right().saturating_sub(x + 1);
    canvas.text(x + 1, y, right, &words::line(message), Role::Bad);
}

fn nothing(app: &App, canvas: &mut Canvas, area: Rect) {
    if app.shared.overview.ready().is_some_and(|o| o.conversations == 0) {
        return canvas.notice(
            area,
            &[
                ("This store is empty.", Role::Heading),
                ("", Role::Text),
                ("Failed and escalated conversations will stand here, the most instructive first.", Role::Text),
                (
                    &format!(
                        "{} imports a file; 1 goes to the overview, where one can begin.",
                        app.keys.map.first_key_named("import")
                    ),
                    Role::Text,
                ),
            ],
        );
    }
    let (failures, open) = app.shared.overview.ready().map_or((0, 0), |o| (o.failures, o.open));
    let left = match open {
        _ if failures == 0 => "No conversation in this store failed or was escalated.".to_owned(),
        0 => "No failed or escalated conversation is open: all are reviewed or put off.".to_owned(),
        n => format!(
            "{} failed or escalated and open in the whole store.",
            numbers::plural(n, "conversation is", "conversations are")
        ),
    };
    let other = if app.queue.field.text() == super::query::DEFAULT {
        "/ changes the filter, f chooses one from a list."
    } else {
        "Esc goes back to open failures and escalations, / changes the filter."
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

fn rows_and_preview(app: &App, canvas: &mut Canvas, body: Rect) {
    let with = app.queue.show_preview && body.height >= 12;
    if with && body.width >= 150 {
        let side = body.width * 36 / 100;
        let list = Rect { width: body.width - side - 3, ..body };
        rows(app, canvas, list);
        canvas.divider(list.right(), body);
        preview(app, canvas, Rect { x: list.right() + 2, width: side, ..body });
        return;
    }
    if !with {
        return rows(app, canvas, body);
    }
    let below = (body.height / 3).clamp(5, 12);
    rows(app, canvas, Rect { height: body.height - below - 1, ..body });
    let y = body.bottom() - below - 1;
    canvas.rule(body, y);
    preview(app, canvas, Rect { y: y + 1, height: below, ..body });
}

/// Columns in which both the logged and the suggested intent can be read.
const BOTH: usize = 28;

/// Columns of the list: how wide time, intents and words are, and whether rating and reviewer have room. What no row in
/// sight has gets no more room than its heading.
struct Columns {
    when: usize,
    intent: usize,
    text: usize,
    extra: bool,
}

impl Columns {
    /// All but the time, the intents and the words.
    const FIXED: usize = 2 + 9 + 12 + 6 + 2;

    fn of(width: u16, rows: &[&QueueRow], now: Timestamp) -> Self {
        let width = usize::from(width);
        let extra = width >= 104;
        let when = rows.iter().filter_map(|r| r.at).map(|t| t.ago(now).len()).max().unwrap_or(0).clamp(4, 10);
        let rest = width.saturating_sub(Self::FIXED + when + if extra { 6 + 11 } else { 0 });
        let known = rows.iter().any(|r| r.fallback || r.intent.is_some() || r.suggested.is_some() || r.label.is_some());
        let intent = if known { (rest / 2).clamp(12, 46) } else { 12 };
        Self { when, intent, text: rest.saturating_sub(intent), extra }
    }
}

fn rows(app: &App, canvas: &mut Canvas, area: Rect) {
    let list = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let (shown, selected) = app.queue.window.view(usize::from(list.height));
    let columns = Columns::of(area.width, &shown.iter().collect::<Vec<_>>(), app.shared.now);
    let intent = if columns.intent >= BOTH { "intent → suggested" } else { "→ suggested" };
    let mut head = format!(
        "  {} {} {}{} {}  {}",
        words::pad_left("#", 7),
        words::pad("when", columns.when),
        words::pad("outcome", 12),
        words::pad(intent, columns.intent),
        words::pad("conf", 4),
        words::pad("customer said", columns.text),
    );
    if columns.extra {
        head.push_str("csat  who");
    }
    canvas.text(area.x, area.y, area.width, &head, Role::Muted);
    let needles = Needles::of(&app.queue.query);
    for (i, (row, y)) in shown.iter().zip(list.top()..list.bottom()).enumerate() {
        let line = Rect { y, height: 1, ..list };
        draw_row(row, app.shared.now, &columns, &needles, canvas, line);
        if Some(i) == selected {
            canvas.text(line.x, y, 1, "▶", Role::Focus);
            let role = if app.queue.editing { Role::Resting } else { Role::Selected };
            canvas.over(Rect { x: line.x + 2, width: line.width.saturating_sub(2), ..line }, role);
        }
        canvas.hit(line, Hit::Row(row.n));
    }
    canvas.seen.rows = usize::from(list.height);
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

fn intents(row: &QueueRow, columns: usize) -> String {
    let logged = match &row.intent {
        _ if row.fallback => "fallback".to_owned(),
        Some(name) => words::line(name),
        None => "–".to_owned(),
    };
    let short = columns < BOTH;
    match (&row.label, &row.suggested) {
        (Some(label), _) if short => format!("✓ {}", words::line(label)),
        (None, Some(s)) if short && words::line(s) != logged => format!("→ {}", words::line(s)),
        (Some(label), _) => format!("{logged} → ✓ {}", words::line(label)),
        (None, Some(s)) if words::line(s) != logged => format!("{logged} → {}", words::line(s)),
        _ => logged,
    }
}

/// What the customer said in so many columns; of a search, what matches it, whoever said it.
fn said(row: &QueueRow, needles: &Needles, columns: usize) -> Vec<(String, Role)> {
    let room = columns.saturating_sub(1);
    let text = match &row.found {
        Some((Speaker::Bot, text)) => format!("AI: {}", words::line(text)),
        Some((Speaker::Agent, text)) => format!("colleague: {}", words::line(text)),
        Some((_, text)) => words::line(text),
        None => words::line(&row.text),
    };
    let (text, found) = mark::around(&text, &mark::matches(&text, needles), room);
    let shown = words::fit(&text, room);
    // The ellipsis of a cut is no match.
    let kept = if shown.len() < text.len() { shown.trim_end_matches('…').len() } else { shown.len() };
    let found: Vec<_> = found.into_iter().map(|r| r.start.min(kept)..r.end.min(kept)).collect();
    let mut pieces = words::marked(&shown, &found, Role::Text);
    pieces.push((" ".repeat(columns - words::width(&shown).min(columns)), Role::Text));
    pieces
}

fn draw_row(row: &QueueRow, now: Timestamp, columns: &Columns, needles: &Needles, canvas: &mut Canvas, line: Rect) {
    let (sign, role) = outcome_look(row.outcome);
    let when = row.at.map(|t| t.ago(now)).unwrap_or_else(|| "–".to_owned());
    let confidence = row.confidence.map(|c| format!("{c:.2}")).unwrap_or_else(|| "–".to_owned());
    let number = words::pad_left(&row.n.0.to_string(), 7);
    let when = format!(" {} ", words::pad(&when, columns.when));
    let outcome = words::pad(&format!("{sign} {}", row.outcome), 12);
    let intent = words::pad(&intents(row, columns.intent), columns.intent);
    let confidence = format!(" {}", words::pad_left(&confidence, 4));
    let status = format!("{} ", status_sign(row.status));
    let said = said(row, needles, columns.text);
    let mut pieces: Vec<(&str, Role)> = vec![
        (&number, Role::Muted),
        (&when, Role::Muted),
        (&outcome, role),
        (&intent, Role::Text),
        (&confidence, Role::Muted),
        (" ", Role::Text),
        (&status, Role::Good),
    ];
    pieces.extend(said.iter().map(|(text, role)| (text.as_str(), *role)));
    let csat = words::pad(&row.csat.map(|c| format!("★{c:.0}")).unwrap_or_else(|| "–".to_owned()), 6);
    let who = words::pad(&row.reviewer.as_deref().map(words::line).unwrap_or_else(|| "–".to_owned()), 10);
    if columns.extra {
        pieces.extend([(csat.as_str(), Role::Muted), (who.as_str(), Role::Muted)]);
    }
    canvas.pieces(line.x + 2, line.y, line.width.saturating_sub(2), &pieces);
}

fn preview(app: &App, canvas: &mut Canvas, area: Rect) {
    let Some(row) = app.queue.window.selected() else { return };
    let item = match &app.queue.preview {
        Load::Ready(item) if item.n == row.n => item,
        Load::Failed(why) => {
            canvas.text(area.x, area.y, area.width, &format!("✗ {}", words::line(why)), Role::Bad);
            return;
        }
        _ => return,
    };
    let why = row.why.join(" · ");
    let title = if why.is_empty() { words::line(&row.id) } else { format!("{}   {why}", words::line(&row.id)) };
    canvas.text(area.x, area.y, area.width, &title, Role::Muted);
    let test = if row.test_group && area.width >= 60 { "test group" } else { "" };
    canvas.right(area, area.y, test, Role::Muted);
    let rest = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let needles = Needles::of(&app.queue.query);
    if area.width >= 60 && area.height > 14 {
        full(item, &needles, canvas, Rect { y: rest.y + 1, height: rest.height - 1, ..rest });
        return;
    }
    let columns = usize::from(area.width.saturating_sub(2));
    let lines = transcript::brief(item, columns, usize::from(rest.height), &needles);
    draw_lines(&lines, canvas, rest);
}

fn full(item: &ReviewItem, needles: &Needles, canvas: &mut Canvas, area: Rect) {
    let columns = usize::from(area.width.saturating_sub(2));
    let (lines, begins) = transcript::lines(item, item.turn, columns, needles);
    let fits = usize::from(area.height);
    let first = begins.saturating_sub(fits / 2).min(lines.len().saturating_sub(fits));
    draw_lines(&lines[first..], canvas, area);
}

fn draw_lines(lines: &[transcript::Line], canvas: &mut Canvas, area: Rect) {
    for (line, y) in lines.iter().zip(area.top()..area.bottom()) {
        if line.judged {
            canvas.text(area.x, y, 1, "▌", Role::Focus);
        }
        let pieces: Vec<(&str, Role)> = line.pieces.iter().map(|(t, r)| (t.as_str(), *r)).collect();
        canvas.pieces(area.x + 2, y, area.width.saturating_sub(2), &pieces);
    }
}
