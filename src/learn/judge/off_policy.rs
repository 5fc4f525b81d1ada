//! What another policy would have brought, from a log that says how probable each shown arm was (rule 24).
//!
//! Inverse propensity scores, the same self-normalised, the direct method and doubly robust (Dudik, Langford and Li 2011) for the
//! policy that shows every arm alike. Standard errors are those of a mean of independent rows.

use std::collections::BTreeMap;

/// The direct method shrinks an arm's rate to the log's mean by so many rows.
const SHRINK: f64 = 50.0;
/// Below this effective sample nothing is identified.
const ENOUGH: f64 = 100.0;
/// By so many standard errors the inverse chances of an arm may miss 1 a row, ...
const FAR: f64 = 4.0;
/// ...and by so much where chances are written with a few digits.
const ROUNDED: f64 = 0.01;

/// A row of a log.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LoggedChoice {
    /// Which arm was shown.
    pub arm: i64,
    /// What it brought.
    pub reward: f64,
    /// How probable the arm was, above 0 and at most 1.
    pub propensity: f64,
    /// How many rows of its kind it stands for (rule 52); 1 where the log is whole.
    pub weight: f64,
}

/// One number of each estimator.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimators {
    /// Inverse propensity scores.
    pub ips: f64,
    /// Self-normalised.
    pub snips: f64,
    /// Direct method.
    pub dm: f64,
    /// Doubly robust.
    pub dr: f64,
}

/// What the uniform policy would have brought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PolicyValue {
    /// Mean reward a row.
    pub value: Estimators,
    /// Standard errors.
    pub se: Estimators,
    /// Effective sample size: the squared sum of weights over the sum of squares.
    pub ess: f64,
    /// The largest weight.
    pub max_weight: f64,
    /// Rows.
    pub n: u64,
    /// Arms.
    pub arms: u64,
}

impl PolicyValue {
    /// Whether the log can tell: an effective sample of 100 or more.
    pub fn is_identifiable(&self) -> bool {
        self.ess >= ENOUGH
    }
}

/// The value of showing all arms of the log alike. `None` without rows.
pub fn uniform(log: &[LoggedChoice]) -> Option<PolicyValue> {
    let mut arms: BTreeMap<i64, (f64, f64)> = BTreeMap::new();
    for row in log {
        let arm = arms.entry(row.arm).or_default();
        *arm = (arm.0 + 1.0, arm.1 + row.reward);
    }
    let (n, share) = (log.len() as f64, 1.0 / arms.len() as f64);
    let mean = log.iter().map(|r| r.reward).sum::<f64>() / n;
    let rate = |(shown, got): (f64, f64)| (got + SHRINK * mean) / (shown + SHRINK);
    let dm = arms.values().map(|&arm| share * rate(arm)).sum::<f64>();
    let weights: Vec<f64> = log.iter().map(|r| share / r.propensity).collect();
    let (sum, squares) = weights.iter().fold((0.0, 0.0), |(a, b), w| (a + w, b + w * w));
    let weighted: Vec<f64> = log.iter().zip(&weights).map(|(r, w)| w * r.reward).collect();
    let corrected = |(r, w): (&LoggedChoice, &f64)| dm + w * (r.reward - rate(arms[&r.arm]));
    let doubly: Vec<f64> = log.iter().zip(&weights).map(corrected).collect();
    let (ips, ips_se) = mean_and_error(&weighted);
    let (dr, dr_se) = mean_and_error(&doubly);
    let snips = weighted.iter().sum::<f64>() / sum;
    let away: f64 = log.iter().zip(&weights).map(|(r, w)| (w * (r.reward - snips)).powi(2)).sum();
    let sample = n / (n - 1.0).max(1.0);
    // The rate of an arm as a binomial's, shrunk: the log's mean is taken as known.
    let spread = |&(shown, got): &(f64, f64)| {
        let q = rate((shown, got));
        (share / (shown + SHRINK)).powi(2) * shown * q * (1.0 - q).max(0.0)
    };
    let dm_se = arms.values().map(spread).sum::<f64>().sqrt();
    (!log.is_empty()).then_some(PolicyValue {
        value: Estimators { ips, snips, dm, dr },
        se: Estimators { ips: ips_se, snips: (away * sample).sqrt() / sum, dm: dm_se, dr: dr_se },
        ess: sum * sum / squares,
        max_weight: weights.iter().copied().fold(0.0, f64::max),
        n: log.len() as u64,
        arms: arms.len() as u64,
    })
}

