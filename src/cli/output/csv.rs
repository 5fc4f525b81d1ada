//! CSV for spreadsheets: one writer for every command.

use crate::cli::output::json::StandardOutput;
use crate::text;
use anyhow::Result;

/// What tells Excel that a file is UTF-8.
const BOM: &[u8] = "\u{feff}".as_bytes();

/// Flags of every command that prints CSV.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct CsvFlags {
    /// Print CSV
    #[arg(long)]
    pub csv: bool,
    /// Begin the CSV with a byte order mark, by which Excel knows UTF-8
    #[arg(long, requires = "csv")]
    bom: bool,
}

/// A cell.
pub(in crate::cli) enum Cell<'a> {
    /// A text from a log, a person or a file: guarded.
    Text(&'a str),
    /// A number, a date or a word of ours; empty for none.
    Plain(String),
}

/// A number, or nothing.
pub(in crate::cli) fn number(n: Option<impl ToString>) -> Cell<'static> {
    Cell::Plain(n.map(|n| n.to_string()).unwrap_or_default())
}

/// Rows on their way to a spreadsheet.
pub(in crate::cli) struct CsvOutput {
    to: ::csv::Writer<Vec<u8>>,
}

impl CsvOutput {
    /// Begins with the headings.
    pub fn new(format: &CsvFlags, headings: &[&str]) -> Result<Self> {
        let begin = if format.bom { BOM.to_vec() } else { Vec::new() };
        let mut to = ::csv::Writer::from_writer(begin);
        to.write_record(headings)?;
        Ok(Self { to })
    }

    /// Adds a row.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = Cell<'a>>) -> Result<()> {
        let cell = |c| match c {
            Cell::Text(text) => guarded(text),
            Cell::Plain(word) => word,
        };
        self.to.write_record(cells.into_iter().map(cell))?;
        Ok(())
    }

    /// Prints all of it.
    pub fn print(self, out: &mut StandardOutput) -> Result<()> {
        let bytes = self.to.into_inner().map_err(|e| e.into_error())?;
        out.raw(&bytes)
    }
}

/// A text for a spreadsheet, or a terminal that the file is shown on: control characters made visible, and a quote before
/// what a spreadsheet would take for a formula.
fn guarded(cell: &str) -> String {
    let clean = text::clean_block(cell);
    // What stood before cleaning counts as well: a tab becomes something visible, and is a formula's beginning all the same.
    let begins = |text: &str| text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let quote = if begins(cell) || begins(clean.as_str()) { "'" } else { "" };
    format!("{quote}{}", clean.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(bom: bool, cell: &str) -> String {
        let mut csv = CsvOutput::new(&CsvFlags { csv: true, bom }, &["text", "n"]).unwrap();
        csv.row([Cell::Text(cell), number(Some(-0.5))]).unwrap();
        String::from_utf8(csv.to.into_inner().unwrap()).unwrap()
    }

    #[test]
    fn texts_are_guarded_and_numbers_stay_numbers() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            let csv = written(false, formula);
            assert!(csv.lines().nth(1).unwrap().trim_start_matches('"').starts_with('\''), "{csv:?}");
        }
        assert_eq!(written(false, "where is my money"), "text,n\nwhere is my money,-0.5\n");
        assert_eq!(written(false, ""), "text,n\n,-0.5\n");
    }

    #[test]
    fn a_mark_stands_first_and_only_where_it_was_asked_for() {
        assert_eq!(written(true, "ναι"), "\u{feff}text,n\nναι,-0.5\n");
        assert!(!written(false, "ναι").starts_with('\u{feff}'));
    }
}
