//! A body in chunks (RFC 9112, 7.1), taken as it comes: sizes and ends are checked, extensions and trailers are thrown away,
//! and there is a limit to each.

use super::limits::{Limits, NoRequest};

/// Bytes of a line that says how long a chunk is, its extensions included.
const LINE: usize = 1 << 10;

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ChunkState {
    /// The line with a chunk's size.
    Size,
    /// So many bytes of a chunk.
    Data(usize),
    /// The line break behind a chunk.
    End,
    /// Lines up to an empty one.
    Trailers,
    /// Nothing: the body is whole.
    Nothing,
}

/// A body in chunks, as far as it has come.
#[derive(Debug)]
pub(super) struct ChunkedBody {
    next: ChunkState,
    /// Bytes that the body may have.
    most: usize,
    /// Bytes that extensions and trailers may still have.
    left: usize,
    body: Vec<u8>,
}

fn malformed() -> NoRequest {
    NoRequest::Refused(400, "the body's chunks are malformed")
}

impl ChunkedBody {
    /// Nothing has come yet.
    pub fn new(limits: &Limits) -> Self {
        Self { next: ChunkState::Size, most: limits.body, left: limits.head, body: Vec::new() }
    }

    /// Takes what it can of what has come, and takes it away from there. Whether the body is whole.
    ///
    /// # Errors
    /// What came is no chunk (400); the body (413), or what stands beside it (400, 431), is too long.
    pub fn take(&mut self, come: &mut Vec<u8>) -> Result<bool, NoRequest> {
        let mut at = 0;
        while self.next != ChunkState::Nothing {
            match self.step(&come[at..])? {
                Some(used) => at += used,
                None => break,
            }
        }
        come.drain(..at);
        Ok(self.next == ChunkState::Nothing)
    }

    /// The body that has come.
    pub fn into_body(self) -> Vec<u8> {
        self.body
    }

    /// Goes one step further; gives the bytes that it took, `None` where more have to come first.
    fn step(&mut self, come: &[u8]) -> Result<Option<usize>, NoRequest> {
        if let ChunkState::Data(length) = self.next {
            let some = length.min(come.len());
            self.body.extend_from_slice(&come[..some]);
            self.next = if some == length { ChunkState::End } else { ChunkState::Data(length - some) };
            return Ok((some > 0 || length == 0).then_some(some));
        }
        let trailer = self.next == ChunkState::Trailers;
        let Some(line) = line(come, if trailer { self.left } else { LINE })? else { return Ok(None) };
        match self.next {
            ChunkState::End if !line.is_empty() => return Err(malformed()),
            ChunkState::End => self.next = ChunkState::Size,
            ChunkState::Trailers if line.is_empty() => self.next = ChunkState::Nothing,
            ChunkState::Trailers => {
                self.spend(line.len() + 2, NoRequest::Refused(431, "the body's trailers are too long"))?
            }
            _ => self.begin(line)?,
        }
        Ok(Some(line.len() + 2))
    }

    /// A chunk begins, or with a size of 0 the end.
    fn begin(&mut self, line: &[u8]) -> Result<(), NoRequest> {
        let digits = line.iter().take_while(|b| b.is_ascii_hexdigit()).count();
        let rest = &line[digits..];
        let spaces = rest.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let extended = rest.get(spaces).is_none_or(|&b| b == b';');
        if digits == 0 || !extended || rest.iter().any(|b| b.is_ascii_control() && *b != b'\t') {
            return Err(malformed());
        }
        self.spend(rest.len(), malformed())?;
        let size = line[..digits].iter().try_fold(0usize, |size, &digit| {
            size.checked_mul(16)?.checked_add(char::from(digit).to_digit(16)? as usize)
        });
        let room = self.most - self.body.len();
        let size = size.filter(|&size| size <= room);
        let size = size.ok_or(NoRequest::Refused(413, "the request's body is too long"))?;
        self.next = if size == 0 { ChunkState::Trailers } else { ChunkState::Data(size) };
        Ok(())
    }

    fn spend(&mut self, bytes: usize, too_many: NoRequest) -> Result<(), NoRequest> {
        self.left = self.left.checked_sub(bytes).ok_or(too_many)?;
        Ok(())
    }
}

