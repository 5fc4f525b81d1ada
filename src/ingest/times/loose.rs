//! Times as people and programs write them beside RFC 3339: with the month's name, with AM and PM in several languages,
//! with years of two digits, with the zone in words. A text is a time only if every part of it is understood.

use super::date_order::{DateOrder, Disorder};
use super::forms::in_figures;
use crate::domain::Zone;
use crate::domain::zone::offset;
use crate::text::fold;
use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};
use regex::Regex;
use std::sync::LazyLock;

/// Longer texts are no times.
const LONGEST: usize = 80;

/// A date as three numbers of which nobody has said yet which is what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LooseDate {
    /// In the order in which they stand.
    pub parts: [u32; 3],
    /// Whether the last, if it is the year, has two digits.
    pub short_year: bool,
    /// Whether a year of two digits may stand first: only between dashes is that usual.
    pub year_may_lead: bool,
}

impl LooseDate {
    /// The date under an order; `None` where there is no such day.
    pub fn under(self, order: DateOrder) -> Option<NaiveDate> {
        let [a, b, c] = self.parts;
        let (year, month, day) = match order {
            DateOrder::DayFirst => (c, b, a),
            DateOrder::MonthFirst => (c, a, b),
            DateOrder::YearFirst => (a, b, c),
        };
        // The year first is said only of years of two digits: of four it needs no saying.
        if order == DateOrder::YearFirst && !self.short_year {
            return None;
        }
        NaiveDate::from_ymd_opt(if self.short_year { century(year)? } else { of_people(year)? }, month, day)
    }
}

/// A year in which somebody may have talked with an AI, or was said to: not one of another era, such as 2569.
fn of_people(year: u32) -> Option<i32> {
    (1000..2400).contains(&year).then_some(year as i32)
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
    Numbers(LooseDate),
}

/// The three numbers of a date whose order has to be known, where the text is such a time.
pub(super) fn numbers(text: &str) -> Option<LooseDate> {
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

/// Days since 1900 as spreadsheets count them, `46084.427` or `46084,427`: as seconds since 1970 they would be of its first day. Of the years 2000
/// to 2099, to the second.
pub(super) fn serial(text: &str) -> Option<NaiveDateTime> {
    let days: f64 = text.replace(',', ".").parse().ok().filter(|d| (36_526.0..73_051.0).contains(d))?;
    let date = NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days.trunc() as u64))?;
    let seconds = (days.fract() * 86_400.0).round().min(86_399.0);
    Some(date.and_time(NaiveTime::from_num_seconds_from_midnight_opt(seconds as u32, 0)?))
}

/// Whether a text is a date with a clock behind it that has a dot: `25.03.26 20.00`.
pub(super) fn ends_in_dotted_clock(text: &str) -> bool {
    DOTTED_CLOCK.as_ref().is_some_and(|dotted| dotted.is_match(text.trim()))
}

/// A time of day alone.
pub(super) fn clock_alone(text: &str) -> Option<NaiveTime> {
    let text = plain(text)?;
    let (clock, before, after) = clock(&text)?;
    (before.is_empty() && after.trim().is_empty()).then_some(clock)
}

