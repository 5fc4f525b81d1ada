//! Drawing the file chooser.

use super::state::{ImportLine, Importer};
use crate::theme::Role;
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::StoreRead;
use crate::tui::widgets::canvas::centred;
use crate::tui::widgets::listed::{more_in, unseen};
use crate::tui::widgets::{Canvas, numbers, words};
use ratatui::layout::{Position, Rect};

/// Draws the directory and what was typed.
pub fn draw(importer: &Importer, canvas: &mut Canvas) {
    let screen = canvas.frame.area();
    let area = centred(screen, 84.min(screen.width.saturating_sub(4)), screen.height.saturating_sub(4).min(30));
    let inner = canvas.float(area, "Import: which file?", Role::Accent);
    let dir = words::line(&importer.at.to_string_lossy());
    let room = usize::from(inner.width);
    let skip = words::width(&dir).saturating_sub(room);
    canvas.text(inner.x, inner.y, inner.width, &words::tail(&dir, skip), Role::Muted);
    let y = inner.y + 1;
    let x = canvas.text(inner.x, y, 2, "/ ", Role::Key);
    let before = words::width(&importer.field.text()[..importer.field.cursor()]);
    let skip = before.saturating_sub(room.saturating_sub(3));
    if importer.field.text().is_empty() {
        canvas.text(x, y, inner.width.saturating_sub(2), "letters of a name, or a path; ~/ is home", Role::Muted);
    } else {
        let text = words::tail(importer.field.text(), skip);
        canvas.text(x, y, inner.width.saturating_sub(2), &text, Role::Focus);
    }
    let list = Rect { y: inner.y + 3, height: inner.height.saturating_sub(5), ..inner };
    let above = rows(importer, canvas, list);
    let below = Rect { y: list.y + above, height: list.height.saturating_sub(above), ..list };
    let (text, role) = match &importer.listing {
        StoreRead::Waiting => ("Reading …".to_owned(), Role::Muted),
        StoreRead::Failed(why) => (format!("✗ {}", words::line(why)), Role::Bad),
        StoreRead::Ready(_) if importer.matches.is_empty() => {
            ("nothing here has these letters".to_owned(), Role::Muted)
        }
        StoreRead::Ready(_) => (String::new(), Role::Muted),
    };
    for (line, y) in words::wrap(&text, room.saturating_sub(2)).iter().zip(below.top()..below.bottom()) {
        canvas.text(below.x + 2, y, below.width.saturating_sub(2), line, role);
    }
    let foot = inner.bottom().saturating_sub(1);
    canvas.text(
        inner.x,
        foot,
        inner.width,
        "⏎ opens   Esc closes   nothing is imported before you say so",
        Role::Muted,
    );
    canvas.frame.set_cursor_position(Position::new(x + (before - skip) as u16, y));
}

/// Draws what can be chosen; gives the rows used.
fn rows(importer: &Importer, canvas: &mut Canvas, list: Rect) -> u16 {
    let fits = usize::from(list.height).max(1);
    let all: Vec<ImportLine> = importer.lines().collect();
    let first = importer.selected.saturating_sub(fits / 2).min(all.len().saturating_sub(fits));
    for ((i, line), y) in all.iter().enumerate().skip(first).zip(list.top()..list.bottom()) {
        let row = Rect { y, height: 1, ..list };
        entry(importer, *line, canvas, row);
        if i == importer.selected {
            canvas.select(row, Role::Selected);
        }
        canvas.hit(row, ScreenHit::Entry(i));
    }
    let line = Rect { y: list.bottom(), height: 1, ..list };
    more_in(unseen(first, fits, all.len()), Role::Muted, canvas, line);
    canvas.seen.rows = fits;
    all.len().min(fits) as u16
}

fn entry(importer: &Importer, line: ImportLine, canvas: &mut Canvas, row: Rect) {
    let i = match line {
        ImportLine::Entry(i) => i,
        ImportLine::Parent | ImportLine::Whole => {
            let all = format!("all {} files here, as one import", importer.files());
            let says = if line == ImportLine::Parent { "../" } else { &all };
            canvas.text(row.x + 2, row.y, row.width.saturating_sub(2), says, Role::Muted);
            return;
        }
    };
    let found = importer.listing.ready().zip(importer.matches.get(i));
    let Some(e) = found.and_then(|(l, m)| l.entries.get(m.index)) else { return };
    let hint = if e.dir { String::new() } else { numbers::bytes(e.size) };
    let end = canvas.right(row, row.y, &hint, Role::Muted);
    let name = words::line(&e.name);
    let name = if e.dir { format!("{name}/") } else { name };
    canvas.text(row.x + 2, row.y, end.saturating_sub(row.x + 3), &name, if e.dir { Role::Accent } else { Role::Text });
}
