//! What a screen is to the program. It works on its own state and reads what all share; whatever else it wants it asks for
//! by effects. It knows neither the program, nor what floats above it, nor another screen.

use crate::action::{Action, ActionRow, ActionScope};
use crate::keymap::KeyPress;
use crate::tui::state::effect::{Effect, perform};
use crate::tui::state::seen::ScreenHit;
use crate::tui::state::shared::SharedState;
use crate::tui::widgets::Canvas;
use crossterm::event::KeyEvent;
use ratatui::layout::Rect;

/// How far an action steps through a list of which so many rows are in sight; `None`: it does not.
pub fn step_of(action: Action, rows: usize) -> Option<isize> {
    let rows = rows as isize;
    Some(match action {
        Action::Up => -1,
        Action::Down => 1,
        Action::PageUp => -rows,
        Action::PageDown => rows,
        Action::Top => isize::MIN / 2,
        Action::Bottom => isize::MAX / 2,
        _ => return None,
    })
}

/// One tab of the program.
pub trait Screen {
    /// Gives where keys are looked up, first to last.
    fn scopes(&self, shared: &SharedState) -> Vec<ActionScope>;

    /// Comes to the front; gives what is to be read.
    fn enter(&mut self, shared: &SharedState) -> Vec<Effect>;

    /// Does what was asked for.
    fn act(&mut self, shared: &SharedState, action: Action) -> Vec<Effect>;

    /// Tells whether an action of its scopes can be done now.
    ///
    /// # Errors
    /// Why not, for a person.
    fn enabled(&self, shared: &SharedState, action: Action) -> Result<(), &'static str>;

    /// Draws itself.
    fn draw(&self, shared: &SharedState, canvas: &mut Canvas, area: Rect);

    /// Reads anew what others may have changed; what one looks at stays.
    fn refresh(&mut self, shared: &SharedState) -> Vec<Effect>;

    /// Reads anew what it shows because a person asked for it.
    fn reload(&mut self, shared: &SharedState) -> Vec<Effect> {
        self.refresh(shared)
    }

    /// Does what a click on one of its places asks for.
    fn click(&mut self, shared: &SharedState, hit: ScreenHit) -> Vec<Effect>;

    /// Turns the wheel: so many rows down, or up.
    fn wheel(&mut self, _: &SharedState, by: isize) -> Vec<Effect> {
        perform(if by > 0 { Action::Down } else { Action::Up })
    }

    /// Gives what is selected as it can be copied: its name, or what was said.
    fn selected(&self, shared: &SharedState, text: bool) -> Option<String>;

    /// Gives the query of the selected line, of whose conversations a few can stand below the list.
    fn sampled(&self, _: &SharedState) -> Option<String> {
        None
    }

    /// Whether something of its own is open that is closed before anything else is left.
    fn has_open(&self) -> bool {
        false
    }

    /// Whether letters are written, not looked up.
    fn writes(&self) -> bool {
        false
    }

    /// Takes a key as text; `None` when it is none.
    fn write(&mut self, _: &SharedState, _: KeyEvent) -> Option<Vec<Effect>> {
        None
    }

    /// Takes pasted text.
    fn paste(&mut self, _: &SharedState, _: &str) -> Vec<Effect> {
        Vec::new()
    }

    /// Whether it waits for the store: clicks are not meant for what comes next.
    fn is_busy(&self) -> bool {
        false
    }

    /// Keeps a key for what comes next; `false`: there is nothing to wait for.
    fn hold(&mut self, _: &SharedState, _: KeyEvent) -> bool {
        false
    }

    /// Gives the next key that was kept, once there is nothing to wait for.
    fn next_held(&mut self, _: &SharedState) -> Option<KeyEvent> {
        None
    }

    /// Forgets that it waits, and the keys that were kept: what it waited for will not come.
    fn stop_waiting(&mut self) {}

    /// Says why a key does nothing here, where it means something elsewhere on the screen.
    fn unknown(&self, _: &SharedState, _: KeyPress) -> Option<String> {
        None
    }

    /// Gives what the footer says before its hints.
    fn call(&self) -> Option<&'static str> {
        None
    }

    /// Whether a hint of the footer makes sense now, beyond being possible.
    fn hints_at(&self, _: Action) -> bool {
        true
    }

    /// Gives the words of a hint of the footer, key included, where they are others than usual.
    fn hint(&self, _: &SharedState, _: &ActionRow) -> Option<String> {
        None
    }
}
