//! From text to a query.

use super::display::{DAYS, UNITS};
use super::keys::{FilterKey, KEYS, KeyKind};
use super::{Cmp, DayOfWeek, Filter, Flag, Query, QueryError, QueryMoment, QueryTerm, TestGroups};
use crate::base::did_you_mean::nearest;
use crate::domain::time::DAY;
use crate::domain::{Cause, Outcome, Review, Timestamp};
use chrono::{DateTime, Datelike, NaiveDate};
use std::ops::Range;

impl Query {
    /// Every filter there is: name, help, and the values of the closed ones, for completion.
    pub const KEYS: &'static [FilterKey] = KEYS;

    /// Reads a query: words, `"phrases"` and `key:value` filters, each of which `-` negates. Words side by side make
    /// one [`Filter::Words`]. A quote that is not closed runs to the end, so that a query can be read while it is
    /// being typed. Web addresses and times of day are words.
    ///
    /// # Errors
    /// An unknown key or value (with the nearest known one), a filter without a value, a number or date that is
    /// none; `at` is the culprit's byte range.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        Ok(Self { terms: read(text)?.into_iter().map(|(term, _)| term).collect() })
    }

    /// Where each term of a query stands in its text; empty where the text cannot be read.
    pub fn places(text: &str) -> Vec<Range<usize>> {
        read(text).unwrap_or_default().into_iter().map(|(_, at)| at).collect()
    }
}

/// Reads terms with their byte ranges; words side by side are joined.
fn read(text: &str) -> Result<Vec<(QueryTerm, Range<usize>)>, QueryError> {
    let mut parser = Parser { text, at: 0 };
    let mut terms: Vec<(QueryTerm, Range<usize>)> = Vec::new();
    while let Some((term, at)) = parser.term()? {
        match (terms.last_mut(), term) {
            (
                Some((QueryTerm { negated: false, filter: Filter::Words(before) }, joined)),
                QueryTerm { negated: false, filter: Filter::Words(word) },
            ) => {
                before.push(' ');
                before.push_str(&word);
                joined.end = at.end;
            }
            (_, term) => terms.push((term, at)),
        }
    }
    Ok(terms)
}

