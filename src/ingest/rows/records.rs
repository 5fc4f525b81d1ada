//! Rows of a table by name, whether it came as CSV or as JSON Lines: what evaluations read.

use super::named::NamedRows;
use crate::ingest::error::IngestError;
use crate::ingest::input::source::{Input, InputSource};
use crate::ingest::rejects::BadRecord;
use serde_json::{Map, Value};
use std::io::{self, BufRead, BufReader, Read};

/// Longest line in bytes.
const MAX_LINE: u64 = 16 << 20;

/// The rows of a file: objects, one a line, or cells under a line that names the columns.
pub struct NamedRecords(RecordShape);

enum RecordShape {
    Cells(NamedRows),
    Lines { from: Box<dyn BufRead + Send>, line: u64, done: bool },
}

impl NamedRecords {
    /// Opens a file: undoes compression, and tells JSON Lines by its first character. `known`: as for [`NamedRows::open`].
    ///
    /// # Errors
    /// It cannot be opened, or is no text.
    pub fn open(input: Input, known: &[&str]) -> Result<Self, IngestError> {
        let name = input.name();
        // The head is looked at on a source of its own: a file can be opened twice, a stream cannot.
        let Input::File(path) = &input else { return NamedRows::open(input, known).map(RecordShape::Cells).map(Self) };
        let text = InputSource::open(Input::File(path.clone())).and_then(|s| s.into_text().map_err(io::Error::other));
        let text = text.map_err(|error| IngestError::Open { name, error })?;
        if text.head.trim_ascii_start().first() != Some(&b'{') {
            return NamedRows::open(input, known).map(RecordShape::Cells).map(Self);
        }
        Ok(Self(RecordShape::Lines { from: Box::new(BufReader::new(text.read())), line: 0, done: false }))
    }
}

/// Cells are texts; what cannot be read is told with its line.
impl Iterator for NamedRecords {
    type Item = Result<Map<String, Value>, BadRecord>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            RecordShape::Cells(rows) => {
                let row = rows.next()?;
                let columns = rows.columns().iter().enumerate();
                Some(row.map(|row| columns.map(|(at, name)| (name.clone(), row.cell(Some(at)).into())).collect()))
            }
            RecordShape::Lines { done: true, .. } => None,
            RecordShape::Lines { from, line, done } => loop {
                *line += 1;
                let bad = |reason: String| BadRecord { line: *line, column: 1, reason, excerpt: String::new() };
                let mut bytes = Vec::new();
                match from.by_ref().take(MAX_LINE).read_until(b'\n', &mut bytes) {
                    Ok(0) => return None,
                    Ok(_) if bytes.trim_ascii().is_empty() => {}
                    Ok(_) => return Some(serde_json::from_slice(&bytes).map_err(|e| bad(e.to_string()))),
                    Err(error) => {
                        *done = true;
                        return Some(Err(bad(error.to_string())));
                    }
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_give_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let read = |name: &str, text: &str| -> Vec<Result<Map<String, Value>, BadRecord>> {
            let path = dir.path().join(name);
            std::fs::write(&path, text).unwrap();
            NamedRecords::open(Input::File(path), &["text"]).unwrap().collect()
        };
        let cells = read("a.csv", "text,sentiment\n\"well, hi\",neutral\n");
        let lines = read("a.jsonl", "{\"text\":\"well, hi\",\"sentiment\":\"neutral\"}\n\n");
        assert_eq!((cells.len(), cells[0].as_ref().unwrap()), (1, lines[0].as_ref().unwrap()));
        let bad = read("b.jsonl", "{\"text\":\"x\"}\n{oh\n{\"text\":\"y\"}\n");
        assert_eq!((bad.len(), bad[1].as_ref().unwrap_err().line), (3, 2));
    }
}
