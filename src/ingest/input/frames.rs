//! Cuts a text into records: lines, or the values of a JSON array or of pretty-printed JSON, one at a time, in memory
//! bounded by the longest record.

use super::scan::{Scan, breaks_values};
use super::under::{ListsBeside, list_under};
use crate::ingest::context::Warnings;
use memchr::memchr;
use serde::de::IgnoredAny;
use std::io::{self, BufRead};

/// How records stand in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ingest) enum RecordLayout {
    /// One a line.
    Lines,
    /// JSON values over several lines, bare or in arrays.
    Values,
    /// The values of one list within an object that starts the text; it begins behind so many bytes.
    Under(usize),
}

/// How a record came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ingest) enum RecordEnd {
    /// As it should.
    Complete,
    /// With the text.
    CutOff,
    /// It is longer than the limit; only the beginning is there.
    TooLong,
    /// A line ended inside quotes.
    OpenQuote,
    /// There is none: the text ends in an open list, behind a record that is whole.
    OpenList,
}

/// Where a record starts and how it ends; its bytes are in the buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ingest) struct Frame {
    /// Line, from 1.
    pub line: u64,
    /// Byte column, from 1.
    pub column: u64,
    /// How it ends.
    pub end: RecordEnd,
}

/// Tells the layout from the beginning of a text. A line that is an unfinished object means values over several lines, unless what
/// follows shows that it is only broken: the second line starts another object.
pub(in crate::ingest) fn layout(head: &[u8]) -> RecordLayout {
    let mut lines = head.split(|&b| b == b'\n').map(trim).filter(|l| !is_comment(l));
    let first = lines.next().unwrap_or_default();
    match first.first() {
        Some(b'[') => return RecordLayout::Values,
        Some(b'{') if holds_several(first) => return RecordLayout::Values,
        Some(b'{') => {}
        _ => return RecordLayout::Lines,
    }
    let unfinished = serde_json::from_slice::<IgnoredAny>(first).is_err_and(|e| e.is_eof());
    let second = lines.next().unwrap_or_default();
    if (unfinished || second.is_empty())
        && let Some((_, at)) = list_under(head)
    {
        return RecordLayout::Under(at);
    }
    let goes_on = unfinished && !second.is_empty() && second[0] != b'{';
    if goes_on || breaks_values(head) { RecordLayout::Values } else { RecordLayout::Lines }
}

/// Whether a line holds an object behind another: `{…}{…}`.
fn holds_several(line: &[u8]) -> bool {
    let mut values = serde_json::Deserializer::from_slice(line).into_iter::<IgnoredAny>();
    let is_whole = values.next().is_some_and(|value| value.is_ok());
    is_whole && trim(&line[values.byte_offset()..]).starts_with(b"{")
}

/// Without white space, byte order marks and NULs at both ends.
pub(in crate::ingest) fn trim(mut line: &[u8]) -> &[u8] {
    let skip = |b: u8| b.is_ascii_whitespace() || b == 0;
    loop {
        line = match line {
            [b, rest @ ..] | [rest @ .., b] if skip(*b) => rest,
            [0xef, 0xbb, 0xbf, rest @ ..] => rest,
            _ => return line,
        };
    }
}

fn is_comment(line: &[u8]) -> bool {
    line.is_empty() || line.starts_with(b"#") || line.starts_with(b"//")
}

/// The records of a text, one after the other.
pub(in crate::ingest) struct Frames<R> {
    input: R,
    layout: RecordLayout,
    /// Longest record in bytes.
    max: usize,
    /// Lines that ended so far, plus one.
    line: u64,
    /// Bytes of this line that were taken so far, plus one.
    column: u64,
    /// Whether an array is open around the values.
    in_array: bool,
    /// Bytes before the list that is read.
    skip: usize,
    /// Whether the one list that is read has ended.
    ended: bool,
    /// After a broken value: skip to a line that starts at most this far in with a bracket.
    resync: Option<u64>,
}

impl<R: BufRead> Frames<R> {
    pub fn new(input: R, layout: RecordLayout, max: usize) -> Self {
        let skip = if let RecordLayout::Under(at) = layout { at } else { 0 };
        Self { input, layout, max, line: 1, column: 1, in_array: false, skip, ended: false, resync: None }
    }

