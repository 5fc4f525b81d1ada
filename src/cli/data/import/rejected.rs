//! Rejected records: to the file that was asked for, and the first of them kept to be shown.

use crate::disk::{CannotWrite, ExistingFile, InputFiles, NewFile};
use anyhow::Result;
use serde_json::Value;
use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::rc::Rc;

/// Rejects that are shown.
const SHOWN: usize = 10;
/// Bytes that are kept for that.
const KEPT: usize = 64 * 1024;
/// Bytes of a file that are looked at to tell whether it holds rejects: an excerpt is short.
const LOOKED_AT: u64 = 64 * 1024;
/// What a line of rejects has, and nothing else.
const FIELDS: [&str; 5] = ["file", "line", "column", "reason", "excerpt"];

/// What is kept of the rejects.
pub(super) struct KeptRejects {
    first: Rc<RefCell<Vec<u8>>>,
    file: Option<Rc<RefCell<NewFile>>>,
}

struct RejectsWriter {
    first: Rc<RefCell<Vec<u8>>>,
    file: Option<Rc<RefCell<NewFile>>>,
}

impl KeptRejects {
    /// Rejects go to `path` too, where there is one. Rejects of an earlier run are replaced, anything else is left alone.
    pub(super) fn new(path: Option<&Path>, inputs: &InputFiles) -> Result<Self, CannotWrite> {
        let file = path.map(|p| NewFile::begin(p, ExistingFile::Ours(holds_rejects), inputs)).transpose()?;
        Ok(Self { first: Rc::default(), file: file.map(|f| Rc::new(RefCell::new(f))) })
    }

    /// Puts the file in its place; without a reject there is none. Says whether it was written.
    pub(super) fn finish(&mut self) -> Result<bool> {
        let file = self.file.take().and_then(Rc::into_inner).map(RefCell::into_inner);
        Ok(file.map(NewFile::keep).transpose()?.unwrap_or(false))
    }

    pub(super) fn writer(&self) -> Box<dyn Write> {
        Box::new(RejectsWriter { first: Rc::clone(&self.first), file: self.file.clone() })
    }

    /// The first rejects in words: `file:line:column: reason`.
    pub(super) fn first(&self) -> Vec<String> {
        let kept = self.first.borrow();
        // The last line may have been cut off where the room ended.
        let values = kept.split(|&b| b == b'\n').filter_map(|line| serde_json::from_slice::<Value>(line).ok());
        values
            .take(SHOWN)
            .map(|v| {
                let text = |key: &str| v[key].as_str().unwrap_or_default().to_owned();
                format!("{}:{}:{}: {}", text("file"), v["line"], v["column"], text("reason"))
            })
            .collect()
    }
}

/// Whether a file was written by an import: its first line is a reject.
fn holds_rejects(path: &Path) -> bool {
    let mut line = Vec::new();
    let read = File::open(path).and_then(|f| BufReader::new(f.take(LOOKED_AT)).read_until(b'\n', &mut line));
    let Ok(Value::Object(fields)) = serde_json::from_slice(&line) else { return false };
    read.is_ok() && fields.keys().eq(FIELDS)
}

impl Write for RejectsWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut first = self.first.borrow_mut();
        let room = KEPT.saturating_sub(first.len()).min(bytes.len());
        first.extend_from_slice(&bytes[..room]);
        if let Some(file) = &self.file {
            file.borrow_mut().write_all(bytes)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_ref().map_or(Ok(()), |f| f.borrow_mut().flush())
    }
}
