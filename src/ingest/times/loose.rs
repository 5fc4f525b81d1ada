//! Times as people and programs write them beside RFC 3339: with the month's name, with AM and PM in several languages,
//! with years of two digits, with the zone in words. A text is a time only if every part of it is understood.

use super::date_order::{DateOrder, Disorder};
use crate::domain::Zone;
use crate::domain::zone::offset;
use crate::text::fold;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use regex::Regex;
use std::sync::LazyLock;

/// Longer texts are no times.
const LONGEST: usize = 80;

/// A date as three numbers of which nobody has said yet which is what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numbers {
    /// In the order in which they stand.
    pub parts: [u32; 3],
    /// Whether the last, if it is the year, has two digits.
    pub short_year: bool,
}

impl Numbers {
    /// The date under an order; `None` where there is no such day.
    pub fn under(self, order: DateOrder) -> Option<NaiveDate> {
        let [a, b, c] = self.parts;
        let (year, month, day) = match order {
            DateOrder::DayFirst => (c, b, a),
            DateOrder::MonthFirst => (c, a, b),
            DateOrder::YearFirst => (a, b, c),
        };
        // The year first is said only of years of two digits: of four it needs no saying.
        if !self.short_year && order == DateOrder::YearFirst {
            return None;
        }
        NaiveDate::from_ymd_opt(if self.short_year { century(year)? } else { year as i32 }, month, day)
    }
}

/// Years of two digits: 1969 to 2068, as most programs have it.
fn century(year: u32) -> Option<i32> {
    match year {
        0..=68 => Some(2000 + year as i32),
        69..=99 => Some(1900 + year as i32),
        _ => None,
    }
}

/// What a text says: the date, the time of day if it has one, the zone if it names one.
#[derive(Debug, PartialEq)]
struct Parts {
    date: Date,
    clock: Option<NaiveTime>,
    zone: Option<Zone>,
}

#[derive(Debug, PartialEq)]
enum Date {
    Known(NaiveDate),
    Numbers(Numbers),
}

/// The three numbers of a date whose order has to be known, where the text is such a time.
pub(super) fn numbers(text: &str) -> Option<Numbers> {
    match parts(text)?.date {
        Date::Numbers(numbers) => Some(numbers),
        Date::Known(_) => None,
    }
}

/// Reads a time; `None` where it is none.
///
/// # Errors
/// It may mean two dates and nobody has said which.
pub(super) fn read(text: &str, order: Option<DateOrder>) -> Result<Option<(NaiveDateTime, Option<Zone>)>, Disorder> {
    let Some(Parts { date, clock, zone }) = parts(text) else { return Ok(None) };
    let date = match date {
        Date::Known(date) => Some(date),
        Date::Numbers(numbers) => settled(numbers, order)?,
    };
    Ok(date.map(|d| (d.and_time(clock.unwrap_or(NaiveTime::MIN)), zone)))
}

/// `20260303` and `20260303101500`: as numbers since 1970 they would be of 1970 or of a far century.
pub(super) fn digits(text: &str) -> Option<NaiveDateTime> {
    let whole = match text.len() {
        8 => format!("{text}000000"),
        14 => text.to_owned(),
        _ => return None,
    };
    let century = matches!(text.get(..2)?, "19" | "20") && whole.bytes().all(|b| b.is_ascii_digit());
    century.then(|| NaiveDateTime::parse_from_str(&whole, "%Y%m%d%H%M%S").ok())?
}

/// A time of day alone.
pub(super) fn clock_alone(text: &str) -> Option<NaiveTime> {
    let text = plain(text)?;
    let (clock, before, after) = clock(&text)?;
    (before.is_empty() && after.trim().is_empty()).then_some(clock)
}

fn settled(numbers: Numbers, order: Option<DateOrder>) -> Result<Option<NaiveDate>, Disorder> {
    let all = [DateOrder::DayFirst, DateOrder::MonthFirst, DateOrder::YearFirst];
    let mut dates: Vec<NaiveDate> = all.iter().filter_map(|&o| numbers.under(o)).collect();
    dates.dedup();
    match (dates.as_slice(), order) {
        ([], _) => Ok(None),
        // What stands first in a year of two digits is told by the log as a whole, and never by one date.
        ([only], _) if !numbers.short_year => Ok(Some(*only)),
        ([only], None) => Ok(Some(*only)),
        // The third of the third, whichever comes first; that a year of two digits does would be said of the log.
        ([same, _], None) if numbers.parts[0] == numbers.parts[1] => Ok(Some(*same)),
        (_, Some(order)) => Ok(numbers.under(order).or(if numbers.short_year { None } else { dates.first().copied() })),
        (_, None) => Err(Disorder),
    }
}

