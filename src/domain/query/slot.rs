//! What is being written where the cursor stands: what completion completes.

use super::keys::{FilterKey, KeyKind};
use super::parse::{operator, split_key};
use std::ops::Range;

/// What a slot of the query takes.
#[derive(Clone, Copy, Debug)]
pub enum SlotContent {
    /// A word, or the name of a filter.
    Word,
    /// A value of this filter.
    Value(&'static FilterKey),
}

/// The part of a query that the cursor is in.
#[derive(Clone, Debug)]
pub struct QuerySlot {
    /// What it takes.
    pub what: SlotContent,
    /// What stands in it before the cursor, without quotes.
    pub typed: String,
    /// All of it, as bytes of the text: what a completion replaces.
    pub at: Range<usize>,
    /// The other values of the same list.
    pub others: Vec<String>,
}

impl QuerySlot {
    /// The slot that the cursor (a byte offset between characters) stands in; `None` within a phrase or an unknown
    /// filter.
    pub fn find(text: &str, cursor: usize) -> Option<Self> {
        let (head, tail) = (text.get(..cursor)?, text.get(cursor..)?);
        let word = word_start(head);
        let begins = word + usize::from(head[word..].len() > 1 && head[word..].starts_with('-'));
        let body = &head[begins..];
        if body.starts_with('"') {
            return None;
        }
        let Some((name, rest)) = split_key(body) else {
            let letters = tail.find(|c: char| !c.is_ascii_alphabetic() && c != '_').unwrap_or(tail.len());
            // A filter's name is replaced together with its colon.
            let colon = usize::from(tail[letters..].starts_with(':'));
            let at = begins..cursor + letters + colon;
            return Some(Self { what: SlotContent::Word, typed: body.to_owned(), at, others: Vec::new() });
        };
        let key = FilterKey::find(name)?;
        let (_, length) = operator(rest, matches!(key.kind, KeyKind::Number));
        let values = begins + name.len() + length;
        let from = values + last_value(&head[values..]);
        let quoted = head[from..].starts_with('"');
        let end = cursor + if quoted { closing_quote(tail) } else { bare_end(tail, key) };
        let others =
            values_of(&head[values..from]).into_iter().chain(values_of(&text[end..end + bare_list(text, end)]));
        Some(Self {
            what: SlotContent::Value(key),
            typed: head[from..].trim_matches('"').to_owned(),
            at: from..end,
            others: others.collect(),
        })
    }
}

/// Whether a quote that follows `before` opens a quoted text: at the beginning of a word or of a value.
fn opens(before: &str) -> bool {
    before.is_empty() || before.ends_with([':', ',', '=', '<', '>']) || before == "-"
}

/// Where the last word begins; white space within quotes parts nothing.
fn word_start(head: &str) -> usize {
    let (mut start, mut quoted) = (0, false);
    for (i, c) in head.char_indices() {
        match c {
            '"' if quoted => quoted = false,
            '"' => quoted = opens(&head[start..i]),
            c if c.is_whitespace() && !quoted => start = i + c.len_utf8(),
            _ => {}
        }
    }
    start
}

/// Where the last value of a comma list begins.
fn last_value(list: &str) -> usize {
    let (mut start, mut quoted) = (0, false);
    for (i, c) in list.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => start = i + 1,
            _ => {}
        }
    }
    start
}

fn bare_end(tail: &str, key: &FilterKey) -> usize {
    let list = matches!(key.kind, KeyKind::Names(_) | KeyKind::Closed);
    tail.find(|c: char| c.is_whitespace() || (list && c == ',')).unwrap_or(tail.len())
}

fn closing_quote(tail: &str) -> usize {
    tail.find('"').map_or(tail.len(), |i| i + 1)
}

/// How much of a comma list follows a value.
fn bare_list(text: &str, end: usize) -> usize {
    let tail = &text[end..];
    if !tail.starts_with(',') {
        return 0;
    }
    let mut quoted = false;
    tail.find(|c: char| {
        quoted ^= c == '"';
        c.is_whitespace() && !quoted
    })
    .unwrap_or(tail.len())
}

fn values_of(list: &str) -> Vec<String> {
    list.split(',').map(|v| v.trim_matches('"').to_lowercase()).filter(|v| !v.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The slot at `|`, as what it takes, what is typed, what is replaced, and the rest of its list.
    fn at(text: &str) -> Option<(&'static str, String, String, Vec<String>)> {
        let cursor = text.find('|').unwrap();
        let text = text.replace('|', "");
        let slot = QuerySlot::find(&text, cursor)?;
        let what = match slot.what {
            SlotContent::Word => "",
            SlotContent::Value(key) => key.name,
        };
        Some((what, slot.typed, text[slot.at].to_owned(), slot.others))
    }

    fn is(text: &str, what: &'static str, typed: &str, replaced: &str, others: &[&str]) {
        let others = others.iter().map(|o| (*o).to_owned()).collect();
        assert_eq!(at(text), Some((what, typed.to_owned(), replaced.to_owned(), others)), "{text}");
    }

    #[test]
    fn names_values_and_lists_are_told_apart() {
        is("outc|", "", "outc", "outc", &[]);
        is("-outc|", "", "outc", "outc", &[]);
        is("refund ou|t:failed x", "", "ou", "out:", &[]);
        is("outcome:|", "outcome", "", "", &[]);
        is("-outcome:failed,esc| x", "outcome", "esc", "esc", &["failed"]);
        is("outcome:f|,escalated", "outcome", "f", "f", &["escalated"]);
        is("intent:\"card l|ost\" x", "intent", "card l", "\"card lost\"", &[]);
        is("intent:\"card l|", "intent", "card l", "\"card l", &[]);
        is("conf<0.|", "conf", "0.", "0.", &[]);
        is("since:|7d", "since", "", "7d", &[]);
        is("a |", "", "", "", &[]);
    }

    #[test]
    fn nothing_is_completed_within_a_phrase_or_an_unknown_filter() {
        assert_eq!(at("\"outc|"), None);
        assert_eq!(at("-\"a outc|\""), None);
        assert_eq!(at("outcom:f|"), None);
    }

    proptest! {
        #[test]
        fn a_slot_is_always_part_of_the_text(text in "(?s)[a-z:,\"<= -]{0,24}", at in 0usize..24) {
            if let Some(slot) = QuerySlot::find(&text, at) {
                prop_assert!(text.get(slot.at.clone()).is_some() && slot.at.contains(&at) || slot.at.end == at);
            }
        }
    }
}
