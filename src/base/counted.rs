//! Counts and changes in words.

/// `1,284`.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// `1 turn`, `1,284 turns`.
pub fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

/// Seconds as `8 s`, `2 min 05 s`, `1 h 04 min`.
pub fn seconds(s: u64) -> String {
    match s {
        0..60 => format!("{s} s"),
        60..3600 => format!("{} min {:02} s", s / 60, s % 60),
        _ => format!("{} h {:02} min", s / 3600, s % 3600 / 60),
    }
}

/// An estimate in hours as `8 s`, `16 min`, `1.5 h`.
pub fn hours(hours: f64) -> String {
    let minutes = hours * 60.0;
    match minutes {
        ..1.0 => seconds((minutes * 60.0).round() as u64),
        ..60.0 => format!("{minutes:.0} min"),
        _ => format!("{hours:.1} h"),
    }
}

/// `+0.31`; a change too small to show has no sign.
pub fn signed(value: f64, digits: usize) -> String {
    let text = format!("{value:+.digits$}");
    if text.trim_start_matches(['+', '-']).chars().all(|c| matches!(c, '0' | '.')) {
        return format!("{:.digits$}", 0.0);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_time_is_told_as_none() {
        assert_eq!([0.001, 0.27, 1.5].map(hours), ["4 s", "16 min", "1.5 h"]);
        assert_eq!([8, 125, 3_840].map(seconds), ["8 s", "2 min 05 s", "1 h 04 min"]);
    }

    #[test]
    fn one_is_one_and_all_others_are_many() {
        let words = [0, 1, 1_284].map(|n| counted(n, "turn", "turns"));
        assert_eq!(words, ["0 turns", "1 turn", "1,284 turns"]);
    }
}
