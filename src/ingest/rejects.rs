//! What could not be imported, and the file in which it is kept for whoever has to look at it.

use serde::Serialize;
use std::collections::HashSet;
use std::fmt;
use std::io::{self, Write};

/// A record that could not be imported.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Reject {
    /// The file's path, or the stream's name.
    pub file: String,
    /// Line, from 1.
    pub line: u64,
    /// Byte column, from 1.
    pub column: u64,
    /// Why not, and where possible what to do.
    pub reason: String,
    /// The text around that place, exactly as it stands: clean it before it goes to a screen.
    pub excerpt: String,
}

impl fmt::Display for Reject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.reason)
    }
}

/// What cannot be read of an input, at its place in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRecord {
    /// Line, from 1.
    pub line: u64,
    /// Byte column, from 1.
    pub column: u64,
    /// What is wrong and what to do.
    pub reason: String,
    /// The text around that place.
    pub excerpt: String,
}

impl BadRecord {
    /// The input broke off in a line: what was not read is one record.
    pub(super) fn broken_off(line: u64, error: &io::Error) -> Self {
        let reason = match error.kind() {
            io::ErrorKind::UnexpectedEof => "the file is cut off here: what follows is missing".to_owned(),
            _ => format!("cannot be read from here on: {error}"),
        };
        Self { line, column: 1, reason, excerpt: String::new() }
    }

    /// It as a reject of a file.
    pub(super) fn of(self, file: &str) -> Reject {
        let Self { line, column, reason, excerpt } = self;
        Reject { file: file.to_owned(), line, column, reason, excerpt }
    }
}

/// Writes rejects as JSONL.
pub struct Rejects<W> {
    out: W,
    count: u64,
    /// What was written of an input that is read again and again.
    written: Option<HashSet<Reject>>,
}

impl<W: Write> Rejects<W> {
    /// Rejects go to `out`.
    pub fn new(out: W) -> Self {
        Self { out, count: 0, written: None }
    }

    /// Begins another input. One that is to be read `again` from its beginning whenever it has grown tells the same of its rows each
    /// time: of that one each reject is written once.
    pub fn begin(&mut self, again: bool) {
        self.written = again.then(HashSet::new);
    }

    /// Writes one.
    ///
    /// # Errors
    /// What `out` says.
    pub fn write(&mut self, reject: &Reject) -> io::Result<()> {
        if self.written.as_mut().is_some_and(|written| !written.insert(reject.clone())) {
            return Ok(());
        }
        serde_json::to_writer(&mut self.out, reject)?;
        self.out.write_all(b"\n")?;
        self.count += 1;
        Ok(())
    }

    /// Flushes and says how many there were.
    ///
    /// # Errors
    /// What `out` says.
    pub fn finish(mut self) -> io::Result<u64> {
        self.out.flush()?;
        Ok(self.count)
    }
}

/// Characters of an excerpt on either side of the culprit.
const AROUND: usize = 60;

/// The text around a place in a record (`line` lines below its first).
pub(super) fn excerpt(bytes: &[u8], line: u64, column: u64) -> String {
    let text = bytes.split(|&b| b == b'\n').nth(line as usize).unwrap_or_default();
    // Four bytes a character at most; the rest of a long line need not be decoded.
    let at = (column as usize).saturating_sub(1).min(text.len());
    let (from, to) = (at.saturating_sub(4 * AROUND), (at + 4 * AROUND).min(text.len()));
    let before = String::from_utf8_lossy(&text[from..at]);
    let before: String = before.chars().skip(before.chars().count().saturating_sub(AROUND)).collect();
    let after: String = String::from_utf8_lossy(&text[at..to]).chars().take(AROUND).collect();
    (before + &after).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excerpts_stand_around_the_culprit() {
        let text = format!("{}X{}", "a".repeat(500), "b".repeat(500));
        let found = excerpt(text.as_bytes(), 0, 501);
        assert_eq!(found, format!("{}X{}", "a".repeat(AROUND), "b".repeat(AROUND - 1)));
        assert_eq!(excerpt("x\nye\u{301}\n".as_bytes(), 1, 3), "ye\u{301}");
        assert_eq!(excerpt(b"x", 7, 9), "");
    }

    #[test]
    fn rejects_are_lines_of_json() {
        let mut out = Vec::new();
        let mut rejects = Rejects::new(&mut out);
        let reject = Reject { file: "f".into(), line: 2, column: 3, reason: "r".into(), excerpt: "\x1b".into() };
        rejects.write(&reject).unwrap();
        assert_eq!(rejects.finish().unwrap(), 1);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "{\"file\":\"f\",\"line\":2,\"column\":3,\"reason\":\"r\",\"excerpt\":\"\\u001b\"}\n"
        );
        assert_eq!(reject.to_string(), "f:2:3: r");
    }

    #[test]
    fn what_is_read_again_is_told_once_and_another_file_for_itself() {
        let reject = |line| Reject { file: "f".into(), line, column: 1, reason: "r".into(), excerpt: String::new() };
        let mut rejects = Rejects::new(std::io::sink());
        let mut write = |begins: Option<bool>, lines: &[u64]| {
            begins.into_iter().for_each(|again| rejects.begin(again));
            lines.iter().for_each(|&line| rejects.write(&reject(line)).unwrap());
            rejects.count
        };
        assert_eq!(write(None, &[1, 1]), 2, "two records of one line");
        assert_eq!(write(Some(true), &[2, 5]), 4);
        assert_eq!(write(None, &[2, 5, 7]), 5, "it has grown by one row");
        assert_eq!(write(Some(true), &[2]), 6, "another file has its name");
        assert_eq!(write(Some(false), &[2, 2]), 8);
    }
}