static WEEKDAY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?|\b(?:δευτερα|τριτη|τεταρτη|πεμπτη|παρασκευη|σαββατο|κυριακη|δευ|τρι|τετ|πεμ|παρ|σαβ|κυρ)\b\.?,?",
    )
});
static HALF: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"([ap])\.? ?m\b\.?|([πμ])\.? ?μ\b\.?"));
static CLOCK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"(?:^|[ t,])(\d{1,2})(?::(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)? ?(am|pm)?|\.(\d{2})\.(\d{2})| ?(am|pm))(?:$|[ z,\[(+-]|utc|gmt)",
    )
});
static OFFSET: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"^(?:utc|gmt)? ?([+-]\d{2}(?::?\d{2})?)(?: ?(?:utc|gmt|[a-z]{3,4}))?"));
static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"^\[?([a-z]+/[a-z_]+(?:/[a-z_]+)?)\]?"));
static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"^(?:(\d{1,2}) (\p{L}+) (\d{4}|\d{2})|(\p{L}+) (\d{1,2}) (\d{4}|\d{2})|(\d{4}) (\p{L}+) (\d{1,2}))$")
});
static FIGURES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"^(?:(\d{4})([-/. ])(\d{1,2})[-/. ](\d{1,2})|(\d{4})年(\d{1,2})月(\d{1,2})日|(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})|(\d{4})(\d{2})(\d{2}))$",
    )
});

