//! How times are written in logs, and what they mean.

mod clock;
mod date_order;
mod evidence;
mod forms;
mod loose;

pub(in crate::ingest) use clock::{clock_alone, clock_in_digits, clock_of, is_day, joined};
pub use date_order::{DateOrder, UnknownDateOrder};
pub(in crate::ingest) use evidence::OrderEvidence;

use crate::domain::zone::offset;
use crate::domain::{Timestamp, Zone};
use chrono::{DateTime, NaiveDate, NaiveDateTime};
use date_order::Disorder;
use serde_json::Value;

/// Why a time cannot be read. What is shown of it is at most 60 characters long.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// It is no time, or outside the years 1 to 9999.
    #[error("{0} is no time that can be read: use RFC 3339, such as 2026-03-03T08:00:00Z")]
    Unreadable(String),
    /// Nothing says which number is the day and which the month.
    #[error("`{0}` may mean two dates: say which number is the day with --date-order dmy or mdy")]
    Ambiguous(String),
}

fn shown(text: &str) -> String {
    text.chars().take(60).collect()
}

/// How the times of one log are read.
#[derive(Clone, Copy, Debug, Default)]
pub struct TimeReading {
    /// The zone of times that name none.
    pub zone: Zone,
    /// What `03/04/2026` means; without it such a time is an error.
    pub order: Option<DateOrder>,
}

impl TimeReading {
    /// Reads a time: RFC 3339; `2026-03-03 08:00:00` with or without fraction and zone; seconds, milli-, micro- or
    /// nanoseconds since 1970, told apart by their size, also in quotes; `Tue Mar 03 2026 10:00:00 GMT+0200` and
    /// RFC 2822; `25/03/2026 10:00`; and what `loose` takes. `None` for null, empty text, and what stands for no time:
    /// `-`, `n/a`, the beginning of 1970, of 1900 or of the calendar, its end, and seconds from the beginning of a
    /// talk.
    ///
    /// # Errors
    /// What cannot be read, or may mean two things.
    pub fn read(&self, value: &Value) -> Result<Option<Timestamp>, TimeError> {
        let found = match value {
            Value::Null => return Ok(None),
            Value::String(s) => return self.read_text(s),
            Value::Number(n) if n.as_f64().is_some_and(is_small) => return Ok(None),
            Value::Number(n) => epoch(n.as_i64(), n.as_f64()),
            Value::Object(object) => match forms::in_object(object) {
                Some(within) => return self.read(&within),
                None => None,
            },
            _ => None,
        };
        of_these_years(found, || value.to_string())
    }

    /// Reads a time that is text.
    ///
    /// # Errors
    /// As [`TimeReading::read`].
    pub fn read_text(&self, text: &str) -> Result<Option<Timestamp>, TimeError> {
        let trimmed = unquoted(text.trim());
        if means_none(trimmed) {
            return Ok(None);
        }
        of_these_years(self.text(trimmed)?, || Value::from(text).to_string())
    }

    fn text(&self, text: &str) -> Result<Option<Timestamp>, TimeError> {
        if let Some(t) = whole_seconds(text) {
            return Ok(Some(t));
        }
        if let Ok(t) = DateTime::parse_from_rfc3339(text) {
            return Ok(Some(t.to_utc().into()));
        }
        if let Some(local) = loose::digits(text) {
            return Ok(self.zone.moment(local).map(Timestamp::from));
        }
        if text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b',' | b'-'))
            && text.bytes().filter(|&b| b == b'-').count() < 2
        {
            if let Some(local) = loose::serial(text) {
                return Ok(self.zone.moment(local).map(Timestamp::from));
            }
            if text.parse().is_ok_and(is_small) {
                return Ok(Some(Timestamp(0)));
            }
            let seconds = epoch(text.parse().ok(), text.parse().ok());
            if seconds.is_some() {
                return Ok(seconds);
            }
        }
        let (local, zone) = split_zone(text);
        if let Some(local) = iso(local) {
            return Ok(zone.unwrap_or(self.zone).moment(local).map(Timestamp::from));
        }
        if let Some(t) = in_words(text) {
            return Ok(Some(t));
        }
        if let Some(within) = forms::unwrapped(text).or_else(|| forms::in_usual_digits(text)) {
            return self.text(&within);
        }
        let found = loose::read(text, self.order).map_err(|Disorder| TimeError::Ambiguous(shown(text)))?;
        Ok(found.and_then(|(local, zone)| zone.unwrap_or(self.zone).moment(local)).map(Timestamp::from))
    }
}

