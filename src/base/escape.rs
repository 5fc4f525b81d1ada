//! Escape sequences of terminals in a text.

/// Characters of a title or a link at most.
const LONGEST: usize = 2_048;

/// What comes after an escape sequence that `c` begins: one of colours and moves (`CSI`), or of titles and links (`OSC`) with its end. A
/// terminal would show none of it, and to a reader one sign says as much.
pub fn after_escape(c: char, rest: &str) -> Option<&str> {
    let begins = |sign: char| (c == '\u{1b}').then(|| rest.strip_prefix(sign)).flatten();
    if let Some(rest) = begins('[').or((c == '\u{9b}').then_some(rest)) {
        let parameters = rest.bytes().take_while(|b| matches!(b, b'0'..=b'?')).count();
        return rest[parameters..].starts_with(|c| matches!(c, '@'..='~')).then(|| &rest[parameters + 1..]);
    }
    let rest = begins(']').or((c == '\u{9d}').then_some(rest))?;
    let near = rest.char_indices().nth(LONGEST).map_or(rest, |(at, _)| &rest[..at]);
    let ends = ["\u{7}", "\u{9c}", "\u{1b}\\"];
    let (at, end) = ends.iter().filter_map(|end| Some((near.find(end)?, end))).min()?;
    (!rest[..at].contains(['\n', '\r'])).then(|| &rest[at + end.len()..])
}

/// A text without its escape sequences.
pub fn without_escapes(text: &str) -> String {
    let (mut out, mut chars) = (String::with_capacity(text.len()), text.chars());
    while let Some(c) = chars.next() {
        match after_escape(c, chars.as_str()) {
            Some(after) => chars = after.chars(),
            None => out.push(c),
        }
    }
    out
}
