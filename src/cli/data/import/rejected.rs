//! Rejected records: to the file that was asked for, and the first of them kept to be shown.

use crate::disk::{CannotWrite, ExistingFile, InputFiles, NewFile};
use crate::jobs::ToldReject;
use anyhow::Result;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::rc::Rc;

/// Kinds of reject that are shown.
const SHOWN: usize = 10;
/// Kinds that are told apart for that.
const KINDS: usize = 1_000;
/// Bytes of a file that are looked at to tell whether it holds rejects: an excerpt is short.
const LOOKED_AT: u64 = 64 * 1024;
/// What a line of rejects has, and nothing else.
const FIELDS: [&str; 5] = ["file", "line", "column", "reason", "excerpt"];

/// What is kept of the rejects.
pub(super) struct KeptRejects {
    kinds: Rc<RefCell<RejectKinds>>,
    file: Option<Rc<RefCell<NewFile>>>,
}

struct RejectsWriter {
    kinds: Rc<RefCell<RejectKinds>>,
    file: Option<Rc<RefCell<NewFile>>>,
    /// The line that is being written.
    line: Vec<u8>,
}

/// Rejects of one file for one reason, whatever numbers stand in it.
struct RejectKind {
    /// The first: where, and why.
    place: String,
    reason: String,
    n: u64,
}

/// Kinds of reject in the order in which they were met.
#[derive(Default)]
struct RejectKinds {
    list: Vec<RejectKind>,
    places: HashMap<String, usize>,
}

impl RejectKinds {
    fn add(&mut self, line: &[u8]) {
        let Ok(reject) = serde_json::from_slice::<Value>(line) else { return };
        let text = |key: &str| reject[key].as_str().unwrap_or_default();
        let (file, reason) = (text("file"), text("reason"));
        let kind: String = reason.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        let place = *self.places.entry(format!("{file}: {kind}")).or_insert(self.list.len());
        if let Some(known) = self.list.get_mut(place) {
            known.n += 1;
        } else if self.list.len() < KINDS {
            let place = format!("{file}:{}:{}", reject["line"], reject["column"]);
            self.list.push(RejectKind { place, reason: reason.to_owned(), n: 1 });
        }
    }
}

impl KeptRejects {
    /// Rejects go to `path` too, where there is one. Rejects of an earlier run are replaced, anything else is left alone.
    pub(super) fn new(path: Option<&Path>, inputs: &InputFiles) -> Result<Self, CannotWrite> {
        let file = path.map(|p| NewFile::begin(p, ExistingFile::Ours(holds_rejects), inputs)).transpose()?;
        Ok(Self { kinds: Rc::default(), file: file.map(|f| Rc::new(RefCell::new(f))) })
    }

    /// Puts the file in its place; without a reject there is none. Says whether it was written.
    pub(super) fn finish(&mut self) -> Result<bool> {
        let file = self.file.take().and_then(Rc::into_inner).map(RefCell::into_inner);
        Ok(file.map(NewFile::keep).transpose()?.unwrap_or(false))
    }

    pub(super) fn writer(&self) -> Box<dyn Write> {
        Box::new(RejectsWriter { kinds: Rc::clone(&self.kinds), file: self.file.clone(), line: Vec::new() })
    }

    /// The first rejects of each kind, and how many they stand for.
    pub(super) fn first(&self) -> Vec<(ToldReject, u64)> {
        let kinds = self.kinds.borrow();
        let told = |kind: &RejectKind| {
            let more = if kind.n == 1 { String::new() } else { format!(" (and {} more like it)", kind.n - 1) };
            (ToldReject { place: kind.place.clone(), reason: format!("{}{more}", kind.reason) }, kind.n)
        };
        kinds.list.iter().take(SHOWN).map(told).collect()
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
        for part in bytes.split_inclusive(|&b| b == b'\n') {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") {
                self.kinds.borrow_mut().add(&self.line);
                self.line.clear();
            }
        }
        if let Some(file) = &self.file {
            file.borrow_mut().write_all(bytes)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_ref().map_or(Ok(()), |f| f.borrow_mut().flush())
    }
}
