//! Where a JSON value ends, byte by byte.

use super::repair::repair;
use memchr::memchr;
use serde::de::IgnoredAny;

/// Brackets and quotes of a JSON value.
#[derive(Default)]
pub(super) struct Scan {
    depth: u32,
    /// Whether quotes are open.
    pub quoted: bool,
    escaped: bool,
}

impl Scan {
    /// Takes one byte; whether it closes the value's outermost bracket.
    pub fn closes(&mut self, byte: u8) -> bool {
        if self.quoted {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.quoted = false,
                _ => {}
            }
            return false;
        }
        match byte {
            b'"' => self.quoted = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                return self.depth == 0;
            }
            _ => {}
        }
        false
    }
}

/// Whether an object of a beginning goes over several lines, wherever those were broken: the first line that is an object's beginning tells.
pub(super) fn breaks_values(head: &[u8]) -> bool {
    let mut at = 0;
    while let Some(end) = memchr(b'\n', &head[at..]) {
        let line = head[at..at + end].trim_ascii();
        if line.starts_with(b"{") && is_unfinished(line) {
            return is_over_lines(&head[at..], end + 1);
        }
        at += end + 1;
    }
    false
}

/// Whether a line is the beginning of a value, damage that is mended apart.
fn is_unfinished(line: &[u8]) -> bool {
    let ends = |error: serde_json::Error| error.is_eof();
    match serde_json::from_slice::<IgnoredAny>(line) {
        Ok(_) => false,
        Err(error) if error.is_eof() => true,
        Err(_) => serde_json::from_str::<IgnoredAny>(&repair(&String::from_utf8_lossy(line)).0).is_err_and(ends),
    }
}

/// Whether a text begins with one object beyond its first line, which is so long. Of one that the text cuts off the next line tells: an
/// object by itself begins anew.
fn is_over_lines(text: &[u8], first: usize) -> bool {
    let is_json = |text: &[u8]| {
        let mended = || repair(&String::from_utf8_lossy(text)).0;
        serde_json::from_slice::<IgnoredAny>(text).is_ok() || serde_json::from_str::<IgnoredAny>(&mended()).is_ok()
    };
    let mut scan = Scan::default();
    for (at, &byte) in text.iter().enumerate() {
        if scan.quoted && byte == b'\n' {
            return false;
        }
        if scan.closes(byte) {
            return is_json(&text[..=at]);
        }
    }
    let goes_on = matches!(text[..first].trim_ascii().last(), Some(b'{' | b'[' | b':'));
    let next = text[first..].split(|&b| b == b'\n').map(<[u8]>::trim_ascii).find(|line| !line.is_empty());
    next.is_some_and(|line| goes_on || serde_json::from_slice::<IgnoredAny>(line).is_err())
}