fn settled(numbers: LooseDate, order: Option<DateOrder>) -> Result<Option<NaiveDate>, Disorder> {
    let all = [DateOrder::DayFirst, DateOrder::MonthFirst, DateOrder::YearFirst];
    let usual = |o: &&DateOrder| **o != DateOrder::YearFirst || numbers.year_may_lead;
    let mut dates: Vec<NaiveDate> = all.iter().filter(usual).filter_map(|&o| numbers.under(o)).collect();
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
        r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?|\b(?:δευτερα|τριτη|τεταρτη|πεμπτη|παρασκευη|σαββατο|κυριακη|δευ|τρι|τετ|πεμ|παρ|σαβ|κυρ)\b\.?,?|\b(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miercoles|jueves|viernes|sabado|domingo|segunda-feira|terca-feira|quarta-feira|quinta-feira|sexta-feira|lunedi|martedi|mercoledi|giovedi|venerdi|sabato|domenica|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье)\b\.?,?|\b(?:mo|di|mi|do|fr|sa|so|lun|mer|jeu|ven|sam|dim|mie|jue|vie|sab|dom|пн|вт|ср|чт|пт|сб|вс)\b[.,]+",
    )
});
static HALF: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"([ap])\.? ?m\b\.?|([πμ])\.? ?μ\b\.?"));
/// `09h15`, `9 Uhr 15`, `9:15 Uhr`.
static HOURS: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"\b(\d{1,2}) ?(?:h|uhr) ?(\d{2})\b"));
/// Between day and clock as servers of the web log them: `25/Mar/2026:10:15:00 +0000`.
static SERVER: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"(/\d{4}):(\d{2}:\d{2}:\d{2})\b"));
/// `25.03.26 20.00`: a clock with a dot that ends the text behind a date in figures.
static DOTTED_CLOCK: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(\d[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}),?) (\d{1,2})\.(\d{2})$"));
static HOUR_WORD: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"(:\d{2}) ?(?:uhr|h|часов|ч)\b\.?"));
static CLOCK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"(?:^|[ t,])(\d{1,2})(?::(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)? ?(am|pm)?|\.(\d{2})\.(\d{2})(?:\.\d{1,9})? ?(am|pm)?| ?(am|pm))(?:$|[ z,\[(+-]|utc|gmt)",
    )
});
static OFFSET: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"^(?:utc|gmt)? ?([+-])(\d{1,2}(?::?\d{2})?)(?: ?(?:utc|gmt|[a-z]{3,4}))?"));
static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"^\[?([a-z]+/[a-z_]+(?:/[a-z_]+)?)\]?"));
static WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"^(?:(\d{1,2}) ?(\p{L}+) ?(\d{4}|\d{2})|(\p{L}+) (\d{1,2}) (\d{4}|\d{2})|(\d{4}) (\p{L}+) (\d{1,2}))$")
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
    let text = in_figures(text);
    if text.len() > LONGEST || !text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let folded = fold(&text).replace(['\u{a0}', '\u{202f}', '\u{2009}', '\t'], " ");
    let halves = HALF.as_ref()?.replace_all(&folded, |found: &regex::Captures<'_>| {
        let morning = found.get(1).or(found.get(2)).is_some_and(|c| matches!(c.as_str(), "a" | "π"));
        if morning { "am" } else { "pm" }
    });
    let halves = HOURS.as_ref()?.replace_all(&halves, "$1:$2");
    let halves = SERVER.as_ref()?.replace(&halves, "$1 $2");
    let halves = HOUR_WORD.as_ref()?.replace_all(&halves, "$1");
    let bare = WEEKDAY.as_ref()?.replace_all(&halves, " ");
    let words = bare.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(DOTTED_CLOCK.as_ref()?.replace(&words, "$1 $2:$3").into_owned())
}

