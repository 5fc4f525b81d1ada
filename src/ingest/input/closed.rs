//! JSON that is cut off, closed: what its beginning holds can be looked at, though its end is not there.

/// The beginning of a JSON value as a value of its own: a text that is cut is ended where it is, what else is incomplete is left out.
/// `None` where nothing is open.
pub(in crate::ingest) fn closed(text: &[u8]) -> Option<String> {
    // A character that is cut is no part of it.
    let text = match std::str::from_utf8(text) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => std::str::from_utf8(&text[..error.valid_up_to()]).ok()?,
        Err(_) => return None,
    };
    let mut cut = OpenValue::default();
    text.bytes().enumerate().for_each(|(at, byte)| cut.take(at, byte));
    cut.close(text)
}

/// What is open behind the bytes taken so far.
#[derive(Default)]
struct OpenValue {
    /// The brackets that close what is open, outermost first.
    open: Vec<u8>,
    /// Where the text in quotes begins that is open.
    quote: Option<usize>,
    /// The backslash before the byte that comes next.
    escape: Option<usize>,
    /// The last sign outside quotes.
    sign: u8,
    /// The last place at which nothing was incomplete, and how much was open there.
    whole: (usize, usize),
}

impl OpenValue {
    fn take(&mut self, at: usize, byte: u8) {
        if self.quote.is_some() {
            match byte {
                _ if self.escape.is_some() => self.escape = None,
                b'\\' => self.escape = Some(at),
                b'"' => self.quote = None,
                _ => {}
            }
            return;
        }
        match byte {
            b'"' => self.quote = Some(at),
            b'{' | b'[' => {
                self.open.push(if byte == b'{' { b'}' } else { b']' });
                self.whole = (at + 1, self.open.len());
            }
            b'}' | b']' => {
                self.open.pop();
                self.whole = (at + 1, self.open.len());
            }
            b',' => self.whole = (at, self.open.len()),
            _ => {}
        }
        if !byte.is_ascii_whitespace() && byte != b'"' {
            self.sign = byte;
        }
    }

    fn close(self, text: &str) -> Option<String> {
        let is_key = self.open.last() == Some(&b'}') && self.sign != b':';
        let (mut out, open) = match self.quote.filter(|_| !is_key) {
            Some(quote) => {
                // `\u00e9` may be cut within.
                let last = text[quote..].rfind("\\u").map(|at| quote + at).filter(|at| text.len() < at + 6);
                let end = self.escape.or(last).unwrap_or(text.len());
                (format!("{}\"", &text[..end]), self.open.len())
            }
            None => (text[..self.whole.0].to_owned(), self.whole.1),
        };
        self.open.first()?;
        out.extend(self.open[..open].iter().rev().map(|&bracket| char::from(bracket)));
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn whatever_is_cut_off_is_closed_and_keeps_what_came_before() {
        let text = r#"[{"id":"7","messages":[{"role":"user","text":"wo \"ist\" \u00e9s, é?"},{"n":[1,true]}]}]"#;
        for end in 1..text.len() {
            let closed = closed(&text.as_bytes()[..end]).unwrap();
            let value: Value = serde_json::from_str(&closed).unwrap_or_else(|e| panic!("{e}: {closed}"));
            assert_eq!(value[0]["id"].as_str().unwrap_or_default() == "7", end > 10, "{closed}");
        }
        let cut = closed(&text.as_bytes()[..55]).unwrap();
        assert_eq!(cut, r#"[{"id":"7","messages":[{"role":"user","text":"wo \"ist"}]}]"#);
        assert_eq!((closed(b"17"), closed(b"")), (None, None));
    }
}
