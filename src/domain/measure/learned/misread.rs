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
    /// Of fewer of either kind nobody knows what chances they are given.
    const FEWEST: u64 = 10;
    /// Standard errors that both means must lie apart. In simulations intervals that were told where they lay less far apart held the share
    /// in 67 to 91 of 100, otherwise in 92 to 96.
    const APART: f64 = 4.0;

    /// The share of those who are let down among others who were given such chances. `None`: too little is known of those who said it, or
    /// the chances hang too little on it, or contradict it.
    ///
    /// (mean - mean of the others) / (mean of the bad - mean of the others): Bella, Ferri, Hernández-Orallo and Ramírez-Quintana,
    /// Quantification via probability estimators (2010). Its interval counts in that all three means are estimated: Fieller, Some problems
    /// in interval estimation (1954). It holds where customers who feel the same say the same, whether they rate or not; that as many of
    /// either are let down is not taken for granted.
    pub fn corrected(&self, given: &ChancesGiven) -> Option<EstimatedShare> {
        if self.bad.n.min(self.others.n).min(given.n) < Self::FEWEST {
            return None;
        }
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
        let share = (above / apart).clamp(0.0, 1.0);
        (hi > 0.0 && lo < 1.0).then(|| EstimatedShare { share, lo: lo.clamp(0.0, share), hi: hi.clamp(share, 1.0) })
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
        let found = KNOWN.corrected(&given(2_001, 0.2)).unwrap();
        assert!((found.share - 0.25).abs() < 1e-12, "{found:?}");
        // At both ends the distance is the interval's: (.1 - .4 p)^2 = z^2 (.04 / 2000 + p^2 .06 / 200 + (1 - p)^2 .02 / 800).
        for p in [found.lo, found.hi] {
            let variance = 0.04 / 2_000.0 + p * p * 0.06 / 200.0 + (1.0 - p) * (1.0 - p) * 0.02 / 800.0;
            assert!(((0.1 - 0.4 * p).powi(2) - Z95 * Z95 * variance).abs() < 1e-12, "{found:?}");
        }
        let fewer = KNOWN.corrected(&given(101, 0.2)).unwrap();
        assert!(fewer.hi - fewer.lo > 1.5 * (found.hi - found.lo), "{fewer:?}");
        let none = KNOWN.corrected(&given(2_001, 0.095)).unwrap();
        assert!(none.share == 0.0 && none.lo == 0.0 && none.hi > 0.0 && none.hi < 0.05, "{none:?}");
    }

    #[test]
    fn where_little_is_known_or_nothing_hangs_on_it_there_is_no_share() {
        let few = EndsRead { bad: ChancesGiven { n: 9, ..KNOWN.bad }, ..KNOWN };
        let alike = EndsRead { bad: ChancesGiven { mean: 0.11, ..KNOWN.bad }, ..KNOWN };
        let turned = EndsRead { bad: KNOWN.others, others: KNOWN.bad };
        for of in [few, alike, turned, EndsRead::default()] {
            assert_eq!(of.corrected(&given(2_001, 0.2)), None, "{of:?}");
        }
        assert_eq!(KNOWN.corrected(&given(9, 0.2)), None);
        assert_eq!(KNOWN.corrected(&given(2_001, 0.04)), None, "less than those who said otherwise were given");
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