struct Parser<'a> {
    text: &'a str,
    /// Byte position, always between characters.
    at: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// Takes what stands before the first of `stops` or white space.
    fn bare(&mut self, stops: &[char]) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c: char| c.is_whitespace() || stops.contains(&c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    /// Takes a quoted text; the opening quote is next. `\"` and `\\` stand for themselves.
    fn quoted(&mut self) -> String {
        let mut out = String::new();
        let mut chars = self.rest().char_indices().skip(1).peekable();
        while let Some((i, c)) = chars.next() {
            match c {
                '"' => {
                    self.at += i + 1;
                    return out;
                }
                '\\' if matches!(chars.peek(), Some((_, '"' | '\\'))) => out.extend(chars.next().map(|(_, c)| c)),
                _ => out.push(c),
            }
        }
        self.at = self.text.len();
        out
    }

    fn term(&mut self) -> Result<Option<(QueryTerm, Range<usize>)>, QueryError> {
        loop {
            self.skip_space();
            if self.rest().is_empty() {
                return Ok(None);
            }
            let start = self.at;
            let sign = self.rest().strip_prefix('-').filter(|r| r.starts_with(|c: char| !c.is_whitespace()));
            self.at += usize::from(sign.is_some());
            let filter = self.filter()?;
            // Nothing between quotes is nothing to look for.
            if !matches!(&filter, Filter::Phrase(p) if p.trim().is_empty()) {
                return Ok(Some((QueryTerm { negated: sign.is_some(), filter }, start..self.at)));
            }
        }
    }

    fn filter(&mut self) -> Result<Filter, QueryError> {
        if self.rest().starts_with('"') {
            return Ok(Filter::Phrase(self.quoted()));
        }
        let start = self.at;
        if let Some((name, op)) = split_key(self.rest()) {
            let name_at = start..start + name.len();
            match FilterKey::find(name) {
                Some(key) => {
                    self.at = name_at.end;
                    return self.keyed(key, start);
                }
                None => unknown_key(name, op, name_at)?,
            }
        }
        let word = self.bare(&[]);
        let row = word.strip_prefix('#').filter(|n| n.bytes().all(|b| b.is_ascii_digit())).and_then(|n| n.parse().ok());
        Ok(row.map_or_else(|| Filter::Words(word.to_owned()), Filter::Row))
    }

    /// What follows a known key; its operator is next.
    fn keyed(&mut self, key: &FilterKey, start: usize) -> Result<Filter, QueryError> {
        let number = matches!(key.kind, KeyKind::Number);
        let (cmp, length) = operator(self.rest(), number);
        let op_at = self.at..self.at + length;
        self.at = op_at.end;
        if cmp != Cmp::Equal && !number {
            return error(format!("`{0}` takes a colon: write `{0}:…`", key.name), start..op_at.end);
        }
        match key.kind {
            KeyKind::Number => self.number(key, cmp, start),
            KeyKind::Moment => {
                let (value, at) = self.value(key, start, &[])?;
                let when = moment(&value, at)?;
                Ok(if key.name == "since" { Filter::Since(when) } else { Filter::Before(when) })
            }
            KeyKind::Names(make) => {
                let list = self.list(key, start)?;
                Ok(make(list.into_iter().map(|(value, _)| value).collect()))
            }
            KeyKind::Closed => {
                let list = self.list(key, start)?;
                closed_filter(key, &list)
            }
        }
    }

    fn number(&mut self, key: &FilterKey, cmp: Cmp, start: usize) -> Result<Filter, QueryError> {
        let (value, at) = self.value(key, start, &[])?;
        let (digits, scale) = match value.strip_suffix('%') {
            Some(digits) if key.name == "conf" => (digits, 100.0),
            _ => (value.as_str(), 1.0),
        };
        let plain = digits.chars().all(|c| matches!(c, '0'..='9' | '.' | '-' | '+'));
        let Some(x) = digits.parse::<f64>().ok().filter(|x| plain && x.is_finite()).map(|x| x / scale) else {
            return error(format!("`{value}` is no number: {}", key.help), at);
        };
        match key.name {
            "conf" if !(0.0..=1.0).contains(&x) => {
                error(format!("confidence goes from 0 to 1, or from 0% to 100%: `{value}` does not"), at)
            }
            "conf" => Ok(Filter::Confidence(cmp, x)),
            "csat" => Ok(Filter::Csat(cmp, x)),
            "turns" => Ok(Filter::Turns(cmp, x)),
            "felt" => Ok(Filter::Felt(cmp, x)),
            _ => Ok(Filter::Sentiment(cmp, x)),
        }
    }

    /// One value, quoted or bare, and where it stands.
    fn value(&mut self, key: &FilterKey, start: usize, stops: &[char]) -> Result<(String, Range<usize>), QueryError> {
        let from = self.at;
        let quoted = self.rest().starts_with('"');
        let value = if quoted { self.quoted() } else { self.bare(stops).to_owned() };
        if value.is_empty() && !quoted {
            return error(format!("`{}` needs a value: {}", key.name, key.help), start..self.at);
        }
        Ok((value, from..self.at))
    }

    /// A comma list; a comma at its end is forgiven, because the next value may be about to be typed.
    fn list(&mut self, key: &FilterKey, start: usize) -> Result<Vec<(String, Range<usize>)>, QueryError> {
        let mut list = vec![self.value(key, start, &[','])?];
        while let Some(more) = self.rest().strip_prefix(',') {
            self.at += 1;
            let ends = more.starts_with(|c: char| c.is_whitespace() || c == ',') || more.is_empty();
            if !ends {
                list.push(self.value(key, start, &[','])?);
            }
        }
        Ok(list)
    }
}

/// The letters before an operator, and the rest from the operator on.
pub(super) fn split_key(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_alphabetic() && c != '_')?;
    let op = &text[end..];
    (end > 0 && op.starts_with([':', '<', '>', '='])).then_some((&text[..end], op))
}

/// An operator and its length. `conf:<0.6` is what somebody writes who is used to colons; a name may start with `<`.
pub(super) fn operator(text: &str, number: bool) -> (Cmp, usize) {
    let colon = usize::from(text.starts_with(':'));
    if colon == 1 && !number {
        return (Cmp::Equal, 1);
    }
    let (cmp, length) = match text.as_bytes()[colon..] {
        [b'<', b'=', ..] => (Cmp::AtMost, 2),
        [b'>', b'=', ..] => (Cmp::AtLeast, 2),
        [b'<', ..] => (Cmp::Less, 1),
        [b'>', ..] => (Cmp::More, 1),
        [b'=', ..] if colon == 0 => (Cmp::Equal, 1),
        _ => (Cmp::Equal, 0),
    };
    (cmp, colon + length)
}

/// Refuses an unknown key; lets pass what only looks like one: `http://…`, `i<3`.
fn unknown_key(name: &str, op: &str, at: Range<usize>) -> Result<(), QueryError> {
    let compared = op.starts_with(['<', '>']);
    let possible = KEYS.iter().filter(|k| !compared || matches!(k.kind, KeyKind::Number));
    match nearest(name, possible.map(|k| k.name)) {
        _ if op.starts_with("://") => Ok(()),
        Some(meant) => misspelt(format!("no filter called `{name}`"), meant, at),
        None if op.starts_with(':') => {
            let known: Vec<&str> = KEYS.iter().map(|k| k.name).collect();
            let known = known.join(", ");
            error(format!("no filter called `{name}`; put it in quotes to search for it. Filters: {known}"), at)
        }
        None => Ok(()),
    }
}

