//! Files that people write or export for us: rows under a line that names the columns. In any dialect and encoding that
//! logs come in.

use super::cut::{CutRow, CutRows, CutStep};
use super::dialect::{DELIMITERS, decode, first_rows, guess_encoding, is_separator};
use crate::ingest::error::IngestError;
use crate::ingest::input::source::{Input, InputSource};
use crate::ingest::rejects::BadRecord;
use encoding_rs::Encoding;
use std::io::{self, Read};

/// Rows among which the line that names the columns is looked for: titles may stand above it.
const ABOVE: usize = 20;
/// Longest row in bytes.
const MAX_ROW: usize = 64 << 20;
/// Stands between cells where a row has only one: what no text holds.
const NONE: char = '\u{1f}';

/// The rows of a file whose first line names the columns. Iterate over it: what cannot be read is told with its line.
pub struct NamedRows {
    rows: CutRows<Box<dyn Read + Send>>,
    row: CutRow,
    columns: Vec<String>,
    encoding: Option<&'static Encoding>,
    done: bool,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedRow {
    /// The line on which it starts, from 1.
    pub line: u64,
    /// Some of its bytes are no text; they are U+FFFD now.
    pub is_damaged: bool,
    cells: Vec<String>,
}

impl NamedRow {
    /// The cell of a column by its place, without blanks around it; empty where the row or the file has none.
    pub fn cell(&self, column: Option<usize>) -> &str {
        column.and_then(|i| self.cells.get(i)).map_or("", |cell| cell.trim())
    }
}

impl NamedRows {
    /// Opens a file: undoes compression, tells its encoding, what stands between cells, and which line names the columns.
    /// That is the first with one of the names `known` (in lower case), with nothing but titles of one cell above it; for
    /// want of one, the first line.
    ///
    /// # Errors
    /// It cannot be opened, or is no text.
    pub fn open(input: Input, known: &[&str]) -> Result<Self, IngestError> {
        let name = input.name();
        let text = InputSource::open(input).and_then(|source| source.into_text().map_err(io::Error::other));
        let text = text.map_err(|error| IngestError::Open { name, error })?;
        let encoding = guess_encoding(&text.head);
        let Header { delimiter, above, columns } = Header::of(&text.head, encoding, known);
        let rows = CutRows::new(text.read(), delimiter as u8, MAX_ROW, 0);
        let mut named = Self { rows, row: CutRow::default(), columns, encoding, done: false };
        // What cannot be read among titles is none of the rows.
        (0..=above).for_each(|_| while matches!(named.step(), Some(Err(_))) {});
        Ok(named)
    }

    /// The columns' names, in lower case.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The place of the column that has one of these names.
    pub fn column(&self, names: &[&str]) -> Option<usize> {
        self.columns.iter().position(|c| names.contains(&c.as_str()))
    }

    /// The encoding that the text seems to have, where it is no UTF-8.
    pub fn encoding(&self) -> Option<&'static str> {
        self.encoding.map(Encoding::name)
    }

    /// Reads the next row into `self.row`.
    fn step(&mut self) -> Option<Result<(), BadRecord>> {
        loop {
            match self.rows.next(&mut self.row) {
                Ok(CutStep::Row) if is_separator(&self.row) => {}
                Ok(CutStep::Row) => return Some(Ok(())),
                Ok(CutStep::Bad(bad)) => return Some(Err(bad)),
                Ok(CutStep::End) => return None,
                Err(error) => {
                    self.done = true;
                    return Some(Err(BadRecord::broken_off(self.rows.line(), &error)));
                }
            }
        }
    }

    fn taken(&self) -> Result<NamedRow, BadRecord> {
        let (row, width) = (&self.row, self.columns.len());
        let mut is_damaged = false;
        let mut cell = |i: usize| {
            let (text, damaged) = decode(row.cell(i), self.encoding);
            is_damaged |= damaged;
            text.into_owned()
        };
        let cells: Vec<String> = (0..row.len()).map(&mut cell).collect();
        match cells.iter().skip(width).any(|cell| !cell.trim().is_empty()) {
            false => Ok(NamedRow { line: row.line, is_damaged, cells }),
            true => Err(BadRecord {
                line: row.line,
                column: 1,
                reason: format!(
                    "{} cells, where there are {width} columns: quote cells that hold the delimiter or a line break",
                    row.len()
                ),
                excerpt: cells.join(" ").chars().take(120).collect(),
            }),
        }
    }
}

impl Iterator for NamedRows {
    type Item = Result<NamedRow, BadRecord>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        self.step().map(|step| step.and_then(|()| self.taken()))
    }
}

