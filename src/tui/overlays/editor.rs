//! Several lines to write: what the AI should have said, or a note.

use super::{Choice, Entry, Menu, Overlay};
use crate::action::Action;
use crate::domain::{ConversationId, TurnKey};
use crate::theme::Role;
use crate::tui::screens::review::decide;
use crate::tui::state::app::App;
use crate::tui::state::effect::Effect;
use crate::tui::state::request::Request;
use crate::tui::widgets::canvas::centred;
use crate::tui::widgets::{Canvas, words};
use crossterm::event::KeyEvent;
use ratatui::layout::Rect;
use tui_textarea::{CursorMove, TextArea, WrapMode};

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// What the AI should have said in this turn.
    Response(ConversationId, TurnKey),
    /// A note on this conversation.
    Note(ConversationId),
}

/// Text being written.
#[derive(Debug)]
pub struct Editor {
    /// What is written.
    pub purpose: Purpose,
    area: TextArea<'static>,
    original: String,
    /// What the customer said: an answer is written with it in view.
    context: String,
}

impl Editor {
    /// Opens text for writing; `context` stands above it.
    pub fn new(purpose: Purpose, text: &str, context: &str) -> Self {
        let clean = words::paragraph(text);
        let mut area = TextArea::from(clean.lines());
        area.set_wrap_mode(WrapMode::WordOrGlyph);
        area.move_cursor(CursorMove::Bottom);
        area.move_cursor(CursorMove::End);
        let original = area.lines().join("\n");
        Self { purpose, area, original, context: words::line(context) }
    }

    /// The same with what was begun before and not saved.
    #[must_use]
    pub fn with_draft(mut self, draft: Option<&str>) -> Self {
        if let Some(draft) = draft {
            let original = std::mem::take(&mut self.original);
            self = Self { original, ..Self::new(self.purpose, draft, &self.context) };
        }
        self
    }

    /// What to keep while it is written, so that it outlives the terminal; only answers are kept.
    pub fn draft(&self) -> Option<Request> {
        match self.purpose {
            Purpose::Response(id, turn) => Some(Request::Draft(id, turn, self.changed().then(|| self.text()))),
            Purpose::Note(_) => None,
        }
    }

    /// Opens what one wrote once more, with what somebody else wrote meanwhile above it.
    pub fn rewriting(purpose: Purpose, mine: &str, theirs: &str) -> Self {
        let mut editor = Self::new(purpose, mine, &format!("meanwhile: {theirs}"));
        editor.original = words::paragraph(theirs).to_string();
        editor
    }

    /// What stands in it.
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Whether it was changed.
    pub fn changed(&self) -> bool {
        self.text() != self.original
    }

    /// Takes a key.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        self.area.input(key);
        true
    }

    /// Takes pasted text, line breaks and all.
    pub fn paste(&mut self, text: &str) {
        self.area.insert_str(words::paragraph(text));
    }

    /// Draws it.
    pub fn draw(&self, app: &App, canvas: &mut Canvas) {
        let screen = canvas.frame.area();
        let wide = 92.min(screen.width.saturating_sub(4));
        let tall = 18.min(screen.height.saturating_sub(4));
        let title = match self.purpose {
            Purpose::Response(..) => "What should the AI have said?",
            Purpose::Note(_) => "Note",
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
        text.set_cursor_style(canvas.style(Role::Selected));
        canvas.frame.render_widget(&text, area);
        let key = |a| app.keys.map.key_of(a);
        let hint = format!("{} saves   {} leaves", key(Action::Save), app.keys.map.first_key_named("editor-close"));
        canvas.text(inner.x, foot, inner.width, &hint, Role::Muted);
        let state = if self.changed() { "changed" } else { "" };
        canvas.right(inner, foot, state, Role::Accent);
    }
}

/// Save and Esc while text is being written.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let Some(Overlay::Editor(editor)) = app.overlays.last() else { return Vec::new() };
    match action {
        Action::Save => save(app),
        Action::Cancel if editor.changed() => {
            let entries = vec![
                Entry::new("save it", "", Choice::SaveText).key('s'),
                Entry::new("throw it away", "", Choice::DropText).key('d'),
                Entry::new("go on writing", "", Choice::Nothing).key('c'),
            ];
            app.overlays.push(Overlay::Menu(Menu::new("The text was changed", "", entries)));
            Vec::new()
        }
        Action::Cancel => {
            app.overlays.pop();
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Keeps what is being written as a draft, for the next time the editor is opened.
pub fn written(app: &mut App) -> Vec<Effect> {
    let Some(Overlay::Editor(editor)) = app.overlays.last() else { return Vec::new() };
    let draft = editor.draft();
    if let Some(Request::Draft(id, turn, text)) = &draft {
        app.review.keep_draft(*id, *turn, text.clone());
    }
    draft.map(Effect::Ask).into_iter().collect()
}

/// Throws the text on top away.
pub fn drop_text(app: &mut App) -> Vec<Effect> {
    let Some(Overlay::Editor(editor)) = app.overlays.pop() else { return Vec::new() };
    let Purpose::Response(id, turn) = editor.purpose else { return Vec::new() };
    app.review.keep_draft(id, turn, None);
    vec![Effect::Ask(Request::Draft(id, turn, None))]
}

/// Saves the text on top.
pub fn save(app: &mut App) -> Vec<Effect> {
    let Some(Overlay::Editor(editor)) = app.overlays.pop() else { return Vec::new() };
    if !editor.changed() {
        return Vec::new();
    }
    let text = editor.text();
    match editor.purpose {
        Purpose::Response(id, turn) => decide::response(app, id, turn, &text),
        Purpose::Note(id) => decide::note(app, id, &text),
    }
}
