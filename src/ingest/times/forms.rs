//! Times in the spelling of some programs and languages, written as the others have them.

use chrono::{DateTime, Utc};
use regex::{Captures, Regex};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::sync::LazyLock;

/// What stands within `ISODate("…")`, `/Date(1772524800000+0200)/`, `Timestamp('…')` and the like; of Python's
/// `datetime.datetime(2026, 3, 3, 10, 15)` the parts.
pub(super) fn unwrapped(text: &str) -> Option<String> {
    let (name, inner) = text.trim_matches('/').strip_suffix(')')?.split_once('(')?;
    let name = name.rsplit(['.', ' ']).next().unwrap_or(name).to_ascii_lowercase();
    if !matches!(name.as_str(), "isodate" | "date" | "timestamp" | "datetime") {
        return None;
    }
    let inner = inner.trim_matches(['"', '\'', ' ']);
    let parts: Vec<&str> = inner.split(',').map(str::trim).collect();
    // JavaScript counts months from 0.
    if name == "datetime" && (3..=7).contains(&parts.len()) && parts.iter().all(|p| p.parse::<u32>().is_ok()) {
        let part = |i: usize| parts.get(i).copied().unwrap_or("0");
        let micros = format!("{:0>6}", part(6));
        return Some(format!(
            "{}-{:0>2}-{:0>2} {:0>2}:{:0>2}:{:0>2}.{micros}",
            part(0),
            part(1),
            part(2),
            part(3),
            part(4),
            part(5)
        ));
    }
    // Milliseconds are of UTC, whatever offset stands behind them.
    let millis: &str = &inner[..inner.find(|c: char| !c.is_ascii_digit()).unwrap_or(inner.len())];
    Some(if millis.len() > 9 { millis.to_owned() } else { inner.to_owned() })
}

/// What stands for a time in an object of a database: `{"$date": …}` (MongoDB), `{"_seconds": …, "_nanoseconds": …}` (Firestore).
pub(super) fn in_object(object: &Map<String, Value>) -> Option<Value> {
    if let Some(date) = object.get("$date") {
        return match date {
            Value::Object(number) => number.get("$numberLong").cloned(),
            other => Some(other.clone()),
        };
    }
    let number = |names: [&str; 3]| names.iter().find_map(|name| object.get(*name)?.as_i64());
    let seconds = number(["_seconds", "seconds", "epochSecond"])?;
    let nanos = number(["_nanoseconds", "nanos", "nano"]).or_else(|| object.get("nanoseconds")?.as_i64()).unwrap_or(0);
    let at: DateTime<Utc> = DateTime::from_timestamp(seconds, u32::try_from(nanos).ok()?)?;
    (object.len() <= 2).then(|| at.to_rfc3339().into())
}

static DATE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일号]").ok());
/// `2026. 3. 25.`
static DOTTED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(\d{4})\. ?(\d{1,2})\. ?(\d{1,2})\.(?: |$)").ok());
static HOURS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(\d{1,2}) ?[時时시点點](?: ?(\d{1,2}) ?[分분](?: ?(\d{1,2}) ?[秒초])?)?").ok());
static HALF: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(上午|午前|오전|下午|午後|午后|오후) ?(\d{1,2}(?::\d{2}){1,2})").ok());
static WEEKDAY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[(（][月火水木金土日一二三四五六월화수목금토일][)）]|星期[一二三四五六日天]|周[一二三四五六日]|[月火水木金土日]曜日?|[월화수목금토일]요일").ok()
});

/// With the digits of Europe, and dates and clocks of Chinese, Japanese and Korean in figures.
pub(super) fn in_figures(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return dotted(text);
    }
    let text: String = text.chars().map(|c| digit(c).unwrap_or(c)).collect();
    let replaced = |text: String, what: &Option<Regex>, by: &dyn Fn(&Captures<'_>) -> String| match what {
        Some(what) => what.replace_all(&text, by).into_owned(),
        None => text,
    };
    let text = replaced(text, &DATE, &|c| format!("{}-{}-{} ", &c[1], &c[2], &c[3]));
    let text = replaced(text, &WEEKDAY, &|_| " ".to_owned());
    let text = dotted(&text).into_owned();
    let text = replaced(text, &HOURS, &|c| {
        let part = |i: usize| c.get(i).map_or("00", |m| m.as_str());
        format!("{}:{:0>2}:{:0>2}", &c[1], part(2), part(3))
    });
    let text = replaced(text, &HALF, &|c| {
        let half = if matches!(&c[1], "上午" | "午前" | "오전") { "am" } else { "pm" };
        format!("{} {half}", &c[2])
    });
    Cow::Owned(text)
}

fn dotted(text: &str) -> Cow<'_, str> {
    DOTTED.as_ref().map_or(Cow::Borrowed(text), |dotted| dotted.replace(text, "$1-$2-$3 "))
}

/// A digit of Arabic, Persian, Hindi or full width.
fn digit(c: char) -> Option<char> {
    let zero = [0x0660, 0x06f0, 0x0966, 0xff10].into_iter().find(|zero| (*zero..zero + 10).contains(&(c as u32)))?;
    char::from_digit(c as u32 - zero, 10)
}

/// A time in digits of another script, `٢/٣/٢٠٢٦، ١٠:١٥ ص`, in those of ours; `None`: it has none of them.
pub(super) fn in_usual_digits(text: &str) -> Option<String> {
    const ZEROS: [char; 4] = ['\u{660}', '\u{6f0}', '\u{966}', '\u{ff10}'];
    let digit = |c: char| {
        let value = ZEROS.iter().find_map(|zero| u32::from(c).checked_sub(u32::from(*zero)).filter(|n| *n < 10))?;
        char::from_digit(value, 10)
    };
    if !text.chars().any(|c| digit(c).is_some()) {
        return None;
    }
    let is_mark = |c: &char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}');
    let usual: String =
        text.chars().filter(|c| !is_mark(c)).map(|c| if c == '،' { ',' } else { digit(c).unwrap_or(c) }).collect();
    let usual = usual.trim();
    let halves = [(" ص", " AM"), (" م", " PM"), (" ق.ظ", " AM"), (" ب.ظ", " PM")];
    let half = halves.iter().find_map(|(theirs, ours)| Some(format!("{}{ours}", usual.strip_suffix(theirs)?)));
    Some(half.unwrap_or_else(|| usual.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_other_scripts_are_digits() {
        let of = |text: &str| in_usual_digits(text);
        assert_eq!(of("٢٥/٣/٢٠٢٦، ١٠:١٥ م").as_deref(), Some("25/3/2026, 10:15 PM"));
        assert_eq!((of("۲۰۲۶-۰۳-۰۲").as_deref(), of("2026-03-02")), (Some("2026-03-02"), None));
        let read = crate::ingest::times::TimeReading::default().read_text("٢٠٢٦-٠٣-٠٢ ١٠:١٥").unwrap();
        assert_eq!(read.map(|t| t.rfc3339()).as_deref(), Some("2026-03-02T10:15:00Z"));
    }
}