fn pattern(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

/// In lower case, without accents, weekday and small words, AM and PM in one spelling.
fn plain(text: &str) -> Option<String> {
    if text.len() > LONGEST || !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let folded = fold(text).replace(['\u{a0}', '\u{202f}', '\u{2009}', '\t'], " ");
    let halves = HALF.as_ref()?.replace_all(&folded, |found: &regex::Captures<'_>| {
        let morning = found.get(1).or(found.get(2)).is_some_and(|c| matches!(c.as_str(), "a" | "π"));
        if morning { "am" } else { "pm" }
    });
    let halves = halves.replace("上午", "am ").replace("下午", "pm ");
    let bare = WEEKDAY.as_ref()?.replace_all(&halves, " ");
    Some(bare.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn parts(text: &str) -> Option<Parts> {
    let mut text = plain(text)?;
    // JavaScript's name of the zone, Go's monotonic clock.
    if let Some(at) = text.find(" (").or_else(|| text.find(" m=")) {
        text.truncate(at);
    }
    if let Some(basic) = basic(&text) {
        return Some(basic);
    }
    let (clock, words, zone) = match clock(&text) {
        Some((clock, before, after)) => {
            let (date, zone) = around(before, after)?;
            (Some(clock), date, zone)
        }
        None => (None, text.clone(), None),
    };
    Some(Parts { date: date(&words)?, clock, zone })
}

/// `20260303T101500Z`, `20260303101500`.
fn basic(text: &str) -> Option<Parts> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let form: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let (bare, zone) = match form.strip_suffix('z') {
        Some(bare) => (bare, Some(Zone::default())),
        None => (form.as_str(), None),
    };
    let whole = match bare {
        "00000000t000000" | "00000000 000000" | "00000000000000" => digits,
        "00000000t0000" | "00000000 0000" => digits + "00",
        _ => return None,
    };
    let local = NaiveDateTime::parse_from_str(&whole, "%Y%m%d%H%M%S").ok()?;
    let plausible = (1970..2100).contains(&whole.get(..4)?.parse::<i32>().ok()?);
    plausible.then(|| Parts { date: Date::Known(local.date()), clock: Some(local.time()), zone })
}

/// The one time of day in a text, and what stands before and behind it.
fn clock(text: &str) -> Option<(NaiveTime, &str, &str)> {
    // With dots only behind a date: alone it is one.
    let mut found = CLOCK.as_ref()?.captures_iter(text).filter(|c| c.get(6).is_none_or(|dots| dots.start() > 3));
    let clock = found.next()?;
    if found.next().is_some() {
        return None;
    }
    let number = |i: usize| clock.get(i).and_then(|n| n.as_str().parse::<u32>().ok());
    let hour = match (number(1)?, clock.get(5).or(clock.get(8)).map(|half| half.as_str())) {
        (hour, None) => hour,
        (hour, Some(_)) if !(1..=12).contains(&hour) => return None,
        (hour, Some("am")) => hour % 12,
        (hour, Some(_)) => hour % 12 + 12,
    };
    let (minute, second) = (number(2).or(number(6)).unwrap_or(0), number(3).or(number(7)).unwrap_or(0));
    let fraction = clock.get(4).map_or("", |f| f.as_str());
    let nanos = format!("{fraction:0<9}").parse::<u32>().ok()?;
    let time = NaiveTime::from_hms_nano_opt(hour, minute, second, nanos)?;
    let (first, last) = (clock.get(1)?.start(), (1..=8).filter_map(|i| clock.get(i)).map(|g| g.end()).max()?);
    let before = text[..first].trim_end_matches([' ', ',']);
    let before = before.strip_suffix('t').filter(|b| b.ends_with(|c: char| c.is_ascii_digit())).unwrap_or(before);
    Some((time, before, &text[last..]))
}

/// The date that stands before or behind the time of day or around it, and the zone behind it.
fn around(before: &str, after: &str) -> Option<(String, Option<Zone>)> {
    let (zone, mut left) = zone(after.trim_start())?;
    // Java writes the place behind the offset.
    if let Some(place) = NAME.as_ref()?.captures(left.trim_start()).and_then(|c| c.get(0)) {
        left = &left.trim_start()[place.end()..];
    }
    let date = format!("{before} {}", left.trim_matches([' ', ',']));
    Some((date.trim().to_owned(), zone))
}

/// The zone at the beginning of a text, and what follows.
fn zone(text: &str) -> Option<(Option<Zone>, &str)> {
    if let Some(found) = OFFSET.as_ref()?.captures(text) {
        let zone = offset(found.get(1)?.as_str())?;
        return Some((Some(Zone::Fixed(zone)), &text[found.get(0)?.end()..]));
    }
    if let Some(found) = NAME.as_ref()?.captures(text) {
        return Some((Some(found.get(1)?.as_str().parse().ok()?), &text[found.get(0)?.end()..]));
    }
    let word: &str = text.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    let hours = match word {
        "z" | "utc" | "gmt" | "wet" => "+00",
        "cet" | "west" | "bst" => "+01",
        "eet" | "cest" => "+02",
        "eest" | "msk" => "+03",
        "est" => "-05",
        "edt" => "-04",
        "pst" => "-08",
        "pdt" => "-07",
        _ => return Some((None, text)),
    };
    Some((Some(Zone::Fixed(offset(hours)?)), &text[word.len()..]))
}

fn date(text: &str) -> Option<Date> {
    let number = |m: Option<regex::Match<'_>>| m.and_then(|m| m.as_str().parse::<u32>().ok());
    if let Some(found) = FIGURES.as_ref()?.captures(text.trim_matches([' ', ','])) {
        let known = [(1, 3, 4), (5, 6, 7), (11, 12, 13)]
            .into_iter()
            .find_map(|(y, m, d)| Some((number(found.get(y))?, number(found.get(m))?, number(found.get(d))?)));
        if let Some((year, month, day)) = known {
            return NaiveDate::from_ymd_opt(year as i32, month, day).map(Date::Known);
        }
        let parts = [number(found.get(8))?, number(found.get(9))?, number(found.get(10))?];
        let short_year = found.get(10).is_some_and(|y| y.len() == 2);
        return Some(Date::Numbers(Numbers { parts, short_year }));
    }
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '-' | '/' | '.' | '\''))
        .filter(|w| !matches!(*w, "" | "at" | "on" | "the" | "of" | "de" | "del" | "um" | "a" | "στισ" | "ωρα"))
        .map(ordinal)
        .collect();
    let words = words.join(" ");
    let found = WORDS.as_ref()?.captures(&words)?;
    let (day, name, year) = [(1, 2, 3), (5, 4, 6), (9, 8, 7)]
        .into_iter()
        .find_map(|(d, m, y)| Some((number(found.get(d))?, found.get(m)?.as_str(), found.get(y)?.as_str())))?;
    let number: u32 = year.parse().ok()?;
    let year = if year.len() == 2 { century(number)? } else { number as i32 };
    NaiveDate::from_ymd_opt(year, month(name)?, day).map(Date::Known)
}

/// `3rd` as `3`.
fn ordinal(word: &str) -> &str {
    let digits = word.trim_end_matches(|c: char| !c.is_ascii_digit());
    let rest = &word[digits.len()..];
    if !digits.is_empty() && matches!(rest, "st" | "nd" | "rd" | "th" | "η" | "er" | "º") { digits } else { word }
}

