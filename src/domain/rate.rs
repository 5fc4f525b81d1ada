//! A rate with its numerator, denominator and interval. No rate is shown without them.

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
    /// The rate with its Wilson score interval (Wilson 1927, without continuity correction).
    pub fn new(num: u64, den: u64) -> Self {
        if den == 0 {
            return Self { num, den, lo: 0.0, hi: 1.0 };
        }
        let (n, p, z2) = (den as f64, num as f64 / den as f64, Z95 * Z95);
        let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let half = Z95 / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
        // At 0 and at n the exact ends are 0 and 1; rounding must not push them off.
        let lo = if num == 0 { 0.0 } else { (centre - half).max(0.0) };
        let hi = if num >= den { 1.0 } else { (centre + half).min(1.0) };
        Self { num, den, lo, hi }
    }

    /// The fraction, `None` without data.
    pub fn value(&self) -> Option<f64> {
        (self.den > 0).then(|| self.num as f64 / self.den as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
