//! The formats that can be read, and how one is told from its beginning.

pub(in crate::ingest) mod canonical;
pub mod csv;

use super::context::{Context, Warnings};
use crate::domain::Conversation;
use crate::ingest::input::frames::{End, Frames, layout, trim};
use crate::ingest::input::record;
use serde_json::Value;

/// How sure it is that a text is of a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sniff {
    /// 0 to 100.
    pub sure: u8,
    /// What speaks for it, in a few words.
    pub why: String,
}

/// One format: how to tell it, and how to read one record of it.
pub struct Adapter {
    /// What `--from` calls it.
    pub name: &'static str,
    sniff: fn(head: &[u8]) -> Option<Sniff>,
    pub(super) read: Records,
}

/// How the conversations of a format are read.
#[derive(Clone, Copy)]
pub(super) enum Records {
    /// One JSON value a conversation. `at_once` reads a record from its text if there is nothing wrong with it.
    Json {
        read: fn(Value, &mut Context) -> Result<Conversation, String>,
        at_once: fn(&str, &mut Context) -> Option<Conversation>,
    },
    /// Rows with a mapping.
    Table,
}

/// Every format. A new one is a row here and a file beside `canonical`.
pub const FORMATS: &[Adapter] = &[
    Adapter {
        name: "canonical",
        sniff: sniff_canonical,
        read: Records::Json { read: canonical::read, at_once: canonical::stream::read },
    },
    Adapter { name: CSV, sniff: sniff_csv, read: Records::Table },
];

/// What rows of text are called.
pub(super) const CSV: &str = "csv";

/// The format that a text most likely is of, and why; `None` when it is none that can be read.
pub(super) fn detect(head: &[u8]) -> Option<(&'static Adapter, Sniff)> {
    let found = FORMATS.iter().filter_map(|format| (format.sniff)(head).map(|sniff| (format, sniff)));
    // The earlier row wins a tie.
    found.rev().max_by_key(|(_, sniff)| sniff.sure)
}

/// The first records that a text holds, broken ones left out.
fn first_values(head: &[u8]) -> Vec<Value> {
    let mut frames = Frames::new(head, layout(head), head.len());
    let (mut buf, mut found) = (Vec::new(), Vec::new());
    for _ in 0..10 {
        let Ok(Some(frame)) = frames.next(&mut buf) else { break };
        if frame.end != End::TooLong {
            found.extend(record::parse(&buf, frame.end, head.len(), &mut 0, &mut Warnings::default()).ok());
        }
    }
    found
}

fn sniff_canonical(head: &[u8]) -> Option<Sniff> {
    let says = |sure, why: &str| Some(Sniff { sure, why: why.to_owned() });
    let has_turns = |v: &Value| v.get("turns").or_else(|| v.get("messages")).is_some_and(Value::is_array);
    let has = |key: &[u8]| head.windows(key.len()).any(|w| w == key);
    let values = first_values(head);
    let text = trim(head);
    match text.first() {
        _ if values.iter().any(|v| has_turns(v) && v.get("id").is_some()) => says(95, "records with `id` and `turns`"),
        _ if values.iter().any(has_turns) => says(50, "records with `turns`, but without `id`"),
        _ if has(b"\"turns\"") || has(b"\"messages\"") => says(40, "`turns` occurs in it"),
        None => says(10, "it is empty"),
        Some(b'{' | b'[') => says(10, "it is JSON"),
        Some(b'#' | b'/') => says(5, "it starts with a comment"),
        Some(_) => None,
    }
}

/// Rows of at least two cells of which one is text. Never what holds JSON: other formats know that better.
fn sniff_csv(head: &[u8]) -> Option<Sniff> {
    let starts_json = |line: &[u8]| matches!(line.first(), Some(b'{' | b'['));
    let mut lines = head.split(|&b| b == b'\n').map(trim).filter(|l| !l.is_empty()).take(5);
    if starts_json(trim(head)) || head.contains(&0) || lines.any(|l| l.starts_with(b"{\"")) {
        return None;
    }
    let guess = csv::guess(head);
    let known = guess.columns.len() > 1 && guess.sure > 0;
    known.then(|| Sniff { sure: guess.sure, why: "rows of cells".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sure(head: &str) -> u8 {
        detect(head.as_bytes()).filter(|(format, _)| format.name == "canonical").map_or(0, |(_, sniff)| sniff.sure)
    }

    #[test]
    fn rows_are_told_and_never_json() {
        let of = |head: &str| detect(head.as_bytes()).map(|(format, _)| format.name);
        assert_eq!(of("id,sender,message\n1,user,hi\n"), Some("csv"));
        assert_eq!(of("text;label\nwhere is it;status\n"), Some("csv"));
        assert_eq!(of("where is my order,status\nstop it now,cancel\n"), Some("csv"));
        assert_eq!(of("{\"text\":1,\"message\":2}\n{\"text\":1}\n"), Some("canonical"));
        assert_eq!(of("id,text\n{\"id\":1,\"turns\":[]}\n"), Some("canonical"));
        assert_eq!(
            (of("just a line of prose, with a comma\n\nand more"), of("a,b\n1,2\n"), of("text\nhi\n")),
            (None, None, None)
        );
    }

    #[test]
    fn the_canonical_format_is_told_by_its_keys() {
        let one = r#"{"id":1,"turns":[{"role":"user","text":"x"}]}"#;
        assert_eq!(sure(one), 95);
        assert_eq!(sure(&format!("[{one}")), 95);
        assert_eq!(sure(&format!("broken\n\n{one}\n")), 95);
        assert_eq!(sure(r#"{"messages":[]}"#), 50);
        assert_eq!(sure(r#"{"id":1,"turns":[{"ro"#), 40);
        assert_eq!((sure("{}"), sure(""), sure("# x"), sure("id,text\n1,x")), (10, 10, 5, 0));
    }
}
