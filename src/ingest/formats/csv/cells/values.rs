//! What single cells mean, whichever column they stand in: numbers, times, outcomes, ratings, yes and no.

use crate::ingest::times::{TimeError, TimeReading, is_nothing};
use crate::text::fold;
use serde_json::Value;

/// A number, also with a comma or a percent sign.
pub fn number(cell: &str) -> Option<f64> {
    let cell = cell.trim();
    // `20 %`, and `%20` as Turkish has it.
    let bare = cell.strip_suffix('%').or_else(|| cell.strip_prefix('%')).map_or(cell, str::trim);
    bare.parse().ok().or_else(|| bare.replacen(',', ".", 1).parse().ok()).filter(|x: &f64| x.is_finite())
}

/// A length of time with its unit, in milliseconds: `1.2s`, `850 ms`.
pub fn duration(cell: &str) -> Option<f64> {
    let lower = cell.trim().to_lowercase();
    let (count, unit) = lower.split_at(lower.find(char::is_alphabetic)?);
    let unit = match unit.trim_end_matches('.') {
        "ms" | "msec" | "msecs" | "millis" | "millisecond" | "milliseconds" => 1.0,
        "s" | "sec" | "secs" | "second" | "seconds" => 1_000.0,
        "min" | "mins" | "minute" | "minutes" => 60_000.0,
        _ => return None,
    };
    // `1 200 ms`
    let count: String = count.chars().filter(|c| !c.is_whitespace()).collect();
    number(&count).map(|n| n * unit)
}

/// A time, and none that stands for no time.
pub fn is_moment(cell: &str) -> bool {
    is_time(cell) && !matches!(TimeReading::default().read(&Value::from(cell)), Ok(None))
}

/// A place in an order: a number, also behind a word, as in `turn_12` and `#3`.
pub fn place(cell: &str) -> Option<f64> {
    let cell = cell.trim();
    let digits = cell.trim_start_matches(|c: char| c.is_alphabetic() || matches!(c, '_' | '-' | '#' | ' '));
    number(cell).or_else(|| number(digits).filter(|_| digits.bytes().all(|b| b.is_ascii_digit())))
}

pub fn is_number(cell: &str) -> bool {
    number(cell).is_some()
}

/// A time; a bare number is one only where it falls between 1979 and 2099.
pub fn is_time(cell: &str) -> bool {
    let likely = |x: f64| [1.0, 1e3, 1e6, 1e9].iter().any(|unit| (3e8..4.1e9).contains(&(x / unit)));
    let date = || matches!(cell.trim().get(..2), Some("19" | "20")) && matches!(cell.trim().len(), 8 | 14);
    // As spreadsheets count days, with the time of day behind the point; a whole number may be anything.
    let in_days = |x: f64| (36_526.0..73_051.0).contains(&x);
    let serial = cell.contains(['.', ',']) && number(&cell.replace(',', ".")).is_some_and(in_days);
    let long = || (number(cell).is_none_or(likely) || date()) && cell.trim().len() >= 8;
    // What may mean two dates is one.
    let read = || TimeReading::default().read(&Value::from(cell));
    (serial || long()) && !matches!(read(), Err(TimeError::Unreadable(_)))
}

/// A whole number that counts from 1970, in any usual unit, to a time between 2010 and 2036.
pub fn is_epoch(cell: &str) -> bool {
    let digits = cell.trim();
    let seconds = |x: f64| [1.0, 1e3, 1e6, 1e9].iter().any(|unit| (1.26e9..2.1e9).contains(&(x / unit)));
    digits.bytes().all(|b| b.is_ascii_digit()) && digits.parse().is_ok_and(seconds)
}

/// A time in the form of RFC 3339.
pub fn is_stamp(cell: &str) -> bool {
    chrono::DateTime::parse_from_rfc3339(cell.trim()).is_ok()
}

/// Whether a rating's cell says that nobody rated.
pub fn is_unrated(cell: &str) -> bool {
    let word = fold(&cell.trim().replace('_', " "));
    is_nothing(&word)
        || matches!(
            word.as_str(),
            "not rated"
                | "unrated"
                | "no rating"
                | "not yet rated"
                | "no response"
                | "no answer"
                | "not answered"
                | "unanswered"
                | "skipped"
                | "not available"
                | "not given"
                | "not provided"
                | "not set"
                | "offered"
                | "unoffered"
                | "not offered"
                | "pending"
                | "no feedback"
                | "no score"
                | "keine"
                | "keine bewertung"
                | "keine angabe"
                | "nicht bewertet"
                | "ohne"
                | "ohne bewertung"
                | "aucune"
                | "aucune note"
                | "non note"
                | "sans note"
                | "ninguna"
                | "ninguno"
                | "sin valorar"
                | "sin calificar"
                | "nessuna"
                | "nessuno"
                | "nenhuma"
                | "sem avaliacao"
                | "geen"
                | "brak"
                | "yok"
                | "нет"
                | "нет оценки"
                | "καμια"
                | "false"
                | "δεν αξιολογηθηκε"
                | "χωρισ αξιολογηση"
                | "χωρισ βαθμολογια"
        )
}

