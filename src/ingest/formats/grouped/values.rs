//! Values, one after the other: of JSON, or rows under a line of names.

use crate::ingest::context::Context;
use crate::ingest::formats::json::bad;
use crate::ingest::input::frames::{Frames, RecordLayout, layout, trim};
use crate::ingest::input::lists::{BlankedText, holds_lists};
use crate::ingest::input::record;
use crate::ingest::input::source::Text;
use crate::ingest::rejects::{BadRecord, excerpt};
use crate::ingest::rows::cut::{CutRow, CutRows, CutStep};
use crate::ingest::rows::dialect::{DELIMITERS, decode, first_rows, guess_encoding, is_separator};
use encoding_rs::Encoding;
use serde_json::{Map, Value};
use std::collections::VecDeque;
use std::io::{self, BufReader, Read};

/// A value with the line on which it starts, or what cannot be read.
pub(in crate::ingest::formats) type FoundValue = Result<(Value, u64), BadRecord>;

/// The values of an input, one at a time.
pub(in crate::ingest::formats) trait Values: Send {
    /// The next value, or what cannot be read; `None` at the end.
    ///
    /// # Errors
    /// What the input says where it breaks off.
    fn next(&mut self, cx: &mut Context) -> io::Result<Option<FoundValue>>;

    /// The line that is read next, from 1.
    fn line(&self) -> u64;

    /// The beginning of the value that came last.
    fn excerpt(&self) -> String;
}

/// The values of a text; `lists` are keys under which all of them may stand, `max` is the longest in bytes.
pub(super) fn of(text: Text, lists: &'static [&'static str], has_tables: bool, max: usize) -> Box<dyn Values> {
    if has_tables && !is_json(&text.head) {
        return Box::new(ValueTable::new(text, max));
    }
    let (layout, read): (_, Box<dyn Read + Send>) = match holds_lists(&text.head, lists) {
        true => (RecordLayout::Values, Box::new(BlankedText::new(text.read(), lists))),
        false => (layout_of(&text.head), text.read()),
    };
    let frames = Frames::new(BufReader::with_capacity(1 << 16, read), layout, max);
    Box::new(Json { frames, buf: Vec::new(), lists, waiting: VecDeque::new(), max })
}

/// Whether a text starts as JSON does.
pub(super) fn is_json(head: &[u8]) -> bool {
    matches!(trim(head).first(), Some(b'{' | b'['))
}

/// How values stand in a text; the lists within an object are told by their keys, here and not there.
pub(super) fn layout_of(head: &[u8]) -> RecordLayout {
    match layout(head) {
        RecordLayout::Under(_) => RecordLayout::Values,
        other => other,
    }
}

struct Json {
    frames: Frames<BufReader<Box<dyn Read + Send>>>,
    buf: Vec<u8>,
    lists: &'static [&'static str],
    waiting: VecDeque<(Value, u64)>,
    max: usize,
}

impl Values for Json {
    fn next(&mut self, cx: &mut Context) -> io::Result<Option<FoundValue>> {
        loop {
            if let Some(next) = self.waiting.pop_front() {
                return Ok(Some(Ok(next)));
            }
            let Some(frame) = self.frames.next(&mut self.buf)? else { return Ok(None) };
            cx.warnings.line = frame.line;
            match record::parse(&self.buf, frame.end, self.max, &mut cx.warnings) {
                Ok(value) => self.waiting.extend(unwrapped(value, self.lists).into_iter().map(|v| (v, frame.line))),
                Err(fault) => return Ok(Some(Err(bad(frame, fault, &self.buf)))),
            }
        }
    }

    fn line(&self) -> u64 {
        self.frames.line()
    }

    fn excerpt(&self) -> String {
        excerpt(&self.buf, 0, 1)
    }
}

