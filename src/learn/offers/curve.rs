//! From what a model says to what came true: chances as they are told, each with an interval of its own.

use super::ridge::sigmoid;
use serde_json::{Value, json};

/// Bins of what was said of unknown answers.
pub(super) const BINS: usize = 20;

/// Unknown answers of which much the same was said: the log-odds of that, how many they are, how many of them a yes.
pub(super) type Cell = (f64, f64, f64);
/// Steps of Newton's method at most; no coordinate moves further than 1 in one of them.
const ROUNDS: usize = 60;
/// How strongly the line is held to "as it was said".
const PRIOR: f64 = 1.0;
/// A bin whose count of a yes varies less by chance does not tell how far bins are off.
const TELLING: f64 = 1.0;
/// What is said of an answer is no surer than this.
const SURE: f64 = 1e-6;
/// The two-sided 95 % point of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// A logistic regression of answers on the log-odds that were said of them before they were known (Cox 1958, "Two further
/// applications of a model for binary regression"; Platt 1999). Where bins differ from the line by more than chance does, every
/// chance may be off by as much (the variance between bins of DerSimonian and Laird 1986).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Curve {
    /// Log-odds told where even odds were said, and by how much they rise with those.
    line: [f64; 2],
    /// Variance of the first, covariance, variance of the second.
    doubt: [f64; 3],
    /// The variance of bins about the line beyond chance, in squared log-odds, or of a single chance where that is more.
    between: f64,
}

impl Curve {
    /// Of unknown answers in bins of equal width: how many, how many yes.
    pub fn of_bins(bins: &[(u64, u64); BINS]) -> Self {
        let cells: Vec<Cell> = (0..)
            .zip(bins)
            .filter(|(_, (n, _))| *n > 0)
            .map(|(at, &(n, yes))| (log_odds((f64::from(at) + 0.5) / BINS as f64), n as f64, yes as f64))
            .collect();
        Self::fit(&cells, 0.0)
    }

    /// Of unknown answers. `wobble`: by how much what is said varies with what was learnt from, as a variance in log-odds.
    pub fn fit(cells: &[Cell], wobble: f64) -> Self {
        let mut line = [0.0, 1.0];
        let mut bend = Self::bend(cells, line);
        for _ in 0..ROUNDS {
            let mut slope = [-PRIOR * line[0], -PRIOR * (line[1] - 1.0)];
            for &(x, n, yes) in cells {
                let off = yes - n * sigmoid(line[0] + line[1] * x);
                slope = [slope[0] + off, slope[1] + off * x];
            }
            let [aa, ab, bb] = Self::inverse(bend);
            let step = [aa * slope[0] + ab * slope[1], ab * slope[0] + bb * slope[1]].map(|s| s.clamp(-1.0, 1.0));
            // What was said to be likelier is never told to be less likely.
            line = match line[1] + step[1] {
                rise if rise > 0.0 => [line[0] + step[0], rise],
                _ => [line[0] + (slope[0] / bend[0]).clamp(-1.0, 1.0), 0.0],
            };
            bend = Self::bend(cells, line);
        }
        let between = Self::between(cells, line).max(line[1] * line[1] * wobble);
        Self { line, doubt: Self::inverse(bend), between }
    }

    /// A chance, and the ends of its 95 % interval. `spread`: by how much what is said might be otherwise, as a variance in log-odds.
    pub fn told(&self, said: f64, spread: f64) -> (f64, f64, f64) {
        let x = log_odds(said);
        let ([a, b], [aa, ab, bb]) = (self.line, self.doubt);
        let middle = a + b * x;
        let half = Z * (aa + 2.0 * x * ab + x * x * bb + self.between + b * b * spread).max(0.0).sqrt();
        (sigmoid(middle), sigmoid(middle - half), sigmoid(middle + half))
    }

    /// Its numbers: the line, the variances and the covariance of it, the variance of bins about it.
    pub fn described(&self) -> Value {
        json!({"line": self.line, "doubt": self.doubt, "between": self.between})
    }

    /// The second derivatives of the loss.
    fn bend(cells: &[Cell], [a, b]: [f64; 2]) -> [f64; 3] {
        let mut out = [PRIOR, 0.0, PRIOR];
        for &(x, n, _) in cells {
            let p = sigmoid(a + b * x);
            let w = n * p * (1.0 - p);
            out = [out[0] + w, out[1] + w * x, out[2] + w * x * x];
        }
        out
    }