/// A rating and, where the cell tells, the best there is: `4`, `4/5`, `4 of 5`, `good`.
pub fn rating(cell: &str) -> Option<(f64, Option<f64>)> {
    let text = cell.trim();
    if let Some(score) = number(text) {
        return Some((score, text.contains('%').then_some(100.0)));
    }
    let parts = text.split_once('/').or_else(|| text.split_once(" of ")).or_else(|| text.split_once(" out of "));
    if let Some((score, max)) = parts.and_then(|(a, b)| Some((number(a)?, number(b)?)))
        && max > 0.0
    {
        return Some((score, Some(max)));
    }
    let stars = text.chars().filter(|c| matches!(c, '★' | '⭐')).count();
    if stars > 0 && text.chars().all(|c| matches!(c, '★' | '⭐' | '☆' | '\u{fe0f}' | ' ')) {
        return Some((stars as f64, None));
    }
    let folded = fold(text);
    // `5 stars`, `4 - satisfied`
    if let Some((score, rest)) = folded.split_once([' ', '-', '='])
        && !score.is_empty()
        && score.bytes().all(|b| b.is_ascii_digit())
        && rest.trim_start_matches(['-', '=', ' ', '(']).starts_with(char::is_alphabetic)
    {
        return number(score).map(|score| (score, None));
    }
    super::ratings::in_words(&folded.replace('_', " "))
}

/// Whether the best there is, as far as a rating's cell tells, is of a scale of points, on which 0 may mean that nobody rated.
pub fn is_of_points(max: Option<f64>) -> bool {
    max.is_none_or(|max| (2.0..=10.0).contains(&max))
}

/// Thumbs: 1 up, -1 down, 0 neither.
pub fn thumbs(cell: &str) -> Option<i8> {
    match fold(&cell.trim().replace(['_', '-'], " ")).as_str() {
        "up" | "thumbs up" | "thumb up" | "thumbsup" | "👍" | "like" | "liked" | "positive" | "good" | "helpful" => {
            Some(1)
        }
        "down" | "thumbs down" | "thumb down" | "thumbsdown" | "👎" | "dislike" | "disliked" | "negative" | "bad"
        | "not helpful" => Some(-1),
        "neutral" => Some(0),
        _ => match (number(cell), truth(cell)) {
            // Points of a scale are no thumbs.
            (Some(x), _) if ![-1.0, 0.0, 1.0].contains(&x) => None,
            (Some(x), _) if x < 0.0 => Some(-1),
            // A plain 0 beside 1 means no; -1 to 1 has 0 in the middle. Nobody can tell, so it is neither.
            (Some(x), _) => Some(i8::from(x == 1.0)),
            (None, Some(up)) => Some(if up { 1 } else { -1 }),
            (None, None) => None,
        },
    }
}

/// Yes or no in the words that exports use.
pub fn truth(word: &str) -> Option<bool> {
    match word.trim().to_lowercase().as_str() {
        "true" | "t" | "yes" | "y" | "1" | "1.0" | "ναι" | "αληθής" | "ja" | "oui" | "sí" | "sì" | "si" | "sim"
        | "evet" | "tak" | "да" | "wahr" | "vrai" | "verdadero" | "verdadeiro" | "vero" | "نعم" | "כן" | "हाँ"
        | "हां" | "はい" | "是" | "✓" | "✔" | "✅" | "☑" => Some(true),
        "false" | "f" | "no" | "n" | "0" | "0.0" | "όχι" | "οχι" | "ψευδής" | "nein" | "non" | "não" | "nee"
        | "hayır" | "hayir" | "nie" | "нет" | "falsch" | "faux" | "falso" | "لا" | "לא" | "नहीं" | "いいえ" | "否"
        | "✗" | "✘" | "❌" | "☐" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_recognised() {
        assert_eq!((number("0,87"), number("87 %"), number("x")), (Some(0.87), Some(87.0), None));
        assert_eq!(
            (truth("Ja"), truth("nein"), truth("✓"), truth("perhaps")),
            (Some(true), Some(false), Some(true), None)
        );
        assert_eq!(
            (truth("EVET"), truth("Hayır"), truth("sì"), truth("ΟΧΙ")),
            (Some(true), Some(false), Some(true), Some(false))
        );
        assert!(is_time("2026-03-03 08:00") && is_time("25/03/2026") && is_time("1772524800"));
        assert!(["46084.42708", "46085.5", "46084,42708", "46085,5"].into_iter().all(is_time));
        assert!(["1772700000", "1772700000123456", "1772700000123456789"].into_iter().all(is_epoch));
        assert!(!is_epoch("20260305101500") && !is_epoch("00417") && !is_epoch("1.5e12"));
        assert!(!is_time("46086") && !is_time("46,084"), "may be anything");
        assert!(!is_time("4417") && !is_time("35799123456") && !is_time("hello there"));
        assert_eq!(
            (rating("5 stars"), rating("★★★☆☆"), rating("4 - Good")),
            (Some((5.0, None)), Some((3.0, None)), Some((4.0, None)))
        );
        let lengths = ["1.2s", "850 ms", "1 200 ms", "0,3 sec.", "2 min", "soon", "12"].map(duration);
        assert_eq!(lengths, [Some(1_200.0), Some(850.0), Some(1_200.0), Some(300.0), Some(120_000.0), None, None]);
        assert!(is_unrated("keine") && is_unrated("Aucune"));
        assert!(is_unrated("Not rated") && is_unrated("N/A") && !is_unrated("0") && !is_unrated("bad"));
        assert_eq!(
            (rating("4/5"), rating("good"), rating("x/y")),
            (Some((4.0, Some(5.0))), Some((1.0, Some(1.0))), None)
        );
        assert_eq!((rating("%20"), number("% 20"), number("%")), (Some((20.0, Some(100.0))), Some(20.0), None));
        assert_eq!((thumbs("Thumbs up"), thumbs("thumbs_down"), thumbs("thumb-up")), (Some(1), Some(-1), Some(1)));
        assert_eq!((thumbs("👎"), thumbs("-1"), thumbs("yes"), thumbs("0")), (Some(-1), Some(-1), Some(1), Some(0)));
        assert_eq!((thumbs("5"), thumbs("0.2"), thumbs("-2"), thumbs("1")), (None, None, None, Some(1)));
    }
}
