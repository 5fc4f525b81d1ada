//! A one-line text field.

use crate::base::escape::without_escapes;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use unicode_segmentation::UnicodeSegmentation;

/// Text and where the next letter goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextField {
    text: String,
    /// Byte offset; always between two grapheme clusters.
    cursor: usize,
    /// The text is an offer: what is typed first takes its place.
    is_offer: bool,
}

impl TextField {
    /// A field with text in it, the cursor behind it.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { cursor: text.len(), text, is_offer: false }
    }

    /// A field with text in it that stays if nothing else is written, and goes with the first letter that is.
    pub fn offering(text: impl Into<String>) -> Self {
        let field = Self::new(text);
        Self { is_offer: !field.text.is_empty(), ..field }
    }

    /// Whether the text is still only offered.
    pub fn is_offer(&self) -> bool {
        self.is_offer
    }

    /// What stands in it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Byte offset of the cursor.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// Takes an editing key. `None`: the key is none; otherwise whether the text changed.
    pub fn key(&mut self, key: KeyEvent) -> Option<bool> {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        if key.modifiers.contains(KeyModifiers::ALT) {
            return None;
        }
        if matches!(key.code, KeyCode::Backspace | KeyCode::Delete) && std::mem::take(&mut self.is_offer) {
            self.cursor = self.text.len();
            return Some(self.cut(0));
        }
        // Who moves in it means to change it.
        let moves = matches!(key.code, KeyCode::Left | KeyCode::Right | KeyCode::Home | KeyCode::End);
        self.is_offer &= !moves && !control;
        match key.code {
            KeyCode::Char('u') if control => Some(self.cut(0)),
            KeyCode::Char('w') if control => Some(self.cut(self.word_start())),
            KeyCode::Char('a') if control => self.go(0),
            KeyCode::Char('e') if control => self.go(self.text.len()),
            KeyCode::Char(_) if control => None,
            KeyCode::Char(c) => {
                self.insert(c.encode_utf8(&mut [0; 4]));
                Some(true)
            }
            KeyCode::Backspace => Some(self.cut(self.before())),
            KeyCode::Delete => {
                let end = self.after();
                let changed = end > self.cursor;
                self.text.replace_range(self.cursor..end, "");
                Some(changed)
            }
            KeyCode::Left => self.go(self.before()),
            KeyCode::Right => self.go(self.after()),
            KeyCode::Home => self.go(0),
            KeyCode::End => self.go(self.text.len()),
            _ => None,
        }
    }

    /// Puts text in at the cursor: line breaks become spaces, other controls and escape sequences go.
    pub fn insert(&mut self, text: &str) {
        let clean: String = without_escapes(text)
            .chars()
            .map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c })
            .filter(|c| !c.is_control() && !crate::text::clean::is_invisible(*c))
            .collect();
        if std::mem::take(&mut self.is_offer) {
            self.text.clear();
            self.cursor = 0;
        }
        self.text.insert_str(self.cursor, &clean);
        self.cursor += clean.len();
    }

    /// Puts text in place of a byte range, the cursor behind it. The range has to lie between characters.
    pub fn replace(&mut self, at: std::ops::Range<usize>, text: &str) {
        if self.text.get(at.clone()).is_some() {
            self.text.replace_range(at.clone(), "");
            self.cursor = at.start;
            self.insert(text);
        }
    }

    fn go(&mut self, to: usize) -> Option<bool> {
        self.cursor = to;
        Some(false)
    }

    fn cut(&mut self, from: usize) -> bool {
        let changed = from < self.cursor;
        self.text.replace_range(from..self.cursor, "");
        self.cursor = from;
        changed
    }

    fn before(&self) -> usize {
        self.text[..self.cursor].grapheme_indices(true).next_back().map_or(0, |(i, _)| i)
    }

    fn after(&self) -> usize {
        self.text[self.cursor..].graphemes(true).next().map_or(self.cursor, |g| self.cursor + g.len())
    }

    fn word_start(&self) -> usize {
        let head = self.text[..self.cursor].trim_end();
        head.rfind(char::is_whitespace).map_or(0, |i| i + head[i..].chars().next().map_or(1, char::len_utf8))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_by_grapheme_cluster() {
        let mut f = TextField::new("aé👩‍👩‍👧");
        let press = |f: &mut TextField, code| f.key(KeyEvent::new(code, KeyModifiers::NONE));
        assert_eq!(press(&mut f, KeyCode::Backspace), Some(true));
        assert_eq!(f.text(), "aé");
        press(&mut f, KeyCode::Left);
        press(&mut f, KeyCode::Char('x'));
        assert_eq!((f.text(), f.cursor()), ("axé", 2));
    }

    #[test]
    fn what_is_offered_goes_with_the_first_letter_and_stays_for_who_moves_in_it() {
        let press = |f: &mut TextField, code| f.key(KeyEvent::new(code, KeyModifiers::NONE));
        let mut f = TextField::offering("content writers");
        assert!(f.is_offer());
        press(&mut f, KeyCode::Char('m'));
        press(&mut f, KeyCode::Char('a'));
        assert_eq!((f.text(), f.is_offer()), ("ma", false));
        let mut f = TextField::offering("content writer");
        press(&mut f, KeyCode::End);
        press(&mut f, KeyCode::Char('s'));
        assert_eq!(f.text(), "content writers");
        let mut f = TextField::offering("content writers");
        press(&mut f, KeyCode::Backspace);
        assert_eq!(f.text(), "");
        f.insert("maria");
        assert_eq!(f.text(), "maria");
    }

    #[test]
    fn a_pasted_line_break_is_a_space() {
        let mut f = TextField::default();
        f.insert("a\r\nb\x1b[2J");
        assert_eq!(f.text(), "a  b");
    }

    #[test]
    fn words_go_backwards() {
        let mut f = TextField::new("since:7d outcome:failed ");
        f.key(KeyEvent::new(KeyCode::Char('w'), KeyModifiers::CONTROL));
        assert_eq!(f.text(), "since:7d ");
    }
}
