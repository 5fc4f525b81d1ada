//! How well probabilities of a yes do: area under the curve, log loss, calibration, average precision.

use std::collections::BTreeMap;

/// What is believed at most and at least, so that one mistake does not make the loss infinite.
const SURE: f64 = 1e-9;
/// Bins of the calibration error.
const BINS: usize = 15;

/// What is said of an answer, whether it was a yes, and what it weighs.
pub type Weighed = (f64, bool, f64);

/// Each weighs the same.
pub fn alike(said: &[(f64, bool)]) -> Vec<Weighed> {
    said.iter().map(|&(p, yes)| (p, yes, 1.0)).collect()
}

/// Area under the ROC curve by ranks (Mann-Whitney U / (n m)); ties count half. .5 where one class is missing.
pub fn auc(said: &[(f64, bool)]) -> f64 {
    weighed_auc(&alike(said))
}

/// The same over answers of which some stand for many.
pub fn weighed_auc(said: &[Weighed]) -> f64 {
    let mut sorted = said.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut wins, mut yes) = (0.0, 0.0, 0.0);
    for tied in sorted.chunk_by(|a, b| a.0 == b.0) {
        let sum = |good: bool| tied.iter().filter(|t| t.1 == good).map(|t| t.2).sum::<f64>();
        let (good, bad) = (sum(true), sum(false));
        wins += good * (below + bad / 2.0);
        below += bad;
        yes += good;
    }
    if below == 0.0 || yes == 0.0 { 0.5 } else { wins / (yes * below) }
}

/// The standard error of [`weighed_auc`] where answers of one customer are alike: the squared sum of what each customer adds to the area,
/// customer after customer (Obuchowski 1997, "Nonparametric analysis of clustered ROC curve data", with one correction, for the
/// number of customers, in the place of three). `customers`: whose each answer is. .5, which tells nothing, of one kind of answer and of
/// fewer than two customers.
pub fn auc_error(said: &[Weighed], customers: &[i64]) -> f64 {
    const NOTHING: f64 = 0.5;
    let sum = |good: bool| said.iter().filter(|s| s.1 == good).map(|s| s.2).sum::<f64>();
    let (yes, no, area) = (sum(true), sum(false), weighed_auc(said));
    let mut order: Vec<(&Weighed, i64)> = said.iter().zip(customers.iter().copied()).collect();
    order.sort_by(|a, b| a.0.0.total_cmp(&b.0.0));
    let (mut below, mut above) = (0.0, yes);
    let mut adds: BTreeMap<i64, f64> = BTreeMap::new();
    for tied in order.chunk_by(|a, b| a.0.0 == b.0.0) {
        let weight = |good: bool| tied.iter().filter(|t| t.0.1 == good).map(|t| t.0.2).sum::<f64>();
        let (good, bad) = (weight(true), weight(false));
        above -= good;
        for ((_, is_yes, w), customer) in tied {
            // The share of the other kind that it stands on the right side of.
            let (right, all) = if *is_yes { (below + bad / 2.0, (no, yes)) } else { (above + good / 2.0, (yes, no)) };
            *adds.entry(*customer).or_default() += w * (right / all.0 - area) / all.1;
        }
        below += bad;
    }
    let n = adds.len() as f64;
    if yes == 0.0 || no == 0.0 || n < 2.0 {
        return NOTHING;
    }
    (n / (n - 1.0) * adds.values().map(|a| a * a).sum::<f64>()).sqrt()
}

/// Whether there is a yes and a no: without both nothing can be told apart.
pub fn has_both(said: &[(f64, bool)]) -> bool {
    said.iter().any(|s| s.1) && said.iter().any(|s| !s.1)
}

/// Average precision: the mean, over the yeses, of the precision at each one's score (scikit-learn's
/// `average_precision_score`: ties are one step). 0 without a yes.
pub fn average_precision(said: &[(f64, bool)]) -> f64 {
    let mut sorted = said.to_vec();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut seen, mut yes, mut sum) = (0.0, 0.0, 0.0);
    for tied in sorted.chunk_by(|a, b| a.0 == b.0) {
        let good = tied.iter().filter(|t| t.1).count() as f64;
        seen += tied.len() as f64;
        yes += good;
        sum += good * yes / seen;
    }
    if yes == 0.0 { 0.0 } else { sum / yes }
}

/// The loss of one answer, in nats.
pub fn loss(p: f64, yes: bool) -> f64 {
    let p = p.clamp(SURE, 1.0 - SURE);
    if yes { -p.ln() } else { -(1.0 - p).ln() }
}

/// The mean loss, in nats an answer; 0 without answers.
pub fn log_loss(said: &[(f64, bool)]) -> f64 {
    weighed_log_loss(&alike(said))
}

/// The same over answers of which some stand for many.
pub fn weighed_log_loss(said: &[Weighed]) -> f64 {
    let all: f64 = said.iter().map(|s| s.2).sum();
    let sum: f64 = said.iter().map(|&(p, yes, w)| w * loss(p, yes)).sum();
    if all > 0.0 { sum / all } else { 0.0 }
}

/// Expected calibration error over 15 bins of equal width; `None` without answers.
pub fn calibration_error(said: &[(f64, bool)]) -> Option<f64> {
    weighed_calibration_error(&alike(said))
}