/// The months by the letters that tell them apart, in the languages that exports come in; folded.
const MONTHS: [&[&str]; 12] = [
    &["jan", "ιαν", "ene", "янв"],
    &["feb", "φεβ", "fev", "фев"],
    &["mar", "μαρ", "μαρτ", "мар"],
    &["apr", "απρ", "abr", "avr", "апр"],
    &["may", "mai", "μαι", "μαϊ", "mag", "май", "мая"],
    &["jun", "ιουν", "juin", "giu", "июн"],
    &["jul", "ιουλ", "juil", "lug", "июл"],
    &["aug", "αυγ", "ago", "aou", "авг"],
    &["sep", "σεπ", "set", "сен"],
    &["oct", "οκτ", "okt", "ott", "out", "окт"],
    &["nov", "νοε", "noe", "ноя"],
    &["dec", "δεκ", "dic", "dez", "дек"],
];

fn month(word: &str) -> Option<u32> {
    let fits = |names: &&[&str]| names.iter().any(|n| word.starts_with(n));
    let short = word.chars().count() <= 11;
    let found: Vec<usize> = (0..12).filter(|&i| short && fits(&MONTHS[i])).collect();
    match found.as_slice() {
        [only] => Some(*only as u32 + 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use serde_json::json;

    fn at(text: &str) -> String {
        match Times::default().read(&json!(text)) {
            Ok(t) => t.map_or("none".into(), Timestamp::rfc3339),
            Err(e) => e.to_string(),
        }
    }

    #[test]
    fn times_are_read_as_people_and_programs_write_them() {
        for text in [
            "Tue Mar 03 10:15:00 +0000 2026",
            "Tue Mar  3 10:15:00 2026",
            "Tue, 03 Mar 2026 10:15:00 GMT",
            "Mar 3, 2026, 10:15 AM",
            "March 3rd, 2026 at 10:15 am",
            "3 March 2026 10:15",
            "03-Mar-2026 10:15:00",
            "03-Mar-26 10:15",
            "2026-03-03 10:15:00.000000000 +0000 UTC",
            "2026-03-03 10:15:00 +0000 UTC m=+0.000123",
            "2026-03-03 10:15:00,000",
            "2026-03-03T10:15:00+0000",
            "2026-03-03T12:15:00+02:00[Europe/Nicosia]",
            "2026-03-03 12:15 EET",
            "2026-03-03 10:15:00 UTC+00:00",
            "2026-03-03 10.15.00",
            "20260303T101500Z",
            "20260303101500",
            "2026/3/3 10:15",
            "2026.03.03 10:15",
            "2026年3月3日 10:15",
            "10:15 03/03/2026",
            "10:15, 3 March 2026",
            "03/03/26 10:15",
            "3/3/2026, 10:15:00 a.m.",
            "3/3/2026 10:15:00 πμ",
            "3/3/2026 10:15:00 π.μ.",
            "3 Μαρτίου 2026 10:15",
            "3 de marzo de 2026 10:15",
            "2026-03-03\u{202f}10:15",
            "Tuesday, March 3, 2026 10:15:00 AM",
        ] {
            assert_eq!(at(text), "2026-03-03T10:15:00Z", "{text}");
        }
        assert_eq!(at("25/03/2026, 3:16 p.m."), "2026-03-25T15:16:00Z");
        assert_eq!(at("25/3/2026 12:16:00 μμ"), "2026-03-25T12:16:00Z");
        assert_eq!(at("25/3/2026 12:16:00 πμ"), "2026-03-25T00:16:00Z");
        assert_eq!(at("3/25/26 9:22"), "2026-03-25T09:22:00Z");
    }

    #[test]
    fn what_is_not_understood_to_its_end_is_no_time() {
        for text in [
            "may 5 refunds",
            "order 7712",
            "3 days ago",
            "10:15",
            "yesterday 10:15",
            "32/13/26",
            "13:61 03/03/2026",
            "2026-W10",
            "about 03/03/2026",
            "1-2-3",
            "12 34 56 78",
        ] {
            assert!(at(text).contains("no time that can be read"), "{text}: {}", at(text));
        }
        assert!(at("03/04/26 10:00").contains("--date-order"), "{}", at("03/04/26 10:00"));
        assert_eq!(clock_alone("9:05 π.μ.").unwrap().to_string(), "09:05:00");
        assert!(clock_alone("2026-03-03 09:05").is_none() && clock_alone("905").is_none());
    }
}
