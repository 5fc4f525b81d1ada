//! Lists under keys, read item by item: a file of any size may be one object around them.

use serde::de::IgnoredAny;
use std::io::{self, Read};

/// Whether lists under some of `keys` stand in an object that the beginning of a text does not hold whole, or in an object under one
/// of them within that.
pub(in crate::ingest) fn holds_lists(head: &[u8], keys: &[&str]) -> bool {
    let is_object = head.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{');
    let mut first = serde_json::Deserializer::from_slice(head).into_iter::<IgnoredAny>();
    let is_cut = is_object && first.next().is_some_and(|value| value.is_err_and(|e| e.is_eof()));
    let mut scan = ListScan::new(keys);
    is_cut && head.iter().any(|&byte| scan.take(byte))
}

/// Keys that say of a list no more than that it holds records.
const WRAPPERS: &[&str] =
    &["data", "results", "items", "records", "rows", "entries", "logs", "documents", "value", "hits"];
/// What stands before a list that says of its records what they belong to.
const BELONGING: [&str; 5] = ["\"id\"", "conversation", "session", "thread", "ticket"];

/// The beginning of a text of which only the list under such a key is left; `None`: there is none, or what stands before it is said of its
/// records.
pub(in crate::ingest) fn unwrapped(head: &[u8]) -> Option<Vec<u8>> {
    head.iter().find(|b| !b.is_ascii_whitespace()).filter(|b| **b == b'{')?;
    let mut scan = ListScan::new(WRAPPERS);
    let at = head.iter().position(|&byte| scan.take(byte))?;
    let before = String::from_utf8_lossy(&head[..at]).to_lowercase();
    if BELONGING.iter().any(|word| before.contains(word)) {
        return None;
    }
    let mut left = Vec::new();
    BlankedText::of_wrapped(head).read_to_end(&mut left).ok()?;
    Some(left)
}

/// Bytes of a key that are kept: those that are looked for are shorter.
const LONGEST_KEY: usize = 64;

/// Tells the bytes of lists under keys from those around them.
struct ListScan<'k> {
    keys: &'k [&'k str],
    nesting: Nesting,
    /// The text in quotes that came last.
    word: Vec<u8>,
    /// What stands before the value that comes.
    key: Vec<u8>,
    /// Whether the object within the outer one, where one is open, stands under one of the keys.
    is_within: bool,
    /// How deep the first list stood: all that belong to it stand beside it.
    depth: Option<u32>,
    inside: bool,
}

impl<'k> ListScan<'k> {
    fn new(keys: &'k [&'k str]) -> Self {
        let nesting = Nesting::default();
        Self { keys, nesting, word: Vec::new(), key: Vec::new(), is_within: false, depth: None, inside: false }
    }

    fn is_named(&self) -> bool {
        self.keys.iter().any(|key| key.as_bytes() == self.key)
    }

    /// Whether the next byte is of a list.
    fn take(&mut self, byte: u8) -> bool {
        if self.inside {
            self.nesting.take(byte);
            self.inside = self.nesting.quoted || Some(self.nesting.depth) != self.depth;
            return true;
        }
        match byte {
            b'"' if !self.nesting.quoted => self.word.clear(),
            _ if self.nesting.quoted => {
                let ends = byte == b'"' && !self.nesting.escaped;
                if !ends && self.word.len() < LONGEST_KEY {
                    self.word.push(byte);
                }
            }
            b':' => self.key = std::mem::take(&mut self.word),
            b',' => self.key.clear(),
            b'{' if self.nesting.depth == 1 => self.is_within = self.is_named(),
            b'[' => {
                let Nesting { depth, lists, .. } = self.nesting;
                let is_placed = depth == 1 || depth == 2 && self.is_within;
                self.inside =
                    self.is_named() && lists == 0 && is_placed && self.depth.is_none_or(|first| first == depth);
                self.depth = self.depth.or(self.inside.then_some(depth));
            }
            _ => {}
        }
        self.nesting.take(byte);
        self.inside
    }
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
}

/// A text of which only the lists under some keys are left. Blanks stand for what is around them, so that lines keep their numbers.
pub(in crate::ingest) struct BlankedText<R> {
    inner: R,
    scan: ListScan<'static>,
}

impl<R> BlankedText<R> {
    pub fn new(inner: R, keys: &'static [&'static str]) -> Self {
        Self { inner, scan: ListScan::new(keys) }
    }

    /// What [`unwrapped`] leaves, of a whole text.
    pub fn of_wrapped(inner: R) -> Self {
        Self::new(inner, WRAPPERS)
    }
}

impl<R: Read> Read for BlankedText<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        for byte in &mut buf[..n] {
            if !self.scan.take(*byte) && *byte != b'\n' {
                *byte = b' ';
            }
        }
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(text: &str) -> Option<String> {
        const KEYS: &[&str] = &["items", "others", "data"];
        let mut out = String::new();
        BlankedText::new(text.as_bytes(), KEYS).read_to_string(&mut out).unwrap();
        holds_lists(text.as_bytes(), KEYS).then_some(out)
    }

    #[test]
    fn a_list_under_a_word_for_records_is_taken_out() {
        let out =
            |text: &str| unwrapped(text.as_bytes()).map(|left| String::from_utf8(left).unwrap().trim().to_owned());
        assert_eq!(
            out("{\"count\": 2, \"results\": [{\"a\": 1}, {}], \"next\": null}").as_deref(),
            Some("[{\"a\": 1}, {}]")
        );
        assert_eq!(
            out("{\"took\": 3, \"hits\": {\"total\": {\"value\": 1}, \"hits\": [{\"a\": 1}]}}").as_deref(),
            Some("[{\"a\": 1}]")
        );
        for none in [
            "[1]",
            "{\"turns\": [1]}",
            "{\"conversation\": {\"id\": 5}, \"data\": [1]}",
            "{\"id\": 1, \"items\": []}",
            "",
        ] {
            assert_eq!(out(none), None, "{none}");
        }
    }

    #[test]
    fn lists_under_keys_are_what_is_left() {
        let cut = |s: &str| left(&format!("{s}, \"more\": "));
        assert_eq!(cut("{\"a\": 1,\n\"items\" : [{\"b\": \"]}\"}, []]").unwrap().trim(), "[{\"b\": \"]}\"}, []]");
        assert!(cut("{\n\n\"items\":[1]").unwrap().starts_with(" \n\n"));
        assert_eq!(cut("{\"data\":{\"items\":[1]}").unwrap().trim(), "[1]");
        // What belongs to it stands beside it, in a list of its own.
        let both =
            cut("{\"items\":[{\"others\":[1]}],\"n\":\"[\",\n\"others\":[2],\"x\":{\"items\":[3]},\"y\":[4]").unwrap();
        assert_eq!(both.split_whitespace().collect::<Vec<_>>(), ["[{\"others\":[1]}]", "[2]"]);
        // A list in a list, a text that reads like the key, a deeper one, an object that is whole.
        for other in [
            "{\"x\":{\"items\":[1]}",
            "{\"x\":[{\"items\":[1]}]",
            "{\"x\":\"items\",\"y\":[1]",
            "{\"a\":{\"b\":{\"items\":[1]}}",
        ] {
            assert_eq!(cut(other), None, "{other}");
        }
        assert_eq!(left("{\"items\":[1]}"), None);
    }
}
