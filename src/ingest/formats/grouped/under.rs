//! One list under a key, read item by item: a file of any size may be one object around it.

use serde::de::IgnoredAny;
use std::io::{self, Read};

/// Where a list under one of `keys` starts in an object that the beginning of a text does not hold whole; at most one
/// object may stand around the list within the outer one.
pub(super) fn list_start(head: &[u8], keys: &[&str]) -> Option<usize> {
    let is_object = head.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{');
    let mut first = serde_json::Deserializer::from_slice(head).into_iter::<IgnoredAny>();
    if !is_object || !first.next()?.is_err_and(|e| e.is_eof()) {
        return None;
    }
    let (mut nesting, mut key, mut at) = (Nesting::default(), &head[..0], 0);
    while at < head.len() {
        let byte = head[at];
        if byte == b'"' && !nesting.quoted && nesting.depth <= 2 {
            let end = at + 1 + head[at + 1..].iter().position(|&b| b == b'"')?;
            let is_key = head[end + 1..].iter().find(|b| !b.is_ascii_whitespace()) == Some(&b':');
            key = if is_key { &head[at + 1..end] } else { &[] };
        } else if byte == b'['
            && !nesting.quoted
            && nesting.depth <= 2
            && nesting.only_objects()
            && keys.iter().any(|k| k.as_bytes() == key)
        {
            return Some(at);
        }
        nesting.take(byte);
        at += 1;
    }
    None
}

/// Brackets and quotes that are open.
#[derive(Default)]
struct Nesting {
    depth: u32,
    lists: u32,
    quoted: bool,
    escaped: bool,
}

impl Nesting {
    fn take(&mut self, byte: u8) {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' if self.quoted => self.escaped = true,
            b'"' => self.quoted = !self.quoted,
            _ if self.quoted => {}
            b'{' | b'[' => {
                self.depth = self.depth.saturating_add(1);
                self.lists += u32::from(byte == b'[');
            }
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                self.lists = self.lists.saturating_sub(u32::from(byte == b']'));
            }
            _ => {}
        }
    }

    fn only_objects(&self) -> bool {
        self.lists == 0
    }
}

/// A text of which only the list that starts at a byte is left. Blanks stand for what was before it, so that lines keep their
/// numbers; what comes after it is not read.
pub(super) struct BlankedText<R> {
    inner: R,
    /// Bytes before the list that are still to come.
    before: usize,
    nesting: Nesting,
    ended: bool,
}

impl<R> BlankedText<R> {
    pub fn new(inner: R, start: usize) -> Self {
        Self { inner, before: start, nesting: Nesting::default(), ended: false }
    }
}

impl<R: Read> Read for BlankedText<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.ended {
            return Ok(0);
        }
        let n = self.inner.read(buf)?;
        for (i, byte) in buf[..n].iter_mut().enumerate() {
            if self.before > 0 {
                self.before -= 1;
                *byte = if *byte == b'\n' { b'\n' } else { b' ' };
                continue;
            }
            self.nesting.take(*byte);
            if self.nesting.depth == 0 && !self.nesting.quoted {
                self.ended = true;
                return Ok(i + 1);
            }
        }
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(text: &str) -> Option<String> {
        let start = list_start(text.as_bytes(), &["items"])?;
        let mut out = String::new();
        BlankedText::new(text.as_bytes(), start).read_to_string(&mut out).unwrap();
        Some(out)
    }

    #[test]
    fn a_list_under_a_key_is_what_is_left() {
        let cut = |s: &str| left(&format!("{s}, \"more\": "));
        assert_eq!(cut("{\"a\": 1,\n\"items\" : [{\"b\": \"]}\"}, []]").unwrap().trim_start(), "[{\"b\": \"]}\"}, []]");
        assert!(cut("{\n\n\"items\":[1]").unwrap().starts_with(" \n\n"));
        assert_eq!(cut("{\"data\":{\"items\":[1]}").unwrap().trim(), "[1]");
        // A list in a list, a text that reads like the key, a deeper one, an object that is whole.
        for other in ["{\"x\":[{\"items\":[1]}]", "{\"x\":\"items\",\"y\":[1]", "{\"a\":{\"b\":{\"items\":[1]}}"] {
            assert_eq!(cut(other), None, "{other}");
        }
        assert_eq!(left("{\"items\":[1]}"), None);
    }
}
