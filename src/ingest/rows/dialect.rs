//! How delimited text is written: what may stand between cells, its encoding, its first rows.

use super::cut::{CUT_OFF, CutRow, CutRows, CutStep, NEVER_CLOSED};
use super::encoding::of_head;
use encoding_rs::Encoding;
use std::borrow::Cow;

/// Delimiters that are told apart.
pub const DELIMITERS: &[char] = &[',', ';', '\t', '|', '~', '^', '\u{1}'];

/// Excel's first line `sep=;`.
pub fn is_separator_row(head: &[u8], delimiter: char) -> bool {
    let line = head.split(|&b| b == b'\n').next().unwrap_or_default();
    line.trim_ascii().strip_prefix(b"sep=").is_some_and(|rest| rest == delimiter.to_string().as_bytes())
}

/// Whether a row is Excel's `sep=;` and no data.
pub fn is_separator(row: &CutRow) -> bool {
    row.line == 1 && row.cell(0).starts_with(b"sep=") && row.bytes() <= 5
}

/// A cell's bytes as text, and whether some were none. NULs, which programs leave behind, are left out, and the formula in which they
/// put what a spreadsheet must not take for a number: `="4711"`.
pub fn decode<'a>(bytes: &'a [u8], encoding: Option<&'static Encoding>) -> (Cow<'a, str>, bool) {
    let bytes = bytes.strip_prefix(b"=\"").and_then(|inner| inner.strip_suffix(b"\"")).unwrap_or(bytes);
    let (text, damaged) = decoded(bytes, encoding);
    match memchr::memchr(0, text.as_bytes()) {
        Some(_) => (Cow::Owned(text.replace('\0', "")), damaged),
        None => (text, damaged),
    }
}

fn decoded<'a>(bytes: &'a [u8], encoding: Option<&'static Encoding>) -> (Cow<'a, str>, bool) {
    match encoding {
        Some(encoding) => match utf8_within(bytes, encoding) {
            Some(text) => (Cow::Borrowed(text), false),
            None => encoding.decode_without_bom_handling(bytes),
        },
        None => {
            let text = String::from_utf8_lossy(bytes);
            let invalid = matches!(text, Cow::Owned(_));
            (text, invalid)
        }
    }
}

/// A cell of a text in another encoding that is UTF-8 all the same, as where two exports were joined: what is written beyond ASCII in any other is
/// none by chance, if it is more than a letter or two.
fn utf8_within<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Option<&'a str> {
    let least = if encoding.is_single_byte() { 2 } else { 6 };
    let beyond = bytes.iter().filter(|b| !b.is_ascii()).take(least).count();
    std::str::from_utf8(bytes).ok().filter(|_| beyond == least)
}

/// The encoding of a name or label.
pub fn encoding_of(name: Option<&str>) -> Option<&'static Encoding> {
    name.and_then(|n| Encoding::for_label(n.as_bytes()))
}

/// The first `most` rows of the beginning of a text, which may be cut off anywhere, and one more. Rows that cannot be read and `sep=;` are left out.
pub fn first_rows(head: &[u8], delimiter: char, encoding: Option<&'static Encoding>, most: usize) -> Vec<Vec<String>> {
    let mut rows = CutRows::new(head, delimiter as u8, head.len(), 0);
    let (mut row, mut out) = (CutRow::default(), Vec::new());
    let whole = head.len() < crate::ingest::input::source::HEAD;
    while out.len() <= most {
        match rows.next(&mut row) {
            Ok(CutStep::Row) if is_separator(&row) => {}
            Ok(CutStep::Row) => {
                out.push((0..row.len()).map(|i| decode(row.cell(i), encoding).0.into_owned()).collect())
            }
            // Cut off by the head's end; what follows stands within quotes.
            Ok(CutStep::Bad(bad)) if !whole && [NEVER_CLOSED, CUT_OFF].contains(&&*bad.reason) => break,
            Ok(CutStep::Bad(_)) => {}
            _ => {
                // What the head cuts off is no row.
                out.truncate(if whole { out.len() } else { out.len().saturating_sub(1) });
                break;
            }
        }
    }
    out
}

/// The encoding of the beginning of a text, where it is no UTF-8.
pub fn guess_encoding(head: &[u8]) -> Option<&'static Encoding> {
    of_head(head)
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{WINDOWS_1252, WINDOWS_1253};

    #[test]
    fn formulas_around_text_are_no_part_of_it() {
        assert_eq!(decode(b"=\"0047\"", None).0, "0047");
        assert_eq!((decode(b"=\"", None).0, decode(b"=1+1", None).0), ("=\"".into(), "=1+1".into()));
    }

    #[test]
    fn old_encodings_are_told() {
        let of = |s: &str, e: &'static Encoding| guess_encoding(&e.encode(s).0).map(Encoding::name);
        assert_eq!(of("id;text\n1;Καλημέρα σας παρακαλώ\n", WINDOWS_1253), Some("windows-1253"));
        assert_eq!(of("id;text\n1;café très brûlé, crème\n", WINDOWS_1252), Some("windows-1252"));
        assert_eq!(guess_encoding("id;text\n1;Καλημέρα\n".as_bytes()), None);
        assert_eq!(guess_encoding(b"id;text\n1;caf\xe9\n2;\xce\x9a\n"), None);
    }
}