/// Tells what stands for no time, and what is none of the years 1 to 9999.
fn of_these_years(found: Option<Timestamp>, shows: impl FnOnce() -> String) -> Result<Option<Timestamp>, TimeError> {
    let is_none =
        |t: Timestamp| NO_TIME.contains(&t.0) || (END_OF_CALENDAR..END_OF_CALENDAR + 86_400_000).contains(&t.0);
    match found {
        Some(t) if is_none(t) => Ok(None),
        Some(t) if (-62_135_596_800_000..END_OF_CALENDAR).contains(&t.0) => Ok(Some(t)),
        _ => Err(TimeError::Unreadable(shown(&shows()))),
    }
}

/// `2026-03-03T08:00:00Z`, as most logs write every one of their times; `None` for any other form.
fn whole_seconds(text: &str) -> Option<Timestamp> {
    let b: &[u8; 20] = text.as_bytes().try_into().ok()?;
    let signs = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'Z')];
    if signs.iter().any(|&(at, sign)| b[at] != sign) {
        return None;
    }
    let number =
        |digits: &[u8]| digits.iter().try_fold(0, |n, d| d.is_ascii_digit().then(|| n * 10 + u32::from(d - b'0')));
    let date = NaiveDate::from_ymd_opt(number(&b[..4])?.cast_signed(), number(&b[5..7])?, number(&b[8..10])?)?;
    let at = date.and_hms_opt(number(&b[11..13])?, number(&b[14..16])?, number(&b[17..19])?)?;
    Some(at.and_utc().into())
}

/// Seconds below which a number is no time since 1970: no log of a bot is older than 1979.
const SMALL: f64 = 3e8;

fn is_small(number: f64) -> bool {
    number.abs() < SMALL
}

/// Whether a value counts from the beginning of a talk: a number too small for a time since 1970, and above 0.
pub(in crate::ingest) fn is_offset(value: &Value) -> bool {
    let number = match value {
        Value::String(text) if loose::digits(text.trim()).is_none() && loose::serial(text.trim()).is_none() => {
            text.trim().parse().ok()
        }
        Value::String(_) => None,
        other => other.as_f64(),
    };
    number.is_some_and(|n: f64| n > 0.0 && is_small(n))
}

/// What programs write for no time at all: the beginning of 1970, of the calendar, of 1900, and Excel's day 0.
const NO_TIME: [i64; 4] = [0, -62_135_596_800_000, -2_208_988_800_000, -2_209_161_600_000];
/// 31 December 9999.
const END_OF_CALENDAR: i64 = 253_402_214_400_000;

/// Days that are none: of databases, and Excel's day 0 in two orders.
const NO_DAYS: [&str; 4] = ["0000-00-00", "1/0/1900", "01/00/1900", "00/01/1900"];

/// A time without the brackets or quotes that some programs put around it.
fn unquoted(text: &str) -> &str {
    let within = |(open, close): (char, char)| text.strip_prefix(open)?.strip_suffix(close);
    [('[', ']'), ('\'', '\''), ('"', '"')].into_iter().find_map(within).map_or(text, str::trim)
}

fn means_none(text: &str) -> bool {
    let zeros = || text == "0" || NO_DAYS.iter().any(|day| text.starts_with(day));
    let says_none = |word: &str| {
        is_nothing(word)
            || matches!(word, "unknown" | "tbd" | "tba" | "missing" | "empty" | "not set" | "inconnu" | "unbekannt")
    };
    text.is_empty() || zeros() || (text.len() <= 9 && says_none(&text.to_lowercase()))
}

