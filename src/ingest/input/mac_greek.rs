//! Text of old Macintoshes in Greek, which no standard of the web names: a byte a character.

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
