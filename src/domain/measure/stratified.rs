//! How much more often something happens with than without, within strata: Mantel and Haenszel's difference of rates.

use super::rate::Difference;

/// Half the width of a 95 % interval in standard errors.
const Z: f64 = 1.959_963_984_540_054;

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

/// The difference of two rates within strata, weighed by `with * without / all` (Mantel and Haenszel), with Sato's interval (1989),
/// which holds for few large strata as for many small ones. `None` where no stratum has cases of both kinds.
pub fn within_strata(strata: impl IntoIterator<Item = Stratum>) -> Option<Difference> {
    let (mut sum, mut weight, mut p, mut q) = (0.0, 0.0, 0.0, 0.0);
    for s in strata.into_iter().filter(|s| s.with > 0.0 && s.without > 0.0) {
        let (a, n1) = (s.with_yes, s.with);
        let (c, n0) = (s.without_yes, s.without);
        let n = n1 + n0;
        sum += (a * n0 - c * n1) / n;
        weight += n1 * n0 / n;
        p += (n1 * n1 * c - n0 * n0 * a + n1 * n0 * (n0 - n1) / 2.0) / (n * n);
        q += (a * (n0 - c) + c * (n1 - a)) / (2.0 * n);
    }
    if weight == 0.0 {
        return None;
    }
    let delta = sum / weight;
    let half = Z * ((delta * p + q).max(0.0)).sqrt() / weight;
    Some(Difference { delta, lo: (delta - half).max(-1.0), hi: (delta + half).min(1.0) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_stratum_is_the_difference_of_two_rates() {
        let one = Stratum { with_yes: 80.0, with: 100.0, without_yes: 30.0, without: 60.0 };
        let d = within_strata([one]).unwrap();
        let se = (0.8f64 * 0.2 / 100.0 + 0.5 * 0.5 / 60.0).sqrt();
        assert!((d.delta - 0.3).abs() < 1e-12 && (d.hi - 0.3 - Z * se).abs() < 1e-9, "{d:?}");
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
