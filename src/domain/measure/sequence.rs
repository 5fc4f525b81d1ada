//! Intervals that hold at every look: confidence sequences. Who looks every day at a usual interval sees it miss the truth sooner or later.

/// The interval that is not left in `1 - alpha` of all cases, however often one looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sequence {
    /// The mean of what was seen.
    pub mean: f64,
    /// Lower end.
    pub lo: f64,
    /// Upper end.
    pub hi: f64,
    /// Observations.
    pub n: usize,
}

/// Largest share of the capital that is bet, of what can be lost.
const BOLD: f64 = 0.5;
/// Steps of a bisection: 1e-9 of the unit interval.
const STEPS: u32 = 30;

/// The confidence sequence for the mean of observations in `[0, 1]`, at its last look: hedged betting (Waudby-Smith and Ramdas 2024,
/// "Estimating means of bounded random variables by betting", theorem 3 with predictable plug-in bets). Each possible mean is bet against
/// in both directions with half of a capital of 1; where that has grown to `1 / alpha` the mean is ruled out. What is bet depends
/// only on what came before, so the order is to be one that the observations have no part in.
pub fn betting(seen: &[f64], alpha: f64) -> Sequence {
    let n = seen.len();
    if n == 0 {
        return Sequence { mean: f64::NAN, lo: 0.0, hi: 1.0, n };
    }
    let bets = bets(seen, alpha);
    let limit = (1.0 / alpha).ln();
    let stands = |m: f64| log_capital(seen, &bets, m) < limit;
    let mean = seen.iter().sum::<f64>() / n as f64;
    // The means that stand are one interval; where that does not hold the sample's mean, it holds what the bets are worth least at.
    let within = if stands(mean) { mean } else { least(seen, &bets) };
    Sequence { mean, lo: edge(&stands, within, 0.0), hi: edge(&stands, within, 1.0), n }
}

/// From a mean that stands towards an end of the unit interval, the last that stands.
fn edge(stands: &dyn Fn(f64) -> bool, within: f64, end: f64) -> f64 {
    if stands(end) {
        return end;
    }
    let (mut inside, mut outside) = (within, end);
    for _ in 0..STEPS {
        let middle = (inside + outside) / 2.0;
        if stands(middle) { inside = middle } else { outside = middle }
    }
    // Rather too wide than too narrow.
    outside
}

/// The mean at which the capital is least, by ternary search.
fn least(seen: &[f64], bets: &[f64]) -> f64 {
    let (mut lo, mut hi) = (0.0, 1.0);
    for _ in 0..2 * STEPS {
        let (a, b) = (lo + (hi - lo) / 3.0, hi - (hi - lo) / 3.0);
        if log_capital(seen, bets, a) < log_capital(seen, bets, b) { hi = b } else { lo = a }
    }
    (lo + hi) / 2.0
}

/// What is bet at each observation, before it is bounded: more when little is known of the spread and few have come.
pub(super) fn bets(seen: &[f64], alpha: f64) -> Vec<f64> {
    let (mut sum, mut spread) = (0.5, 0.25);
    let bet = |(t, x): (usize, &f64)| {
        let t = t as f64 + 1.0;
        // Mean and spread of those before, as if one more had lain at a half with a spread of a quarter.
        let bet = (2.0 * (2.0 / alpha).ln() / (spread / t * t * (t + 1.0).ln())).sqrt();
        sum += x;
        let mean = sum / (t + 1.0);
        spread += (x - mean).powi(2);
        bet
    };
    seen.iter().enumerate().map(bet).collect()
}

/// The logarithm of the capital after betting against the mean `m` in both directions.
fn log_capital(seen: &[f64], bets: &[f64], m: f64) -> f64 {
    let mut capital = Capital::against(m);
    seen.iter().zip(bets).for_each(|(x, bet)| capital.play(*x, *bet));
    capital.log()
}

/// Bets against one mean.
pub(super) struct Capital {
    m: f64,
    most_up: f64,
    most_down: f64,
    /// Products of what was won each way, with their logarithms so far: a product is taken up before it leaves its bounds.
    up: (f64, f64),
    down: (f64, f64),
}

impl Capital {
    pub(super) fn against(m: f64) -> Self {
        Self { m, most_up: BOLD / m, most_down: BOLD / (1.0 - m), up: (1.0, 0.0), down: (1.0, 0.0) }
    }

    /// One observation.
    pub(super) fn play(&mut self, x: f64, bet: f64) {
        let off = x - self.m;
        for (way, won) in
            [(&mut self.up, bet.min(self.most_up) * off), (&mut self.down, -bet.min(self.most_down) * off)]
        {
            way.0 *= 1.0 + won;
            if !(1e-100..1e100).contains(&way.0) {
                *way = (1.0, way.1 + way.0.ln());
            }
        }
    }

    /// The logarithm of both halves together.
    pub(super) fn log(&self) -> f64 {
        let [up, down] = [self.up, self.down].map(|way| way.1 + way.0.ln());
        let (large, small) = if up > down { (up, down) } else { (down, up) };
        large + (small - large).exp().ln_1p() - std::f64::consts::LN_2
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::rng::Rng;

    #[test]
    fn the_interval_agrees_with_a_plain_grid_of_means() {
        // The definition, written down once more: on 2,000 means, the capital after each observation.
        let mut rng = Rng::new(3);
        let seen: Vec<f64> =
            (0..400).map(|_| if rng.f64() < 0.7 { 1.0 } else { 0.5 * f64::from(u8::from(rng.f64() < 0.3)) }).collect();
        let found = betting(&seen, 0.05);
        let stands = |m: f64| {
            let (mut plus, mut minus) = (0.5f64, 0.5f64);
            let (mut sum, mut squares) = (0.5, 0.25);
            for (i, x) in seen.iter().enumerate() {
                let t = i as f64 + 1.0;
                let variance = squares / t;
                let l = (2.0 * (2.0f64 / 0.05).ln() / (variance * t * (t + 1.0).ln())).sqrt();
                plus *= 1.0 + l.min(0.5 / m) * (x - m);
                minus *= 1.0 - l.min(0.5 / (1.0 - m)) * (x - m);
                sum += x;
                squares += (x - sum / (t + 1.0)).powi(2);
            }
            plus + minus < 20.0
        };
        let grid: Vec<f64> = (1..2_000).map(|i| f64::from(i) / 2_000.0).filter(|m| stands(*m)).collect();
        assert!((found.lo - grid[0]).abs() < 1e-3 && (found.hi - grid[grid.len() - 1]).abs() < 1e-3, "{found:?}");
    }

    #[test]
    fn it_is_wider_than_a_usual_interval_and_narrows() {
        let of = |n: usize| betting(&(0..n).map(|i| f64::from(u8::from(i % 5 != 0))).collect::<Vec<_>>(), 0.05);
        let widths: Vec<f64> = [10, 100, 1_000, 10_000].map(|n| of(n).hi - of(n).lo).to_vec();
        assert!(widths.windows(2).all(|w| w[0] > w[1]), "{widths:?}");
        // Wilson of 80/100 is .711-.867, of 800/1000 .774-.824.
        assert!((1.2..2.5).contains(&(widths[1] / 0.156)) && (1.2..2.5).contains(&(widths[2] / 0.05)), "{widths:?}");
        assert_eq!(betting(&[], 0.05).n, 0);
        let all = betting(&[1.0; 50], 0.05);
        assert!(all.hi == 1.0 && all.lo > 0.8, "{all:?}");
        let none = betting(&[0.0; 50], 0.05);
        assert!(none.lo == 0.0 && none.hi < 0.2, "{none:?}");
    }
}