    /// The line that is read next, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The next record, its bytes in `buf`; `None` at the end.
    ///
    /// # Errors
    /// What the input says, among them a compressed file that is cut off.
    pub fn next(&mut self, buf: &mut Vec<u8>) -> io::Result<Option<Frame>> {
        match self.layout {
            RecordLayout::Lines => self.next_line(buf),
            RecordLayout::Values => self.next_value(buf),
            RecordLayout::Under(_) => {
                while self.skip > 0 {
                    let Some(byte) = self.peek()? else { return Ok(None) };
                    self.bump(byte);
                    (self.skip, self.in_array) = (self.skip - 1, true);
                }
                if self.ended { Ok(None) } else { self.next_value(buf) }
            }
        }
    }

    /// Once the one list that is read has ended: names further lists of objects beside it.
    ///
    /// # Errors
    /// What the input says.
    pub fn tell_beside(&mut self, warnings: &mut Warnings) -> io::Result<()> {
        let mut beside = ListsBeside::from_its_end();
        while let Some(byte) = self.peek()?.filter(|_| self.ended) {
            beside.take(byte);
            self.bump(byte);
        }
        for key in &beside.found {
            warnings.add(&format!(
                "the list `{key}` stands beside the one that is read, and is left out: import it as a file of its own"
            ));
        }
        Ok(())
    }

    fn next_line(&mut self, buf: &mut Vec<u8>) -> io::Result<Option<Frame>> {
        loop {
            let line = self.line;
            let Some(end) = self.take_line(buf)? else { return Ok(None) };
            if !is_comment(trim(buf)) {
                return Ok(Some(Frame { line, column: 1, end }));
            }
        }
    }