/// The line that names the columns.
struct Header {
    delimiter: char,
    /// Rows above it.
    above: usize,
    columns: Vec<String>,
}

impl Header {
    fn of(head: &[u8], encoding: Option<&'static Encoding>, known: &[&str]) -> Self {
        let at = |delimiter: char| {
            let rows = first_rows(head, delimiter, encoding, ABOVE);
            let is_title = |row: &Vec<String>| row.iter().filter(|c| !c.trim().is_empty()).count() <= 1;
            let names = |row: &Vec<String>| row.iter().any(|c| known.contains(&name(c).as_str()));
            let above = rows.iter().position(names).filter(|&n| rows[..n].iter().all(is_title));
            let columns = columns(rows.get(above.unwrap_or(0)));
            (above, Self { delimiter, above: above.unwrap_or(0), columns })
        };
        let mut all: Vec<(Option<usize>, Self)> = DELIMITERS.iter().map(|&d| at(d)).collect();
        // The widest of those that hold a known name; else the widest at all. Of equal ones the more usual sign.
        all.sort_by_key(|(above, header)| (above.is_none(), std::cmp::Reverse(header.columns.len())));
        let best = all.into_iter().next().map(|(_, header)| header);
        let mut header = best.unwrap_or(Self { delimiter: NONE, above: 0, columns: Vec::new() });
        if header.columns.len() < 2 {
            header.delimiter = NONE;
        }
        header
    }
}

/// A line's names; what is nameless at its end is no column.
fn columns(row: Option<&Vec<String>>) -> Vec<String> {
    let mut names: Vec<String> = row.into_iter().flatten().map(|cell| name(cell)).collect();
    names.truncate(names.iter().rposition(|n| !n.is_empty()).map_or(0, |last| last + 1));
    names
}

fn name(cell: &str) -> String {
    cell.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::WINDOWS_1253;
    use std::io::Cursor;

    /// The rows' lines with the cells under `text` and `intent`, bad ones with their reason.
    fn read(bytes: &[u8]) -> Vec<String> {
        let read = Box::new(Cursor::new(bytes.to_vec()));
        let rows = NamedRows::open(Input::Stream { name: "x".into(), read }, &["text"]).unwrap();
        let (text, intent) = (rows.column(&["text"]), rows.column(&["intent", "label"]));
        let shown = |row: Result<NamedRow, BadRecord>| match row {
            Ok(row) => format!("{} {}|{}", row.line, row.cell(text), row.cell(intent)),
            Err(bad) => format!("{} {}", bad.line, bad.reason.split(':').next().unwrap()),
        };
        rows.map(shown).collect()
    }

    #[test]
    fn every_usual_dialect_is_the_same_file() {
        let expected = ["2 where is it, please|status", "3 hi|"];
        assert_eq!(read(b"text,intent\n\"where is it, please\",status\nhi,\n"), expected);
        assert_eq!(read(b"Intent;Text\r\nstatus;where is it, please\r\n;hi\r\n"), expected);
        assert_eq!(read(b"n\ttext\tlabel\n1\twhere is it, please\tstatus\n2\thi\n"), expected);
        assert_eq!(read("\u{feff}text|intent\nwhere is it, please|status\nhi\n".as_bytes()), expected);
        let utf16: Vec<u8> = "\u{feff}text;intent\nwhere is it, please;status\nhi;\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(read(&utf16), expected);
        let greek = WINDOWS_1253.encode("text;intent\nπού είναι, παρακαλώ;status\n").0;
        assert_eq!(read(&greek), ["2 πού είναι, παρακαλώ|status"]);
    }

    #[test]
    fn titles_may_stand_above_the_names_and_rows_may_not() {
        assert_eq!(read(b"sep=;\nExamples of March;;\n\ntext;intent;\nhi;greet;\n"), ["5 hi|greet"]);
        assert_eq!(read(b"a,b\ntext,intent\nhi,greet\n"), ["2 |", "3 |"]);
        assert_eq!((read(b""), read(b"text,intent")), (vec![], vec![]));
    }

    #[test]
    fn one_column_needs_no_quotes() {
        assert_eq!(
            read(b"text\nwell, where is it; really\n\"a \"\"b\"\"\"\n"),
            ["2 well, where is it; really|", "3 a \"b\"|"]
        );
    }

    #[test]
    fn what_cannot_be_read_costs_its_row() {
        assert_eq!(
            read(b"text,intent\nwell, hi,greet\n\"a\" b,c\nhi,greet,,\n\"open\n"),
            [
                "2 3 cells, where there are 2 columns",
                "3 a quote opens here and is closed in the middle of a cell",
                "4 hi|greet",
                "5 a quote opens here and is never closed"
            ]
        );
    }
}
