//! A rate with its numerator, denominator and interval. No rate is shown without them.

use crate::base::counted::signed;
use serde::Serialize;

/// The two-sided 95 % quantile of the standard normal distribution.
pub const Z95: f64 = 1.959_963_984_540_054;

/// `num` of `den`, with the 95 % Wilson score interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rate {
    /// How many.
    pub num: u64,
    /// Of how many.
    pub den: u64,
    /// Lower end of the interval, 0 to 1; 0 when there is no data.
    pub lo: f64,
    /// Upper end of the interval, 0 to 1; 1 when there is no data.
    pub hi: f64,
}

impl Rate {
    /// Cases below which a number of 100 says more than is known: their counts are told.
    pub const ENOUGH: u64 = 30;

    /// The rate with its Wilson score interval (Wilson 1927, without continuity correction).
    pub fn new(num: u64, den: u64) -> Self {
        if den == 0 {
            return Self { num, den, lo: 0.0, hi: 1.0 };
        }
        let (lo, hi) = wilson(num as f64 / den as f64, den as f64, Z95);
        Self { num, den, lo, hi }
    }

    /// The same, as sure as if only a share of the conversations had been there: those of a sample stand for more of their kind.
    pub fn worth(num: u64, den: u64, share: f64) -> Self {
        if den == 0 {
            return Self::new(num, den);
        }
        let (lo, hi) = wilson(num as f64 / den as f64, den as f64 * share.clamp(f64::MIN_POSITIVE, 1.0), Z95);
        Self { num, den, lo, hi }
    }

    /// Whether there are enough for a number of 100.
    pub const fn is_enough(&self) -> bool {
        self.den >= Self::ENOUGH
    }

    /// The fraction, `None` without data.
    pub fn value(&self) -> Option<f64> {
        (self.den > 0).then(|| self.num as f64 / self.den as f64)
    }
}

/// Both ends of the Wilson score interval of a share `p` of `n`, at a quantile `z`.
pub(super) fn wilson(p: f64, n: f64, z: f64) -> (f64, f64) {
    let z2 = z * z;
    let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    // At 0 and at 1 the exact ends are 0 and 1; rounding must not push them off.
    let lo = if p <= 0.0 { 0.0 } else { (centre - half).max(0.0) };
    let hi = if p >= 1.0 { 1.0 } else { (centre + half).min(1.0) };
    (lo, hi)
}

/// What may be said of two rates of different conversations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RateMovement {
    /// The interval of the difference lies above 0.
    Up,
    /// The interval of the difference lies below 0.
    Down,
    /// The interval of the difference holds 0.
    CannotTell,
}

/// The difference of two rates of different conversations, with the 95 % interval of Newcombe (1998, method 10).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// New rate minus old rate.
    pub delta: f64,
    /// Lower end of the interval.
    pub lo: f64,
    /// Upper end of the interval.
    pub hi: f64,
}

impl Difference {
    /// From an old rate to a new one; `None` when either has no data.
    pub fn between(old: Rate, new: Rate) -> Option<Self> {
        let (a, b) = (new.value()?, old.value()?);
        let root = |x: f64, y: f64| x.hypot(y);
        let delta = a - b;
        Some(Self { delta, lo: delta - root(a - new.lo, old.hi - b), hi: delta + root(new.hi - a, b - old.lo) })
    }

    /// The difference and the ends of its interval in points of 100, with their signs: whole, but for an end that is not 0 and would
    /// read as 0, so that what is told and what is said of it are one.
    pub fn of_hundred(&self) -> [String; 3] {
        let end = |x: f64| signed(100.0 * x, end_digits(x));
        [signed(100.0 * self.delta, 0), end(self.lo), end(self.hi)]
    }

    /// The ends without signs, the nearer to 0 first, where the interval does not hold 0: `2` and `14`.
    pub fn sure_of_hundred(&self) -> [String; 2] {
        let (near, far) = if self.lo > 0.0 { (self.lo, self.hi) } else { (-self.hi, -self.lo) };
        [near, far].map(|x| format!("{:.*}", end_digits(x), 100.0 * x))
    }

    /// What may be said.
    pub fn moved(&self) -> RateMovement {
        match () {
            () if self.lo > 0.0 => RateMovement::Up,
            () if self.hi < 0.0 => RateMovement::Down,
            () => RateMovement::CannotTell,
        }
    }
}

/// Digits behind the point with which an end of an interval is told in points of 100.
fn end_digits(x: f64) -> usize {
    match (100.0 * x).abs() {
        0.0 | 0.5.. => 0,
        0.05.. => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_agree_with_statsmodels() {
        // statsmodels.stats.proportion.confint_proportions_2indep(x1, n1, x2, n2, method="newcomb", compare="diff")
        let known = [
            (412, 577, 293, 601, 0.171_275_365_674_533, 0.279_722_729_134_355, RateMovement::Up),
            (63, 75, 29, 40, -0.036_035_884_851_316, 0.281_963_140_293_355, RateMovement::CannotTell),
            (0, 10, 3, 10, -0.603_221_852_538_855, 0.037_592_434_579_051, RateMovement::CannotTell),
            (10, 10, 0, 12, 0.631_451_769_420_274, 1.0, RateMovement::Up),
            (533, 600, 547, 600, -0.057_606_830_877_794, 0.010_782_988_183_495, RateMovement::CannotTell),
        ];
        for (x1, n1, x2, n2, lo, hi, moved) in known {
            let d = Difference::between(Rate::new(x2, n2), Rate::new(x1, n1)).unwrap();
            assert!((d.lo - lo).abs() < 1e-9 && (d.hi - hi).abs() < 1e-9, "{x1}/{n1} {x2}/{n2}: {d:?}");
            assert_eq!(d.moved(), moved);
        }
        assert_eq!(Difference::between(Rate::new(0, 0), Rate::new(1, 2)), None);
    }

    #[test]
    fn an_end_that_is_not_0_is_not_told_as_0() {
        let told = |delta, lo, hi| Difference { delta, lo, hi }.of_hundred().join(" ");
        assert_eq!(told(0.08, 0.002, 0.14), "+8 +0.2 +14");
        assert_eq!(told(0.07, -0.002, 0.14), "+7 -0.2 +14", "the other word has other numbers");
        assert_eq!(told(-0.07, -0.14, -0.0004), "-7 -14 -0.04");
        assert_eq!(told(0.08, 0.02, 0.14), "+8 +2 +14");
        assert_eq!(told(0.08, 0.0, 0.14), "+8 0 +14");
        let sure = |lo, hi| Difference { delta: 0.0, lo, hi }.sure_of_hundred().join(" ");
        assert_eq!((sure(0.002, 0.14), sure(-0.14, -0.02)), ("0.2 14".to_owned(), "2 14".to_owned()));
    }

    #[test]
    fn wilson_agrees_with_statsmodels() {
        // statsmodels.stats.proportion.proportion_confint(412, 577, method="wilson")
        let r = Rate::new(412, 577);
        assert!((r.lo - 0.675_847_3).abs() < 1e-6, "{}", r.lo);
        assert!((r.hi - 0.749_397_8).abs() < 1e-6, "{}", r.hi);
        assert_eq!((Rate::new(0, 10).lo, Rate::new(10, 10).hi), (0.0, 1.0));
        assert_eq!(Rate::new(0, 0).value(), None);
    }
}
