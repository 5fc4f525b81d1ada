//! How many stay as they are (Kaplan and Meier 1958): those who were seen for a short time only count for as long as they were seen. Intervals by
//! Greenwood's variance on the log-log scale.

use super::measure::rate::Z95;
use serde::Serialize;

/// How many stayed up to a time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct StayedPoint {
    /// Days.
    pub days: u32,
    /// Share that stayed, 0 to 1.
    pub stayed: f64,
    /// Lower end of the 95 % interval.
    pub lo: f64,
    /// Upper end.
    pub hi: f64,
    /// How many were seen to leave by then.
    pub left: u64,
    /// How many were still seen at that time.
    pub at_risk: u64,
    /// All that were looked at.
    pub n: u64,
}

/// The share that stayed up to each of some days, of those who were seen for so many days (with `true`: who left then). A day up to which
/// nobody was seen is left out. Costs a sort.
pub fn stayed(seen: &mut [(f64, bool)], days: &[u32]) -> Vec<StayedPoint> {
    // Who leaves at a time was still there when somebody else was seen for the last time at it.
    seen.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    let n = seen.len() as u64;
    let point = |&days: &u32| {
        let at = f64::from(days);
        let (mut share, mut variance, mut left) = (1.0, 0.0, 0);
        let mut i = 0;
        while i < seen.len() && seen[i].0 <= at {
            let there = (seen.len() - i) as f64;
            let same = seen[i..].iter().take_while(|s| s.0 == seen[i].0);
            let (all, gone) = same.fold((0, 0), |(all, gone), s| (all + 1, gone + u64::from(s.1)));
            if gone > 0 {
                let gone = gone as f64;
                share *= 1.0 - gone / there;
                variance += gone / (there * (there - gone));
            }
            left += gone;
            i += all;
        }
        let at_risk = seen.iter().filter(|s| s.0 >= at).count() as u64;
        let (lo, hi) = interval(share, variance);
        (at_risk > 0).then_some(StayedPoint { days, stayed: share, lo, hi, left, at_risk, n })
    };
    days.iter().filter_map(point).collect()
}

/// The interval of a share that is known with a variance of its logarithm.
fn interval(share: f64, variance: f64) -> (f64, f64) {
    if share >= 1.0 || share <= 0.0 || !variance.is_finite() {
        return (if share >= 1.0 { 1.0 } else { 0.0 }, share.clamp(0.0, 1.0));
    }
    let log = share.ln();
    let wide = Z95 * variance.sqrt() / log.abs();
    (share.powf(wide.exp()), share.powf((-wide).exp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The case of `lifelines`, whose numbers these are.
    #[test]
    fn shares_and_intervals_are_those_of_lifelines() {
        let times = [0.5, 1.0, 1.0, 2.0, 2.5, 3.0, 3.0, 3.5, 4.0, 5.0, 5.0, 6.0, 6.5];
        let events = [1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 0, 1, 0];
        let mut seen: Vec<(f64, bool)> = times.into_iter().zip(events.map(|e| e == 1)).collect();
        seen.extend([(7.0, false); 7]);
        let points = stayed(&mut seen, &[7, 8]);
        assert_eq!(points.len(), 1, "nobody was seen for eight days");
        let p = points[0];
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-6, "{a} {b}");
        near(p.stayed, 0.644183);
        near(p.lo, 0.361357);
        near(p.hi, 0.826959);
        assert_eq!((p.left, p.at_risk, p.n), (6, 7, 20));
    }

    #[test]
    fn nobody_left_is_all_and_everybody_left_is_none() {
        assert_eq!(stayed(&mut [(9.0, false), (8.0, false)], &[7])[0].stayed, 1.0);
        let all = stayed(&mut [(1.0, true), (2.0, true), (9.0, true)], &[7, 9]);
        assert!((all[0].stayed - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!((all[1].stayed, all[1].lo, all[1].hi), (0.0, 0.0, 0.0));
        assert!(stayed(&mut [], &[7]).is_empty());
    }
}