/// The items of the lists that an object holds under `keys`, directly or in one object within; without any, the value.
pub(super) fn unwrapped(value: Value, keys: &[&str]) -> Vec<Value> {
    let Some(mut value) = delivered(value) else { return Vec::new() };
    let mut items = lists(&mut value, keys);
    for key in keys {
        if let Some(inner) = value.get_mut(*key).filter(|v| v.is_object()) {
            items.get_or_insert_default().extend(lists(inner, keys).unwrap_or_else(|| vec![inner.take()]));
        }
    }
    items.unwrap_or_else(|| vec![value])
}

/// The record in a message of a pipeline, as Singer's taps and Airbyte's sources write them; nothing of what only steers it.
fn delivered(mut value: Value) -> Option<Value> {
    let kind = value.get("type").and_then(Value::as_str).unwrap_or_default();
    if matches!(kind, "SCHEMA" | "STATE" | "ACTIVATE_VERSION") && value.get("id").is_none() {
        return None;
    }
    if value.get("stream").is_none_or(|name| !name.is_string()) {
        return Some(value);
    }
    let record =
        ["record", "data"].iter().find_map(|key| value.get_mut(*key).filter(|v| v.is_object()).map(Value::take));
    Some(record.unwrap_or(value))
}

fn lists(value: &mut Value, keys: &[&str]) -> Option<Vec<Value>> {
    let mut items: Option<Vec<Value>> = None;
    for key in keys {
        if let Some(Value::Array(list)) = value.get_mut(*key) {
            items.get_or_insert_default().append(list);
        }
    }
    items
}

/// Rows as objects of texts; what is empty is null.
struct ValueTable {
    rows: CutRows<Box<dyn Read + Send>>,
    row: CutRow,
    names: Vec<String>,
    encoding: Option<&'static Encoding>,
    has_header: bool,
}

/// The sign between cells that gives the first line most names, and these.
pub(super) fn header(head: &[u8]) -> (char, Vec<String>) {
    let names = |d: char| first_rows(head, d, guess_encoding(head), 1).into_iter().next().unwrap_or_default();
    let all = DELIMITERS.iter().map(|&d| (d, names(d)));
    all.rev().max_by_key(|(_, names)| names.len()).unwrap_or((',', Vec::new()))
}

/// A row under its names.
pub(super) fn object(names: &[String], cells: impl Iterator<Item = String>) -> Value {
    let filled = |cell: String| if cell.is_empty() { Value::Null } else { Value::String(cell) };
    Value::Object(names.iter().map(|n| n.trim().to_owned()).zip(cells.map(filled)).collect::<Map<_, _>>())
}

impl ValueTable {
    fn new(text: Text, max: usize) -> Self {
        let ((delimiter, names), encoding) = (header(&text.head), guess_encoding(&text.head));
        let rows = CutRows::new(text.read(), delimiter as u8, max, 0);
        Self { rows, row: CutRow::default(), names, encoding, has_header: true }
    }
}

impl Values for ValueTable {
    fn next(&mut self, cx: &mut Context) -> io::Result<Option<FoundValue>> {
        loop {
            match self.rows.next(&mut self.row)? {
                CutStep::End => return Ok(None),
                CutStep::Bad(bad) => return Ok(Some(Err(bad))),
                CutStep::Row if is_separator(&self.row) => {}
                CutStep::Row if std::mem::take(&mut self.has_header) => {}
                CutStep::Row => {
                    let (row, mut is_damaged) = (&self.row, false);
                    let cells = (0..row.len()).map(|i| {
                        let (text, damaged) = decode(row.cell(i), self.encoding);
                        is_damaged |= damaged;
                        text.into_owned()
                    });
                    let value = object(&self.names, cells);
                    if is_damaged {
                        cx.warnings.line = row.line;
                        cx.warnings.damaged();
                    }
                    return Ok(Some(Ok((value, row.line))));
                }
            }
        }
    }

    fn line(&self) -> u64 {
        self.rows.line()
    }

    fn excerpt(&self) -> String {
        excerpt(self.row.cell(0), 0, 1)
    }
}
