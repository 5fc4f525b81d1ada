//! Lines of the panel, and what a click on them does.

use crate::action::Action;
use crate::theme::Role;
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::{Canvas, words};
use ratatui::layout::Rect;

/// One line of the panel.
#[derive(Default)]
pub struct PanelRow {
    /// Clean text and what it means.
    pub pieces: Vec<(String, Role)>,
    /// What a click asks for, and on how many columns from where; `None`: on the whole line.
    hits: Vec<(Option<(u16, u16)>, Action)>,
}

impl PanelRow {
    /// A line of pieces.
    pub fn of<const N: usize>(pieces: [(String, Role); N]) -> Self {
        Self { pieces: pieces.into(), hits: Vec::new() }
    }

    /// Columns that it takes.
    pub fn width(&self) -> usize {
        self.pieces.iter().map(|(text, _)| words::width(text)).sum()
    }

    /// Draws it on a line.
    pub fn draw(&self, canvas: &mut Canvas, line: Rect) {
        let pieces: Vec<(&str, Role)> = self.pieces.iter().map(|(t, r)| (t.as_str(), *r)).collect();
        canvas.pieces(line.x, line.y, line.width, &pieces);
        for (place, action) in &self.hits {
            let (from, wide) = place.unwrap_or((0, line.width));
            let x = line.x + from.min(line.width);
            canvas.hit(Rect { x, width: wide.min(line.right() - x), ..line }, ScreenHit::Act(*action));
        }
    }
}

/// A line in one role.
pub fn plain(text: impl Into<String>, role: Role) -> PanelRow {
    PanelRow { pieces: vec![(text.into(), role)], hits: Vec::new() }
}

/// A line that begins with the key of what it stands for.
pub fn keyed(shared: &SharedState, action: Action, text: impl Into<String>, role: Role) -> PanelRow {
    let key = words::pad(&shared.keys.map.key_of(action), 2);
    PanelRow { pieces: vec![(key, Role::Key), (text.into(), role)], hits: vec![(None, action)] }
}

/// Keys and their words, as many lines as they need. A key is a place to click.
pub fn keys(rows: &mut Vec<PanelRow>, shared: &SharedState, all: &[(Action, String, Role)], columns: usize) {
    let mut row = PanelRow::default();
    for (action, text, role) in all {
        let key = shared.keys.map.key_of(*action);
        let wide = words::width(&key) + 1 + words::width(text);
        if row.width() > 0 && row.width() + 2 + wide > columns {
            rows.push(std::mem::take(&mut row));
        }
        if row.width() > 0 {
            row.pieces.push(("  ".to_owned(), Role::Muted));
        }
        row.hits.push((Some((row.width() as u16, wide as u16)), *action));
        row.pieces.extend([(key, Role::Key), (format!(" {text}"), *role)]);
    }
    if row.width() > 0 {
        rows.push(row);
    }
}

/// A heading.
pub fn heading(rows: &mut Vec<PanelRow>, text: &str) {
    rows.push(plain(text, Role::Heading));
}

/// An empty line.
pub fn gap(rows: &mut Vec<PanelRow>) {
    rows.push(PanelRow::default());
}