    /// Of a symmetric matrix that is positive definite, since the prior is.
    fn inverse([aa, ab, bb]: [f64; 3]) -> [f64; 3] {
        let determinant = aa * bb - ab * ab;
        [bb / determinant, -ab / determinant, aa / determinant]
    }

    fn between(cells: &[Cell], [a, b]: [f64; 2]) -> f64 {
        let (mut off, mut bins, mut sum, mut squares) = (0.0, 0.0, 0.0, 0.0);
        for &(x, n, yes) in cells {
            let p = sigmoid(a + b * x);
            let w = n * p * (1.0 - p);
            if w >= TELLING {
                off += (yes - n * p).powi(2) / w;
                (bins, sum, squares) = (bins + 1.0, sum + w, squares + w * w);
            }
        }
        let beyond = off - (bins - 2.0);
        if bins > 2.0 && beyond > 0.0 { beyond / (sum - squares / sum) } else { 0.0 }
    }
}

/// The log-odds of a chance, which is taken for no surer than can be told.
pub(super) fn log_odds(p: f64) -> f64 {
    let p = p.clamp(SURE, 1.0 - SURE);
    (p / (1.0 - p)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As many of each bin, of which so many say yes.
    fn bins(n: u64, yes: impl Fn(f64) -> f64) -> [(u64, u64); BINS] {
        std::array::from_fn(|at| (n, (n as f64 * yes((at as f64 + 0.5) / BINS as f64)).round() as u64))
    }

    #[test]
    fn what_comes_true_as_it_was_said_is_told_as_it_was_said() {
        let curve = Curve::of_bins(&bins(1_000, |p| p));
        for said in [0.1, 0.5, 0.9] {
            let (p, lo, hi) = curve.told(said, 0.0);
            assert!((p - said).abs() < 0.005 && lo < p && p < hi && hi - lo < 0.06, "{said}: {p} {lo} {hi}");
        }
        let few = Curve::of_bins(&bins(10, |p| p)).told(0.5, 0.0);
        assert!(
            few.2 - few.1 > 2.0 * (curve.told(0.5, 0.0).2 - curve.told(0.5, 0.0).1),
            "of few it is less sure: {few:?}"
        );
    }

    #[test]
    fn what_is_said_too_surely_is_told_less_surely_and_in_the_same_order() {
        let curve = Curve::of_bins(&bins(500, |p| 0.25 + 0.5 * p));
        let [low, middle, high] = [0.1, 0.5, 0.9].map(|said| curve.told(said, 0.0));
        assert!(low.0 > 0.2 && low.0 < middle.0 && middle.0 < high.0 && high.0 < 0.8, "{low:?} {high:?}");
        for (p, lo, hi) in [low, middle, high] {
            assert!(0.0 < lo && lo < p && p < hi && hi < 1.0);
        }
    }

    #[test]
    fn bins_that_differ_from_each_other_beyond_chance_widen_every_interval() {
        let calm = Curve::of_bins(&bins(1_000, |p| p));
        let swing = |p: f64| if ((p * BINS as f64) as u64).is_multiple_of(2) { 0.9 * p } else { 1.0 - 0.9 * (1.0 - p) };
        let rough = Curve::of_bins(&bins(1_000, swing));
        assert!(calm.between < 0.01 && rough.between > calm.between + 0.01, "{} {}", calm.between, rough.between);
        let width = |c: &Curve| c.told(0.6, 0.0).2 - c.told(0.6, 0.0).1;
        assert!(width(&rough) > 2.0 * width(&calm));
    }

    #[test]
    fn nothing_known_and_one_sided_answers_stay_finite() {
        let nothing = Curve::of_bins(&[(0, 0); BINS]).told(0.3, 0.0);
        assert!((nothing.0 - 0.3).abs() < 1e-9 && nothing.1 < 0.1 && nothing.2 > 0.6, "{nothing:?}");
        let mut all_no = [(0, 0); BINS];
        all_no[BINS - 1] = (1_000, 0);
        let (p, lo, hi) = Curve::of_bins(&all_no).told(0.975, 0.0);
        assert!(p < 0.05 && lo <= p && p <= hi && hi < 0.5, "{p} {lo} {hi}");
        let ends = [0.0, 1.0].map(|said| Curve::of_bins(&all_no).told(said, 0.0).0);
        assert!(ends[0].is_finite() && ends[0] <= ends[1], "the order is never turned round: {ends:?}");
    }
}
