//! A short list: one key, or arrows and Enter.

use super::reply::OverlayReply;
use crate::action::Action;
use crate::domain::Cause;
use crate::theme::Role;
use crate::tui::state::choice::{JudgedAs, ListChoice, ReviewChoice};
use crate::tui::state::effect::say;
use crate::tui::state::float::{ListEntry, MenuSpec};
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::canvas::centred;
use crate::tui::widgets::listed::{first_in_view, more_in_frame, unseen};
use crate::tui::widgets::{Canvas, words};
use ratatui::layout::Rect;

/// Columns of a list with rows that are sentences.
const WIDEST: usize = 130;

/// What Enter says where nothing is chosen yet.
const UNCHOSEN: &str = "its key or ↓ chooses one; nothing was saved";

/// A short list and what is selected in it.
#[derive(Debug)]
pub struct Menu {
    spec: MenuSpec,
    selected: usize,
}

impl Menu {
    /// Opens it at the entry that is marked, else at the first.
    pub fn new(spec: MenuSpec) -> Self {
        let selected = spec.entries.iter().position(|e| e.marked).unwrap_or(0);
        Self { spec, selected }
    }

    /// Its title.
    pub fn title(&self) -> &str {
        &self.spec.title
    }

    /// Whether cause letters act in it.
    pub const fn has_causes(&self) -> bool {
        self.spec.has_causes
    }

    /// Whether it stays open when an entry is taken.
    pub const fn stays(&self) -> bool {
        self.spec.stays
    }

    /// Other entries (the order has changed); the place stays.
    pub fn replace(&mut self, entries: Vec<ListEntry>) {
        self.spec.entries = entries;
    }

    /// Takes the entry with this key.
    pub fn by_key(&self, key: char) -> Option<OverlayReply> {
        self.spec.entries.iter().find(|e| e.key == Some(key)).map(|e| self.take(e.choice.clone()))
    }

    fn take(&self, choice: ListChoice) -> OverlayReply {
        if self.spec.stays { OverlayReply::Kept(choice) } else { OverlayReply::Chosen(choice) }
    }

    /// Moves the selection.
    pub fn step(&mut self, by: isize) {
        self.selected = self.selected.saturating_add_signed(by).min(self.spec.entries.len().saturating_sub(1));
    }

    /// Selects what a click hit.
    pub fn select(&mut self, index: usize) {
        self.selected = index.min(self.spec.entries.len().saturating_sub(1));
    }

    /// Does what was asked for.
    pub fn act(&mut self, action: Action, rows: isize) -> OverlayReply {
        match action {
            Action::Up => self.step(-1),
            Action::Down => self.step(1),
            Action::PageUp | Action::Top => self.step(-rows),
            Action::PageDown | Action::Bottom => self.step(rows),
            Action::Accept => {
                return match self.spec.entries.get(self.selected).map(|e| e.choice.clone()) {
                    Some(ListChoice::Unchosen) => OverlayReply::Stay(say(UNCHOSEN)),
                    Some(choice) => self.take(choice),
                    None => OverlayReply::nothing(),
                };
            }
            Action::Cause(cause) => {
                let meant = self.spec.entries.iter().find(|e| cause_of(&e.choice) == Some(cause));
                let no_choice = || OverlayReply::Stay(say(format!("{} is no choice here; Esc closes", cause.label())));
                return meant.map_or_else(no_choice, |e| self.take(e.choice.clone()));
            }
            Action::Cancel => return OverlayReply::Close,
            _ => {}
        }
        OverlayReply::nothing()
    }

    /// Draws it.
    pub fn draw(&self, shared: &SharedState, canvas: &mut Canvas) {
        let screen = canvas.frame.area();
        // What has nothing beside it may be longer than what has.
        let explained = |e: &&ListEntry| !e.hint.is_empty() || self.spec.entries.iter().all(|e| e.hint.is_empty());
        let label = self.spec.entries.iter().filter(explained).map(|e| words::width(&e.text)).max().unwrap_or(0);
        let alone = self.spec.entries.iter().map(|e| words::width(&e.text)).max().unwrap_or(0);
        let hint = self.spec.entries.iter().map(|e| words::width(&e.hint)).max().unwrap_or(0);
        // A long note in a narrow box is hard to read.
        let samples = self.spec.samples.iter().map(|s| words::width(s)).max().unwrap_or(0);
        let least = words::width(&self.spec.note).min(58).max(samples).max(alone + 5) + 6;
        let wide = (label + hint + 12)
            .max(words::width(&self.spec.title) + 8)
            .max(least)
            .clamp(40, 78.max((alone + 14).min(WIDEST))) as u16;
        let wide = wide.min(screen.width.saturating_sub(2));
        let note = if self.spec.note.is_empty() {
            Vec::new()
        } else {
            words::wrap(&self.spec.note, usize::from(wide.saturating_sub(6)))
        };
        let samples = &self.spec.samples;
        let lines = note.len() + samples.len();
        let above = if lines == 0 { 0 } else { lines as u16 + 1 };
        let inner = canvas.float(
            centred(screen, wide, self.spec.entries.len() as u16 + above + 2),
            &self.spec.title,
            self.spec.tone,
        );
        for (text, y) in note.iter().zip(inner.top()..inner.bottom()) {
            canvas.text(inner.x, y, inner.width, text, Role::Muted);
        }
        for (text, y) in samples.iter().zip(inner.top() + note.len() as u16..inner.bottom()) {
            canvas.text(inner.x, y, inner.width, text, Role::Text);
        }
        let list = Rect { y: inner.y + above, height: inner.height.saturating_sub(above), ..inner };
        let first = first_in_view(self.selected, usize::from(list.height), self.spec.entries.len());
        let shown = self.spec.entries.iter().enumerate().skip(first);
        for ((i, entry), y) in shown.zip(list.top()..list.bottom()) {
            let line = Rect { y, height: 1, ..list };
            let key = match (cause_of(&entry.choice), entry.key) {
                (Some(cause), _) => shared.keys.map.key_of(Action::Cause(cause)),
                (_, Some(key)) => key.to_string(),
                _ => String::new(),
            };
            let x = canvas.text(line.x, y, 3, &words::pad(&key, 3), Role::Key);
            let x = canvas.text(x, y, 2, if entry.marked { "✓ " } else { "  " }, Role::Good);
            let room = line.right().saturating_sub(x);
            if entry.hint.is_empty() {
                canvas.text(x, y, room, &entry.text, Role::Text);
            } else {
                let x = canvas.text(x, y, room, &words::pad(&entry.text, label + 2), Role::Text);
                canvas.text(x, y, line.right().saturating_sub(x), &entry.hint, Role::Muted);
            }
            if i == self.selected {
                canvas.select(line, Role::Selected);
            }
            canvas.hit(line, ScreenHit::Entry(i));
        }
        more_in_frame(unseen(first, usize::from(list.height), self.spec.entries.len()), canvas, inner);
        canvas.seen.rows = usize::from(list.height);
    }
}

/// The cause that an entry gives, if it gives one.
const fn cause_of(choice: &ListChoice) -> Option<Cause> {
    match choice {
        ListChoice::Judged(_, JudgedAs::Cause(cause) | JudgedAs::Understood(cause))
        | ListChoice::Review(ReviewChoice::Alike(cause)) => Some(*cause),
        _ => None,
    }
}
