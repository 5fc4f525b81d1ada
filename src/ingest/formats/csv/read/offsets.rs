//! Times of a transcript's turns that need its beginning: counted from it, `( 1h 2m 3s ) Maria: where is it`, or times of day.

use crate::domain::{Timestamp, Turn};
use crate::ingest::times::{TimeReading, clock_alone, joined};
use serde_json::Value;

/// Milliseconds of a day.
pub(super) const DAY: i64 = 86_400_000;

/// Gives turns whose stamp is such an offset their time.
pub(super) fn settle(turns: &mut [Turn], began: Timestamp) {
    for turn in turns.iter_mut().filter(|turn| turn.at.is_none()) {
        let Some(seconds) = turn.meta.get("stamp").and_then(|s| s.as_str()).and_then(seconds) else { continue };
        turn.at = Some(Timestamp(began.0 + seconds * 1_000));
        turn.meta.shift_remove("stamp");
    }
}

/// Gives turns whose stamp is a time of day their time on the day that a text names; what is half a day earlier than the turn before was
/// said on the next one.
pub(super) fn on_day(turns: &mut [Turn], day: &str, times: &TimeReading) {
    let (mut nights, mut last) = (0, None);
    for turn in turns.iter_mut() {
        let read = |clock: &str| times.read_text(&joined(day, clock)).ok().flatten();
        if let Some(at) = turn.at.is_none().then(|| clock(turn).and_then(read)).flatten() {
            let is_past = |last: i64| at.0 + nights * DAY < last - DAY / 2;
            nights += i64::from(last.is_some_and(is_past));
            turn.at = Some(Timestamp(at.0 + nights * DAY));
            turn.meta.shift_remove("stamp");
        }
        last = turn.at.map(|at| at.0).or(last);
    }
}

/// The time of day beside who speaks in a turn, where nothing tells its day.
pub(super) fn clock(turn: &Turn) -> Option<&str> {
    turn.meta.get("stamp").and_then(Value::as_str).filter(|stamp| clock_alone(stamp).is_some())
}

/// `1m 40s` in seconds; each unit once, the largest first.
fn seconds(stamp: &str) -> Option<i64> {
    let (mut all, mut last) = (0, i64::MAX);
    for part in stamp.split_whitespace() {
        let unit = match part.chars().last()? {
            'h' => 3_600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        let number: i64 = part[..part.len() - 1].parse().ok().filter(|n| (0..100_000).contains(n))?;
        if unit >= last {
            return None;
        }
        (all, last) = (all + number * unit, unit);
    }
    (last != i64::MAX).then_some(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Role;

    #[test]
    fn clocks_are_of_a_day_and_of_the_night_after_it() {
        let said = |stamp: &str| {
            let mut turn = Turn::new(Role::User, "hi".to_owned());
            turn.meta.insert("stamp".to_owned(), stamp.into());
            turn
        };
        let mut turns = ["10:15", "23:59", "00:01", "soon"].map(said);
        assert_eq!((clock(&turns[0]), clock(&turns[3])), (Some("10:15"), None));
        on_day(&mut turns, "2026-03-05 00:00", &TimeReading::default());
        let at = turns.each_ref().map(|t| t.at.map(Timestamp::rfc3339));
        let at = at.each_ref().map(Option::as_deref);
        assert_eq!(
            at,
            [Some("2026-03-05T10:15:00Z"), Some("2026-03-05T23:59:00Z"), Some("2026-03-06T00:01:00Z"), None]
        );
        assert!(turns[0].meta.is_empty() && turns[3].meta.contains_key("stamp"));
    }

    #[test]
    fn offsets_are_counted_in_seconds() {
        assert_eq!((seconds("12s"), seconds("1m 40s"), seconds("1h 2m 3s")), (Some(12), Some(100), Some(3_723)));
        for none in ["09:05", "3", "40s 1m", "", "s", "12ß"] {
            assert_eq!(seconds(none), None, "{none}");
        }
    }
}
