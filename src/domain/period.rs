//! Periods as people name them, to be compared: whole days of a zone.

use super::Timestamp;
use super::sampling::IsoWeek;
use super::zone::{Zone, shifted};
use chrono::{Months, NaiveDate};
use std::fmt;
use std::str::FromStr;

/// A period by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodName {
    /// The last seven days up to the newest finished conversation (rule 8).
    Last,
    /// The seven days before them.
    Before,
    /// The first seven days that hold enough (rule 8).
    DayOne,
    /// So many calendar days up to the newest finished conversation.
    Days(u16),
    /// An ISO week.
    Week(IsoWeek),
    /// A month, by its first day.
    Month(NaiveDate),
    /// The first day and the last, both included.
    Span(NaiveDate, NaiveDate),
}

/// What names no period.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no period; {FORMS}")]
pub struct NoPeriod(pub String);

/// How periods are written.
pub const FORMS: &str = "write last (the last seven days), before (the seven before), day-one, 28d, 2026-W20, 2026-06, 2026-06-01, or \
     2026-06-01..2026-06-14 (both days included)";

impl FromStr for PeriodName {
    type Err = NoPeriod;

    fn from_str(text: &str) -> Result<Self, NoPeriod> {
        let text = text.trim();
        let none = || NoPeriod(text.to_owned());
        match text {
            "last" => return Ok(Self::Last),
            "before" => return Ok(Self::Before),
            "day-one" => return Ok(Self::DayOne),
            _ => {}
        }
        if let Some((first, last)) = text.split_once("..") {
            let (first, last) = (day(first).ok_or_else(none)?, day(last).ok_or_else(none)?);
            return (first <= last).then_some(Self::Span(first, last)).ok_or_else(none);
        }
        if let Some(days) = text.strip_suffix('d').and_then(|n| n.parse().ok()).filter(|n| (1..=3_660).contains(n)) {
            return Ok(Self::Days(days));
        }
        if let Ok(week) = text.parse() {
            return Ok(Self::Week(week));
        }
        match (day(text), day(&format!("{text}-01"))) {
            (Some(one), _) => Ok(Self::Span(one, one)),
            (None, Some(month)) => Ok(Self::Month(month)),
            (None, None) => Err(none()),
        }
    }
}

/// A day as it is written everywhere; not `2026-6-1`, nor years that no log is of.
fn day(text: &str) -> Option<NaiveDate> {
    let plain = text.len() == 10 && text.starts_with(|c: char| c.is_ascii_digit());
    text.parse().ok().filter(|_| plain)
}

impl fmt::Display for PeriodName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Last => f.write_str("last"),
            Self::Before => f.write_str("before"),
            Self::DayOne => f.write_str("day-one"),
            Self::Days(n) => write!(f, "{n}d"),
            Self::Week(week) => write!(f, "{week}"),
            Self::Month(first) => write!(f, "{}", first.format("%Y-%m")),
            Self::Span(first, last) if first == last => write!(f, "{first}"),
            Self::Span(first, last) => write!(f, "{first}..{last}"),
        }
    }
}

impl PeriodName {
    /// Its first moment and the first after it, where the name alone tells them: `newest` is the last activity of the newest finished
    /// conversation. `None` for day one, which the store knows.
    pub fn span(self, zone: Zone, newest: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let days = |from: NaiveDate, to: NaiveDate| (zone.midnight(from), zone.midnight(to));
        let back = |n: i64| zone.days_after(newest, 1 - n);
        Some(match self {
            Self::DayOne => return None,
            Self::Last => (back(7), back(0)),
            Self::Before => (back(14), back(7)),
            Self::Days(n) => (back(i64::from(n)), back(0)),
            Self::Week(week) => week.span(zone),
            Self::Month(first) => days(first, first.checked_add_months(Months::new(1)).unwrap_or(first)),
            Self::Span(first, last) => days(first, shifted(last, 1)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written_and_others_told_the_forms() {
        for name in ["last", "before", "day-one", "28d", "2026-W20", "2026-06", "2026-06-01", "2026-06-01..2026-06-14"]
        {
            assert_eq!(name.parse::<PeriodName>().unwrap().to_string(), name);
        }
        for odd in [
            "",
            "yesterday",
            "2026",
            "0d",
            "2026-W60",
            "2026-13",
            "2026-06-31",
            "2026-06-14..2026-06-01",
            "-3d",
            "2026-6-1",
        ] {
            let words = odd.parse::<PeriodName>().unwrap_err().to_string();
            assert!(words.contains("day-one") && words.contains("2026-W20"), "{odd}: {words}");
        }
    }

    #[test]
    fn spans_are_whole_days_of_the_zone() {
        let zone: Zone = "Europe/Nicosia".parse().unwrap();
        let newest: Timestamp = serde_json::from_str("\"2026-11-22T20:00:00Z\"").unwrap();
        let of = |name: &str| {
            let (from, to) = name.parse::<PeriodName>().unwrap().span(zone, newest).unwrap();
            format!("{} {}", zone.format(from, "%Y-%m-%d %H:%M"), zone.format(to, "%Y-%m-%d %H:%M"))
        };
        assert_eq!(of("last"), "2026-11-16 00:00 2026-11-23 00:00");
        assert_eq!(of("before"), "2026-11-09 00:00 2026-11-16 00:00");
        assert_eq!(of("2d"), "2026-11-21 00:00 2026-11-23 00:00");
        assert_eq!(of("2026-W10"), "2026-03-02 00:00 2026-03-09 00:00");
        assert_eq!(of("2026-02"), "2026-02-01 00:00 2026-03-01 00:00");
        assert_eq!(of("2026-03-28..2026-03-29"), "2026-03-28 00:00 2026-03-30 00:00");
        assert_eq!("day-one".parse::<PeriodName>().unwrap().span(zone, newest), None);
    }
}
