//! Cuts delimited text into rows and cells, in memory bounded by the longest row. Quotes that are never closed, or closed
//! in the middle of a cell, cost the row in which they open and no other: reading goes on in the next line. Where what follows looks
//! like no rows, it belongs to the cell: there the text is cut off.

use crate::ingest::rejects::{BadRecord, excerpt};
use memchr::{memchr, memchr_iter, memchr3, memrchr};
use std::io::{self, Read, Seek, SeekFrom};

/// Cells that a row may have.
const MAX_CELLS: usize = 4_096;
/// Blanks that may stand before a cell's quote.
const BLANKS: usize = 4;
/// How much is read at once.
const CHUNK: usize = 1 << 15;
/// How much is read at once after a jump: a row or two.
const JUMP: usize = 1 << 10;
/// What is wrong with a quote that goes on to the end of the text.
pub(in crate::ingest) const NEVER_CLOSED: &str =
    "a quote opens here and is never closed: close it, or double it where it is part of the text";
/// What is wrong with it where nothing behind it looks like a row.
pub(in crate::ingest) const CUT_OFF: &str =
    "a quote opens here and is never closed, and no rows follow: the file is cut off in this cell";
/// Rows behind such a quote that are looked at.
const FOLLOWING: usize = 50;

/// One row.
#[derive(Debug, Default)]
pub(in crate::ingest) struct CutRow {
    /// Line on which it starts, from 1.
    pub line: u64,
    /// Byte of the text at which it starts.
    pub offset: u64,
    /// Lines that it goes on for after the first.
    pub more_lines: u64,
    /// The text ends with it, and no line end behind it.
    pub is_open: bool,
    data: Vec<u8>,
    ends: Vec<usize>,
}

impl CutRow {
    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell's bytes, its quotes undone; nothing where there is no such cell.
    pub fn cell(&self, i: usize) -> &[u8] {
        let Some(&end) = self.ends.get(i) else { return &[] };
        &self.data[i.checked_sub(1).map_or(0, |before| self.ends[before])..end]
    }

    /// Bytes in all cells.
    pub fn bytes(&self) -> usize {
        self.data.len()
    }

    fn is_blank(&self) -> bool {
        // A file that grew in blocks ends in NULs, one of DOS in control-Z.
        self.data.iter().all(|b| b.is_ascii_whitespace() || matches!(b, 0 | 0x1a))
    }

    fn start(&mut self, line: u64, offset: u64) {
        (self.line, self.offset, self.more_lines, self.is_open) = (line, offset, 0, false);
        self.data.clear();
        self.ends.clear();
    }
}

/// What comes next in a text.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::ingest) enum CutStep {
    /// Its end.
    End,
    /// A row that is not blank.
    Row,
    /// A row that cannot be read; the cells before the damage are in the row.
    Bad(BadRecord),
}

/// What is wrong with a row, at a place counted from its start.
enum RowFault {
    /// A quote that opens here is never closed, to the end of the text or for as many bytes as a row may have.
    Open { at: usize, lines: u64, to_end: bool },
    /// A quote that opens here is closed in the middle of its cell.
    Stray { at: usize, lines: u64 },
    /// More bytes or cells than allowed; `at` is as far as was looked.
    TooLong { at: usize, cells: bool },
}

/// The rows of a text.
pub(in crate::ingest) struct CutRows<R> {
    input: R,
    delimiter: u8,
    max: usize,
    buf: Vec<u8>,
    /// Where the next row starts in `buf`.
    at: usize,
    /// Where `buf` starts in the text.
    base: u64,
    line: u64,
    ended: bool,
    /// Whether the next bytes lie elsewhere than the last: then few are read at once.
    jumped: bool,
    /// Cells of the last row that could be read.
    width: usize,
}

impl<R: Read> CutRows<R> {
    /// The rows of `input`, which starts at byte `offset` of its file; `max` bytes a row.
    pub fn new(input: R, delimiter: u8, max: usize, offset: u64) -> Self {
        Self {
            input,
            delimiter,
            max,
            buf: Vec::new(),
            at: 0,
            base: offset,
            line: 1,
            ended: false,
            jumped: false,
            width: 0,
        }
    }

