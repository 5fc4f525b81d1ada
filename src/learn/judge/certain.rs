//! Which intents have certainly changed: what a screen may colour.

use super::stats::holm;
use crate::domain::IntentScore;
use crate::domain::measure::rate::Z95;

/// Whether each intent's change is certain: its paired interval leaves 0 out, and still does after Holm over all intents that
/// have one. An interval gives its p-value by the normal distribution.
pub fn changed(intents: &[IntentScore]) -> Vec<bool> {
    let tested: Vec<usize> = (0..intents.len()).filter(|&i| interval(&intents[i]).is_some()).collect();
    let p_of = |&i: &usize| interval(&intents[i]).map_or(1.0, p_value);
    let adjusted = holm(&tested.iter().map(p_of).collect::<Vec<f64>>());
    let mut out = vec![false; intents.len()];
    for (&i, p) in tested.iter().zip(adjusted) {
        let leaves_zero_out = interval(&intents[i]).is_some_and(|[lo, hi]| lo > 0.0 || hi < 0.0);
        out[i] = p < 0.05 && leaves_zero_out;
    }
    out
}

fn interval(s: &IntentScore) -> Option<[f64; 2]> {
    s.ci95.and_then(|ci| ci.change)
}

/// Two-sided, from a 95 % interval.
fn p_value([lo, hi]: [f64; 2]) -> f64 {
    let (middle, half) = ((lo + hi) / 2.0, (hi - lo) / 2.0);
    if half <= 0.0 {
        return if middle == 0.0 { 1.0 } else { 0.0 };
    }
    let z = middle.abs() / half * Z95;
    erfc(z / std::f64::consts::SQRT_2)
}

/// The complementary error function (Abramowitz and Stegun 7.1.26, within 1.5e-7).
fn erfc(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let terms = [1.061_405_429, -1.453_152_027, 1.421_413_741, -0.284_496_736, 0.254_829_592];
    terms.into_iter().fold(0.0, |sum, term| (sum + term) * t) * (-x * x).exp()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::IntentIntervals;

    fn score(change: Option<[f64; 2]>) -> IntentScore {
        let ci95 = Some(IntentIntervals { before: [0.0, 1.0], after: [0.0, 1.0], change });
        IntentScore { intent: "x".into(), n: 40, before: 10, after: 20, f1_before: 0.0, f1_after: 0.0, ci95 }
    }

    #[test]
    fn p_values_agree_with_scipy() {
        // scipy.special.erfc
        for (x, y) in [(0.0, 1.0), (0.5, 0.479_500_122), (1.0, 0.157_299_207), (2.0, 0.004_677_735)] {
            assert!((erfc(x) - y).abs() < 2e-7, "{x}: {}", erfc(x));
        }
        assert!((p_value([0.0, 0.2]) - 0.05).abs() < 1e-6, "an interval that touches 0");
    }

    #[test]
    fn one_of_many_has_to_be_clearer_than_one_alone() {
        let near = Some([0.01, 0.29]);
        assert_eq!(changed(&[score(near)]), [true]);
        assert_eq!(changed(&[score(near), score(Some([-0.2, 0.2])), score(Some([-0.1, 0.2]))]), [false; 3]);
        let clear = Some([-0.5, -0.3]);
        assert_eq!(
            changed(&[score(None), score(clear), score(near), score(Some([-0.1, 0.1]))]),
            [false, true, false, false]
        );
        assert_eq!(changed(&[score(Some([-0.35, 0.05]))]), [false], "change_date, 14 points less");
    }
}
