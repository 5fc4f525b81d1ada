//! Encodings that no standard of the web names: Greek of old Macintoshes, a byte a character, and UTF-32, four bytes each.

use std::io::{self, Read};

/// Names by which people call it, letters and digits alone.
const NAMES: &[&str] = &["macgreek", "xmacgreek", "macintoshgreek", "cp10006", "10006"];

/// The characters of the bytes from 128 on, as Apple gives them (`GREEK.TXT`, with the euro sign at 156).
const UPPER: &str = "\
Ä¹²É³ÖÜ΅àâä΄¨çéèêë£™îï•½‰ôö¦€ùûü\
†ΓΔΘΛΞΠß®©ΣΪ§≠°·Α±≤≥¥ΒΕΖΗΙΚΜΦΫΨΩ\
άΝ¬ΟΡ≈Τ«»…\u{a0}ΥΧΆΈœ–―“”‘’÷ΉΊΌΎέήίόΏ\
ύαβψδεφγηιξκλμνοπώρστθωςχυζϊϋΐΰ\u{ad}";

/// Whether it is meant by a name.
pub(in crate::ingest) fn is_named(name: &str) -> bool {
    let bare: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    NAMES.contains(&bare.as_str())
}

/// Reads such text as UTF-8.
pub(super) struct MacGreek<R> {
    inner: R,
    upper: Vec<char>,
    /// What is read and not given yet, from a place on.
    ready: Vec<u8>,
    given: usize,
}

impl<R: Read> MacGreek<R> {
    pub fn new(inner: R) -> Self {
        Self { inner, upper: UPPER.chars().collect(), ready: Vec::new(), given: 0 }
    }
}

impl<R: Read> Read for MacGreek<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.given == self.ready.len() {
            let mut bytes = [0; 1 << 13];
            let n = self.inner.read(&mut bytes)?;
            let of = |&byte: &u8| match byte.checked_sub(128) {
                Some(at) => self.upper[usize::from(at)],
                None => char::from(byte),
            };
            (self.ready, self.given) = (bytes[..n].iter().map(of).collect::<String>().into_bytes(), 0);
        }
        let n = buf.len().min(self.ready.len() - self.given);
        buf[..n].copy_from_slice(&self.ready[self.given..self.given + n]);
        self.given += n;
        Ok(n)
    }
}

/// Reads UTF-32 as UTF-8; what is no character becomes U+FFFD.
pub(super) struct Utf32<R> {
    inner: R,
    number: fn([u8; 4]) -> u32,
    /// What is read and not given yet, from a place on.
    ready: Vec<u8>,
    given: usize,
}

/// How four bytes are a number of UTF-32, by the mark that a text begins with; `None` where it is none.
pub(super) fn utf32_order(first: &[u8]) -> Option<fn([u8; 4]) -> u32> {
    match first {
        [0xff, 0xfe, 0, 0] => Some(u32::from_le_bytes),
        [0, 0, 0xfe, 0xff] => Some(u32::from_be_bytes),
        _ => None,
    }
}

impl<R: Read> Utf32<R> {
    pub fn new(inner: R, number: fn([u8; 4]) -> u32) -> Self {
        Self { inner, number, ready: Vec::new(), given: 0 }
    }
}

/// The mark that tells the order of bytes.
const MARK: u32 = 0xfeff;

impl<R: Read> Read for Utf32<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() {
            let mut bytes = Vec::new();
            if self.inner.by_ref().take(1 << 13).read_to_end(&mut bytes)? == 0 {
                return Ok(0);
            }
            let number_of = self.number;
            let of = |four: &[u8]| {
                let number = <[u8; 4]>::try_from(four).map_or(u32::MAX, number_of);
                (number != MARK).then(|| char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER))
            };
            (self.ready, self.given) = (bytes.chunks(4).filter_map(of).collect::<String>().into_bytes(), 0);
        }
        let n = buf.len().min(self.ready.len() - self.given);
        buf[..n].copy_from_slice(&self.ready[self.given..self.given + n]);
        self.given += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_the_characters_that_a_macintosh_showed() {
        // καλημέρα, Ά, Ώ and the euro, as such a machine wrote them.
        let bytes = b"\xeb\xe1\xec\xe8\xed\xdb\xf2\xe1 \xcd \xdf \x9c\n";
        let mut text = String::new();
        MacGreek::new(&bytes[..]).read_to_string(&mut text).unwrap();
        assert_eq!(text, "καλημέρα Ά Ώ €\n");
        assert_eq!(UPPER.chars().count(), 128);
        assert!(is_named("MacGreek") && is_named("x-mac-greek") && !is_named("macintosh"));
    }
}