/// Whether a value in lower case says that there is none.
pub(in crate::ingest) fn is_nothing(word: &str) -> bool {
    matches!(
        word,
        "" | "-"
            | "--"
            | "\u{2013}"
            | "\u{2014}"
            | "n/a"
            | "na"
            | "none"
            | "null"
            | "nil"
            | "nan"
            | "nat"
            | "never"
            | "\\n"
            | "#n/a"
            | "(null)"
            | "undefined"
            | "<na>"
            | "(none)"
            | "(blank)"
            | "?"
    )
}

/// A number since 1970 by its size: seconds below 1e11, milliseconds below 1e14, microseconds below 1e17, else
/// nanoseconds. The whole number is used where there is one: a float cannot hold every microsecond.
fn epoch(whole: Option<i64>, number: Option<f64>) -> Option<Timestamp> {
    let size = number?.abs();
    let (up, down) = match size {
        s if s < 1e11 => (1_000, 1),
        s if s < 1e14 => (1, 1),
        s if s < 1e17 => (1, 1_000),
        _ => (1, 1_000_000),
    };
    match whole {
        Some(n) => n.checked_mul(up).map(|n| Timestamp(n.div_euclid(down))),
        None => Some(Timestamp((number? * up as f64 / down as f64).round() as i64)),
    }
}

/// A zone at the end of a time.
fn split_zone(text: &str) -> (&str, Option<Zone>) {
    for suffix in ["UTC", "GMT", "Z", "z"] {
        if let Some(local) = text.strip_suffix(suffix) {
            return (local.trim_end(), Some(Zone::default()));
        }
    }
    // The sign of an offset stands after the time of day; a `-` within the date does not.
    let sign = text.rfind(['+', '-']).filter(|&i| text[..i].contains(':'));
    match sign.and_then(|i| offset(&text[i..]).map(|offset| (i, offset))) {
        Some((i, offset)) => (text[..i].trim_end(), Some(Zone::Fixed(offset))),
        None => (text, None),
    }
}

fn iso(text: &str) -> Option<NaiveDateTime> {
    let (date, time) = text.split_once([' ', 'T', 't']).unwrap_or((text, ""));
    // `3/7/26` is no day of the year 3.
    if !date.as_bytes().get(..4).is_some_and(|year| year.iter().all(u8::is_ascii_digit)) {
        return None;
    }
    let date = ["%Y-%m-%d", "%Y/%m/%d"].iter().find_map(|f| NaiveDate::parse_from_str(date, f).ok())?;
    Some(date.and_time(clock(time)?))
}

/// The time of day; midnight when none is given.
fn clock(text: &str) -> Option<chrono::NaiveTime> {
    if text.is_empty() {
        return Some(chrono::NaiveTime::MIN);
    }
    let forms = ["%H:%M:%S%.f", "%H:%M", "%I:%M:%S %p", "%I:%M %p"];
    forms.iter().find_map(|f| chrono::NaiveTime::parse_from_str(text, f).ok())
}

