//! Handing something out: to whom, by when, and what is to be done.

use super::reply::OverlayReply;
use crate::action::Action;
use crate::domain::ActionTerms;
use crate::theme::Role;
use crate::tui::state::choice::PatternsChoice;
use crate::tui::state::float::HandOutSpec;
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::canvas::centred;
use crate::tui::widgets::{Canvas, TextField, words};
use crossterm::event::KeyEvent;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use tui_textarea::{CursorMove, TextArea, WrapMode};

/// Columns of the words before a field.
const LABEL: u16 = 8;

/// What is being written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Owner,
    Due,
    Note,
}

/// The form.
#[derive(Debug)]
pub struct HandOut {
    spec: HandOutSpec,
    owner: TextField,
    due: TextField,
    note: TextArea<'static>,
    place: Place,
    problem: Option<String>,
}

impl HandOut {
    /// Opens it with the terms so far.
    pub fn new(spec: HandOutSpec) -> Self {
        let text = words::paragraph(spec.terms.note.as_deref().unwrap_or_default());
        let mut note = TextArea::from(text.lines());
        note.set_wrap_mode(WrapMode::WordOrGlyph);
        note.move_cursor(CursorMove::Bottom);
        note.move_cursor(CursorMove::End);
        Self {
            owner: TextField::offering(words::line(&spec.terms.owner)),
            due: TextField::offering(spec.terms.due.clone().unwrap_or_default()),
            note,
            place: Place::Owner,
            problem: None,
            spec,
        }
    }

    /// Takes a key as text.
    pub fn key(&mut self, key: KeyEvent) {
        match self.place {
            Place::Owner => drop(self.owner.key(key)),
            Place::Due => drop(self.due.key(key)),
            Place::Note => drop(self.note.input(key)),
        }
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) {
        match self.place {
            Place::Owner => self.owner.insert(text),
            Place::Due => self.due.insert(text),
            Place::Note => drop(self.note.insert_str(words::paragraph(text))),
        }
    }

    /// Save, the next field, Esc.
    pub fn act(&mut self, action: Action) -> OverlayReply {
        match action {
            Action::Cancel => return OverlayReply::Close,
            Action::Save => return self.save(),
            Action::Toggle => {
                self.place = match self.place {
                    Place::Owner => Place::Due,
                    Place::Due => Place::Note,
                    Place::Note => Place::Owner,
                }
            }
            // In a field of one line Enter goes on; in the note it begins a line.
            Action::Accept => match self.place {
                Place::Owner => self.place = Place::Due,
                Place::Due => self.place = Place::Note,
                Place::Note => self.note.insert_newline(),
            },
            _ => {}
        }
        OverlayReply::nothing()
    }

    fn save(&mut self) -> OverlayReply {
        let note = self.note.lines().join("\n");
        match ActionTerms::read(self.owner.text(), &note, self.due.text(), self.spec.today) {
            Ok(terms) => OverlayReply::Chosen(PatternsChoice::HandOut(self.spec.about.clone(), terms).into()),
            Err(why) => {
                self.place = if self.owner.text().trim().is_empty() { Place::Owner } else { Place::Due };
                self.problem = Some(why);
                OverlayReply::nothing()
            }
        }
    }

    /// Draws it.
    pub fn draw(&self, shared: &SharedState, canvas: &mut Canvas) {
        let screen = canvas.frame.area();
        let wide = 76.min(screen.width.saturating_sub(4));
        let tall = 14.min(screen.height.saturating_sub(2));
        let inner = canvas.float(centred(screen, wide, tall), "Hand it out", Role::Accent);
        let name = words::fit(&words::line(&self.spec.name), usize::from(inner.width));
        canvas.text(inner.x, inner.y, inner.width, &name, Role::Heading);
        let with = self.spec.with.as_ref().map(|w| format!("{} has it now", words::line(w)));
        let says = with.unwrap_or_else(|| "who repairs it, by when; undone like any decision".to_owned());
        canvas.text(inner.x, inner.y + 1, inner.width, &says, Role::Muted);
        self.field(canvas, Rect { y: inner.y + 3, height: 1, ..inner }, "to", &self.owner, Place::Owner);
        self.field(canvas, Rect { y: inner.y + 4, height: 1, ..inner }, "by", &self.due, Place::Due);
        let label = if self.place == Place::Note { Role::Focus } else { Role::Muted };
        canvas.text(inner.x, inner.y + 5, LABEL, "note", label);
        let foot = inner.bottom().saturating_sub(1);
        let area = Rect {
            x: inner.x + LABEL,
            y: inner.y + 5,
            width: inner.width.saturating_sub(LABEL),
            height: foot.saturating_sub(inner.y + 6),
        };
        let mut text = self.note.clone();
        text.set_cursor_line_style(canvas.style(Role::Text));
        let cursor = if self.place == Place::Note { Modifier::REVERSED } else { Modifier::empty() };
        text.set_cursor_style(Style::new().add_modifier(cursor));
        canvas.frame.render_widget(&text, area);
        match &self.problem {
            Some(problem) => drop(canvas.text(inner.x, foot, inner.width, problem, Role::Bad)),
            None => {
                let key = |a| shared.keys.map.key_of(a);
                let next = shared.keys.map.first_key_named("form-next");
                let hint = format!("{} hands it out   {next} next field   Esc closes", key(Action::Save));
                canvas.text(inner.x, foot, inner.width, &hint, Role::Muted);
            }
        }
    }

    fn field(&self, canvas: &mut Canvas, line: Rect, label: &str, field: &TextField, place: Place) {
        let here = self.place == place;
        let role = match (here, field.is_offer()) {
            (true, false) => Role::Focus,
            // What typing replaces is drawn as marked.
            (true, true) => Role::Selected,
            (false, _) => Role::Text,
        };
        canvas.text(line.x, line.y, LABEL, label, if here { Role::Focus } else { Role::Muted });
        let x = line.x + LABEL;
        let room = line.width.saturating_sub(LABEL);
        let before = words::width(&field.text()[..field.cursor()]);
        let skip = before.saturating_sub(usize::from(room).saturating_sub(1));
        let hint = if place == Place::Due && field.text().is_empty() { "2026-12-05, or nothing" } else { "" };
        canvas.text(x, line.y, room, hint, Role::Muted);
        canvas.text(x, line.y, room, &words::tail(field.text(), skip), role);
        if here {
            canvas.frame.set_cursor_position(Position::new(x + (before - skip) as u16, line.y));
        }
    }
}
