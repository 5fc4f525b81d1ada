//! What the terminal answers when it is asked for its background (OSC 11). The answer comes between keys, as keys: Alt-], letters,
//! and Alt-\\ or Ctrl-g at the end.

use crate::theme::Palette;
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

/// The question.
pub const QUESTION: &[u8] = b"\x1b]11;?\x1b\\";
/// An answer begins so.
const BEGINNING: &str = "11;rgb";
/// No answer is longer.
const LONGEST: usize = 32;

/// What is heard of an event.
#[derive(Debug, Default)]
pub struct HeardEvent {
    /// What people did, in order.
    pub events: Vec<Event>,
    /// The background, once an answer is whole.
    pub background: Option<Palette>,
}

/// Tells answers from keys.
#[derive(Debug, Default)]
pub struct Listener {
    /// Events since Alt-], and what they spell.
    held: Vec<Event>,
    spelt: String,
}

impl Listener {
    /// Takes an event. What turns out to be no answer is given back whole.
    pub fn take(&mut self, event: Event) -> HeardEvent {
        let Some(key) = pressed(&event) else { return self.give_back(event) };
        if self.held.is_empty() {
            if key.code == KeyCode::Char(']') && key.modifiers.contains(KeyModifiers::ALT) {
                self.held.push(event);
                return HeardEvent::default();
            }
            return HeardEvent { events: vec![event], background: None };
        }
        if is_end(&key) {
            if let Some(background) = background(&self.spelt) {
                *self = Self::default();
                return HeardEvent { events: Vec::new(), background: Some(background) };
            }
            return self.give_back(event);
        }
        match key.code {
            KeyCode::Char(c) if self.fits(c) => {
                self.spelt.push(c);
                self.held.push(event);
                HeardEvent::default()
            }
            _ => self.give_back(event),
        }
    }

    /// Whether an answer can go on with this letter.
    fn fits(&self, c: char) -> bool {
        match BEGINNING.chars().nth(self.spelt.chars().count()) {
            Some(expected) => c == expected,
            None => self.spelt.len() < LONGEST && (c.is_ascii_hexdigit() || matches!(c, ':' | '/' | 'a')),
        }
    }

    fn give_back(&mut self, event: Event) -> HeardEvent {
        let mut events = std::mem::take(self).held;
        events.push(event);
        HeardEvent { events, background: None }
    }
}

fn pressed(event: &Event) -> Option<KeyEvent> {
    if let Event::Key(key) = event { Some(*key) } else { None }
}

/// ESC \ or BEL.
fn is_end(key: &KeyEvent) -> bool {
    let with = |c: char, modifier| key.code == KeyCode::Char(c) && key.modifiers.contains(modifier);
    with('\\', KeyModifiers::ALT) || with('g', KeyModifiers::CONTROL)
}

/// The background of `11;rgb:ffff/ffff/ffff`, by its luminance (ITU-R BT.709).
fn background(answer: &str) -> Option<Palette> {
    let (_, colour) = answer.split_once(':')?;
    let mut parts = colour.split('/').map(|hex| {
        let most = 16_u32.checked_pow(u32::try_from(hex.len()).ok()?)?.checked_sub(1).filter(|m| *m > 0)?;
        Some(f64::from(u32::from_str_radix(hex, 16).ok()?) / f64::from(most))
    });
    let (r, g, b) = (parts.next()??, parts.next()??, parts.next()??);
    let light = 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.5;
    Some(if light { Palette::Light } else { Palette::Dark })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(c: char, modifiers: KeyModifiers) -> Event {
        Event::Key(KeyEvent::new(KeyCode::Char(c), modifiers))
    }

    fn answer(text: &str, end: Event) -> Vec<Event> {
        let letters = text.chars().map(|c| key(c, KeyModifiers::NONE));
        std::iter::once(key(']', KeyModifiers::ALT)).chain(letters).chain([end]).collect()
    }

    fn heard(events: Vec<Event>) -> (Vec<Event>, Vec<Palette>) {
        let mut listener = Listener::default();
        let heard: Vec<HeardEvent> = events.into_iter().map(|e| listener.take(e)).collect();
        let backgrounds = heard.iter().filter_map(|h| h.background).collect();
        (heard.into_iter().flat_map(|h| h.events).collect(), backgrounds)
    }

    #[test]
    fn answers_are_told_from_keys() {
        let (st, bel) = (key('\\', KeyModifiers::ALT), key('g', KeyModifiers::CONTROL));
        assert_eq!(heard(answer("11;rgb:ffff/ffff/ffff", st.clone())), (vec![], vec![Palette::Light]));
        assert_eq!(heard(answer("11;rgb:1c/1c/1c", bel.clone())), (vec![], vec![Palette::Dark]));
        assert_eq!(heard(answer("11;rgba:fd/f6/e3/ff", bel)), (vec![], vec![Palette::Light]));
        // Somebody types between the question and the answer, and Alt-] of their own.
        let mut typed = vec![key('j', KeyModifiers::NONE)];
        typed.extend(answer("11;rgb:00/00/00", st.clone()));
        typed.push(key('q', KeyModifiers::NONE));
        let (events, backgrounds) = heard(typed);
        assert_eq!((events.len(), backgrounds), (2, vec![Palette::Dark]));
        let own = answer("x", key('1', KeyModifiers::NONE));
        assert_eq!(heard(own.clone()), (own, vec![]));
        let broken = answer("11;rgb:zz", st);
        assert_eq!(heard(broken.clone()), (broken, vec![]));
    }
}
