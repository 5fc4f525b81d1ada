//! What floats above a screen: a stack, the last on top. Keys go to the top one. Each works on its own state and gives a
//! reply; what it is about is its opener's business.

pub mod chooser;
mod cycle_form;
pub mod editor;
pub mod hand_out;
pub mod import;
pub mod judge;
pub mod menu;
pub mod prompt;
pub mod reply;
pub mod sheet;

use crate::action::{Action, ActionScope};
use crate::tui::state::choice::ListChoice;
use crate::tui::state::effect::Effect;
use crate::tui::state::float::{Float, ListEntry};
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::Canvas;
use chooser::Chooser;
use crossterm::event::KeyEvent;
use cycle_form::CycleForm;
use editor::Editor;
use hand_out::HandOut;
pub use import::Importer;
use judge::Judge;
use menu::Menu;
use prompt::Prompt;
use reply::OverlayReply;
use sheet::ScrolledSheet;

/// Something that floats.
#[derive(Debug)]
pub enum Overlay {
    /// Text to read: the keys, the details of an error.
    Sheet(ScrolledSheet),
    /// A list that narrows down while one types.
    Chooser(Chooser),
    /// A short list.
    Menu(Menu),
    /// One line to write.
    Prompt(Prompt),
    /// Several lines to write.
    Editor(Box<Editor>),
    /// To whom something is handed out.
    HandOut(Box<HandOut>),
    /// Opening a review cycle.
    Cycle(Box<CycleForm>),
    /// Choosing what to import.
    Import(Box<Importer>),
    /// Two answers without names.
    Judge(Box<Judge>),
}

impl Overlay {
    /// Opens it; gives what it has to read first.
    pub fn open(float: Float) -> (Self, Vec<Effect>) {
        match float {
            Float::Sheet(content) => (Self::Sheet(ScrolledSheet::new(content)), Vec::new()),
            Float::Chooser(spec) => (Self::Chooser(Chooser::new(spec)), Vec::new()),
            Float::Menu(spec) => (Self::Menu(Menu::new(spec)), Vec::new()),
            Float::Prompt(spec) => (Self::Prompt(Prompt::new(spec)), Vec::new()),
            Float::Editor(spec) => (Self::Editor(Box::new(Editor::new(spec))), Vec::new()),
            Float::Cycle(spec) => (Self::Cycle(Box::new(CycleForm::new(spec))), Vec::new()),
            Float::HandOut(spec) => (Self::HandOut(Box::new(HandOut::new(spec))), Vec::new()),
            Float::Judge(pairs, said) => {
                let judge = Judge::new(pairs, said);
                let effects = judge.ask_context();
                (Self::Judge(Box::new(judge)), effects)
            }
            Float::Import => {
                let importer = Importer::default();
                let effects = importer.list();
                (Self::Import(Box::new(importer)), effects)
            }
        }
    }

    /// Where its keys are looked up.
    pub fn scopes(&self) -> Vec<ActionScope> {
        match self {
            Self::Sheet(_) => vec![ActionScope::Menu, ActionScope::Move],
            Self::Menu(menu) if menu.has_causes() => vec![ActionScope::Cause, ActionScope::Menu, ActionScope::Move],
            Self::Menu(_) => vec![ActionScope::Menu, ActionScope::Move],
            Self::Chooser(_) | Self::Prompt(_) => vec![ActionScope::Field],
            Self::Editor(_) => vec![ActionScope::Editor],
            Self::HandOut(_) | Self::Cycle(_) => vec![ActionScope::Form],
            Self::Import(i) => i.scopes(),
            Self::Judge(_) => vec![ActionScope::Judge],
        }
    }

    /// Whether it names its keys itself, so that the line at the foot need not say them again.
    pub fn names_its_keys(&self) -> bool {
        match self {
            Self::Chooser(_) | Self::Prompt(_) | Self::Cycle(_) | Self::Import(_) | Self::Editor(_) => true,
            Self::Sheet(_) | Self::Menu(_) | Self::HandOut(_) | Self::Judge(_) => false,
        }
    }

    /// Takes a key as text, where letters are written; `None` when it is none.
    pub fn write(&mut self, shared: &SharedState, key: KeyEvent) -> Option<OverlayReply> {
        match self {
            Self::Chooser(c) => c.key(key).then(OverlayReply::nothing),
            Self::Prompt(p) => p.key(key).then(OverlayReply::nothing),
            Self::Editor(e) => Some(e.key(key)),
            Self::Cycle(c) => {
                c.key(key);
                Some(OverlayReply::nothing())
            }
            Self::HandOut(h) => {
                h.key(key);
                Some(OverlayReply::nothing())
            }
            Self::Import(i) => i.key(shared, key),
            Self::Sheet(_) | Self::Menu(_) | Self::Judge(_) => None,
        }
    }

