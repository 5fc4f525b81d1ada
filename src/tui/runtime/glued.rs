//! What comes glued to Esc. A key or a movement of the mouse that is read together with Esc is taken apart wrongly: Esc, then the rest
//! of its sequence as letters and digits, each of which would be a decision.

use crossterm::event::{Event, KeyCode, KeyModifiers};
use std::time::Duration;

/// Letters of one sequence come faster than this, a person's slower.
pub const PAUSE: Duration = Duration::from_millis(20);
/// No sequence is longer.
const LONGEST: usize = 32;

/// Tells the rest of a control sequence (ECMA-48, 5.4) after Esc from keys.
#[derive(Debug, Default)]
pub struct EscapeTail {
    after_escape: bool,
    held: Vec<Event>,
}

impl EscapeTail {
    /// Whether a sequence may go on: after a [`PAUSE`] without input it was keys.
    pub fn is_open(&self) -> bool {
        !self.held.is_empty()
    }

    /// Takes an event, and returns those that are nobody's sequence.
    pub fn take(&mut self, event: Event) -> Vec<Event> {
        let letter = letter(&event);
        let after_escape = std::mem::replace(&mut self.after_escape, is_escape(&event));
        if self.is_open() {
            self.held.push(event);
            return match letter {
                Some(' '..='?') if self.held.len() < LONGEST => Vec::new(),
                Some('@'..='~') => {
                    self.held.clear();
                    Vec::new()
                }
                _ => self.give_back(),
            };
        }
        if after_escape && letter == Some('[') {
            self.held.push(event);
            return Vec::new();
        }
        vec![event]
    }

    /// What was held, which turned out to be keys.
    pub fn give_back(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.held)
    }
}

fn is_escape(event: &Event) -> bool {
    matches!(event, Event::Key(key) if key.code == KeyCode::Esc)
}

fn letter(event: &Event) -> Option<char> {
    match event {
        Event::Key(key) if (key.modifiers - KeyModifiers::SHIFT).is_empty() => key.code.as_char(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossterm::event::KeyEvent;

    fn key(code: KeyCode) -> Event {
        Event::Key(KeyEvent::new(code, KeyModifiers::NONE))
    }

    /// What is left of keys, `␛` being Esc, where nobody pauses.
    fn left(keys: &str) -> String {
        let mut tail = EscapeTail::default();
        let code = |c| if c == '␛' { KeyCode::Esc } else { KeyCode::Char(c) };
        let mut events: Vec<Event> = keys.chars().flat_map(|c| tail.take(key(code(c)))).collect();
        events.extend(tail.give_back());
        let text = |e: &Event| letter(e).unwrap_or('␛');
        events.iter().map(text).collect()
    }

    #[test]
    fn what_is_glued_to_escape_is_not_typed() {
        assert_eq!(left("␛[<35;40;12M1"), "␛1", "the mouse moved");
        assert_eq!(left("␛[<0;300;300m"), "␛", "a button was let go");
        assert_eq!(left("␛[B␛[5~j"), "␛␛j", "arrows and pages");
        assert_eq!(left("[<3"), "[<3", "no Esc before it");
        assert_eq!(left("␛2[1"), "␛2[1", "not right after it");
        assert_eq!(left("␛[12"), "␛[12", "a person who paused");
        assert_eq!(left("␛[έ"), "␛[έ");
        assert_eq!(left("␛[␛[A"), "␛[␛", "Esc begins anew");
    }
}
