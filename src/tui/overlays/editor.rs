//! Several lines to write: what the AI should have said, or a note.

use super::reply::OverlayReply;
use crate::action::Action;
use crate::text::greek::ReadText;
use crate::text::language::{primary, written};
use crate::theme::Role;
use crate::tui::state::choice::{EditorChoice, EditorPurpose, ListChoice, ReviewChoice};
use crate::tui::state::effect::open;
use crate::tui::state::float::{EditorSpec, ListEntry, MenuSpec};
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::canvas::centred;
use crate::tui::widgets::{Canvas, words};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Rect;
use tui_textarea::{CursorMove, TextArea, WrapMode};

/// Text being written.
#[derive(Debug)]
pub struct Editor {
    purpose: EditorPurpose,
    area: TextArea<'static>,
    original: String,
    /// What the customer said: an answer is written with it in view.
    context: String,
}

/// Text for writing, the cursor behind it.
fn area(text: &str) -> TextArea<'static> {
    let clean = words::paragraph(text);
    let mut area = TextArea::from(clean.lines());
    area.set_wrap_mode(WrapMode::WordOrGlyph);
    area.move_cursor(CursorMove::Bottom);
    area.move_cursor(CursorMove::End);
    area
}

impl Editor {
    /// Opens text for writing, or what was begun before and not saved.
    pub fn new(spec: EditorSpec) -> Self {
        let saved = area(&spec.text);
        let original = saved.lines().join("\n");
        let area = spec.draft.map_or(saved, |draft| area(&draft));
        Self { purpose: spec.purpose, area, original, context: words::line(&spec.context) }
    }

    /// What to keep while it is written, so that it outlives the terminal; only answers are kept.
    fn written(&self) -> OverlayReply {
        match self.purpose {
            EditorPurpose::Response(id, turn) => {
                OverlayReply::Kept(ReviewChoice::Draft(id, turn, self.changed().then(|| self.text())).into())
            }
            EditorPurpose::Note(_) | EditorPurpose::Correction(..) => OverlayReply::nothing(),
        }
    }

    /// What stands in it.
    fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Whether it was changed.
    fn changed(&self) -> bool {
        self.text() != self.original
    }

    /// Takes a key.
    pub fn key(&mut self, key: KeyEvent) -> OverlayReply {
        // As in every other field.
        match key.code == KeyCode::Char('u') && key.modifiers.contains(KeyModifiers::CONTROL) {
            true => self.area.delete_line_by_head(),
            false => self.area.input(key),
        };
        self.written()
    }

    /// Takes pasted text, line breaks and all.
    pub fn paste(&mut self, text: &str) -> OverlayReply {
        self.area.insert_str(words::paragraph(text));
        self.written()
    }

    /// Save and Esc.
    pub fn act(&mut self, action: Action) -> OverlayReply {
        match action {
            Action::Save => self.save(),
            Action::Cancel if self.changed() => {
                let entries = vec![
                    ListEntry::new("save it", "", EditorChoice::Save).key('s'),
                    ListEntry::new("throw it away", "", EditorChoice::Drop).key('d'),
                    ListEntry::new("go on writing", "", ListChoice::Nothing).key('c'),
                ];
                OverlayReply::Stay(open(MenuSpec::new("The text was changed", "", entries)))
            }
            Action::Cancel => OverlayReply::Close,
            _ => OverlayReply::nothing(),
        }
    }

    /// Takes what was chosen about text that was changed.
    pub fn chosen(&self, choice: EditorChoice) -> OverlayReply {
        match (choice, self.purpose) {
            (EditorChoice::Save, _) => self.save(),
            (EditorChoice::Drop, EditorPurpose::Response(id, turn)) => {
                OverlayReply::Chosen(ReviewChoice::Draft(id, turn, None).into())
            }
            (EditorChoice::Drop, EditorPurpose::Note(_) | EditorPurpose::Correction(..)) => OverlayReply::Close,
        }
    }

    fn save(&self) -> OverlayReply {
        match self.changed() {
            true => OverlayReply::Chosen(ReviewChoice::Text(self.purpose, self.text()).into()),
            false => OverlayReply::Close,
        }
    }

    /// Draws it.
    pub fn draw(&self, shared: &SharedState, canvas: &mut Canvas) {
        let screen = canvas.frame.area();
        let wide = 92.min(screen.width.saturating_sub(4));
        let tall = 18.min(screen.height.saturating_sub(4));
        let title = match self.purpose {
            EditorPurpose::Response(..) | EditorPurpose::Correction(..) => "What should the AI have said?",
            EditorPurpose::Note(_) => "Note",
        };
        let inner = canvas.float(centred(screen, wide, tall), title, Role::Accent);
        let context = words::wrap(&self.context, usize::from(inner.width));
        let above = if self.context.is_empty() { 0 } else { (context.len() as u16).min(3) };
        for (text, y) in context.iter().take(usize::from(above)).zip(inner.top()..) {
            canvas.text(inner.x, y, inner.width, text, Role::Muted);
        }
        let top = inner.y + above + u16::from(above > 0);
        let foot = inner.bottom().saturating_sub(1);
        let area = Rect { y: top, height: foot.saturating_sub(top + 1), ..inner };
        let mut text = self.area.clone();
        text.set_cursor_line_style(canvas.style(Role::Text));
        text.set_cursor_style(ratatui::style::Style::new().add_modifier(ratatui::style::Modifier::REVERSED));
        canvas.frame.render_widget(&text, area);
        let key = |a| shared.keys.map.key_of(a);
        let hint = format!("{} saves   {} leaves", key(Action::Save), shared.keys.map.first_key_named("editor-close"));
        canvas.text(inner.x, foot, inner.width, &hint, Role::Muted);
        match self.other_language() {
            Some((said, heard)) => {
                let warning = format!("{}; the customer writes {}", words::language(&said), words::language(&heard));
                canvas.right(inner, foot, &words::line(&warning), Role::Bad);
            }
            None => drop(canvas.right(inner, foot, if self.changed() { "changed" } else { "" }, Role::Accent)),
        }
    }

    /// The language of the answer and the customer's, where they are told and differ.
    fn other_language(&self) -> Option<(String, String)> {
        let told = |text: &str| written([ReadText::of(text)], None);
        let (said, heard) = (told(&self.text())?, told(&self.context)?);
        (primary(Some(&said)) != primary(Some(&heard))).then_some((said, heard))
    }
}
