//! Times of a transcript's turns that are counted from its beginning: `( 1h 2m 3s ) Maria: where is it`.

use crate::domain::{Timestamp, Turn};

/// Gives turns whose stamp is such an offset their time.
pub(super) fn settle(turns: &mut [Turn], began: Timestamp) {
    for turn in turns.iter_mut().filter(|turn| turn.at.is_none()) {
        let Some(seconds) = turn.meta.get("stamp").and_then(|s| s.as_str()).and_then(seconds) else { continue };
        turn.at = Some(Timestamp(began.0 + seconds * 1_000));
        turn.meta.shift_remove("stamp");
    }
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
    use super::seconds;

    #[test]
    fn offsets_are_counted_in_seconds() {
        assert_eq!((seconds("12s"), seconds("1m 40s"), seconds("1h 2m 3s")), (Some(12), Some(100), Some(3_723)));
        for none in ["09:05", "3", "40s 1m", "", "s", "12ß"] {
            assert_eq!(seconds(none), None, "{none}");
        }
    }
}
