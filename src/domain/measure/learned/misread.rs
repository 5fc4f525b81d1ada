//! How many there are of what can be read of few surely: what chances are given to those who are known says how to read those of the others.

use crate::domain::measure::rate::Z95;
use serde::{Deserialize, Serialize};

/// Chances that were given to some.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChancesGiven {
    /// To how many; where some stand for many, as many plain ones as they are worth.
    pub n: u64,
    /// Their mean, 0 to 1.
    pub mean: f64,
    /// Their variance.
    pub variance: f64,
}

impl ChancesGiven {
    /// Of chances with what each weighs.
    pub fn of(chances: impl Iterator<Item = (f64, f64)> + Clone) -> Self {
        let sum = |of: &dyn Fn(f64, f64) -> f64| chances.clone().map(|(p, w)| of(p, w)).sum::<f64>();
        let (all, squares) = (sum(&|_, w| w), sum(&|_, w| w * w));
        if all <= 0.0 {
            return Self::default();
        }
        let mean = sum(&|p, w| w * p) / all;
        let variance = sum(&|p, w| w * (p - mean).powi(2)) / all;
        Self { n: (all * all / squares).round() as u64, mean, variance }
    }

    /// The squared error of the mean.
    fn error(&self) -> f64 {
        self.variance / self.n.saturating_sub(1).max(1) as f64
    }
}

/// The chances of being let down that a model gave to customers who said how they felt, none of whom it had seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EndsRead {
    /// To those who said that they are.
    pub bad: ChancesGiven,
    /// To those who said that they are not.
    pub others: ChancesGiven,
}

/// A share that was not counted: it lies between these, with the 95 % intervals of both ways to tell it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShareRange {
    /// Its lower end, 0 to 1.
    pub lo: f64,
    /// Its upper end.
    pub hi: f64,
}

impl EndsRead {
    /// Of fewer of either kind nobody knows what chances they are given.
    const FEWEST: u64 = 10;
    /// Standard errors that both means must lie apart. In simulations intervals that were told where they lay less far apart held the share
    /// in 67 to 91 of 100, otherwise in 92 to 96.
    const APART: f64 = 4.0;

    /// Between which shares those who are let down lie among others who were given such chances. `None`: too little is known of those who
    /// said it, or the chances hang too little on it, or contradict it.
    ///
    /// Chances that differ from those of the customers who rated do so since others feel otherwise, or since others talk of other things;
    /// nothing in a log tells which. The first way is classical calibration, (mean - mean of the others) / (mean of the bad - mean of the
    /// others): Bella, Ferri, Hernández-Orallo and Ramírez-Quintana, Quantification via probability estimators (2010), its interval after
    /// Fieller, Some problems in interval estimation (1954). The second is the regression estimator of survey sampling (Cochran, Sampling
    /// Techniques, 1977, chapter 7): what those of such a chance said. Where chances tell surely, both come to the same.
    pub fn range(&self, given: &ChancesGiven) -> Option<ShareRange> {
        if self.bad.n.min(self.others.n).min(given.n) < Self::FEWEST {
            return None;
        }
        let [one, other] = [self.as_they_feel(given)?, self.as_they_talk(given)];
        let (lo, hi) = (one.lo.min(other.lo), one.hi.max(other.hi));
        (hi > 0.0 && lo < 1.0).then(|| ShareRange { lo: lo.clamp(0.0, 1.0), hi: hi.clamp(0.0, 1.0) })
    }

    fn as_they_feel(&self, given: &ChancesGiven) -> Option<ShareRange> {
        let (above, apart) = (given.mean - self.others.mean, self.bad.mean - self.others.mean);
        let errors = [self.bad, self.others, *given].map(|of| of.error());
        if apart <= Self::APART * (errors[0] + errors[1]).sqrt() {
            return None;
        }
        let [bad, others, these] = errors.map(|error| Z95 * Z95 * error);
        // (above - p apart)^2 <= z^2 times its variance at p.
        let (a, b, c) = (apart * apart - bad - others, above * apart - others, above * above - these - others);
        // Above 0, since the share itself is within; rounding aside.
        let under = b * b - a * c;
        let [lo, hi] = [-1.0, 1.0].map(|side| (b + side * under.max(0.0).sqrt()) / a);
        Some(ShareRange { lo, hi })
    }