    /// One line without its end, at most `max` bytes of it; `None` at the end of the text.
    fn take_line(&mut self, buf: &mut Vec<u8>) -> io::Result<Option<RecordEnd>> {
        buf.clear();
        let mut too_long = false;
        loop {
            let chunk = self.input.fill_buf()?;
            let (end, taken) = match memchr(b'\n', chunk) {
                _ if chunk.is_empty() && buf.is_empty() && !too_long => return Ok(None),
                _ if chunk.is_empty() => (Some(RecordEnd::CutOff), 0),
                Some(n) => (Some(RecordEnd::Complete), n + 1),
                None => (None, chunk.len()),
            };
            let text = &chunk[..taken - usize::from(end == Some(RecordEnd::Complete))];
            let room = self.max.saturating_sub(buf.len());
            too_long |= text.len() > room;
            buf.extend_from_slice(&text[..text.len().min(room)]);
            self.input.consume(taken);
            if let Some(end) = end {
                self.line += 1;
                return Ok(Some(if too_long { RecordEnd::TooLong } else { end }));
            }
        }
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.input.fill_buf()?.first().copied())
    }

    fn bump(&mut self, byte: u8) {
        self.input.consume(1);
        if byte == b'\n' {
            (self.line, self.column) = (self.line + 1, 1);
        } else {
            self.column += 1;
        }
    }

    fn next_value(&mut self, buf: &mut Vec<u8>) -> io::Result<Option<Frame>> {
        if let Some(indent) = self.resync.take() {
            self.skip_broken(indent)?;
        }
        let mut line_starts = self.column == 1;
        while let Some(byte) = self.peek()? {
            match byte {
                b'\n' => line_starts = true,
                b' ' | b'\t' | b'\r' | b',' | 0 | 0xef | 0xbb | 0xbf => {}
                b'#' | b'/' if line_starts => {
                    self.skip_line()?;
                    continue;
                }
                b'[' if !self.in_array => self.in_array = true,
                b']' if matches!(self.layout, RecordLayout::Under(_)) => {
                    self.ended = true;
                    return Ok(None);
                }
                b']' => self.in_array = false,
                _ => return self.take_value(byte, buf).map(Some),
            }
            self.bump(byte);
        }
        buf.clear();
        let open = std::mem::take(&mut self.in_array);
        Ok(open.then_some(Frame { line: self.line, column: self.column, end: RecordEnd::OpenList }))
    }

    /// Takes one value; `first` is next in the input.
    fn take_value(&mut self, first: u8, buf: &mut Vec<u8>) -> io::Result<Frame> {
        let (line, column) = (self.line, self.column);
        let nested = matches!(first, b'{' | b'[');
        let mut scan = Scan::default();
        let mut end = RecordEnd::Complete;
        buf.clear();
        loop {
            let Some(byte) = self.peek()? else {
                if nested {
                    // What is cut off is told of it, and not again of the list.
                    self.in_array = false;
                    end = if end == RecordEnd::TooLong { end } else { RecordEnd::CutOff };
                }
                break;
            };
            if scan.quoted && byte == b'\n' {
                (end, self.resync) = (RecordEnd::OpenQuote, Some(column));
                break;
            }
            if !nested && !scan.quoted && matches!(byte, b',' | b']' | b'\n') {
                break;
            }
            self.bump(byte);
            if buf.len() < self.max {
                buf.push(byte)
            } else {
                end = RecordEnd::TooLong
            }
            if scan.closes(byte) {
                break;
            }
        }
        Ok(Frame { line, column, end })
    }

    fn skip_line(&mut self) -> io::Result<()> {
        while let Some(byte) = self.peek()? {
            self.bump(byte);
            if byte == b'\n' {
                break;
            }
        }
        Ok(())
    }

    /// After a broken value: on to the next line that starts no further in than it did, with a bracket.
    fn skip_broken(&mut self, indent: u64) -> io::Result<()> {
        loop {
            self.skip_line()?;
            while let Some(byte @ (b' ' | b'\t' | b',')) = self.peek()? {
                self.bump(byte);
            }
            match self.peek()? {
                None => return Ok(()),
                Some(b'{' | b']') if self.column <= indent => return Ok(()),
                Some(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(text: &str, max: usize) -> Vec<(String, u64, u64, RecordEnd)> {
        let mut frames = Frames::new(text.as_bytes(), layout(text.as_bytes()), max);
        let (mut buf, mut out) = (Vec::new(), Vec::new());
        while let Some(f) = frames.next(&mut buf).unwrap() {
            out.push((String::from_utf8_lossy(trim(&buf)).into_owned(), f.line, f.column, f.end));
        }
        out
    }

    fn texts(text: &str) -> Vec<String> {
        cut(text, 1_000).into_iter().map(|f| f.0).collect()
    }

    #[test]
    fn lines_without_blanks_and_comments() {
        let found = cut("\n# c\n{\"a\":1}\r\n  \n// c\n\u{feff}{\"b\":2}\0\0\n{\"c", 100);
        assert_eq!(
            found,
            [
                ("{\"a\":1}".into(), 3, 1, RecordEnd::Complete),
                ("{\"b\":2}".into(), 6, 1, RecordEnd::Complete),
                ("{\"c".into(), 7, 1, RecordEnd::CutOff)
            ]
        );
    }

    #[test]
    fn long_lines_are_cut_and_passed_over() {
        let found = cut("{\"a\":\"xxxxxxxxxxxxxxxx\"}\n{\"b\":2}\n", 8);
        assert_eq!((found[0].3, found[0].0.len(), found[1].0.as_str()), (RecordEnd::TooLong, 8, "{\"b\":2}"));
        let found = cut("[{\"a\":\"xxxxxxxxxxxxxxxx\"},\n{\"b\":2}]", 8);
        assert_eq!((found[0].3, found[1].0.as_str()), (RecordEnd::TooLong, "{\"b\":2}"));
    }

    #[test]
    fn arrays_are_taken_apart() {
        assert_eq!(texts("[{\"a\":[1,{}]},\n {\"b\":\"]}\\\"\"} ,]"), ["{\"a\":[1,{}]}", "{\"b\":\"]}\\\"\"}"]);
        assert_eq!(texts("[]"), [""; 0]);
        let ends = |text: &str| cut(text, 100).into_iter().map(|f| f.3).collect::<Vec<_>>();
        assert_eq!(ends("[\n{\"a\":1},\n"), [RecordEnd::Complete, RecordEnd::OpenList], "one may be missing");
        assert_eq!(ends("[\n{\"a\":1},\n{\"b\""), [RecordEnd::Complete, RecordEnd::CutOff]);
        assert_eq!(texts("[1, \"x,y\", {}]\n[{\"c\":1}]"), ["1", "\"x,y\"", "{}", "{\"c\":1}"]);
        assert_eq!(cut("[\n  {\"a\":1},\n  {\"b\":2}]", 100)[1], ("{\"b\":2}".into(), 3, 3, RecordEnd::Complete));
    }

    #[test]
    fn a_list_within_an_object_is_taken_apart() {
        let one = [r#"{"a":[1,{}]}"#, r#"{"b":2}"#];
        assert_eq!(texts(r#"{"total": 2, "data": [{"a":[1,{}]}, {"b":2}], "next": null, "x": [3]}"#), one);
        assert_eq!(
            cut("{\n \"conversations\": [\n  {\"a\":1},\n  {\"b\":2}\n ]\n}\n", 100)[1],
            ("{\"b\":2}".into(), 4, 3, RecordEnd::Complete)
        );
        // A conversation is none, and neither are lines that are lists of something.
        let conversation = r#"{"id":"1","messages":[{"role":"user"}]}"#;
        assert_eq!(texts(conversation), [conversation]);
        assert_eq!(texts("{\"data\":[{}]}\n{\"data\":[{}]}").len(), 2);
    }

    #[test]
    fn pretty_printed_objects_are_put_together() {
        assert_eq!(texts("{\n  \"a\": {\n  }\n}\n{\n\"b\": 1\n}\n"), ["{\n  \"a\": {\n  }\n}", "{\n\"b\": 1\n}"]);
        assert_eq!(cut("{\n  \"a\": [", 100)[0].3, RecordEnd::CutOff);
    }

    #[test]
    fn lines_may_be_broken_anywhere_within_objects() {
        let two = ["{\"id\":\"c\",\"said\":[{\"a\":1},\n  {\"b\":2}]}", "{ \"id\": \"d\",\n \"said\": [] }"];
        for between in ["\n", ",\n", "\n\n"] {
            assert_eq!(texts(&two.join(between)), two, "{between:?}");
        }
        // Behind whole lines, and with damage that is mended.
        assert_eq!(texts("{\"a\":1}\n{\"b\":[{\"c\":NaN},\n{\"d\":2},]}\n").len(), 2);
        // Longer than what is looked at: the next line tells.
        assert_eq!(layout(b"{\"a\":[{\"b\":1},\n{\"b\":2},\n{\"b\""), RecordLayout::Values);
        // One that is only broken.
        assert_eq!(texts("{\"a\":1}\n{\"b\":[1,\n{\"c\":2}\n").len(), 3);
    }

    #[test]
    fn objects_may_stand_in_a_row() {
        assert_eq!(
            texts("{\"a\":\"}{\"}{\"b\":{}} {\"c\":1}\n{\"d\":2}"),
            ["{\"a\":\"}{\"}", "{\"b\":{}}", "{\"c\":1}", "{\"d\":2}"]
        );
        assert_eq!(texts("{\"data\":[{}]}{\"data\":[{}]}").len(), 2);
    }

    #[test]
    fn a_broken_first_line_does_not_swallow_the_others() {
        assert_eq!(texts("{\"a\":[1\n{\"b\":2}\n"), ["{\"a\":[1", "{\"b\":2}"]);
        assert_eq!(texts("{\"a\":\"x\n{\"b\":2}\n"), ["{\"a\":\"x", "{\"b\":2}"]);
    }

    #[test]
    fn a_broken_element_does_not_swallow_the_others() {
        let found = cut("[\n {\"a\":\"x},\n {\"b\":2},\n {\"c\":3}\n]", 100);
        let ends: Vec<(u64, RecordEnd)> = found.iter().map(|f| (f.1, f.3)).collect();
        assert_eq!(ends, [(2, RecordEnd::OpenQuote), (3, RecordEnd::Complete), (4, RecordEnd::Complete)]);
    }

    proptest! {
        #[test]
        fn any_bytes_come_to_an_end(
            parts in prop::collection::vec(prop::sample::select(vec![
                "{", "}", "[", "]", "\"", "\\", ",", "\n", " ", "a", "#", "//", "\u{feff}", "\0", "1", ":",
            ]), 0..40),
            max in 0usize..12,
        ) {
            let text = parts.concat();
            for layout in [RecordLayout::Lines, RecordLayout::Values, RecordLayout::Under(3)] {
                let mut frames = Frames::new(text.as_bytes(), layout, max);
                let mut buf = Vec::new();
                let mut count = 0;
                while let Some(frame) = frames.next(&mut buf).unwrap() {
                    count += 1;
                    prop_assert!(buf.len() <= max && frame.line > 0 && count <= text.len());
                }
            }
        }
    }
}