/// What always choosing one arm would have brought.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct ArmValue {
    /// Inverse propensity scores.
    pub ips: f64,
    /// Self-normalised.
    pub snips: f64,
    /// Doubly robust.
    pub dr: f64,
    /// Standard error of the doubly robust one.
    pub se: f64,
    /// Effective sample size.
    pub ess: f64,
    /// Choices that were logged with their probability.
    pub n: u64,
    /// An effective sample of 100 or more, of chances that are the arm's: else the log cannot tell.
    pub identifiable: bool,
}

/// The value of always choosing an arm, over all that the rows stand for. `None` where the log never chose it.
pub fn always(log: &[LoggedChoice], arm: i64) -> Option<ArmValue> {
    let all: f64 = log.iter().map(|r| r.weight).sum();
    let chosen = || log.iter().filter(|r| r.arm == arm);
    let (shown, got) = chosen().fold((0.0, 0.0), |(n, sum), r| (n + r.weight, sum + r.weight * r.reward));
    if shown == 0.0 {
        return None;
    }
    let mean = log.iter().map(|r| r.weight * r.reward).sum::<f64>() / all;
    let rate = (got + SHRINK * mean) / (shown + SHRINK);
    let inverse = |r: &LoggedChoice| r.weight / r.propensity;
    let (sum, squares) = chosen().map(inverse).fold((0.0, 0.0), |(a, b), w| (a + w, b + w * w));
    let brought: f64 = chosen().map(|r| inverse(r) * r.reward).sum();
    let weight = |r: &LoggedChoice| if r.arm == arm { 1.0 / r.propensity } else { 0.0 };
    let doubly: Vec<(f64, f64)> = log.iter().map(|r| (rate + weight(r) * (r.reward - rate), r.weight)).collect();
    let (dr, se) = weighed_mean_and_error(&doubly);
    let ess = sum * sum / squares;
    // Where the chances are the arm's, one over them comes to 1 a row: not where several that were drawn apart are one arm here.
    let shares: Vec<(f64, f64)> = log.iter().map(|r| (weight(r), r.weight)).collect();
    let (share, error) = weighed_mean_and_error(&shares);
    let are_its_own = (share - 1.0).abs() <= FAR * error + ROUNDED;
    Some(ArmValue {
        ips: brought / all,
        snips: brought / sum,
        dr,
        se,
        ess,
        n: log.len() as u64,
        identifiable: ess >= ENOUGH && are_its_own,
    })
}

/// Of numbers with their weights.
fn weighed_mean_and_error(xs: &[(f64, f64)]) -> (f64, f64) {
    let (n, all) = (xs.len() as f64, xs.iter().map(|x| x.1).sum::<f64>());
    let mean = xs.iter().map(|(x, w)| w * x).sum::<f64>() / all;
    let squares: f64 = xs.iter().map(|(x, w)| (w * (x - mean)).powi(2)).sum();
    (mean, (squares * n / (n - 1.0).max(1.0)).sqrt() / all)
}

