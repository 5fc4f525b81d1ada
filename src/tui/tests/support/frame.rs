//! A frame as facts: which words stand where, in which role, and what is left of them without colours.

use super::harness::{draw_buffer, text_of};
use super::prelude::*;
use crate::theme::{Role, Theme};
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

/// The three sizes in which every state has to hold.
pub const SIZES: [(u16, u16); 3] = [(80, 24), (120, 36), (200, 60)];

/// A drawn frame.
pub struct Frame {
    buffer: Buffer,
    theme: Theme,
    pub text: String,
}

impl Frame {
    pub fn of(app: &App, size: (u16, u16)) -> Self {
        let (buffer, _) = draw_buffer(app, size);
        Self { text: text_of(&buffer), buffer, theme: app.shared.theme }
    }

    /// The lines from one on, as many as asked for.
    pub fn lines(&self, from: usize, count: usize) -> Vec<&str> {
        self.text.lines().skip(from).take(count).collect()
    }

    /// The line so many rows above the lower edge; 0: the footer.
    pub fn row_above(&self, row: usize) -> &str {
        self.text.lines().rev().nth(row).unwrap()
    }

    /// All of these words stand in it.
    pub fn has(&self, all: &[&str]) -> &Self {
        for words in all {
            assert!(self.text.contains(words), "{words} is missing:\n{}", self.text);
        }
        self
    }

    /// None of these words stands in it.
    pub fn lacks(&self, none: &[&str]) -> &Self {
        for words in none {
            assert!(!self.text.contains(words), "{words} is there:\n{}", self.text);
        }
        self
    }

    /// QueueColumn and row where words stand first.
    pub fn place(&self, words: &str) -> (u16, u16) {
        let area = self.buffer.area;
        for y in 0..area.height {
            let cells: Vec<&str> = (0..area.width).map(|x| self.buffer[(x, y)].symbol()).collect();
            let at = (0..cells.len()).find(|&x| cells[x..].concat().starts_with(words));
            if let Some(x) = at {
                return (x as u16, y);
            }
        }
        panic!("{words} is missing:\n{}", self.text)
    }

    fn cells(&self, words: &str) -> Vec<&Cell> {
        let (x, y) = self.place(words);
        let count = unicode_width::UnicodeWidthStr::width(words) as u16;
        (x..x + count).map(|x| &self.buffer[(x, y)]).filter(|c| c.symbol() != " ").collect()
    }

    /// These words stand in it in this role.
    pub fn role(&self, words: &str, role: Role) -> &Self {
        let style = self.theme.style(role);
        for cell in self.cells(words) {
            assert_eq!(cell.fg, style.fg.unwrap_or(Color::Reset), "{words} is no {role:?}:\n{}", self.text);
            assert!(cell.modifier.contains(style.add_modifier), "{words} is no {role:?}:\n{}", self.text);
        }
        self
    }

    /// The row of these words is the selected one.
    pub fn selected(&self, words: &str) -> &Self {
        let style = self.theme.style(Role::Selected);
        let marked = |c: &&Cell| match self.theme.has_tints() {
            true => Some(c.bg) == style.bg,
            false => c.modifier.contains(Modifier::REVERSED),
        };
        assert!(self.cells(words).iter().all(marked), "{words} is not selected:\n{}", self.text);
        self
    }

    /// Words stand in this order from top to bottom.
    pub fn in_order(&self, all: &[&str]) -> &Self {
        let rows: Vec<u16> = all.iter().map(|words| self.place(words).1).collect();
        assert!(rows.is_sorted_by(|a, b| a < b), "{all:?} at {rows:?}:\n{}", self.text);
        self
    }
}

/// Nothing that a log holds reaches a cell as it is, and what the program says above and below stays where it stands.
/// Whether the hostile text is in sight at all.
pub fn harmless(hostile: &App, full: &App, size: (u16, u16)) -> bool {
    let (frame, plain) = (Frame::of(hostile, size), Frame::of(full, size));
    let bad = |c: char| (c.is_control() && c != '\n') || crate::text::clean::is_invisible(c);
    assert!(!frame.text.chars().any(bad), "{}", frame.text);
    assert_eq!(frame.lines(0, 2), plain.lines(0, 2), "the tabs");
    assert_eq!(frame.row_above(0), plain.row_above(0), "the footer");
    frame.text.contains('␛')
}

/// The band of a chart is a tint, and dots without colours.
fn is_chart(symbol: &str) -> bool {
    symbol.chars().all(|c| matches!(c, '▀' | '▄' | '\u{2800}'..='\u{28ff}'))
}

fn beside_charts(text: &str) -> String {
    let blank = |c: char| if is_chart(c.encode_utf8(&mut [0; 4])) { ' ' } else { c };
    text.lines().map(|l| l.chars().map(blank).collect::<String>().trim_end().to_owned() + "\n").collect()
}

/// Without colours every cell says the same by its weight: what is reversed, bold or underlined stays so, what is grey is dim.
pub fn weighs_the_same(coloured: &App, plain: &App, size: (u16, u16)) {
    let (with, without) = (Frame::of(coloured, size), Frame::of(plain, size));
    assert_eq!(beside_charts(&with.text), beside_charts(&without.text));
    let tint = coloured.shared.theme.style(Role::Selected).bg;
    let grey = [Role::Muted, Role::Faint].map(|role| coloured.shared.theme.style(role).fg);
    for (i, (a, b)) in with.buffer.content.iter().zip(&without.buffer.content).enumerate() {
        let place = (i % usize::from(size.0), i / usize::from(size.0));
        assert!(b.fg == Color::Reset && b.bg == Color::Reset, "a colour at {place:?}");
        if is_chart(a.symbol()) || is_chart(b.symbol()) {
            continue;
        }
        if tint.is_some() && Some(a.bg) == tint {
            // Bars keep their own ground, with the blank beside them.
            let is_of_bar = |at: usize| {
                let cell = without.buffer.content.get(at).filter(|_| at / usize::from(size.0) == place.1);
                cell.is_some_and(|c| matches!(c.symbol().chars().next(), Some('\u{2580}'..='\u{259f}')))
            };
            let keeps = is_of_bar(i) || b.symbol() == " " && (is_of_bar(i + 1) || i > 0 && is_of_bar(i - 1));
            assert_eq!(b.modifier.contains(Modifier::REVERSED), !keeps, "at {place:?}:\n{}", with.text);
            continue;
        }
        let dim = if grey.contains(&Some(a.fg)) { Modifier::DIM } else { Modifier::empty() };
        assert!(b.modifier.contains(dim), "at {place:?}:\n{}", with.text);
        // What was dim stays so below a colour that is laid over it.
        assert_eq!(b.modifier - Modifier::DIM, a.modifier - Modifier::DIM, "at {place:?}:\n{}", with.text);
    }
}
