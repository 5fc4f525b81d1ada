//! How many there are of what a reading finds only in part: what it misses and what it takes for such is known of those who said so.

use crate::domain::Rate;
use crate::domain::measure::rate::Z95;
use serde::{Deserialize, Serialize};

/// What was read of conversations whose customers said how they felt, by a model that had not seen them: those that were drawn from a log
/// count for as many plain ones as all of them are worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndsRead {
    /// Customers who said that they are let down, ...
    pub bad: u64,
    /// ...and of these those that are read so.
    pub found: u64,
    /// Customers who said that they are not, ...
    pub others: u64,
    /// ...and of these those that are read as let down.
    pub mistaken: u64,
}

/// A share that was not counted, with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EstimatedShare {
    /// The share, 0 to 1.
    pub share: f64,
    /// Its lower end.
    pub lo: f64,
    /// Its upper end.
    pub hi: f64,
}

impl EndsRead {
    /// Of fewer of either kind nobody knows how many are missed.
    const FEWEST: u64 = 10;
    /// Where those who are let down are not read so more often by this much, what is read says nothing of how many there are.
    const TELLS: f64 = 0.1;

    /// The share of those who are let down among others of whom so many are read so. `None`: too little is known of what is missed, or what is
    /// read hangs too little on it, or contradicts it.
    ///
    /// (read - mistaken) / (found - mistaken), all as shares: Rogan and Gladen, Estimating prevalence from the results of a screening test
    /// (1978). Its interval, which counts in that both shares are estimated: Lang and Reiczigel, Confidence limits for prevalence of disease
    /// adjusted for estimated sensitivity and specificity (2014). It holds where customers who feel the same say the same, whether they rate
    /// or not; that as many of either are let down is not taken for granted.
    pub fn corrected(&self, read: Rate) -> Option<EstimatedShare> {
        if self.bad.min(self.others) < Self::FEWEST || !read.is_enough() {
            return None;
        }
        let share = |num: u64, den: u64, more: f64| (num as f64 + more / 2.0) / (den as f64 + more);
        let parted = |read: f64, found: f64, mistaken: f64| (read - mistaken) / (found - mistaken);
        let plain = [share(self.found, self.bad, 0.0), share(self.mistaken, self.others, 0.0)];
        let (found, mistaken) = (share(self.found, self.bad, 2.0), share(self.mistaken, self.others, 2.0));
        let apart = found - mistaken;
        if apart.min(plain[0] - plain[1]) < Self::TELLS {
            return None;
        }
        let z2 = Z95 * Z95;
        let said = share(read.num, read.den, z2);
        let at = parted(said, found, mistaken);
        let spread = |p: f64, n: f64| p * (1.0 - p) / n;
        let (of_found, of_mistaken) =
            (spread(found, self.bad as f64 + 2.0), spread(mistaken, self.others as f64 + 2.0));
        let moved = 2.0 * z2 * (at * of_found - (1.0 - at) * of_mistaken) / apart;
        let off = spread(said, read.den as f64 + z2) + at * at * of_found + (1.0 - at).powi(2) * of_mistaken;
        let half = Z95 * off.sqrt() / apart;
        let best = parted(share(read.num, read.den, 0.0), plain[0], plain[1]).clamp(0.0, 1.0);
        let (lo, hi) = (at + moved - half, at + moved + half);
        // Beyond every share: those who do not rate say other things than those who do.
        (hi > 0.0 && lo < 1.0).then(|| EstimatedShare { share: best, lo: lo.clamp(0.0, best), hi: hi.clamp(best, 1.0) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missed_is_counted_in() {
        // Half of them are found, one in twenty of the others is taken for one: 18 of 100 are read where 29 are.
        let known = EndsRead { bad: 200, found: 100, others: 800, mistaken: 40 };
        let found = known.corrected(Rate::new(360, 2_000)).unwrap();
        assert!((found.share - 0.13 / 0.45).abs() < 1e-12, "{found:?}");
        // The ends are those that a script of the paper's formula gives.
        let is = |found: EstimatedShare, [lo, hi]: [f64; 2]| (found.lo - lo).abs().max((found.hi - hi).abs()) < 1e-9;
        assert!(is(found, [0.230_959_676_567, 0.356_744_254_787]), "{found:?}");
        let more = EndsRead { bad: 2_000, found: 1_000, others: 8_000, mistaken: 400 };
        let surer = more.corrected(Rate::new(3_600, 20_000)).unwrap();
        assert!(is(surer, [0.269_518_764_093, 0.309_264_116_845]), "{surer:?}");
        // A reading without a fault is what it counts.
        let all = EndsRead { bad: 500, found: 500, others: 500, mistaken: 0 }.corrected(Rate::new(50, 500)).unwrap();
        assert!((all.share - 0.1).abs() < 1e-12 && is(all, [0.074_550_606_875, 0.128_324_564_808]), "{all:?}");
    }

    #[test]
    fn where_little_is_known_or_nothing_hangs_on_it_there_is_no_share() {
        let read = Rate::new(360, 2_000);
        let of = |bad, found, others, mistaken| EndsRead { bad, found, others, mistaken }.corrected(read);
        assert_eq!(of(9, 5, 800, 40), None, "of nine nobody knows how many are missed");
        assert_eq!(of(200, 100, 9, 0), None);
        assert_eq!(of(200, 30, 800, 80), None, "15 and 10 of 100");
        assert_eq!(of(200, 0, 800, 0), None);
        let known = EndsRead { bad: 200, found: 100, others: 800, mistaken: 40 };
        assert_eq!(
            known.corrected(Rate::new(30, 2_000)),
            None,
            "fewer than are mistaken among those who said otherwise"
        );
        assert_eq!(EndsRead { bad: 200, found: 100, others: 800, mistaken: 40 }.corrected(Rate::new(3, 29)), None);
    }
}
