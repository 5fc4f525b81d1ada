//! A short list: one key, or arrows and Enter.

use super::{Choice, Entry};
use crate::action::Action;
use crate::theme::Role;
use crate::tui::state::app::App;
use crate::tui::widgets::canvas::centred;
use crate::tui::widgets::{Canvas, Hit, words};
use ratatui::layout::Rect;

/// A short list.
#[derive(Debug)]
pub struct Menu {
    title: String,
    note: String,
    /// Cause letters act in it.
    pub causes: bool,
    entries: Vec<Entry>,
    selected: usize,
    tone: Role,
}

impl Menu {
    /// A menu with a question as its title, and a line of explanation (may be empty).
    pub fn new(title: impl Into<String>, note: impl Into<String>, entries: Vec<Entry>) -> Self {
        let selected = entries.iter().position(|e| e.marked).unwrap_or(0);
        Self { title: title.into(), note: note.into(), causes: false, entries, selected, tone: Role::Accent }
    }

    /// The same with a title in another tone.
    #[must_use]
    pub fn toned(self, tone: Role) -> Self {
        Self { tone, ..self }
    }

    /// Its title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Other entries (the order has changed); the place stays.
    pub fn replace(&mut self, entries: Vec<Entry>) {
        self.entries = entries;
    }

    /// The entry with this key.
    pub fn by_key(&self, key: char) -> Option<Choice> {
        self.entries.iter().find(|e| e.key == Some(key)).map(|e| e.choice.clone())
    }

    /// Moves the selection.
    pub fn step(&mut self, by: isize) {
        self.selected = self.selected.saturating_add_signed(by).min(self.entries.len().saturating_sub(1));
    }

    /// Selects what a click hit.
    pub fn select(&mut self, index: usize) {
        self.selected = index.min(self.entries.len().saturating_sub(1));
    }

    /// What an action takes from the list, if anything.
    pub fn act(&mut self, action: Action, rows: isize) -> Option<Choice> {
        match action {
            Action::Up => self.step(-1),
            Action::Down => self.step(1),
            Action::PageUp | Action::Top => self.step(-rows),
            Action::PageDown | Action::Bottom => self.step(rows),
            Action::Accept => return self.entries.get(self.selected).map(|e| e.choice.clone()),
            Action::Cause(cause) => return Some(Choice::Cause(cause)),
            Action::Cancel => return Some(Choice::Nothing),
            _ => {}
        }
        None
    }

    /// Draws it.
    pub fn draw(&self, app: &App, canvas: &mut Canvas) {
        let screen = canvas.frame.area();
        let label = self.entries.iter().map(|e| words::width(&e.text)).max().unwrap_or(0);
        let hint = self.entries.iter().map(|e| words::width(&e.hint)).max().unwrap_or(0);
        // A long note in a narrow box is hard to read.
        let least = words::width(&self.note).min(58) + 6;
        let wide = (label + hint + 12).max(words::width(&self.title) + 8).max(least).clamp(40, 78) as u16;
        let wide = wide.min(screen.width.saturating_sub(2));
        let note = if self.note.is_empty() {
            Vec::new()
        } else {
            words::wrap(&self.note, usize::from(wide.saturating_sub(6)))
        };
        let above = if note.is_empty() { 0 } else { note.len() as u16 + 1 };
        let inner = canvas.float(centred(screen, wide, self.entries.len() as u16 + above + 2), &self.title, self.tone);
        for (text, y) in note.iter().zip(inner.top()..inner.bottom()) {
            canvas.text(inner.x, y, inner.width, text, Role::Muted);
        }
        let list = Rect { y: inner.y + above, height: inner.height.saturating_sub(above), ..inner };
        for (i, (entry, y)) in self.entries.iter().zip(list.top()..list.bottom()).enumerate() {
            let line = Rect { y, height: 1, ..list };
            let key = match (&entry.choice, entry.key) {
                (Choice::Cause(cause), _) => app.keys.map.key_of(Action::Cause(*cause)),
                (_, Some(key)) => key.to_string(),
                _ => String::new(),
            };
            let x = canvas.text(line.x, y, 3, &words::pad(&key, 3), Role::Key);
            let x = canvas.text(x, y, 2, if entry.marked { "✓ " } else { "  " }, Role::Good);
            let x = canvas.text(x, y, label as u16 + 2, &words::pad(&entry.text, label + 2), Role::Text);
            canvas.text(x, y, line.right().saturating_sub(x), &entry.hint, Role::Muted);
            if i == self.selected {
                canvas.over(line, Role::Selected);
            }
            canvas.hit(line, Hit::Entry(i));
        }
        canvas.seen.rows = usize::from(list.height);
    }
}