    /// Takes pasted text.
    pub fn paste(&mut self, shared: &SharedState, text: &str) -> OverlayReply {
        match self {
            Self::Chooser(c) => c.paste(text),
            Self::Prompt(p) => p.paste(text),
            Self::Editor(e) => return e.paste(text),
            Self::HandOut(h) => h.paste(text),
            Self::Cycle(c) => c.paste(text),
            Self::Import(i) => return i.paste(shared, text),
            Self::Sheet(_) | Self::Menu(_) | Self::Judge(_) => {}
        }
        OverlayReply::nothing()
    }

    /// The wheel: so many rows down, or up.
    pub fn scroll(&mut self, by: isize) {
        match self {
            Self::Chooser(c) => c.step(by.signum()),
            Self::Menu(m) => m.step(by.signum()),
            Self::Import(i) => i.step(by.signum()),
            Self::Sheet(s) => s.scroll_by(by),
            Self::Prompt(_) | Self::Editor(_) | Self::HandOut(_) | Self::Cycle(_) | Self::Judge(_) => {}
        }
    }

    /// Does what was asked for.
    pub fn act(&mut self, shared: &SharedState, action: Action) -> OverlayReply {
        match self {
            Self::Sheet(s) => s.act(action, shared.seen.lines),
            Self::Chooser(c) => c.act(action, shared.page() as isize),
            Self::Menu(m) => m.act(action, shared.page() as isize),
            Self::Prompt(p) => p.act(action),
            Self::Editor(e) => e.act(action),
            Self::HandOut(h) => h.act(action),
            Self::Cycle(c) => c.act(action),
            Self::Import(i) => i.act(shared, action),
            Self::Judge(j) => j.act(shared, action),
        }
    }

    /// Takes the entry with this key, where it has one.
    pub fn by_key(&self, key: char) -> Option<OverlayReply> {
        match self {
            Self::Menu(menu) => menu.by_key(key),
            _ => None,
        }
    }

    /// A click on one of its entries; `None`: it has none.
    pub fn click(&mut self, shared: &SharedState, entry: usize) -> Option<OverlayReply> {
        match self {
            Self::Chooser(c) => {
                c.select(entry);
                let how = if c.toggles() { Action::Toggle } else { Action::Accept };
                Some(c.act(how, 1))
            }
            Self::Menu(m) => {
                m.select(entry);
                Some(m.act(Action::Accept, 1))
            }
            Self::Import(i) => {
                i.select(entry);
                Some(i.act(shared, Action::Accept))
            }
            Self::Sheet(_) | Self::Prompt(_) | Self::Editor(_) | Self::HandOut(_) | Self::Cycle(_) | Self::Judge(_) => {
                None
            }
        }
    }

    /// A click beside it: closes it, unless something is being written.
    pub fn click_beside(&mut self, shared: &SharedState, hit: ScreenHit) -> OverlayReply {
        match (hit, &self) {
            (ScreenHit::Float, _)
            | (
                _,
                Self::Editor(_)
                | Self::Prompt(_)
                | Self::HandOut(_)
                | Self::Cycle(_)
                | Self::Import(_)
                | Self::Judge(_),
            ) => OverlayReply::nothing(),
            _ => self.act(shared, Action::Cancel),
        }
    }

    /// Takes other entries, where it is a list that stays open while they are switched.
    pub fn relist(&mut self, entries: Vec<ListEntry>) {
        match self {
            Self::Chooser(c) if c.toggles() => c.replace(entries),
            Self::Menu(m) if m.stays() => m.replace(entries),
            _ => {}
        }
    }

    /// Takes a choice from something that it opened itself.
    pub fn chosen(&mut self, choice: ListChoice) -> OverlayReply {
        match (self, choice) {
            (Self::Editor(e), ListChoice::Editor(choice)) => e.chosen(choice),
            (Self::Import(i), ListChoice::Import(choice)) => OverlayReply::Stay(i.chosen(choice)),
            _ => OverlayReply::nothing(),
        }
    }

    /// Whether a hint of the footer makes sense now, beyond being possible.
    pub fn hints_at(&self, action: Action) -> bool {
        match (action, self) {
            (Action::Accept, Self::Sheet(_)) => false,
            (Action::Toggle, Self::Chooser(c)) => c.toggles(),
            (Action::Toggle, Self::Sheet(s)) => s.has_pages(),
            (Action::Toggle, Self::HandOut(_) | Self::Cycle(_)) => true,
            (Action::Toggle, _) => false,
            _ => true,
        }
    }

    /// Draws it.
    pub fn draw(&self, shared: &SharedState, canvas: &mut Canvas) {
        match self {
            Self::Sheet(s) => s.draw(shared, canvas),
            Self::Chooser(c) => c.draw(shared, canvas),
            Self::Menu(m) => m.draw(shared, canvas),
            Self::Prompt(p) => p.draw(canvas),
            Self::Editor(e) => e.draw(shared, canvas),
            Self::HandOut(h) => h.draw(shared, canvas),
            Self::Cycle(c) => c.draw(shared, canvas),
            Self::Import(i) => i.draw(canvas),
            Self::Judge(j) => j.draw(shared, canvas),
        }
    }
}