/// As JavaScript prints dates, and as mail does.
fn in_words(text: &str) -> Option<Timestamp> {
    let bare = text.split(" (").next().unwrap_or(text);
    let js = DateTime::parse_from_str(bare, "%a %b %d %Y %H:%M:%S GMT%z");
    js.or_else(|_| DateTime::parse_from_rfc2822(text)).ok().map(|t| t.to_utc().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn read(value: Value) -> String {
        match TimeReading::default().read(&value) {
            Ok(t) => t.map_or("none".into(), Timestamp::rfc3339),
            Err(e) => e.to_string(),
        }
    }

    #[test]
    fn every_form_of_the_rules_is_read() {
        for value in [
            json!(1_772_524_800),
            json!(1_772_524_800_000_i64),
            json!(1_772_524_800_000_000_i64),
            json!(1_772_524_800_000_000_000_i64),
            json!(1772524800.0),
            json!("1772524800"),
            json!("2026-03-03T08:00:00Z"),
            json!("2026-03-03T10:00:00+02:00"),
            json!("2026-03-03T10:00:00+0200"),
            json!("2026-03-03 08:00:00"),
            json!(" 2026-03-03 08:00:00.000 UTC "),
            json!("2026-03-03 10:00:00 +02:00"),
            json!("2026-03-03 06:00:00-02"),
            json!("2026/03/03 08:00"),
            json!("Tue Mar 03 2026 10:00:00 GMT+0200"),
            json!("Tue Mar 03 2026 10:00:00 GMT+0200 (Eastern European Standard Time)"),
            json!("Tue, 3 Mar 2026 10:00:00 +0200"),
            json!("03/03/2026 8:00 AM"),
        ] {
            assert_eq!(read(value.clone()), "2026-03-03T08:00:00Z", "{value}");
        }
        assert_eq!(read(json!("1772524800.25")), "2026-03-03T08:00:00.250Z");
        assert_eq!(read(json!(1_772_524_800_123_456_i64)), "2026-03-03T08:00:00.123Z");
        assert_eq!(read(json!("2026-03-03")), "2026-03-03T00:00:00Z");
        assert_eq!(read(json!("25.03.2026")), "2026-03-25T00:00:00Z");
        assert_eq!((read(json!("")).as_str(), read(json!(null)).as_str()), ("none", "none"));
    }

    #[test]
    fn what_may_mean_two_dates_is_refused_unless_told() {
        assert!(read(json!("03/04/2026 10:00")).contains("--date-order"));
        let at = |order| {
            let times = TimeReading { order: Some(order), ..TimeReading::default() };
            times.read(&json!("03/04/2026 10:00")).unwrap().unwrap().rfc3339()
        };
        assert_eq!(at(DateOrder::DayFirst), "2026-04-03T10:00:00Z");
        assert_eq!(at(DateOrder::MonthFirst), "2026-03-04T10:00:00Z");
    }

    #[test]
    fn what_is_no_time_is_an_error() {
        for value in [json!("not a date"), json!(true), json!("32/13/2026"), json!(1e300), json!("2026-02-30 10:00:00")]
        {
            assert!(read(value.clone()).contains("no time that can be read"), "{value}");
        }
    }

    #[test]
    fn local_times_follow_their_zone() {
        let at = |zone: &str, time: &str| {
            let times = TimeReading { zone: zone.parse().unwrap(), ..TimeReading::default() };
            times.read(&json!(time)).unwrap().unwrap().rfc3339()
        };
        assert_eq!(at("Europe/Nicosia", "2026-07-01 10:00:00"), "2026-07-01T07:00:00Z");
        assert_eq!(at("Europe/Nicosia", "2026-01-01 10:00:00"), "2026-01-01T08:00:00Z");
        assert_eq!(at("+02:00", "2026-07-01 10:00:00"), "2026-07-01T08:00:00Z");
        // Clocks go forward at 03:00 on 29 March and back at 04:00 on 25 October.
        assert_eq!(at("europe/nicosia", "2026-03-29 03:30:00"), "2026-03-29T01:30:00Z");
        assert_eq!(at("Europe/Nicosia", "2026-10-25 03:30:00"), "2026-10-25T00:30:00Z");
        assert!("Europe/Nicosai".parse::<Zone>().unwrap_err().to_string().contains("Europe/Nicosia"));
    }

    proptest! {
        #[test]
        fn the_usual_form_is_read_as_its_standard_says(
            text in "[0-9]{4}-(0[0-9]|1[0-3])-([0-2][0-9]|3[0-2])T([01][0-9]|2[0-4]):[0-6][0-9]:[0-6][0-9]Z|\\PC{20}",
        ) {
            let standard = DateTime::parse_from_rfc3339(&text).ok().map(|t| Timestamp::from(t.to_utc()));
            // A second that a clock was stopped for is left to the others.
            let leap = text.ends_with(":60Z");
            prop_assert_eq!(whole_seconds(&text), standard.filter(|_| !leap));
        }

        #[test]
        fn never_panics(text in "[0-9TZ:/. +-]{0,24}", any in "\\PC{0,12}", n: i64, x: f64) {
            for value in [json!(text), json!(any), json!(n), json!(x)] {
                if let Ok(Some(t)) = TimeReading::default().read(&value) {
                    prop_assert_eq!(read(json!(t.rfc3339())), t.rfc3339());
                }
            }
        }
    }
}
