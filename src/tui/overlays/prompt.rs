//! One line to write, with what it is for.

use super::reply::OverlayReply;
use crate::action::Action;
use crate::theme::Role;
use crate::tui::state::float::PromptSpec;
use crate::tui::widgets::canvas::centred;
use crate::tui::widgets::{Canvas, TextField, words};
use crossterm::event::KeyEvent;
use ratatui::layout::Position;

/// A question and a line for the answer.
#[derive(Debug)]
pub struct Prompt {
    spec: PromptSpec,
    /// The answer so far.
    field: TextField,
    problem: Option<String>,
}

impl Prompt {
    /// Opens it with what stands in the line to begin with.
    pub fn new(spec: PromptSpec) -> Self {
        let text = spec.text.as_str();
        // What the program proposes goes with the first letter; what somebody wrote is there to be changed.
        let field = if spec.question.is_proposed() { TextField::offering(text) } else { TextField::new(text) };
        Self { field, spec, problem: None }
    }

    /// Takes a key as text; `false` when it is none.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        self.field.key(key).is_some()
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) {
        self.field.insert(text);
    }

    /// Enter and Esc.
    pub fn act(&mut self, action: Action) -> OverlayReply {
        match action {
            Action::Cancel => OverlayReply::Close,
            Action::Accept => OverlayReply::Written(self.spec.question.clone(), self.field.text().trim().to_owned()),
            _ => OverlayReply::nothing(),
        }
    }

    /// Says why what was written is no answer.
    pub fn refuse(&mut self, why: String) {
        self.problem = Some(why);
    }

    /// Draws it.
    pub fn draw(&self, canvas: &mut Canvas) {
        let screen = canvas.frame.area();
        let wide = 72.min(screen.width.saturating_sub(4));
        let columns = usize::from(wide.saturating_sub(4));
        let mut lines: Vec<(String, Role)> = Vec::new();
        for (text, role) in &self.spec.notes {
            lines.extend(words::wrap(text, columns).into_iter().map(|l| (l, *role)));
        }
        let inner = canvas.float(centred(screen, wide, lines.len() as u16 + 6), &self.spec.title, Role::Accent);
        for ((text, role), y) in lines.iter().zip(inner.top()..inner.bottom()) {
            canvas.text(inner.x, y, inner.width, text, *role);
        }
        let y = inner.y + lines.len() as u16 + 1;
        let room = usize::from(inner.width.saturating_sub(3));
        let before = words::width(&self.field.text()[..self.field.cursor()]);
        let skip = before.saturating_sub(room);
        let x = canvas.text(inner.x, y, 2, "› ", Role::Key);
        let role = if self.field.is_offer() { Role::Muted } else { Role::Focus };
        canvas.text(x, y, inner.width.saturating_sub(2), &words::tail(self.field.text(), skip), role);
        if skip > 0 {
            canvas.text_over(x, y, 1, "…", Role::Muted);
        }
        canvas.frame.set_cursor_position(Position::new(x + (before - skip) as u16, y));
        let foot = inner.bottom().saturating_sub(1);
        match &self.problem {
            Some(problem) => canvas.text(inner.x, foot, inner.width, problem, Role::Bad),
            None => canvas.text(inner.x, foot, inner.width, "⏎ takes it   Esc closes", Role::Muted),
        };
    }
}
