//! How well probabilities of a yes do: area under the curve, log loss, calibration, average precision.

/// What is believed at most and at least, so that one mistake does not make the loss infinite.
const SURE: f64 = 1e-9;
/// Bins of the calibration error.
const BINS: usize = 15;

/// Area under the ROC curve by ranks (Mann-Whitney U / (n m)); ties count half. .5 where one class is missing.
pub fn auc(said: &[(f64, bool)]) -> f64 {
    let mut sorted = said.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut wins, mut yes) = (0.0, 0.0, 0.0);
    for tied in sorted.chunk_by(|a, b| a.0 == b.0) {
        let good = tied.iter().filter(|t| t.1).count() as f64;
        let bad = tied.len() as f64 - good;
        wins += good * (below + bad / 2.0);
        below += bad;
        yes += good;
    }
    if below == 0.0 || yes == 0.0 { 0.5 } else { wins / (yes * below) }
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
    said.iter().map(|&(p, yes)| loss(p, yes)).sum::<f64>() / said.len().max(1) as f64
}

/// Expected calibration error over 15 bins of equal width; `None` without answers.
pub fn calibration_error(said: &[(f64, bool)]) -> Option<f64> {
    let mut bins = [(0.0, 0.0); BINS];
    for &(p, yes) in said {
        let bin = &mut bins[((p * BINS as f64) as usize).min(BINS - 1)];
        bin.0 += p;
        bin.1 += f64::from(u8::from(yes));
    }
    (!said.is_empty()).then(|| bins.iter().map(|(p, yes)| (p - yes).abs()).sum::<f64>() / said.len() as f64)
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
    fn calibration_is_the_weighted_gap() {
        assert_eq!(calibration_error(&[]), None);
        let gap = calibration_error(&[(0.5, true), (0.5, true), (0.1, false), (0.1, false)]).unwrap();
        assert!((gap - (0.5 * 2.0 + 0.1 * 2.0) / 4.0).abs() < 1e-12, "{gap}");
    }
}
