//! Formats of one JSON value a conversation: a line each, in an array, or pretty-printed.

use super::contract::{Found, Records};
use super::record_error::RecordError;
use crate::domain::Conversation;
use crate::ingest::context::{Context, Warnings};
use crate::ingest::input::frames::{Frame, Frames, RecordEnd, RecordLayout, layout, trim};
use crate::ingest::input::record::{self, RecordFault};
use crate::ingest::input::source::Text;
use crate::ingest::rejects::{BadRecord, excerpt};
use serde_json::Value;
use std::io::{self, BufReader, Read};
use std::mem;

/// Values of a beginning that are looked at.
const LOOKED_AT: usize = 10;

/// Keys that are named of an object that nobody knows.
const DESCRIBED: usize = 8;

/// How one value is read.
#[derive(Clone, Copy)]
pub(in crate::ingest) struct ReadValue {
    /// From its text, where there is nothing wrong with it; `None`, and nothing noted, where there is.
    pub at_once: fn(&str, &mut Context) -> Option<Conversation>,
    /// As a value, saying what is wrong with it.
    pub read: fn(Value, &mut Context) -> Result<Conversation, RecordError>,
}

/// The values of a text. Memory holds the longest of them.
pub(in crate::ingest) struct JsonRecords {
    frames: Frames<BufReader<Box<dyn Read + Send>>>,
    buf: Vec<u8>,
    how: ReadValue,
    max: usize,
}

impl JsonRecords {
    /// Reads each value `how`; those of more than `max` bytes are refused.
    pub fn new(text: Text, max: usize, how: ReadValue) -> Self {
        let layout = layout(&text.head);
        let input = BufReader::with_capacity(1 << 16, text.read());
        Self { frames: Frames::new(input, layout, max), buf: Vec::new(), how, max }
    }
}

impl Records for JsonRecords {
    fn next(&mut self, cx: &mut Context) -> io::Result<Option<Found>> {
        let Some(frame) = self.frames.next(&mut self.buf)? else {
            self.frames.tell_beside(&mut cx.warnings)?;
            return Ok(None);
        };
        cx.warnings.line = frame.line;
        if let Some(c) = record::plain(&self.buf, frame.end).and_then(|text| (self.how.at_once)(text, cx)) {
            return Ok(Some(Ok((Box::new(c), frame.line))));
        }
        // What is put up with in a record that is thrown away is no news.
        let before = mem::replace(&mut cx.warnings, Warnings::at(frame.line));
        let parsed = record::parse(&self.buf, frame.end, self.max, &mut cx.warnings);
        let read = parsed.and_then(|value| {
            (self.how.read)(value, cx).map_err(|e| {
                if let Some(name) = e.stranger() {
                    cx.speakers.note(&name);
                }
                RecordFault::whole(e.to_string())
            })
        });
        let found = mem::replace(&mut cx.warnings, before);
        match read.is_ok() {
            true => cx.warnings.join(found),
            false => cx.warnings.invalid_utf8 = cx.warnings.invalid_utf8.and(found.invalid_utf8),
        }
        Ok(Some(read.map(|c| (Box::new(c), frame.line)).map_err(|fault| bad(frame, fault, &self.buf))))
    }

    fn line(&self) -> u64 {
        self.frames.line()
    }
}

/// What is wrong with a record.
pub(in crate::ingest) fn bad(frame: Frame, fault: RecordFault, buf: &[u8]) -> BadRecord {
    let indent = if fault.line == 0 { frame.column - 1 } else { 0 };
    BadRecord {
        line: frame.line + fault.line,
        column: fault.column + indent,
        excerpt: excerpt(buf, fault.line, fault.column),
        reason: fault.reason,
    }
}

/// What the objects of a beginning are, for whoever wonders why nobody reads them; `None` where it holds none.
pub(in crate::ingest) fn described(head: &[u8]) -> Option<String> {
    let values = first_values(head);
    let object = values.iter().find_map(Value::as_object)?;
    let named = |(key, value): (&String, &Value)| {
        let key: String = key.chars().take(40).collect();
        match value {
            Value::Array(list) => format!("`{key}` (a list of {})", list.len()),
            Value::Object(map) => format!("`{key}` (an object of {})", map.len()),
            _ => format!("`{key}`"),
        }
    };
    let more = if object.len() > DESCRIBED { ", …" } else { "" };
    let keys: Vec<String> = object.iter().take(DESCRIBED).map(named).collect();
    Some(format!("JSON objects with {}{more}: no words beside somebody who says them were found", keys.join(", ")))
}

/// The first values of a beginning, broken ones left out. Of the one that it cuts off, what there is of it: a first record may be longer
/// than all that is looked at.
pub(in crate::ingest) fn first_values(head: &[u8]) -> Vec<Value> {
    first_of(head, layout(head))
}

/// [`first_values`] where it is known how they stand in the text.
pub(in crate::ingest) fn first_of(head: &[u8], layout: RecordLayout) -> Vec<Value> {
    let mut frames = Frames::new(head, layout, head.len());
    let (mut buf, mut found) = (Vec::new(), Vec::new());
    for _ in 0..LOOKED_AT {
        let Ok(Some(frame)) = frames.next(&mut buf) else { break };
        let value = record::parse(&buf, frame.end, head.len(), &mut Warnings::default()).ok();
        let cut = || closed(trim(&buf)).and_then(|text| serde_json::from_str(&text).ok());
        found.extend(value.or_else(|| if frame.end == RecordEnd::CutOff { cut() } else { None }));
    }
    found
}

/// JSON that is cut off, closed behind the last value that is whole.
fn closed(cut: &[u8]) -> Option<String> {
    let (mut open, mut quoted, mut escaped) = (Vec::new(), false, false);
    // Where it can be closed, and what has to be closed there.
    let (mut end, mut to_close) = (0, Vec::new());
    for (at, &byte) in cut.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => {
                open.push(if byte == b'{' { b'}' } else { b']' });
                (end, to_close) = (at + 1, open.clone());
            }
            b'}' | b']' => {
                open.pop();
                (end, to_close) = (at + 1, open.clone());
            }
            b',' => (end, to_close) = (at, open.clone()),
            _ => {}
        }
        // Nesting that deep is no log's; each step would copy it.
        if open.len() > 100 {
            return None;
        }
    }
    let mut text = String::from_utf8_lossy(&cut[..end]).into_owned();
    text.extend(to_close.iter().rev().map(|&b| char::from(b)));
    (end > 0).then_some(text)
}
