//! Queries and times as arguments.

use super::exit::Usage;
use crate::domain::{Filter, Query, Timestamp, When};
use anyhow::Result;

/// Reads a query.
pub(super) fn parse(text: &str) -> Result<Query> {
    Query::parse(text).map_err(|e| Usage::because(format!("the query cannot be read: {e}")))
}

/// The words of the command line as one query; a word with blanks that the shell's quotes kept together stays so.
pub(super) fn join(words: &[String]) -> String {
    words.join(" ")
}

/// Reads a time as the query language writes it: `7d`, `2w`, `2026-03-01`, `2026-03-01T08:00:00Z`.
pub(super) fn when(text: &str) -> Result<When, String> {
    let parsed = Query::parse(&format!("since:\"{}\"", text.replace(['"', '\\'], " "))).map_err(|e| e.to_string())?;
    match parsed.terms.as_slice() {
        [term] => match term.filter {
            Filter::Since(when) => Ok(when),
            _ => Err(format!("`{text}` is no time")),
        },
        _ => Err(format!("`{text}` is no time")),
    }
}

/// Reads a moment or a date.
pub(super) fn moment(text: &str) -> Result<Timestamp, String> {
    match when(text)? {
        When::At(moment) => Ok(moment),
        When::Ago(_) => Err("write a moment: 2026-03-01T08:00:00Z or 2026-03-01".to_owned()),
    }
}

/// The moment that is meant, counted from now.
pub(super) fn from_now(when: When, now: Timestamp) -> Timestamp {
    match when {
        When::At(moment) => moment,
        When::Ago(ms) => now.plus(-ms),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_query_language() {
        assert_eq!(when("7d"), Ok(When::Ago(7 * 86_400_000)));
        assert_eq!(moment("1970-01-02"), Ok(Timestamp(86_400_000)));
        assert_eq!(moment("1970-01-01T00:00:01Z"), Ok(Timestamp(1000)));
        assert!(moment("7d").is_err() && when("\" x").is_err() && when("").is_err());
    }
}
