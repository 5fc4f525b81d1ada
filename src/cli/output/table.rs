//! Aligned columns.

use crate::cli::output::json::{StandardOutput, Tone};
use crate::text::{self, fit};
use anyhow::Result;

/// Two blanks between columns.
const GAP: &str = "  ";
/// The last column is never cut to less.
const LEAST: usize = 20;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Align {
    Left,
    Right,
}

/// Columns of words. Every cell is cleaned; the last column is cut to what the terminal has room for.
pub(in crate::cli) struct WordTable {
    columns: Vec<(&'static str, Align)>,
    rows: Vec<Vec<String>>,
}

impl WordTable {
    /// Columns by heading; one that starts with `>` stands on the right.
    pub(in crate::cli) fn new(headings: &[&'static str]) -> Self {
        let column = |h: &&'static str| match h.strip_prefix('>') {
            Some(h) => (h, Align::Right),
            None => (*h, Align::Left),
        };
        Self { columns: headings.iter().map(column).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub(in crate::cli) fn row<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.rows.push(cells.into_iter().map(|c| text::clean(c.as_ref()).into_cow().into_owned()).collect());
    }

    pub(in crate::cli) fn print(&self, out: &mut StandardOutput) -> Result<()> {
        let widths = self.widths(out.table_columns());
        let headings: Vec<String> = self.columns.iter().map(|(h, _)| (*h).to_owned()).collect();
        if headings.iter().any(|h| !h.is_empty()) {
            let line = self.line(&headings, &widths);
            out.line(out.paint(Tone::Muted, &line))?;
        }
        self.rows.iter().try_for_each(|row| out.line(self.line(row, &widths)))
    }

    fn widths(&self, room: usize) -> Vec<usize> {
        let cell = |row: &Vec<String>, i: usize| row.get(i).map_or(0, |c| fit::width(c));
        let widest = |i: usize| {
            let heading = fit::width(self.columns[i].0);
            self.rows.iter().map(|r| cell(r, i)).max().unwrap_or(0).max(heading)
        };
        let mut widths: Vec<usize> = (0..self.columns.len()).map(widest).collect();
        let used: usize = widths.iter().rev().skip(1).map(|w| w + GAP.len()).sum();
        if let Some(last) = widths.last_mut() {
            *last = (*last).min(room.saturating_sub(used).max(LEAST));
        }
        widths
    }

    fn line(&self, cells: &[String], widths: &[usize]) -> String {
        let placed = self.columns.iter().zip(widths).enumerate().map(|(i, ((_, align), &w))| {
            let cell = cells.get(i).map_or("", String::as_str);
            if *align == Align::Left { fit::pad(cell, w) } else { fit::pad_left(cell, w) }
        });
        placed.collect::<Vec<_>>().join(GAP).trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_the_last_is_cut() {
        let mut table = WordTable::new(&[">n", "name", "text"]);
        table.row(["7", "日本", "a\x1b[2J"]);
        table.row(["12", "x", &"y".repeat(50)]);
        let widths = table.widths(30);
        assert_eq!(widths, [2, 4, 20]);
        assert_eq!(table.line(&table.rows[0], &widths), " 7  日本  a␛");
        assert_eq!(table.line(&table.rows[1], &widths), format!("12  x     {}…", "y".repeat(19)));
        let whole = table.widths(usize::MAX);
        assert!(table.line(&table.rows[1], &whole).ends_with(&"y".repeat(50)), "where nothing is cut");
    }
}