/// The line at the front, without its end; `None` while it is not whole. A bare line feed ends no line: who takes it for an
/// end and who does not would see two different requests.
fn line(come: &[u8], most: usize) -> Result<Option<&[u8]>, NoRequest> {
    match come.iter().position(|&b| b == b'\n') {
        Some(end) if end <= most + 1 => come[..end].strip_suffix(b"\r").map(Some).ok_or_else(malformed),
        None if come.len() <= most + 1 => Ok(None),
        _ => Err(NoRequest::Refused(431, "a line of the body's chunks is too long")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn limits() -> Limits {
        Limits { head: 64, body: 32, ..Limits::default() }
    }

    /// What comes of bytes that come in pieces of some size: the body and what is left, or the status.
    fn taken(bytes: &[u8], piece: usize) -> Result<Option<(String, String)>, u16> {
        let (mut chunks, mut come) = (ChunkedBody::new(&limits()), Vec::new());
        let mut pieces = bytes.chunks(piece.max(1));
        loop {
            match chunks.take(&mut come) {
                Ok(true) => break,
                Ok(false) => match pieces.next() {
                    Some(piece) => come.extend_from_slice(piece),
                    None => return Ok(None),
                },
                Err(NoRequest::Refused(status, _)) => return Err(status),
                Err(NoRequest::Gone) => unreachable!(),
            }
        }
        pieces.for_each(|piece| come.extend_from_slice(piece));
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ok(Some((text(chunks.into_body()), text(come))))
    }

    #[test]
    fn chunks_are_joined_however_they_come_and_what_follows_stays() {
        let whole = b"5\r\nhello\r\n006 ; name=\"a\"\r\n world\r\nA\r\n, said she\r\n0\r\nX-Trailer: y\r\n\r\nGET /";
        for piece in 1..whole.len() {
            let found = taken(whole, piece).unwrap().unwrap();
            assert_eq!(found, ("hello world, said she".to_owned(), "GET /".to_owned()), "{piece}");
        }
        assert_eq!(taken(b"0\r\n\r\n", 9), Ok(Some((String::new(), String::new()))));
        assert_eq!(taken(b"5\r\nhel", 2), Ok(None), "the rest may come");
        assert_eq!(taken(b"5\r\nhello\r\n0\r\n", 3), Ok(None));
    }

    #[test]
    fn what_is_malformed_or_too_long_is_refused_however_it_comes() {
        let long = |n: usize| "x".repeat(n);
        let cases: Vec<(String, u16)> = vec![
            ("\r\n".into(), 400),
            ("g\r\n".into(), 400),
            ("-1\r\n".into(), 400),
            ("+1\r\na\r\n".into(), 400),
            ("0x5\r\nhello\r\n".into(), 400),
            ("5 5\r\nhello\r\n".into(), 400),
            ("5\nhello\r\n".into(), 400),
            ("5\r\nhelloo\r\n".into(), 400),
            ("5\r\nhello\n0\r\n\r\n".into(), 400),
            ("5;a\rb\r\nhello\r\n".into(), 400),
            ("5;a\0b\r\nhello\r\n".into(), 400),
            (format!("1;{}\r\na\r\n0\r\n\r\n", long(70)), 400),
            (format!("1;{}\r\na\r\n1;{}\r\nb\r\n0\r\n\r\n", long(40), long(40)), 400),
            (format!("1;{}", long(2_000)), 431),
            (format!("0\r\nA: {}\r\n\r\n", long(90)), 431),
            (format!("0\r\nA: {0}\r\nB: {0}\r\n\r\n", long(40)), 431),
            ("21\r\n".into(), 413),
            (format!("20\r\n{}\r\n1\r\nx\r\n0\r\n\r\n", long(32)), 413),
            ("ffffffffffffffff\r\n".into(), 413),
            ("fffffffffffffffffffffffff\r\n".into(), 413),
        ];
        for (bytes, status) in cases {
            for piece in [1, 2, 3, 7, 4_000] {
                assert_eq!(taken(bytes.as_bytes(), piece), Err(status), "{bytes:?} by {piece}");
            }
        }
    }

    proptest! {
        #[test]
        fn nothing_breaks_it_and_pieces_change_nothing(bytes in "[0-3a\r\n;x ]{0,40}", piece in 1usize..9) {
            prop_assert_eq!(taken(bytes.as_bytes(), piece), taken(bytes.as_bytes(), 100));
        }
    }
}