/// The same over answers of which some stand for many.
pub fn weighed_calibration_error(said: &[Weighed]) -> Option<f64> {
    let mut bins = [(0.0, 0.0); BINS];
    for &(p, yes, w) in said {
        let bin = &mut bins[((p * BINS as f64) as usize).min(BINS - 1)];
        bin.0 += w * p;
        bin.1 += w * f64::from(u8::from(yes));
    }
    let all: f64 = said.iter().map(|s| s.2).sum();
    (all > 0.0).then(|| bins.iter().map(|(p, yes)| (p - yes).abs()).sum::<f64>() / all)
}

/// The calibration error to be expected of so many answers where every chance is true.
pub fn calibration_error_by_chance(said: &[Weighed]) -> f64 {
    let mut bins = [0.0; BINS];
    for &(p, _, w) in said {
        bins[((p * BINS as f64) as usize).min(BINS - 1)] += w * w * p * (1.0 - p);
    }
    let all: f64 = said.iter().map(|s| s.2).sum();
    // The mean distance of a normal variable from its middle.
    let off: f64 = bins.iter().map(|variance| (2.0 / std::f64::consts::PI * variance).sqrt()).sum();
    if all > 0.0 { off / all } else { 0.0 }
}

/// As many answers of one weight those of these weights are worth: the square of their sum by the sum of squares (Kish).
pub fn worth(weights: impl Iterator<Item = f64>) -> f64 {
    let (sum, squares) = weights.fold((0.0, 0.0), |(a, b), w| (a + w, b + w * w));
    if squares > 0.0 { sum * sum / squares } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_those_of_scikit_learn() {
        let said = [(0.9, true), (0.8, false), (0.8, true), (0.3, true), (0.2, false), (0.1, false)];
        // roc_auc_score, average_precision_score and log_loss of y = 1 0 1 1 0 0, p = .9 .8 .8 .3 .2 .1.
        assert!((auc(&said) - 7.5 / 9.0).abs() < 1e-12);
        assert!((average_precision(&said) - (1.0 + 2.0 / 3.0 + 3.0 / 4.0) / 3.0).abs() < 1e-12);
        let want = -(0.9f64.ln() + 0.2f64.ln() + 0.8f64.ln() + 0.3f64.ln() + 0.8f64.ln() + 0.9f64.ln()) / 6.0;
        assert!((log_loss(&said) - want).abs() < 1e-12);
        assert_eq!((auc(&[(0.3, true)]), average_precision(&[]), log_loss(&[])), (0.5, 0.0, 0.0));
    }

    #[test]
    fn an_answer_that_weighs_three_is_three() {
        let once = [(0.9, true, 3.0), (0.8, false, 1.0), (0.3, true, 2.0), (0.2, false, 4.0)];
        let told: Vec<(f64, bool)> =
            once.iter().flat_map(|&(p, yes, w)| std::iter::repeat_n((p, yes), w as usize)).collect();
        assert!((weighed_auc(&once) - auc(&told)).abs() < 1e-12);
        assert!((weighed_log_loss(&once) - log_loss(&told)).abs() < 1e-12);
        let gaps = (weighed_calibration_error(&once).unwrap(), calibration_error(&told).unwrap());
        assert!((gaps.0 - gaps.1).abs() < 1e-12, "{gaps:?}");
        assert_eq!((worth([1.0; 7].into_iter()), worth(std::iter::empty())), (7.0, 0.0));
        assert!((worth([3.0, 1.0, 2.0, 4.0].into_iter()) - 100.0 / 30.0).abs() < 1e-12);
    }

    #[test]
    fn an_area_is_as_sure_as_its_customers_are_many() {
        let said = [(0.9, true, 1.0), (0.2, false, 1.0), (0.4, true, 1.0), (0.6, false, 1.0), (0.7, true, 1.0)];
        // The area is 5/6. The first customer (.9 and .2) adds (1 - 5/6)/3 + (1 - 5/6)/2 = 5/36, the second (.4 and .6)
        // (1/2 - 5/6)/3 + (2/3 - 5/6)/2 = -7/36, the third 2/36: the squared error is 3/2 (25 + 49 + 4) / 36^2.
        let error = auc_error(&said, &[1, 1, 2, 2, 3]);
        assert!((error - 117f64.sqrt() / 36.0).abs() < 1e-12, "{error}");
        // Whoever says the same ten times is no ten customers.
        let often: Vec<Weighed> = said.iter().cycle().take(50).copied().collect();
        let customers: Vec<i64> = [1, 1, 2, 2, 3].into_iter().cycle().take(50).collect();
        assert!((auc_error(&often, &customers) - error).abs() < 1e-12);
        let each: Vec<i64> = (0..50).collect();
        assert!(auc_error(&often, &each) < error / 2.5);
        assert_eq!((auc_error(&said, &[7; 5]), auc_error(&said[4..], &[1]), auc_error(&[], &[])), (0.5, 0.5, 0.5));
    }

    #[test]
    fn calibration_is_the_weighted_gap() {
        assert_eq!(calibration_error(&[]), None);
        let gap = calibration_error(&[(0.5, true), (0.5, true), (0.1, false), (0.1, false)]).unwrap();
        assert!((gap - (0.5 * 2.0 + 0.1 * 2.0) / 4.0).abs() < 1e-12, "{gap}");
        // Of 100 answers of one half each the share has a standard error of .05.
        let chance = calibration_error_by_chance(&vec![(0.5, true, 1.0); 100]);
        assert!((chance - 0.05 * (2.0 / std::f64::consts::PI).sqrt()).abs() < 1e-12, "{chance}");
        assert_eq!(calibration_error_by_chance(&[]), 0.0);
    }
}
