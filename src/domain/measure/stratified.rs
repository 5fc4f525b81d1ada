//! How much more often something happens with than without, within strata: Mantel and Haenszel's difference of rates.

use super::rate::{Difference, Z95, wilson};

/// One stratum: cases with and without, and how often it happened in each; of rows that stand for many, as many as they are worth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Stratum {
    /// It happened, with.
    pub with_yes: f64,
    /// Cases with.
    pub with: f64,
    /// It happened, without.
    pub without_yes: f64,
    /// Cases without.
    pub without: f64,
}

/// The difference of two rates within strata, weighed by `with * without / all` (Mantel and Haenszel): with the weights `w`, which sum to
/// 1, the rates are `p = sum(w * yes / n)`, each as sure as a plain one of `1 / sum(w^2 / n)` cases. Their Wilson intervals `[l, u]` give
/// the stratified hybrid score interval of Yan and Su (2010, Statistics in Biopharmaceutical Research 2:329), which is Newcombe's (1998,
/// method 10) where there is one stratum: `delta - sqrt((p1 - l1)^2 + (u0 - p0)^2)` to `delta + sqrt((u1 - p1)^2 + (p0 - l0)^2)`. Unlike one
/// from a standard error it does not shrink to a point where all were helped, or none. `None` where no stratum has cases of both kinds.
pub fn within_strata(strata: impl IntoIterator<Item = Stratum>) -> Option<Difference> {
    let strata: Vec<Stratum> = strata.into_iter().filter(|s| s.with > 0.0 && s.without > 0.0).collect();
    let weight = |s: &Stratum| s.with * s.without / (s.with + s.without);
    let all: f64 = strata.iter().map(weight).sum();
    if all <= 0.0 {
        return None;
    }
    let side = |of: &dyn Fn(&Stratum) -> (f64, f64)| {
        let (mut p, mut spread) = (0.0, 0.0);
        for s in &strata {
            let ((yes, n), w) = (of(s), weight(s) / all);
            p += w * yes / n;
            spread += w * w / n;
        }
        // Sums of weights may be off by a last digit.
        let p = p.clamp(0.0, 1.0);
        (p, wilson(p, 1.0 / spread, Z95))
    };
    let (with, (with_lo, with_hi)) = side(&|s| (s.with_yes, s.with));
    let (without, (without_lo, without_hi)) = side(&|s| (s.without_yes, s.without));
    let delta = with - without;
    let lo = delta - (with - with_lo).hypot(without_hi - without);
    let hi = delta + (with_hi - with).hypot(without - without_lo);
    Some(Difference { delta, lo, hi })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Rate;

    #[test]
    fn one_stratum_is_the_difference_of_two_rates() {
        let one = Stratum { with_yes: 80.0, with: 100.0, without_yes: 30.0, without: 60.0 };
        let d = within_strata([one]).unwrap();
        let plain = Difference::between(Rate::new(30, 60), Rate::new(80, 100)).unwrap();
        assert!((d.delta - 0.3).abs() < 1e-12, "{d:?}");
        assert!((d.lo - plain.lo).abs() < 1e-12 && (d.hi - plain.hi).abs() < 1e-12, "{d:?} {plain:?}");
    }

    #[test]
    fn a_few_that_all_ended_alike_are_no_certainty() {
        // Limits found by bisection of Yan and Su's equations, by a script of its own.
        let known = [
            (vec![[3.0, 3.0, 0.0, 5.0]], 1.0, 0.290_032_445_196, 1.0),
            (vec![[3.0, 3.0, 5.0, 5.0]], 0.0, -0.561_497_031_755, 0.434_482_464_783),
            (vec![[3.0, 3.0, 0.0, 2.0], [2.0, 2.0, 0.0, 4.0]], 1.0, 0.390_478_102_518, 1.0),
            (vec![[180.0, 300.0, 25.0, 50.0], [50.0, 50.0, 270.0, 300.0]], 0.1, 0.008_229_424_374, 0.189_704_020_808),
        ];
        for (strata, delta, lo, hi) in known {
            let stratum =
                |&[with_yes, with, without_yes, without]: &[f64; 4]| Stratum { with_yes, with, without_yes, without };
            let d = within_strata(strata.iter().map(stratum)).unwrap();
            let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
            assert!(close(d.delta, delta) && close(d.lo, lo) && close(d.hi, hi), "{strata:?}: {d:?}");
        }
    }

    #[test]
    fn the_mix_of_strata_can_turn_a_difference_around() {
        // In each stratum 10 points more with; those with are mostly of the stratum where little succeeds.
        let strata = [
            Stratum { with_yes: 180.0, with: 300.0, without_yes: 25.0, without: 50.0 },
            Stratum { with_yes: 50.0, with: 50.0, without_yes: 270.0, without: 300.0 },
        ];
        let pooled = 230.0 / 350.0 - 295.0 / 350.0;
        let within = within_strata(strata).unwrap();
        assert!(pooled < 0.0 && within.lo > 0.0 && (within.delta - 0.1).abs() < 1e-12, "{within:?}");
        assert_eq!(within_strata([]), None);
        assert_eq!(within_strata([Stratum { with_yes: 3.0, with: 4.0, ..Stratum::default() }]), None);
    }
}
