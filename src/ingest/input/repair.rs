//! Small damage that common producers do to JSON, undone so that the record can be read after all.

/// What was repaired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ingest) enum RepairedDamage {
    /// `NaN` or `Infinity`, as Python writes them: null.
    NotANumber,
    /// Half of a surrogate pair: U+FFFD.
    LoneSurrogate,
    /// A comma before a closing bracket or at the end: left out.
    TrailingComma,
    /// A control character as it is: escaped within quotes, left out elsewhere.
    RawControl,
}

impl RepairedDamage {
    /// What a warning says about it.
    pub fn says(self) -> &'static str {
        match self {
            Self::NotANumber => "NaN or Infinity, read as null",
            Self::LoneSurrogate => "half a character (lone surrogate), read as U+FFFD",
            Self::TrailingComma => "a comma too many, left out",
            Self::RawControl => "control characters that are not escaped",
        }
    }
}

/// The text with its damage undone, and each damage found; nothing found: the same text.
pub(in crate::ingest) fn repair(text: &str) -> (String, Vec<RepairedDamage>) {
    let mut out = String::with_capacity(text.len() + 16);
    let mut found = Vec::new();
    let mut rest = text;
    let mut quoted = false;
    while let Some(c) = rest.chars().next() {
        let (taken, written) = if quoted { in_quotes(rest, c, &mut found) } else { outside(rest, c, &mut found) };
        quoted ^= c == '"';
        out.push_str(written.as_deref().unwrap_or(&rest[..taken]));
        rest = &rest[taken..];
    }
    (out, found)
}

/// How many bytes to take, and what to write instead of them if anything.
type Step = (usize, Option<String>);

fn in_quotes(rest: &str, c: char, found: &mut Vec<RepairedDamage>) -> Step {
    match c {
        '\\' => match escaped_unit(rest) {
            Some(0xd800..=0xdbff) if matches!(rest.get(6..).and_then(escaped_unit), Some(0xdc00..=0xdfff)) => {
                (12, None)
            }
            Some(0xd800..=0xdfff) => replace(6, "\\ufffd", RepairedDamage::LoneSurrogate, found),
            _ => (1 + rest[1..].chars().next().map_or(0, char::len_utf8), None),
        },
        '\0'..='\u{1f}' => replace(1, &format!("\\u{:04x}", c as u32), RepairedDamage::RawControl, found),
        _ => (c.len_utf8(), None),
    }
}

fn outside(rest: &str, c: char, found: &mut Vec<RepairedDamage>) -> Step {
    let closes = |r: &str| r.trim_start().chars().next().is_none_or(|c| matches!(c, '}' | ']'));
    let not_number = ["NaN", "-NaN", "Infinity", "-Infinity"].into_iter().find(|w| rest.starts_with(*w));
    match c {
        _ if not_number.is_some() => replace(not_number.map_or(0, str::len), "null", RepairedDamage::NotANumber, found),
        ',' if closes(&rest[1..]) => replace(1, "", RepairedDamage::TrailingComma, found),
        '\t' | '\n' | '\r' => (1, None),
        '\0'..='\u{1f}' => replace(1, "", RepairedDamage::RawControl, found),
        _ => (c.len_utf8(), None),
    }
}

fn replace(taken: usize, by: &str, damage: RepairedDamage, found: &mut Vec<RepairedDamage>) -> Step {
    if !found.contains(&damage) {
        found.push(damage);
    }
    (taken, Some(by.to_owned()))
}

/// The code unit of a `\uXXXX` that the text starts with.
fn escaped_unit(text: &str) -> Option<u16> {
    let hex = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(hex, 16).ok().filter(|_| !hex.starts_with('+'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn read(text: &str) -> Value {
        serde_json::from_str(&repair(text).0).unwrap()
    }

    #[test]
    fn damage_is_undone() {
        assert_eq!(read(r#"{"a":NaN,"b":[-Infinity,Infinity,],}"#), json!({"a": null, "b": [null, null]}));
        assert_eq!(
            read(r#"{"t":"bad \ud83d end \udc00 \ud83d\ud83d\ude00"}"#),
            json!({"t": "bad \u{fffd} end \u{fffd} \u{fffd}😀"})
        );
        assert_eq!(read("{\"a\":\"x\0y\tz\"}\0,"), json!({"a": "x\0y\tz"}));
    }

    #[test]
    fn what_stands_in_quotes_is_left_alone() {
        let text = r#"{"NaN":"NaN, ,] \" \\ \ud83d\ude00 Infinity"}"#;
        assert_eq!(repair(text), (text.to_owned(), vec![]));
    }

    proptest! {
        #[test]
        fn never_panics(text in r#"(\\|u|d83d|"|,|\]|N|NaN|-|ά|\x00| ){0,20}"#) {
            repair(&text);
        }
    }
}