fn mean_and_error(xs: &[f64]) -> (f64, f64) {
    let n = xs.len() as f64;
    let mean = xs.iter().sum::<f64>() / n;
    let squares: f64 = xs.iter().map(|x| (x - mean).powi(2)).sum();
    (mean, (squares / (n - 1.0).max(1.0) / n).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(arm: i64, reward: f64, propensity: f64) -> LoggedChoice {
        LoggedChoice { arm, reward, propensity, weight: 1.0 }
    }

    #[test]
    fn a_log_that_showed_all_alike_is_worth_its_mean() {
        let log: Vec<LoggedChoice> = (0..100).map(|i| row(i % 4, f64::from(u8::from(i % 10 == 0)), 0.25)).collect();
        let v = uniform(&log).unwrap();
        assert!((v.value.ips - 0.1).abs() < 1e-12 && (v.value.snips - 0.1).abs() < 1e-12, "{v:?}");
        assert!((v.ess - 100.0).abs() < 1e-9 && v.max_weight == 1.0 && v.is_identifiable());
        assert!((v.se.ips - (0.1f64 * 0.9 / 99.0).sqrt()).abs() < 1e-12);
    }

    #[test]
    fn one_arm_is_worth_what_it_brought_where_it_was_drawn() {
        // Of 400 draws with a chance of 1 / 4 for arm 1 it came 100 times and was right 60 times.
        let mut log = vec![row(0, 0.0, 0.75); 300];
        log.extend((0..100).map(|i| row(1, f64::from(u8::from(i < 60)), 0.25)));
        let v = always(&log, 1).unwrap();
        assert!((v.ips - 0.6).abs() < 1e-12 && (v.snips - 0.6).abs() < 1e-12 && (v.dr - 0.6).abs() < 1e-9, "{v:?}");
        assert!((v.ess - 100.0).abs() < 1e-9 && v.identifiable && v.n == 400);
        assert!(!always(&log[..350], 1).unwrap().identifiable, "fifty draws do not tell");
        assert_eq!(always(&log, 2), None);
    }

    #[test]
    fn chances_of_several_that_are_one_arm_here_tell_nothing_of_it() {
        // Two texts of one action, drawn with .8 and .2: the action came always.
        let log: Vec<LoggedChoice> = (0..1_000).map(|i| row(1, 1.0, if i % 5 == 0 { 0.2 } else { 0.8 })).collect();
        let merged = always(&log, 1).unwrap();
        assert!(merged.ess > 100.0 && merged.ips > 1.5 && !merged.identifiable, "{merged:?}");
        // Told apart they are what they were.
        let apart: Vec<LoggedChoice> =
            log.iter().map(|r| LoggedChoice { arm: i64::from(r.propensity < 0.5), ..*r }).collect();
        assert!((0..2).all(|arm| always(&apart, arm).unwrap().identifiable));
    }

    #[test]
    fn a_choice_that_stands_for_three_is_three() {
        let once: Vec<LoggedChoice> = (0..240)
            .map(|i| LoggedChoice { weight: 3.0, ..row(i % 2, f64::from(u8::from(i % 5 == 0)), 0.5) })
            .collect();
        let thrice: Vec<LoggedChoice> =
            once.iter().flat_map(|r| std::iter::repeat_n(LoggedChoice { weight: 1.0, ..*r }, 3)).collect();
        let (a, b) = (always(&once, 1).unwrap(), always(&thrice, 1).unwrap());
        assert!((a.ips - b.ips).abs() < 1e-12 && (a.snips - b.snips).abs() < 1e-12 && (a.dr - b.dr).abs() < 1e-12);
        assert!((a.ess - 120.0).abs() < 1e-9 && a.se > 1.6 * b.se, "as sure as the rows that there are: {a:?}");
    }

    #[test]
    fn weights_undo_what_the_log_preferred() {
        // Arm 0 shown four times in five, always right; arm 1 never: both alike would be right half the time.
        let mut log = vec![row(0, 1.0, 0.8); 80];
        log.extend([row(1, 0.0, 0.2); 20]);
        let v = uniform(&log).unwrap();
        assert!((v.value.ips - 0.5).abs() < 1e-12 && (v.value.dr - 0.5).abs() < 0.05, "{v:?}");
        assert!((v.max_weight - 2.5).abs() < 1e-12 && !v.is_identifiable());
        assert_eq!(uniform(&[]), None);
    }
}
