//! Whether words that come again were said at the same time.

use crate::domain::Timestamp;
use crate::domain::conversation::Turn;
use std::collections::HashMap;

/// A quarter of an hour: zones differ by so much or a multiple of it.
const QUARTER: i64 = 900_000;
const SECOND: i64 = 1_000;
pub(super) const MINUTE: i64 = 60 * SECOND;
/// So many messages one after the other are not said again within a minute.
const RUN: usize = 3;

/// What the times of two parts of a talk say of words that both have. `yes` and `ok` are said again and again: by words alone, a part
/// that begins where the other ends would lose them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Clocks {
    /// Nothing.
    Ignored,
    /// The second is ahead of the first by so many milliseconds, give or take less than the other number.
    Apart(i64, i64),
    /// No message with a time is in both.
    NoneInBoth,
}

/// Whether turns have times by the minute alone, as far as more than one can tell.
pub(super) fn has_minutes_alone(turns: &[Turn]) -> bool {
    let times = || turns.iter().filter_map(|t| t.at);
    times().count() > 1 && times().all(|at| at.0 % MINUTE == 0)
}

/// Of two times of one turn the second, but where it only leaves out the first's seconds.
pub(super) fn closer(before: Option<Timestamp>, now: Option<Timestamp>) -> Option<Timestamp> {
    match (before, now) {
        (Some(whole), Some(minute)) if whole.0 - whole.0.rem_euclid(MINUTE) == minute.0 => before,
        _ => now.or(before),
    }
}

impl Clocks {
    /// Reads them off the turns that say the same, and of these off the pairs of the longest common subsequence.
    ///
    /// A run of pairs that are all apart by less than a minute was written down by two clocks, or put right. One that both have at the
    /// same moment shows that both have one clock; else all that are found by their words must be apart by the same time, which is a
    /// zone's, or is that of every turn of a shorter part that is too long for chance (`is_long`).
    pub(super) fn of(
        stored: &[Turn],
        arriving: &[Turn],
        pairs: &[(usize, usize)],
        is_long: bool,
        said: impl Fn(usize, usize) -> bool,
    ) -> Self {
        let apart = |&(i, j): &(usize, usize)| Some(arriving[j].at?.0 - stored[i].at?.0);
        let gaps: Vec<i64> = pairs.iter().filter_map(apart).collect();
        let Some(&first) = gaps.first() else { return Self::Ignored };
        let grain = if has_minutes_alone(stored) || has_minutes_alone(arriving) { MINUTE } else { SECOND };
        let one = Self::Apart(0, grain);
        let moment = |t: &Turn, by: i64| t.at.map(|at| at.0.div_euclid(grain) + by);
        let mut heard: HashMap<i64, Vec<usize>> = HashMap::new();
        for (i, at) in stored.iter().enumerate().filter_map(|(i, t)| Some((i, moment(t, 0)?))) {
            heard.entry(at).or_default().push(i);
        }
        let has_one_clock = || {
            arriving.iter().enumerate().any(|(j, t)| {
                let near = [-1, 0, 1].into_iter().filter_map(|by| heard.get(&moment(t, by)?));
                near.flatten().any(|&i| said(i, j) && one.agree(&stored[i], t))
            })
        };
        let is_steady = gaps.iter().all(|gap| (gap - first).abs() < grain);
        let is_zone = first.abs() > QUARTER - grain && (first + grain).rem_euclid(QUARTER) < 2 * grain;
        let is_whole = is_long && pairs.len() == stored.len().min(arriving.len());
        let is_run = pairs.len() >= RUN && pairs.windows(2).all(|w| (w[1].0 - w[0].0, w[1].1 - w[0].1) == (1, 1));
        match () {
            () if is_run && gaps.iter().all(|gap| gap.abs() < MINUTE) => Self::Apart(0, MINUTE),
            () if gaps.iter().any(|gap| gap.abs() < grain) || has_one_clock() => one,
            () if is_steady && (is_zone || is_whole) => Self::Apart(first, grain),
            () => Self::NoneInBoth,
        }
    }

    pub(super) fn agree(self, stored: &Turn, arriving: &Turn) -> bool {
        let Some((x, y)) = stored.at.zip(arriving.at) else { return true };
        match self {
            Self::Ignored => true,
            Self::Apart(gap, grain) => (y.0 - x.0 - gap).abs() < grain,
            Self::NoneInBoth => false,
        }
    }
}
