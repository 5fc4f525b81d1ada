//! A query as text that reads back as an equal query.

use super::{Cmp, Filter, Query, QueryMoment, QueryTerm};
use crate::domain::OfferStatus;
use crate::domain::time::HOUR;
use std::fmt::{self, Display, Formatter, Write};

/// Units of an age, largest first.
pub(super) const UNITS: &[(&str, i64)] = &[("h", HOUR), ("min", 60_000), ("s", 1_000), ("ms", 1)];
/// Units of calendar days.
pub(super) const DAYS: &[(&str, i64)] = &[("d", 1), ("w", 7)];

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (i, term) in self.terms.iter().enumerate() {
            if i > 0 {
                f.write_char(' ')?;
            }
            write!(f, "{term}")?;
        }
        Ok(())
    }
}

impl Display for QueryTerm {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.negated {
            f.write_char('-')?;
        }
        write!(f, "{}", self.filter)
    }
}

impl Display for Filter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words(words) => f.write_str(words),
            Self::Row(n) => write!(f, "#{n}"),
            Self::Phrase(phrase) => f.write_str(&quoted(phrase)),
            Self::Outcome(list) => closed(f, "outcome", list),
            Self::Cause(list) => closed(f, "cause", list),
            Self::Status(list) => closed(f, "status", list),
            Self::Is(flag) => write!(f, "is:{flag}"),
            Self::Test(groups) => write!(f, "test:{groups}"),
            Self::Intent(list) => names(f, "intent", list),
            Self::Logged(list) => names(f, "logged", list),
            Self::Suggested(list) => names(f, "suggested", list),
            Self::Label(list) => names(f, "label", list),
            Self::Channel(list) => names(f, "channel", list),
            Self::Lang(list) => names(f, "lang", list),
            Self::Customer(list) => names(f, "customer", list),
            Self::Reviewer(list) => names(f, "reviewer", list),
            Self::Cycle(list) => names(f, "cycle", list),
            Self::Cluster(list) => names(f, "cluster", list),
            Self::Mode(list) => names(f, "mode", list),
            Self::Topic(list) => names(f, "topic", list),
            Self::Answer(list) => names(f, "answer", list),
            Self::Offer(None, list) => names(f, "offered", list),
            Self::Offer(Some(OfferStatus::Accepted), list) => names(f, "accepted", list),
            Self::Offer(Some(OfferStatus::Declined), list) => names(f, "declined", list),
            Self::Offer(Some(OfferStatus::Ignored), list) => names(f, "ignored", list),
            Self::Offer(Some(OfferStatus::Shown), list) => names(f, "open_offer", list),
            Self::Confidence(cmp, x) => write!(f, "conf{cmp}{x}"),
            Self::Csat(cmp, x) => write!(f, "csat{cmp}{x}"),
            Self::Sentiment(cmp, x) => write!(f, "sentiment{cmp}{x}"),
            Self::Felt(cmp, x) => write!(f, "felt{cmp}{x}"),
            Self::Turns(cmp, x) => write!(f, "turns{cmp}{x}"),
            Self::Day(list) => closed(f, "day", list),
            Self::Hour(list) => {
                let one = |(a, b): &(u8, u8)| if a == b { a.to_string() } else { format!("{a}-{b}") };
                write!(f, "hour:{}", list.iter().map(one).collect::<Vec<_>>().join(","))
            }
            Self::Since(when) => write!(f, "since:{when}"),
            Self::Before(when) => write!(f, "before:{when}"),
        }
    }
}

impl Display for Cmp {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
            Self::Equal => "=",
        })
    }
}

impl Display for QueryMoment {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Days(n) => write!(f, "{n}d"),
            Self::Ago(ms) => {
                let (unit, size) = UNITS.iter().copied().find(|(_, size)| ms % size == 0).unwrap_or(("ms", 1));
                write!(f, "{}{unit}", ms / size)
            }
            Self::Day(day) => write!(f, "{day}"),
            Self::At(moment) => f.write_str(&moment.rfc3339()),
        }
    }
}

fn closed(f: &mut Formatter<'_>, key: &str, list: &[impl Display]) -> fmt::Result {
    for (i, value) in list.iter().enumerate() {
        write!(f, "{}{value}", if i == 0 { format!("{key}:") } else { ",".into() })?;
    }
    Ok(())
}

fn names(f: &mut Formatter<'_>, key: &str, list: &[String]) -> fmt::Result {
    for (i, value) in list.iter().enumerate() {
        f.write_str(&if i == 0 { format!("{key}:") } else { ",".into() })?;
        f.write_str(&quoted_name(value))?;
    }
    Ok(())
}

/// A name as a query holds it: in quotes where it has to be.
pub fn quoted_name(name: &str) -> String {
    if name.is_empty() || name.contains(|c: char| c.is_whitespace() || matches!(c, ',' | '"' | '\\')) {
        quoted(name)
    } else {
        name.to_owned()
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