fn closed_filter(key: &FilterKey, list: &[(String, Range<usize>)]) -> Result<Filter, QueryError> {
    Ok(match key.name {
        "outcome" => Filter::Outcome(closed(key, list, Outcome::from_name)?),
        "cause" => Filter::Cause(closed(key, list, Cause::from_name)?),
        "day" => Filter::Day(closed(key, list, DayOfWeek::from_name)?),
        "hour" => Filter::Hour(list.iter().map(|(value, at)| hours(value, at)).collect::<Result<_, _>>()?),
        "status" => Filter::Status(closed(key, list, Review::from_name)?),
        "test" => Filter::Test(one(key, list, TestGroups::from_name, "choose one")?),
        _ => Filter::Is(one(key, list, Flag::from_name, "write `is:…` twice for both")?),
    })
}

/// `9`, `18-23`: hours of the day, both within.
fn hours(value: &str, at: &Range<usize>) -> Result<(u8, u8), QueryError> {
    let hour = |text: &str| text.parse::<u8>().ok().filter(|h| *h < 24);
    let (from, to) = value.split_once('-').unwrap_or((value, value));
    match (hour(from), hour(to)) {
        (Some(from), Some(to)) if from <= to => Ok((from, to)),
        _ => error(format!("`{value}` is no hour: write hour:9 or hour:18-23, from 0 to 23"), at.clone()),
    }
}

/// The only word of a filter that takes no list.
fn one<T: Copy>(
    key: &FilterKey,
    list: &[(String, Range<usize>)],
    from_name: fn(&str) -> Option<T>,
    otherwise: &str,
) -> Result<T, QueryError> {
    match closed(key, list, from_name)?.as_slice() {
        [word] => Ok(*word),
        _ => {
            let at = list[0].1.start..list[list.len() - 1].1.end;
            error(format!("`{}` takes one word; {otherwise}", key.name), at)
        }
    }
}

fn closed<T>(
    key: &FilterKey,
    list: &[(String, Range<usize>)],
    from_name: fn(&str) -> Option<T>,
) -> Result<Vec<T>, QueryError> {
    let one = |(value, at): &(String, Range<usize>)| {
        let known = key.values();
        from_name(&value.to_ascii_lowercase()).map_or_else(
            || match nearest(value, known.iter().copied()) {
                Some(meant) => misspelt(format!("`{}` knows no `{value}`", key.name), meant, at.clone()),
                None => error(
                    format!("`{}` knows no `{value}`, it takes one of {}", key.name, known.join(", ")),
                    at.clone(),
                ),
            },
            Ok,
        )
    };
    list.iter().map(one).collect()
}

/// `7d`, `2026-03-01`, `2026-03-01T08:00:00Z`; within the years 1970 to 9999.
fn moment(value: &str, at: Range<usize>) -> Result<QueryMoment, QueryError> {
    let digits = value.len() - value.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let counted = |units: &[(&str, i64)]| {
        let (_, size) = units.iter().find(|(unit, _)| value[digits..].eq_ignore_ascii_case(unit))?;
        value[..digits].parse::<i64>().ok()?.checked_mul(*size)
    };
    let date = (value.len() == 10).then(|| NaiveDate::parse_from_str(value, "%Y-%m-%d").ok()).flatten();
    let in_range = |t: &Timestamp| (0..253_402_300_800_000).contains(&t.0);
    let moment = || DateTime::parse_from_rfc3339(value).ok().map(|t| Timestamp::from(t.to_utc())).filter(in_range);
    let days = counted(DAYS).filter(|n| n.checked_mul(DAY).is_some());
    let when = days.map(QueryMoment::Days).or_else(|| counted(UNITS).map(QueryMoment::Ago));
    let when = when.or_else(|| date.filter(|d| d.year() >= 1970).map(QueryMoment::Day));
    match when.or_else(|| moment().map(QueryMoment::At)) {
        Some(when) => Ok(when),
        None => error(format!("`{value}` is no time: write 12h, 7d, 2w, 2026-03-01 or 2026-03-01T08:00:00Z"), at),
    }
}

fn error<T>(message: String, at: Range<usize>) -> Result<T, QueryError> {
    Err(QueryError { message, at, instead: None })
}

fn misspelt<T>(what: String, meant: &str, at: Range<usize>) -> Result<T, QueryError> {
    Err(QueryError { message: format!("{what}: did you mean `{meant}`?"), at, instead: Some(meant.to_owned()) })
}

#[cfg(test)]
mod tests;
