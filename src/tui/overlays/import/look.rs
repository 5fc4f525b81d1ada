//! Drawing what a file holds before it is imported.

use super::told::{ToldLine, ToldOfLog};
use crate::domain::Role as Speaker;
use crate::theme::Role;
use crate::tui::state::files::LogPreview;
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::StoreRead;
use crate::tui::widgets::canvas::centred;
use crate::tui::widgets::listed::{first_in_view, more_in, unseen};
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::Rect;
use std::path::Path;

/// Draws what is known of the file, and what can be said of it.
pub fn draw(told: &ToldOfLog, path: &Path, look: &StoreRead<LogPreview>, canvas: &mut Canvas) {
    let screen = canvas.frame.area();
    let wide = 84.min(screen.width.saturating_sub(4));
    let columns = usize::from(wide.saturating_sub(4));
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let lines = told.lines(look);
    let (above, below) = match look {
        StoreRead::Waiting => (vec![("Reading its beginning …".to_owned(), Role::Muted)], Vec::new()),
        StoreRead::Failed(why) => (failed(why), Vec::new()),
        StoreRead::Ready(_) if lines.is_empty() => {
            (vec![("It holds no conversations.".to_owned(), Role::Bad)], Vec::new())
        }
        StoreRead::Ready(look) => (found(told, look), sample(look)),
    };
    let foot = match lines.len() {
        0 => "Esc goes back",
        1 if look.ready().is_none() => "⏎ says what makes it readable   Esc goes back",
        1 => "⏎ imports it   Esc goes back",
        _ => "⏎ does what is selected, or says who a speaker is   Esc goes back",
    };
    let (above, below) = (wrapped(above, columns), wrapped(below, columns));
    let room = usize::from(screen.height.saturating_sub(4));
    // The list keeps some rows where all else would take them; what is cut is the first conversation.
    let list = lines.len().min(room.saturating_sub(above.len() + 5).max(4));
    let gaps = if lines.is_empty() { 0 } else { 2 };
    let tall = (above.len() + list + below.len() + gaps + 4).min(room) as u16;
    let title = format!("Import {}", words::fit(&words::line(&name), columns.saturating_sub(12)));
    // Below the tabs and their rule, however much there is to say.
    let middle = centred(screen, wide, tall);
    let area = Rect { y: middle.y.max(2.min(screen.height - middle.height)), ..middle };
    let inner = canvas.float(area, &title, Role::Accent);
    let foot_row = inner.bottom().saturating_sub(1);
    let mut y = paragraph(&above, canvas, Rect { height: inner.height.saturating_sub(list as u16 + 2), ..inner });
    if !lines.is_empty() {
        let area = Rect { y: y + 1, height: (list as u16).min(foot_row.saturating_sub(y + 1)), ..inner };
        draw_lines(told, &lines, canvas, area);
        y = area.bottom() + 1;
    }
    paragraph(&below, canvas, Rect { y, height: foot_row.saturating_sub(y), ..inner });
    canvas.text(inner.x, foot_row, inner.width, foot, Role::Muted);
}

fn wrapped(lines: Vec<(String, Role)>, columns: usize) -> Vec<(String, Role)> {
    lines.iter().flat_map(|(t, r)| words::wrap(t, columns).into_iter().map(move |l| (l, *r))).collect()
}

/// Writes lines as far as they fit; returns the row behind them.
fn paragraph(lines: &[(String, Role)], canvas: &mut Canvas, area: Rect) -> u16 {
    let mut y = area.y;
    for (text, role) in lines.iter().take(area.height.into()) {
        canvas.text(area.x, y, area.width, text, *role);
        y += 1;
    }
    y
}

fn draw_lines(told: &ToldOfLog, lines: &[ToldLine], canvas: &mut Canvas, area: Rect) {
    let first = first_in_view(told.selected, area.height.into(), lines.len());
    for ((i, line), y) in lines.iter().enumerate().skip(first).zip(area.top()..area.bottom()) {
        let row = Rect { y, height: 1, ..area };
        let pieces = match line {
            ToldLine::Import => vec![("import it".to_owned(), Role::Focus)],
            ToldLine::Speaker(i) => {
                told.speakers.get(*i).map(|s| s.words(usize::from(row.width.saturating_sub(2)))).unwrap_or_default()
            }
            ToldLine::Answer => vec![("answer what is asked".to_owned(), Role::Text)],
        };
        let pieces: Vec<(&str, Role)> = pieces.iter().map(|(t, r)| (t.as_str(), *r)).collect();
        canvas.pieces(row.x + 2, y, row.width.saturating_sub(2), &pieces);
        if i == told.selected {
            canvas.text(row.x, y, 1, "▶", Role::Focus);
            canvas.over(Rect { x: row.x + 2, width: row.width.saturating_sub(2), ..row }, Role::Selected);
        }
        canvas.hit(row, ScreenHit::Entry(i));
    }
    let unseen = unseen(first, area.height.into(), lines.len());
    more_in(unseen, Role::Muted, canvas, Rect { y: area.bottom(), height: 1, ..area });
    canvas.seen.rows = area.height.into();
}

fn failed(why: &str) -> Vec<(String, Role)> {
    vec![
        ("✗ This file cannot be imported.".to_owned(), Role::Bad),
        (String::new(), Role::Text),
        (words::line(why), Role::Text),
    ]
}

fn found(told: &ToldOfLog, look: &LogPreview) -> Vec<(String, Role)> {
    let mut out = vec![
        (format!("{}, format {}", numbers::bytes(look.size), words::line(&look.format)), Role::Heading),
        (format!("because: {}", words::line(&look.why)), Role::Muted),
    ];
    if look.rejected > 0 {
        let problem = look.problem.as_deref().map(words::line).unwrap_or_default();
        let n = look.read + look.rejected;
        out.push((format!("! {} of its first {n} records cannot be read: {problem}", look.rejected), Role::Bad));
    }
    if told.speakers.iter().any(|s| s.role.is_none()) {
        let asks = "? The log does not say who these speakers are. Are they customers, the AI, your people?";
        out.push((asks.to_owned(), Role::Bad));
    }
    for q in look.questions.iter().filter(|q| !told.is_about_speakers(q)) {
        out.push((format!("? {}", words::line(&q.to_string())), if q.needed { Role::Bad } else { Role::Muted }));
    }
    out
}

/// The first conversation, as it is read now.
fn sample(look: &LogPreview) -> Vec<(String, Role)> {
    let mut out = Vec::new();
    if !look.sample.is_empty() {
        out.push(("Its first conversation:".to_owned(), Role::Muted));
    }
    for (who, text) in &look.sample {
        let who = match who {
            Speaker::User => "customer",
            Speaker::Bot => "AI",
            Speaker::Agent => "colleague",
            Speaker::Tool => "tool",
            Speaker::System => "event",
        };
        let text = words::fit(&words::line(text), 140);
        out.push((format!("{} {text}", words::pad(who, 10)), Role::Text));
    }
    out.push((String::new(), Role::Text));
    out.push((
        "Conversations that are stored already are recognised: importing twice changes nothing.".to_owned(),
        Role::Muted,
    ));
    out
}
