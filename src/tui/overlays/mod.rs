//! What floats above a screen: a stack, the last on top. Keys go to the top one.

pub mod choose;
pub mod chooser;
pub mod editor;
mod gone;
pub mod import;
pub mod judge;
pub mod menu;
pub mod open;
mod open_queue;
mod open_tune;
pub mod prompt;
pub mod sheet;

pub use chooser::{Chooser, Subject};
pub use editor::{Editor, Purpose};
pub use gone::store_gone;
pub use judge::Judge;
pub use menu::Menu;
pub use open::*;
pub use open_queue::*;
pub use open_tune::*;
pub use prompt::{Asked, Prompt};
pub use sheet::Sheet;

use super::screens::queue::columns::Column;
use super::widgets::Canvas;
use crate::action::{Action, Scope};
use crate::domain::query::sort::By;
use crate::domain::{Cause, ConversationId, CycleId, IntentId, Outcome};
use crate::tui::state::app::App;
use crate::tui::state::effect::{Effect, How, TuneJob};
use crossterm::event::KeyEvent;

/// Something that floats.
#[derive(Debug)]
pub enum Overlay {
    /// Text to read: the keys, the details of an error.
    Sheet(Sheet),
    /// A list that narrows down while one types.
    Chooser(Chooser),
    /// A short list.
    Menu(Menu),
    /// One line to write.
    Prompt(Prompt),
    /// Several lines to write.
    Editor(Box<Editor>),
    /// Choosing what to import.
    Import(Box<import::Importer>),
    /// Two answers without names.
    Judge(Box<Judge>),
}

/// What an entry of a list stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// This intent.
    Intent(IntentId),
    /// A new intent of this name.
    NewIntent(String),
    /// This command.
    Act(Action),
    /// `key:value` of the query.
    Facet(&'static str, String),
    /// The whole query.
    Query(&'static str),
    /// What the queue is sorted by first.
    Sort(By),
    /// A column of the queue.
    Column(Column),
    /// The view of this name.
    View(String),
    /// Another name for the view of this one.
    RenameView(String),
    /// Asks before the view of this name is deleted.
    DeleteView(String),
    /// Deletes the view of this name.
    DropView(String),
    /// This conversation in Review, on its own.
    Open(ConversationId),
    /// Why it failed.
    Cause(Cause),
    /// How it ended.
    Outcome(Outcome),
    /// Whether it is real traffic.
    Traffic(bool),
    /// How the customer felt.
    Sentiment(Option<f64>),
    /// What a column of a file holds; `None`: kept, not read.
    Field(Option<crate::ingest::formats::csv::Field>),
    /// How the next candidate is made.
    How(How),
    /// Begin this work.
    Work(TuneJob),
    /// Close this cycle.
    CloseCycle(CycleId),
    /// Save what is being written.
    SaveText,
    /// Throw away what is being written.
    DropText,
    /// What is to stand of what others and oneself said.
    Meanwhile(super::screens::review::meanwhile::Answer),
    /// Be shown around.
    Tour,
    /// Open again what is there under the store's name.
    Reopen,
    /// Leave although work is running.
    Quit,
    /// Leave everything as it is.
    Nothing,
}

/// One entry of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key that takes it, where it has one of its own.
    pub key: Option<char>,
    /// Clean text.
    pub text: String,
    /// What stands beside it.
    pub hint: String,
    /// It is on, or the current one.
    pub marked: bool,
    /// What it stands for.
    pub choice: Choice,
}

impl Entry {
    /// An entry without a key or a mark.
    pub fn new(text: impl Into<String>, hint: impl Into<String>, choice: Choice) -> Self {
        Self { key: None, text: text.into(), hint: hint.into(), marked: false, choice }
    }

    /// The same with a key of its own.
    #[must_use]
    pub fn key(mut self, key: char) -> Self {
        self.key = Some(key);
        self
    }

    /// The same with a mark.
    #[must_use]
    pub fn mark(mut self, marked: bool) -> Self {
        self.marked = marked;
        self
    }
}