fn parts(text: &str) -> Option<Parts> {
    let mut text = plain(text)?;
    // A zone in brackets, or JavaScript's name of the one before it; Go's monotonic clock.
    let bracket = text.find(" (");
    let bracketed = bracket.map(|at| text[at + 2..].trim_end_matches(')').trim().to_owned());
    if let Some(at) = bracket.or_else(|| text.find(" m=")) {
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
    let zone = match (zone, bracketed) {
        (None, Some(named)) => zone_alone(&named)?,
        (zone, _) => zone,
    };
    Some(Parts { date: date(&words)?, clock, zone })
}

/// The zone that stands in brackets behind a time without one; `None` where it is the name of one that nobody can tell.
fn zone_alone(named: &str) -> Option<Option<Zone>> {
    match zone(named) {
        Some((Some(zone), rest)) if rest.trim().is_empty() => Some(Some(zone)),
        _ if named.ends_with("time") => None,
        _ => Some(None),
    }
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
    let (mut clocks, mut from) = (Vec::new(), 0);
    // What ends one may begin the next.
    while let Some(found) = CLOCK.as_ref()?.captures_at(text, from) {
        from = (1..=9).filter_map(|i| found.get(i)).map(|g| g.end()).max()?;
        // With dots only behind a date: alone it is one.
        if found.get(6).is_none_or(|dots| dots.start() > 3) {
            clocks.push(found);
        }
    }
    let [clock] = &clocks[..] else { return None };
    let number = |i: usize| clock.get(i).and_then(|n| n.as_str().parse::<u32>().ok());
    let hour = match (number(1)?, clock.get(5).or(clock.get(8)).or(clock.get(9)).map(|half| half.as_str())) {
        (hour, None) => hour,
        // Programs that count to 24 write the half of the day all the same: `00:08 AM`, `13:05 PM`.
        (hour @ 0..=12, Some("am")) => hour % 12,
        (hour @ 0..=12, Some(_)) => hour % 12 + 12,
        (hour @ 13..=23, Some("pm")) => hour,
        (_, Some(_)) => return None,
    };
    let (minute, second) = (number(2).or(number(6)).unwrap_or(0), number(3).or(number(7)).unwrap_or(0));
    let fraction = clock.get(4).map_or("", |f| f.as_str());
    let nanos = format!("{fraction:0<9}").parse::<u32>().ok()?;
    let time = NaiveTime::from_hms_nano_opt(hour, minute, second, nanos)?;
    let (first, last) = (clock.get(1)?.start(), (1..=9).filter_map(|i| clock.get(i)).map(|g| g.end()).max()?);
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
        // `UTC+2`
        let hours = found.get(2)?.as_str();
        let zero = if hours.len() == 1 || hours.find(':') == Some(1) { "0" } else { "" };
        let zone = offset(&format!("{}{zero}{hours}", found.get(1)?.as_str()))?;
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

/// Words between a date and a clock.
const BETWEEN: [&str; 9] = [" at", " as", " um", " a", " om", " kl", " alle", " ore", " le"];

fn date(text: &str) -> Option<Date> {
    let text = BETWEEN.iter().find_map(|word| text.strip_suffix(word)).unwrap_or(text);
    let number = |m: Option<regex::Match<'_>>| m.and_then(|m| m.as_str().parse::<u32>().ok());
    if let Some(found) = FIGURES.as_ref()?.captures(text.trim_matches([' ', ','])) {
        let known = [(1, 3, 4), (5, 6, 7), (11, 12, 13)]
            .into_iter()
            .find_map(|(y, m, d)| Some((number(found.get(y))?, number(found.get(m))?, number(found.get(d))?)));
        if let Some((year, month, day)) = known {
            return NaiveDate::from_ymd_opt(of_people(year)?, month, day).map(Date::Known);
        }
        let parts = [number(found.get(8))?, number(found.get(9))?, number(found.get(10))?];
        let short_year = found.get(10).is_some_and(|y| y.len() == 2);
        let year_may_lead = text.contains('-');
        return Some(Date::Numbers(LooseDate { parts, short_year, year_may_lead }));
    }
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '-' | '/' | '.' | '\''))
        .filter(|w| {
            !matches!(
                *w,
                "" | "at"
                    | "on"
                    | "the"
                    | "of"
                    | "de"
                    | "del"
                    | "um"
                    | "a"
                    | "στισ"
                    | "ωρα"
                    | "le"
                    | "den"
                    | "kl"
                    | "om"
                    | "alle"
                    | "ore"
                    | "as"
                    | "las"
                    | "г"
                    | "в"
            )
        })
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
    &["jan", "ιαν", "ene", "янв", "gen", "sty", "oca"],
    &["feb", "φεβ", "fev", "фев", "lut", "sub"],
    &["mar", "μαρ", "μαρτ", "мар", "maa", "mrt"],
    &["apr", "απρ", "abr", "avr", "апр", "kwi", "nis"],
    &["may", "mai", "μαι", "μαϊ", "mag", "май", "мая", "mei", "maj"],
    &["jun", "ιουν", "juin", "giu", "июн", "cze", "haz"],
    &["jul", "ιουλ", "juil", "lug", "июл", "lip", "tem"],
    &["aug", "αυγ", "ago", "aou", "авг", "sie", "agu"],
    &["sep", "σεπ", "set", "сен", "wrz", "eyl"],
    &["oct", "οκτ", "okt", "ott", "out", "окт", "paz", "eki"],
    &["nov", "νοε", "noe", "ноя", "lis", "kas"],
    &["dec", "δεκ", "dic", "dez", "дек", "gru", "ara"],
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
#[path = "loose_tests.rs"]
mod tests;