    /// The line that is read next.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Reads the next row.
    ///
    /// # Errors
    /// What the input says.
    pub fn next(&mut self, row: &mut CutRow) -> io::Result<CutStep> {
        while self.byte(0)?.is_some() {
            row.start(self.line, self.base + self.at as u64);
            match self.scan(row)? {
                Ok(len) => {
                    self.at += len;
                    self.line = row.line + row.more_lines + 1;
                    if !row.is_blank() {
                        self.width = row.len();
                        return Ok(CutStep::Row);
                    }
                }
                Err(fault) => return self.pass_over(row, fault).map(CutStep::Bad),
            }
        }
        Ok(CutStep::End)
    }

    /// The byte that is `i` behind the row's start, reading on where necessary.
    fn byte(&mut self, i: usize) -> io::Result<Option<u8>> {
        while self.at + i >= self.buf.len() && !self.ended {
            self.fill()?;
        }
        Ok(self.buf.get(self.at + i).copied())
    }

    fn fill(&mut self) -> io::Result<()> {
        if self.at > CHUNK {
            self.buf.drain(..self.at);
            (self.base, self.at) = (self.base + self.at as u64, 0);
        }
        let filled = self.buf.len();
        // A long row is read in ever larger pieces, so that its beginning is not copied too often.
        let least = if std::mem::take(&mut self.jumped) { JUMP } else { CHUNK };
        self.buf.resize(filled + least.max((filled - self.at) / 2), 0);
        let n = loop {
            match self.input.read(&mut self.buf[filled..]) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        self.buf.truncate(filled + *n.as_ref().unwrap_or(&0));
        self.ended = n? == 0;
        Ok(())
    }

    /// Takes the cells of one row and says how long it is.
    fn scan(&mut self, row: &mut CutRow) -> io::Result<Result<usize, RowFault>> {
        let mut i = 0;
        loop {
            let taken = match self.quote_at(i)? {
                Some(quote) => {
                    let lines = row.more_lines;
                    match self.quoted(quote, row)? {
                        // A quote behind blanks opens a cell only where it closes one.
                        Err(_) if quote > i => {
                            row.more_lines = lines;
                            self.bare(i, row)?
                        }
                        taken => taken,
                    }
                }
                None => self.bare(i, row)?,
            };
            let end = match taken {
                Ok(end) if row.ends.len() < MAX_CELLS => end,
                Ok(end) => return Ok(Err(RowFault::TooLong { at: end, cells: true })),
                Err(fault) => return Ok(Err(fault)),
            };
            row.ends.push(row.data.len());
            match self.byte(end)? {
                Some(b'\r') if self.byte(end + 1)? == Some(b'\n') => return Ok(Ok(end + 2)),
                Some(b) if b == self.delimiter => i = end + 1,
                Some(_) => return Ok(Ok(end + 1)),
                None => {
                    row.is_open = true;
                    return Ok(Ok(end));
                }
            }
        }
    }

    /// The quote with which a cell begins, at once or behind a few blanks.
    fn quote_at(&mut self, start: usize) -> io::Result<Option<usize>> {
        let mut i = start;
        while i < start + BLANKS && self.byte(i)? == Some(b' ') {
            i += 1;
        }
        Ok((self.byte(i)? == Some(b'"')).then_some(i))
    }

    /// A cell without quotes around it; where it ends.
    fn bare(&mut self, start: usize, row: &mut CutRow) -> io::Result<Result<usize, RowFault>> {
        let mut i = start;
        loop {
            let known = &self.buf[(self.at + i).min(self.buf.len())..];
            let found = memchr3(self.delimiter, b'\n', b'\r', known);
            let len = found.unwrap_or(known.len());
            if i + len > self.max {
                return Ok(Err(RowFault::TooLong { at: start, cells: false }));
            }
            row.data.extend_from_slice(&known[..len]);
            i += len;
            if found.is_some() || self.byte(i)?.is_none() {
                return Ok(Ok(i));
            }
        }
    }

    /// A cell in quotes; where it ends, behind the quote and blanks.
    fn quoted(&mut self, start: usize, row: &mut CutRow) -> io::Result<Result<usize, RowFault>> {
        let (at, lines, kept) = (start, row.more_lines, row.data.len());
        let mut i = start + 1;
        let fault = loop {
            let known = &self.buf[(self.at + i).min(self.buf.len())..];
            let found = memchr(b'"', known);
            let piece = &known[..found.unwrap_or(known.len())];
            if i + piece.len() > self.max {
                break RowFault::Open { at, lines, to_end: false };
            }
            row.more_lines += memchr_iter(b'\n', piece).count() as u64;
            row.data.extend_from_slice(piece);
            i += piece.len();
            match (found, self.byte(i)?) {
                (None, Some(_)) => continue,
                (None, None) => break RowFault::Open { at, lines, to_end: true },
                (Some(_), _) => i += 1,
            }
            if self.byte(i)? == Some(b'"') {
                row.data.push(b'"');
                i += 1;
                continue;
            }
            while self.byte(i)? == Some(b' ') {
                i += 1;
            }
            match self.byte(i)? {
                None | Some(b'\n' | b'\r') => return Ok(Ok(i)),
                Some(b) if b == self.delimiter => return Ok(Ok(i)),
                Some(_) => break RowFault::Stray { at, lines },
            }
        };
        row.data.truncate(kept);
        Ok(Err(fault))
    }

    /// Goes on in the line after the one in which the damage lies.
    fn pass_over(&mut self, row: &mut CutRow, fault: RowFault) -> io::Result<BadRecord> {
        let (at, lines, reason) = match fault {
            RowFault::Open { at, lines, to_end: true } if self.is_cut_off(at) => (at, lines, CUT_OFF),
            RowFault::Open { at, lines, .. } => (at, lines, NEVER_CLOSED),
            RowFault::Stray { at, lines } => (
                at,
                lines,
                "a quote opens here and is closed in the middle of a cell: double quotes that are part of the text",
            ),
            RowFault::TooLong { at, cells: true } => (at, row.more_lines, "more than 4096 cells in one row"),
            RowFault::TooLong { at, .. } => (at, row.more_lines, ""),
        };
        let reason = if reason.is_empty() { self.too_long() } else { reason.to_owned() };
        let seen = &self.buf[self.at..];
        let at = at.min(seen.len());
        let begins = memrchr(b'\n', &seen[..at]).map_or(0, |n| n + 1);
        let column = (at - begins) as u64 + 1;
        let excerpt = excerpt(&seen[begins..], 0, column);
        let line = row.line + lines;
        row.more_lines = lines;
        self.line = line + 1;
        if reason == CUT_OFF {
            self.line += memchr_iter(b'\n', &self.buf[self.at + at..]).count() as u64;
            self.at = self.buf.len();
        } else {
            self.at += at;
            self.skip_line()?;
        }
        Ok(BadRecord { line, column, reason, excerpt })
    }

    /// Whether fewer than half of the rows behind the line of a quote, which goes on to the end of the text, are as wide as the last that
    /// could be read.
    fn is_cut_off(&self, at: usize) -> bool {
        let Some(behind) = self.buf.get(self.at + at..).filter(|_| self.width > 1) else { return false };
        let Some(next) = memchr(b'\n', behind) else { return false };
        // Without a width of its own it looks no further.
        let mut rows = CutRows::new(&behind[next + 1..], self.delimiter, self.max, 0);
        let (mut row, mut all, mut wide) = (CutRow::default(), 0, 0);
        while all < FOLLOWING {
            rows.width = 0;
            match rows.next(&mut row) {
                Ok(CutStep::End) | Err(_) => break,
                Ok(step) => {
                    all += 1;
                    wide += usize::from(step == CutStep::Row && row.len() == self.width);
                }
            }
        }
        wide * 2 < all
    }

    fn too_long(&self) -> String {
        let limit = if self.max >= 1 << 20 { format!("{} MiB", self.max >> 20) } else { format!("{} bytes", self.max) };
        format!("a row longer than {limit}, the limit")
    }

    /// To the start of the next line, without keeping what lies before it.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            match memchr(b'\n', &self.buf[self.at..]) {
                Some(n) => {
                    self.at += n + 1;
                    return Ok(());
                }
                None => self.at = self.buf.len(),
            }
            if self.byte(0)?.is_none() {
                return Ok(());
            }
        }
    }
}

impl<R: Read + Seek> CutRows<R> {
    /// Goes on with the row at byte `offset` of the file, in `line`.
    ///
    /// # Errors
    /// What the input says.
    pub fn go_to(&mut self, offset: u64, line: u64) -> io::Result<()> {
        self.line = line;
        match offset.checked_sub(self.base) {
            Some(n) if n <= self.buf.len() as u64 => self.at = n as usize,
            _ => {
                self.input.seek(SeekFrom::Start(offset))?;
                self.buf.clear();
                (self.at, self.base, self.jumped) = (0, offset, true);
            }
        }
        self.ended = false;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