/// What follows from text that was written on top.
pub fn written(app: &mut App) -> Vec<Effect> {
    match app.overlays.last() {
        Some(Overlay::Editor(_)) => editor::written(app),
        _ => import::written(app),
    }
}

impl Overlay {
    /// Where its keys are looked up.
    pub fn scopes(&self) -> Vec<Scope> {
        match self {
            Self::Sheet(_) => vec![Scope::Menu, Scope::Move],
            Self::Menu(menu) if menu.causes => vec![Scope::Cause, Scope::Menu, Scope::Move],
            Self::Menu(_) => vec![Scope::Menu, Scope::Move],
            Self::Chooser(_) | Self::Prompt(_) => vec![Scope::Field],
            Self::Editor(_) => vec![Scope::Editor],
            Self::Import(i) => i.scopes(),
            Self::Judge(_) => vec![Scope::Judge],
        }
    }

    /// Whether letters are written, not looked up.
    pub fn writes(&self) -> bool {
        match self {
            Self::Chooser(_) | Self::Prompt(_) | Self::Editor(_) => true,
            Self::Import(i) => i.writes(),
            Self::Sheet(_) | Self::Menu(_) | Self::Judge(_) => false,
        }
    }

    /// Takes a key as text; `false` when it is none.
    pub fn write(&mut self, key: KeyEvent) -> bool {
        match self {
            Self::Chooser(c) => c.key(key),
            Self::Prompt(p) => p.field.key(key).is_some(),
            Self::Editor(e) => e.key(key),
            Self::Import(i) => i.key(key),
            Self::Sheet(_) | Self::Menu(_) | Self::Judge(_) => false,
        }
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) {
        match self {
            Self::Chooser(c) => c.paste(text),
            Self::Prompt(p) => p.field.insert(text),
            Self::Editor(e) => e.paste(text),
            Self::Import(i) => i.paste(text),
            Self::Sheet(_) | Self::Menu(_) | Self::Judge(_) => {}
        }
    }

    /// The wheel: so many rows down, or up.
    pub fn scroll(&mut self, by: isize) {
        match self {
            Self::Chooser(c) => c.step(by.signum()),
            Self::Menu(m) => m.step(by.signum()),
            Self::Import(i) => i.step(by.signum()),
            Self::Sheet(s) => s.scroll = s.scroll.saturating_add_signed(by),
            Self::Prompt(_) | Self::Editor(_) | Self::Judge(_) => {}
        }
    }
}

/// Does what was asked for while something floats on top.
pub fn act(app: &mut App, action: Action) -> Vec<Effect> {
    let rows = app.seen.rows.max(1) as isize;
    match app.overlays.last_mut() {
        Some(Overlay::Sheet(sheet)) => {
            if sheet.act(action, app.seen.lines) {
                app.overlays.pop();
            }
            Vec::new()
        }
        Some(Overlay::Chooser(chooser)) => match chooser.act(action, rows) {
            Some(choice) => choose::take(app, choice, action),
            None => Vec::new(),
        },
        Some(Overlay::Menu(menu)) => match menu.act(action, rows) {
            Some(choice) => choose::take(app, choice, action),
            None => Vec::new(),
        },
        Some(Overlay::Prompt(_)) => prompt::act(app, action),
        Some(Overlay::Editor(_)) => editor::act(app, action),
        Some(Overlay::Import(_)) => import::act(app, action),
        Some(Overlay::Judge(_)) => judge::act(app, action),
        None => Vec::new(),
    }
}

/// Draws everything that floats.
pub fn draw(app: &App, canvas: &mut Canvas) {
    for overlay in &app.overlays {
        match overlay {
            Overlay::Sheet(s) => s.draw(app, canvas),
            Overlay::Chooser(c) => c.draw(app, canvas),
            Overlay::Menu(m) => m.draw(app, canvas),
            Overlay::Prompt(p) => p.draw(app, canvas),
            Overlay::Editor(e) => e.draw(app, canvas),
            Overlay::Import(i) => i.draw(app, canvas),
            Overlay::Judge(j) => j.draw(app, canvas),
        }
    }
}
