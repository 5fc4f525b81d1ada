//! Drawing which column of a CSV file holds what, with examples.

use super::mapping::{ColumnMapping, MappingLine};
use crate::domain::Role as Speaker;
use crate::ingest::ImportQuestion;
use crate::ingest::formats::csv::CsvField;
use crate::theme::Role;
use crate::tui::state::files::LogPreview;
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::StoreRead;
use crate::tui::widgets::canvas::centred;
use crate::tui::widgets::listed::{more_in, unseen};
use crate::tui::widgets::{Canvas, words};
use ratatui::layout::Rect;
use std::path::Path;

/// Draws the mapping, and the first conversation as it reads it.
pub fn draw(columns: &ColumnMapping, path: &Path, look: &StoreRead<LogPreview>, canvas: &mut Canvas) {
    let screen = canvas.frame.area();
    let wide = 110.min(screen.width.saturating_sub(2));
    let sample = sample(columns, look, usize::from(wide.saturating_sub(4)));
    let lines = columns.lines();
    let tall = (lines.len() + sample.len() + 6) as u16;
    let area = centred(screen, wide, tall.min(screen.height.saturating_sub(2)));
    let name = path.file_name().map(|n| words::line(&n.to_string_lossy())).unwrap_or_default();
    let title = format!("{}: which column holds what?", words::fit(&name, 40));
    let inner = canvas.float(area, &title, Role::Accent);
    let below = (sample.len() as u16 + 1).min(inner.height / 2);
    let list = Rect { height: inner.height.saturating_sub(below + 1), ..inner };
    draw_lines(columns, &lines, canvas, list);
    let mut y = list.bottom() + 1;
    for (text, role) in &sample {
        if y < inner.bottom().saturating_sub(1) {
            canvas.text(inner.x, y, inner.width, text, *role);
            y += 1;
        }
    }
    let foot = inner.bottom().saturating_sub(1);
    canvas.text(
        inner.x,
        foot,
        inner.width,
        "⏎ does what is selected, or changes a column   Esc goes back",
        Role::Muted,
    );
}

fn draw_lines(columns: &ColumnMapping, lines: &[MappingLine], canvas: &mut Canvas, list: Rect) {
    let fits = usize::from(list.height).max(1);
    let first = columns.selected.saturating_sub(fits / 2).min(lines.len().saturating_sub(fits));
    let name = columns.columns.iter().map(|c| words::width(&words::line(&c.name))).max().unwrap_or(0).clamp(8, 24);
    for ((i, line), y) in lines.iter().enumerate().skip(first).zip(list.top()..list.bottom()) {
        let row = Rect { y, height: 1, ..list };
        let pieces = describe(columns, *line, name);
        let pieces: Vec<(&str, Role)> = pieces.iter().map(|(t, r)| (t.as_str(), *r)).collect();
        canvas.pieces(row.x + 2, y, row.width.saturating_sub(2), &pieces);
        if i == columns.selected {
            canvas.text(row.x, y, 1, "▶", Role::Focus);
            canvas.over(Rect { x: row.x + 2, width: row.width.saturating_sub(2), ..row }, Role::Selected);
        }
        canvas.hit(row, ScreenHit::Entry(i));
    }
    more_in(unseen(first, fits, lines.len()), Role::Muted, canvas, Rect { y: list.bottom(), height: 1, ..list });
    canvas.seen.rows = fits;
}

fn describe(columns: &ColumnMapping, line: MappingLine, name: usize) -> Vec<(String, Role)> {
    let set = |what: &str, value: String| vec![(words::pad(what, name + 2), Role::Muted), (value, Role::Text)];
    match line {
        MappingLine::Import => match &columns.problem {
            None => vec![("import it like this".to_owned(), Role::Focus)],
            Some(why) => vec![(format!("! {}", words::line(why)), Role::Bad)],
        },
        MappingLine::Answer => {
            let more = match columns.questions.len() {
                0 | 1 => String::new(),
                n => format!(" and {} more", n - 1),
            };
            let about = columns.questions.first().map(|q| words::line(&q.about));
            let about = about.unwrap_or_else(|| "what cannot be read".to_owned());
            set("answer", format!("{about}{more}"))
        }
        MappingLine::Column(i) => {
            let Some(c) = columns.columns.get(i) else { return Vec::new() };
            let field = c.field.map_or("–", CsvField::name);
            let role = if c.field.is_some() { Role::Accent } else { Role::Muted };
            let guessed = if columns.guessed(c) { "guessed" } else { "" };
            let examples: Vec<String> = c.examples.iter().map(|e| words::fit(&words::line(e), 30)).collect();
            vec![
                (words::pad(&words::line(&c.name), name), Role::Text),
                ("  ".to_owned(), Role::Text),
                (words::pad(field, 13), role),
                (words::pad(guessed, 9), Role::Muted),
                (examples.join(" | "), Role::Muted),
            ]
        }
        MappingLine::Shape => set("a row is", columns.mapping.shape.help().to_owned()),
        MappingLine::Order => {
            let first = if columns.mapping.newest_first { "the newest turn" } else { "the oldest turn" };
            set("first is", first.to_owned())
        }
        MappingLine::From => set("begun from", columns.begun_as()),
        MappingLine::Save => vec![("save this mapping as a profile".to_owned(), Role::Text)],
    }
}

/// Rows of what is asked, each; the whole is told where it is answered.
const ROWS_OF_QUESTION: usize = 3;

/// What is asked, and how the first conversation reads by the mapping, in lines of so many columns.
fn sample(columns: &ColumnMapping, look: &StoreRead<LogPreview>, wide: usize) -> Vec<(String, Role)> {
    let asked = |q: &ImportQuestion| format!("? {}: {}", words::line(&q.about), words::line(&q.seen));
    let warned = columns.table.guess.warnings.iter().take(2).map(|w| format!("! {}", words::line(w)));
    let refused = look.ready().filter(|look| look.read > 0).and_then(|look| {
        let why = columns.refused.as_deref().map(words::line)?;
        Some(format!("! {} of its first {} records cannot be read: {why}", look.rejected, look.read + look.rejected))
    });
    let told = columns.questions.iter().take(2).map(asked).chain(warned).chain(refused);
    let wrong = match look {
        StoreRead::Failed(why) => Some(format!("✗ {}", words::line(why))),
        StoreRead::Ready(look) if look.read == 0 && columns.problem.is_none() => {
            let why = look.problem.as_deref().map(words::line).unwrap_or_default();
            Some(format!("✗ none of its first records can be read: {why}"))
        }
        StoreRead::Ready(_) | StoreRead::Waiting => None,
    };
    let mut out: Vec<(String, Role)> = Vec::new();
    for text in told.chain(wrong) {
        let rows = words::first_lines(&text, wide, ROWS_OF_QUESTION);
        out.extend(rows.into_iter().map(|row| (row, Role::Bad)));
    }
    match look {
        StoreRead::Waiting => out.push(("Reading its beginning …".to_owned(), Role::Muted)),
        StoreRead::Failed(_) => {}
        StoreRead::Ready(look) if look.read == 0 => {}
        StoreRead::Ready(look) => {
            out.push(("Its first conversation, read like this:".to_owned(), Role::Muted));
            for (who, text) in look.sample.iter().take(4) {
                let who = match who {
                    Speaker::User => "customer",
                    Speaker::Bot => "AI",
                    Speaker::Agent => "colleague",
                    Speaker::Tool => "tool",
                    Speaker::System => "event",
                };
                out.push((format!("{} {}", words::pad(who, 10), words::line(text)), Role::Text));
            }
        }
    }
    out
}
