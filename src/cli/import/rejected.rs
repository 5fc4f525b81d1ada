//! Rejected records: to the file that was asked for, and the first of them kept to be shown.

use anyhow::{Context, Result};
use serde_json::Value;
use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::rc::Rc;

/// Rejects that are shown.
const SHOWN: usize = 10;
/// Bytes that are kept for that.
const KEPT: usize = 64 * 1024;

/// What is kept of the rejects.
pub(super) struct Keep {
    first: Rc<RefCell<Vec<u8>>>,
    file: Option<Rc<RefCell<BufWriter<File>>>>,
}

struct Writer {
    first: Rc<RefCell<Vec<u8>>>,
    file: Option<Rc<RefCell<BufWriter<File>>>>,
}

impl Keep {
    /// Rejects go to `path` too, where there is one.
    pub(super) fn new(path: Option<&Path>) -> Result<Self> {
        let file = path
            .map(|p| File::create(p).with_context(|| format!("cannot write the rejects to {}", p.display())))
            .transpose()?;
        Ok(Self { first: Rc::default(), file: file.map(|f| Rc::new(RefCell::new(BufWriter::new(f)))) })
    }

    pub(super) fn writer(&self) -> Box<dyn Write> {
        Box::new(Writer { first: Rc::clone(&self.first), file: self.file.clone() })
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

impl Write for Writer {
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