    fn as_they_talk(&self, given: &ChancesGiven) -> ShareRange {
        let n = (self.bad.n + self.others.n) as f64;
        let share = self.bad.n as f64 / n;
        let apart = self.bad.mean - self.others.mean;
        let mean = share * self.bad.mean + (1.0 - share) * self.others.mean;
        let binary = share * (1.0 - share);
        let variance = share * self.bad.variance + (1.0 - share) * self.others.variance + binary * apart * apart;
        let slope = binary * apart / variance.max(f64::MIN_POSITIVE);
        let (off, left) = (given.mean - mean, (binary - slope * slope * variance).max(0.0));
        let error = left / n * (1.0 + off * off / variance.max(f64::MIN_POSITIVE)) + slope * slope * given.error();
        let (at, half) = (share + slope * off, Z95 * error.sqrt());
        ShareRange { lo: at - half, hi: at + half }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: EndsRead = EndsRead {
        bad: ChancesGiven { n: 201, mean: 0.5, variance: 0.06 },
        others: ChancesGiven { n: 801, mean: 0.1, variance: 0.02 },
    };

    fn given(n: u64, mean: f64) -> ChancesGiven {
        ChancesGiven { n, mean, variance: 0.04 }
    }

    #[test]
    fn what_is_read_of_few_surely_is_known_of_many() {
        let found = KNOWN.as_they_feel(&given(2_001, 0.2)).unwrap();
        assert!(found.lo < 0.25 && found.hi > 0.25 && found.hi - found.lo < 0.1, "{found:?}");
        // At both ends the distance is the interval's: (.1 - .4 p)^2 = z^2 (.04 / 2000 + p^2 .06 / 200 + (1 - p)^2 .02 / 800).
        for p in [found.lo, found.hi] {
            let variance = 0.04 / 2_000.0 + p * p * 0.06 / 200.0 + (1.0 - p) * (1.0 - p) * 0.02 / 800.0;
            assert!(((0.1 - 0.4 * p).powi(2) - Z95 * Z95 * variance).abs() < 1e-12, "{found:?}");
        }
        let fewer = KNOWN.as_they_feel(&given(101, 0.2)).unwrap();
        assert!(fewer.hi - fewer.lo > 1.5 * (found.hi - found.lo), "{fewer:?}");
        // 201 of 1002 said it, the mean was .18: by the line through what they said .02 more is .0239 more.
        let talk = KNOWN.as_they_talk(&given(2_001, 0.2));
        let middle = f64::midpoint(talk.lo, talk.hi);
        assert!((middle - 0.224_2).abs() < 5e-4 && talk.hi - talk.lo < 0.06, "{talk:?} {middle}");
        let both = KNOWN.range(&given(2_001, 0.2)).unwrap();
        assert_eq!((both.lo, both.hi), (talk.lo.min(found.lo), talk.hi.max(found.hi)));
    }

    #[test]
    fn where_chances_tell_little_both_ways_lie_far_apart() {
        let weak = EndsRead {
            bad: ChancesGiven { n: 306, mean: 0.31, variance: 0.034 },
            others: ChancesGiven { n: 1_585, mean: 0.18, variance: 0.024 },
        };
        let found = weak.range(&given(6_000, 0.24)).unwrap();
        assert!(found.lo < 0.2 && found.hi > 0.45, "{found:?}");
        let sure = EndsRead {
            bad: ChancesGiven { n: 306, mean: 0.9, variance: 0.01 },
            others: ChancesGiven { n: 1_585, mean: 0.02, variance: 0.004 },
        };
        let found = sure.range(&given(6_000, 0.24)).unwrap();
        assert!(found.hi - found.lo < 0.05, "{found:?}");
    }

    #[test]
    fn where_little_is_known_or_nothing_hangs_on_it_there_is_no_share() {
        let few = EndsRead { bad: ChancesGiven { n: 9, ..KNOWN.bad }, ..KNOWN };
        let alike = EndsRead { bad: ChancesGiven { mean: 0.11, ..KNOWN.bad }, ..KNOWN };
        let turned = EndsRead { bad: KNOWN.others, others: KNOWN.bad };
        for of in [few, alike, turned, EndsRead::default()] {
            assert_eq!(of.range(&given(2_001, 0.2)), None, "{of:?}");
        }
        assert_eq!(KNOWN.range(&given(9, 0.2)), None);
    }

    #[test]
    fn those_who_stand_for_many_weigh_as_many() {
        let plain = ChancesGiven::of([(0.2, 1.0), (0.4, 1.0), (0.4, 1.0), (0.4, 1.0)].into_iter());
        let drawn = ChancesGiven::of([(0.2, 1.0), (0.4, 3.0)].into_iter());
        assert!((plain.mean - 0.35).abs() < 1e-12 && (drawn.mean - 0.35).abs() < 1e-12, "{plain:?} {drawn:?}");
        assert!((plain.variance - drawn.variance).abs() < 1e-12 && (plain.n, drawn.n) == (4, 2), "{plain:?} {drawn:?}");
        assert_eq!(ChancesGiven::of(std::iter::empty()), ChancesGiven::default());
    }
}
