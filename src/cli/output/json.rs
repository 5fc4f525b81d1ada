//! Standard output: JSON values or lines for people.

use crate::config::Color;
use crate::text;
use anyhow::{Context, Result};
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};
use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

/// Columns where nobody says how many there are.
const COLUMNS: usize = 120;

/// What the command did is done by then; only nobody can read it.
const NOT_PRINTED: &str = "the answer could not be printed on standard output; what was decided or stored is saved";

/// Standard output. A write to a closed pipe is an error that ends the program as a success.
pub(in crate::cli) struct StandardOutput {
    to: BufWriter<Stdout>,
    color: bool,
    columns: usize,
    terminal: bool,
    /// Whether anything was printed.
    begun: bool,
}

/// What a piece of text means; the colour follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Tone {
    Heading,
    Muted,
    Good,
    Bad,
}

impl StandardOutput {
    pub(in crate::cli) fn new(color: Color) -> Self {
        let stdout = io::stdout();
        let terminal = stdout.is_terminal();
        let size = if terminal { terminal_size::terminal_size() } else { None };
        let color = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal,
        };
        let columns = size.map_or(COLUMNS, |(w, _)| usize::from(w.0).max(40));
        Self { to: BufWriter::new(stdout), color, columns, terminal, begun: false }
    }

    /// How wide a line may be.
    pub(in crate::cli) fn columns(&self) -> usize {
        self.columns
    }

    /// How wide a line of a table may be, whose last cell is cut to it: what is read by a program or kept in a file is never cut.
    pub(in crate::cli) fn table_columns(&self) -> usize {
        if self.terminal { self.columns } else { usize::MAX }
    }

    /// Prints one JSON value and a line break. It is made whole before its first byte goes out.
    pub(in crate::cli) fn json(&mut self, value: &impl Serialize) -> Result<()> {
        let mut bytes = Vec::new();
        value.serialize(&mut Serializer::with_formatter(&mut bytes, InertJson))?;
        bytes.push(b'\n');
        self.raw(&bytes)
    }

    /// Prints a line. The words are ours or have been cleaned.
    pub(in crate::cli) fn line(&mut self, words: impl Display) -> Result<()> {
        self.begun = true;
        writeln!(self.to, "{words}").context(NOT_PRINTED)
    }

    /// Prints bytes as they are: for formats that others read.
    pub(in crate::cli) fn raw(&mut self, bytes: &[u8]) -> Result<()> {
        self.begun = true;
        self.to.write_all(bytes).context(NOT_PRINTED)
    }

    /// Whether anything was printed: a value is, or the beginning of what is no value.
    pub(in crate::cli) fn has_begun(&self) -> bool {
        self.begun
    }

    /// Colours words, where colours are wanted.
    pub(in crate::cli) fn paint(&self, tone: Tone, words: &str) -> String {
        let code = match tone {
            _ if !self.color || words.is_empty() => return words.to_owned(),
            Tone::Heading => "1",
            Tone::Muted => "2",
            Tone::Good => "32",
            Tone::Bad => "31",
        };
        format!("\x1b[{code}m{words}\x1b[0m")
    }

    pub(in crate::cli) fn flush(&mut self) -> Result<()> {
        self.to.flush().context(NOT_PRINTED)
    }
}

/// Compact JSON in which every character that could act on a terminal or hide is written as an escape: the value is
/// exactly the same, and harmless to look at.
struct InertJson;

impl Formatter for InertJson {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let acts = |c: char| matches!(c, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}') || text::clean::is_invisible(c);
        let mut rest = fragment;
        while let Some(at) = rest.find(acts) {
            CompactFormatter.write_string_fragment(writer, &rest[..at])?;
            let c = rest[at..].chars().next().unwrap_or_default();
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = &rest[at + c.len_utf8()..];
        }
        CompactFormatter.write_string_fragment(writer, rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_inert_and_exact() {
        let hostile = "a\x1b[2J\u{9b}31m\u{202e}b\u{e0041}\u{7f}é 👋\u{2028}";
        let mut bytes = Vec::new();
        hostile.serialize(&mut Serializer::with_formatter(&mut bytes, InertJson)).unwrap();
        let json = String::from_utf8(bytes).unwrap();
        assert_eq!(json, "\"a\\u001b[2J\\u009b31m\\u202eb\\udb40\\udc41\\u007fé 👋\\u2028\"");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), hostile);
    }
}
