//! Changing a query's text without taking it apart: switching `key:value` on and off.

pub use crate::domain::query::views::DEFAULT_QUERY as DEFAULT;

/// Byte ranges of the words of a query; quotes hold a word together.
fn words(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut out = Vec::new();
    let (mut start, mut quoted) = (None, false);
    for (i, c) in text.char_indices() {
        if c == '"' {
            quoted = !quoted;
        }
        if c.is_whitespace() && !quoted {
            if let Some(s) = start.take() {
                out.push(s..i);
            }
        } else if start.is_none() {
            start = Some(i);
        }
    }
    out.extend(start.map(|s| s..text.len()));
    out
}

fn quote(value: &str) -> String {
    if value.contains([' ', ',', '"']) { format!("\"{}\"", value.replace('"', "")) } else { value.to_owned() }
}

/// The values of `key:` in a query.
pub fn values(text: &str, key: &str) -> Vec<String> {
    let prefix = format!("{key}:");
    words(text)
        .into_iter()
        .filter_map(|r| {
            text[r].strip_prefix(&prefix).map(|v| v.split(',').map(|s| s.trim_matches('"').to_owned()).collect())
        })
        .next()
        .unwrap_or_default()
}

/// The query with `key:value` switched on, or off when it was on.
fn toggle(text: &str, key: &str, value: &str) -> String {
    let prefix = format!("{key}:");
    let mut now = values(text, key);
    match now.iter().position(|v| v == value) {
        Some(i) => drop(now.remove(i)),
        None => now.push(value.to_owned()),
    }
    let word =
        (!now.is_empty()).then(|| format!("{prefix}{}", now.iter().map(|v| quote(v)).collect::<Vec<_>>().join(",")));
    let mut placed = false;
    let mut out: Vec<String> = Vec::new();
    for r in words(text) {
        if !text[r.clone()].starts_with(&prefix) {
            out.push(text[r].to_owned());
        } else if !std::mem::replace(&mut placed, true) {
            out.extend(word.clone());
        }
    }
    if !placed {
        out.extend(word);
    }
    out.join(" ")
}

/// The query with `key:value` switched on beside other values, or off when it was on; of a key that takes one value, in the place
/// of another.
pub fn switch(text: &str, key: &str, value: &str) -> String {
    let is_on = values(text, key).iter().any(|v| v == value);
    if matches!(key, "since" | "test") && !is_on { only(text, key, value) } else { toggle(text, key, value) }
}

/// The query with this as the only value of `key:`.
pub fn only(text: &str, key: &str, value: &str) -> String {
    let with = if values(text, key).iter().any(|v| v == value) { text.to_owned() } else { toggle(text, key, value) };
    let others = values(text, key).into_iter().filter(|v| v != value);
    others.fold(with, |text, other| toggle(&text, key, &other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_switch_on_and_off_in_place() {
        let q = toggle(DEFAULT, "outcome", "failed");
        assert_eq!(q, "outcome:escalated status:open test:hidden");
        assert_eq!(toggle(&q, "outcome", "escalated"), "status:open test:hidden");
        assert_eq!(toggle("refund", "intent", "card lost"), "refund intent:\"card lost\"");
        assert_eq!(toggle("refund intent:\"card lost\"", "intent", "card lost"), "refund");
    }

    #[test]
    fn one_value_can_be_all_there_is_of_a_key() {
        assert_eq!(only(DEFAULT, "outcome", "failed"), "outcome:failed status:open test:hidden");
        assert_eq!(only(DEFAULT, "status", "later"), "outcome:failed,escalated status:later test:hidden");
        assert_eq!(only("refund", "intent", "card lost"), "refund intent:\"card lost\"");
        assert_eq!(only("since:90d refund", "since", "7d"), "since:7d refund");
    }

    #[test]
    fn a_key_of_one_value_is_switched_over() {
        assert_eq!(switch(DEFAULT, "test", "only"), "outcome:failed,escalated status:open test:only");
        assert_eq!(switch("since:28d", "since", "7d"), "since:7d");
        assert_eq!(switch("since:28d", "since", "28d"), "");
        assert_eq!(switch("outcome:failed", "outcome", "escalated"), "outcome:failed,escalated");
    }

    #[test]
    fn quoted_phrases_stay_whole() {
        assert_eq!(toggle("\"a  b\" status:open", "status", "done"), "\"a  b\" status:open,done");
    }
}
