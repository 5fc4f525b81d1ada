//! A day and a time of day that stand in two columns.

use super::loose;
use chrono::{NaiveTime, Timelike};

/// What spreadsheets put before a time of day that has no day.
const NO_DAY: [&str; 3] = ["1899-12-30", "1899-12-31", "1900-01-00"];
/// Seconds of a day.
const DAY: f64 = 86_400.0;

/// A time of day without a date, such as `09:15:10`, `3:16 p.m.` or `09:15 UTC`.
pub(in crate::ingest) fn clock_alone(text: &str) -> Option<NaiveTime> {
    loose::clock_alone(text).or_else(|| loose::clock_alone(without_zone(text)))
}

/// `0915` of a column of clocks: alone it may as well be a year.
pub(in crate::ingest) fn clock_in_digits(text: &str) -> Option<NaiveTime> {
    let text = text.trim();
    let digits = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| NaiveTime::from_hms_opt(text[..2].parse().ok()?, text[2..].parse().ok()?, 0))?
}

/// The time of day that a cell holds which can hold nothing else, as it is written behind a date: beside what [`clock_alone`] reads the
/// part of a day (`0.385532`), `09.15.10`, `091510`, and what spreadsheets make of a clock.
pub(in crate::ingest) fn clock_of(text: &str) -> Option<String> {
    let text = text.trim();
    let text = NO_DAY.iter().find_map(|day| text.strip_prefix(day)).map_or(text, |rest| rest.trim_matches([' ', 'T']));
    if clock_alone(text).is_some() {
        return Some(text.to_owned());
    }
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = match text.split('.').collect::<Vec<_>>() {
        parts if (2..=3).contains(&parts.len()) && parts.iter().all(|p| (1..=2).contains(&p.len())) => parts,
        _ if text.len() == 6 && digits(text) => vec![&text[..2], &text[2..4], &text[4..]],
        _ => return part_of_day(text),
    };
    let number = |i: usize| parts.get(i).map_or(Some(0), |p| p.parse().ok());
    let clock = NaiveTime::from_hms_opt(number(0)?, number(1)?, number(2)?)?;
    Some(clock.format("%H:%M:%S").to_string())
}

fn part_of_day(text: &str) -> Option<String> {
    let part: f64 = text.replace(',', ".").parse().ok().filter(|p| (0.0..1.0).contains(p))?;
    let seconds = (part * DAY).round().min(DAY - 1.0);
    NaiveTime::from_num_seconds_from_midnight_opt(seconds as u32, 0).map(|t| t.format("%H:%M:%S").to_string())
}

/// `09:15` of `09:15 UTC`, `09:15:10Z` and `09:15+02:00`.
fn without_zone(text: &str) -> &str {
    let text = text.trim();
    let end = text.find(['+', 'Z']).or_else(|| text.find(" UTC")).or_else(|| text.find(" GMT"));
    end.map_or(text, |end| text[..end].trim_end())
}

/// Whether a text is a day without a time of day, or with none but midnight.
pub(in crate::ingest) fn is_day(text: &str) -> bool {
    match clock_within(text) {
        None => !loose::ends_in_dotted_clock(text),
        Some(at) => clock_alone(&text[at..]).is_some_and(|t| t.num_seconds_from_midnight() == 0),
    }
}

/// A day and its time of day as one text.
pub(in crate::ingest) fn joined(day: &str, clock: &str) -> String {
    let day = clock_within(day).map_or(day, |at| &day[..at]).trim_end_matches(['T', ' ', ',']);
    let in_digits = || clock_in_digits(clock).map(|t| t.format("%H:%M:%S").to_string());
    format!("{day} {}", clock_of(clock).or_else(in_digits).unwrap_or_else(|| clock.to_owned()))
}

/// Where the time of day begins in a text with a day.
fn clock_within(text: &str) -> Option<usize> {
    let before = &text[..text.find(':')?];
    let at = before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    (at > 0).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_and_clock_are_joined_as_spreadsheets_write_them() {
        for (day, clock) in [
            ("2026-03-02", "09:15:10"),
            ("2026-03-02 00:00:00", "09:15:10"),
            ("2026-03-02T00:00:00", "09.15.10"),
            ("2026-03-02", "091510"),
            ("2026-03-02", "0.385532407"),
            ("2026-03-02", "1899-12-30 09:15:10"),
            ("2026-03-02", "09:15:10 UTC"),
            ("2 March 2026 12:00:00 AM", "9:15:10 AM"),
        ] {
            let read = super::super::TimeReading::default().read_text(&joined(day, clock)).unwrap().unwrap();
            assert_eq!(read.rfc3339(), "2026-03-02T09:15:10Z", "{day} {clock}");
            assert!(is_day(day) && clock_of(clock).is_some(), "{day} {clock}");
        }
        assert_eq!(joined("2026-03-02", "0915"), "2026-03-02 09:15:00");
        assert!(clock_in_digits("2460").is_none() && clock_in_digits("915").is_none());
        // What stands before a clock may be cut within no letter.
        let odd = ["2026年3月2日 上午9:15", "٢٠٢٦-٠٣-٠٢ ٠٩:١٥", "：:", "é:5", ":", "é"];
        assert_eq!(odd.map(is_day), [false, false, false, false, true, true]);
        assert_eq!(joined("é:5", "09:15"), "é 09:15");
        assert!(is_day("25.03.26") && !is_day("25.03.26 20.00"));
        assert!(is_day("2026-03-02T00:00:00Z") && !is_day("2026-03-02T00:00:01Z"));
        assert!(!is_day("2026-03-02 09:15:10") && clock_of("25.03.26").is_none() && clock_of("2026").is_none());
        assert!(clock_alone("0.385").is_none() && clock_alone("2026-03-02 09:15").is_none());
    }
}
