//! Queries and times as arguments.

use super::exit::Usage;
use crate::domain::query::FilterKey;
use crate::domain::{Filter, Query, QueryMoment, Timestamp, Zone};
use anyhow::Result;
use std::ffi::OsString;

/// Arguments in which a negated filter (`-channel:phone`) is not taken for flags: a blank before it makes it a value,
/// and means nothing to the query language.
pub(in crate::cli) fn keep_negations(args: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let negation = |arg: &OsString| {
        let Some(word) = arg.to_str().and_then(|a| a.strip_prefix('-')) else { return false };
        let end = word.find(|c: char| !c.is_ascii_alphabetic());
        end.is_some_and(|end| word[end..].starts_with([':', '<', '>', '=']) && FilterKey::find(&word[..end]).is_some())
    };
    let blank = |arg: OsString| if negation(&arg) { [" ".into(), arg].into_iter().collect() } else { arg };
    args.into_iter().map(blank).collect()
}

/// Reads a query.
pub(in crate::cli) fn parse(text: &str) -> Result<Query> {
    Query::parse(text).map_err(|e| Usage::because(format!("the query cannot be read: {e}")))
}

/// The words of the command line as one query; a word with blanks that the shell's quotes kept together stays so.
pub(in crate::cli) fn join(words: &[String]) -> String {
    words.join(" ")
}

/// Reads a time as the query language writes it: `7d`, `2w`, `2026-03-01`, `2026-03-01T08:00:00Z`.
pub(in crate::cli) fn when(text: &str) -> Result<QueryMoment, String> {
    let parsed = Query::parse(&format!("since:\"{}\"", text.replace(['"', '\\'], " "))).map_err(|e| e.to_string())?;
    match parsed.terms.as_slice() {
        [term] => match term.filter {
            Filter::Since(when) => Ok(when),
            _ => Err(format!("`{text}` is no time")),
        },
        _ => Err(format!("`{text}` is no time")),
    }
}

/// Reads a moment or a date, whose first moment in UTC is meant: no store is open yet that would name a zone.
pub(in crate::cli) fn moment(text: &str) -> Result<Timestamp, String> {
    match when(text)? {
        QueryMoment::At(moment) => Ok(moment),
        QueryMoment::Day(day) => Ok(Zone::default().midnight(day)),
        QueryMoment::Days(_) | QueryMoment::Ago(_) => {
            Err("write a moment: 2026-03-01T08:00:00Z or 2026-03-01".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negated_filters_are_no_flags() {
        let args = ["appraise", "queue", "-is:gold", "-conf<0.5", "-q", "--now=2026-01-01", "-v:1", "x"];
        let kept = keep_negations(args.map(OsString::from));
        assert_eq!(kept, ["appraise", "queue", " -is:gold", " -conf<0.5", "-q", "--now=2026-01-01", "-v:1", "x"]);
        assert_eq!(parse(&join(&["a".into(), " -is:gold".into()])).unwrap().to_string(), "a -is:gold");
    }

    #[test]
    fn times_are_those_of_the_query_language() {
        assert_eq!(when("7d"), Ok(QueryMoment::Days(7)));
        assert_eq!(moment("1970-01-02"), Ok(Timestamp(86_400_000)));
        assert_eq!(moment("1970-01-01T00:00:01Z"), Ok(Timestamp(1000)));
        assert!(moment("7d").is_err() && when("\" x").is_err() && when("").is_err());
    }
}
