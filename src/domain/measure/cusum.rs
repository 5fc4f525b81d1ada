//! A drop that is noticed within days: a cumulative sum (Page 1954) whose limit is found by simulating the whole procedure.

use crate::base::rng::Rng;
use serde::{Deserialize, Serialize};

/// Days that the limit is found for.
const YEAR: usize = 365;
/// Simulated years.
const YEARS: u64 = 1_000;
/// From so many observations a day on, a day's sum is drawn at once.
const MANY: f64 = 300.0;
/// Fewer observations say too little of what is usual.
pub const ENOUGH: usize = 100;

/// One customer's observations: days since the first day of a time, and what was seen, 0 to 1.
pub type CustomerDays = Vec<(usize, f64)>;

/// What is usual, and when a sum of what falls short of it is an alarm. Kept as it was found at the beginning.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Usual {
    /// Mean of the observations.
    pub mean: f64,
    /// Its standard error, by customers.
    pub error: f64,
    /// Observations.
    pub n: usize,
    /// Days that they are of.
    pub days: usize,
    /// Observations above this lower the sum, those below raise it.
    pub reference: f64,
    /// The sum that is an alarm.
    pub limit: f64,
}

/// What has come of a watch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fallen {
    /// The sum after the last day.
    pub sum: f64,
    /// Whether it is beyond the limit.
    pub alarm: bool,
    /// The place of the day since which it has been above 0.
    pub since: usize,
    /// Mean of the observations since then.
    pub mean: f64,
    /// Observations since then.
    pub n: usize,
}

impl Usual {
    /// Finds the limit: in `alpha` of the years in which nothing changes the sum passes it on any day. `None` with too few observations.
    ///
    /// A simulated year draws its customers, whole, from those of the baseline, and a baseline of its own, so that the limit allows for
    /// how little the baseline knows. The reference lies half the drop below the mean, or further where the baseline is not
    /// that sure: a sum that drifts upwards while nothing changes could not be watched.
    pub fn of(baseline: &[CustomerDays], days: usize, drop: f64, alpha: f64, seed: u64) -> Option<Self> {
        let customers: Vec<Customer> = baseline.iter().filter(|c| !c.is_empty()).map(Customer::of).collect();
        let n = customers.iter().map(|c| c.seen.len()).sum::<usize>();
        if n < ENOUGH || days == 0 {
            return None;
        }
        let mean = customers.iter().map(|c| c.sum).sum::<f64>() / n as f64;
        let off = |c: &Customer| (c.sum - mean * c.seen.len() as f64).powi(2);
        let spread = customers.iter().map(off).sum::<f64>();
        let error = spread.sqrt() / n as f64;
        let allowed = (drop / 2.0).max(2.5 * error);
        let world = World { customers: &customers, a_day: customers.len() as f64 / days as f64, allowed, mean };
        let mut highest: Vec<f64> = (0..YEARS).map(|year| world.highest(&mut Rng::part(seed, year))).collect();
        highest.sort_by(f64::total_cmp);
        // Half of the share: a baseline that is off makes a world that is off, and the limit in it. Simulated: with all of it false alarms
        // came in 5 to 12 of 100 years, with half of it in 2 to 5.
        let at = ((1.0 - alpha / 2.0) * YEARS as f64).ceil() as usize;
        let limit = highest[at.min(highest.len() - 1)];
        Some(Self { mean, error, n, days, reference: mean - allowed, limit })
    }

    /// Sums up what was seen day by day: observations, and their sum.
    pub fn watch(&self, seen: &[(usize, f64)]) -> Fallen {
        let (mut sum, mut since) = (0.0, 0);
        for (day, (n, total)) in seen.iter().enumerate() {
            sum = (sum + self.reference * *n as f64 - total).max(0.0);
            if sum == 0.0 {
                since = day + 1;
            }
        }
        let late = seen.get(since..).unwrap_or_default();
        let (n, total) = late.iter().fold((0, 0.0), |s, d| (s.0 + d.0, s.1 + d.1));
        let mean = if n > 0 { total / n as f64 } else { f64::NAN };
        Fallen { sum, alarm: sum > self.limit, since, mean, n }
    }
}

/// A customer of the baseline, by days since their first.
struct Customer {
    seen: CustomerDays,
    sum: f64,
}

impl Customer {
    fn of(seen: &CustomerDays) -> Self {
        let first = seen.iter().map(|s| s.0).min().unwrap_or(0);
        let seen: CustomerDays = seen.iter().map(|s| (s.0 - first, s.1)).collect();
        Self { sum: seen.iter().map(|s| s.1).sum(), seen }
    }
}

/// What years are drawn from.
struct World<'a> {
    customers: &'a [Customer],
    /// New customers a day.
    a_day: f64,
    /// How far below the mean the reference lies.
    allowed: f64,
    mean: f64,
}

impl World<'_> {
    /// The highest sum of a year in which nothing changes, watched from a baseline of that world.
    fn highest(&self, rng: &mut Rng) -> f64 {
        let g = self.customers.len();
        let (mut n, mut total) = (0, 0.0);
        for _ in 0..g {
            let c = &self.customers[rng.below(g)];
            (n, total) = (n + c.seen.len(), total + c.sum);
        }
        let reference = total / n as f64 - self.allowed;
        let mut days = vec![0.0; YEAR];
        let observed = n as f64 / g as f64 * self.a_day;
        match observed > MANY {
            true => self.at_once(&mut days, reference, rng),
            false => self.one_by_one(&mut days, reference, rng),
        }
        let (mut sum, mut highest) = (0.0f64, 0.0f64);
        for short in days {
            sum = (sum + short).max(0.0);
            highest = highest.max(sum);
        }
        highest
    }

    /// By how much each day falls short of the reference, customer by customer.
    fn one_by_one(&self, days: &mut [f64], reference: f64, rng: &mut Rng) {
        let mut owed = 0.0;
        for day in 0..days.len() {
            // As many as there are a day, evenly; the fraction is owed to the next.
            owed += self.a_day;
            while owed >= 1.0 {
                owed -= 1.0;
                let customer = &self.customers[rng.below(self.customers.len())];
                for (after, seen) in &customer.seen {
                    if let Some(short) = days.get_mut(day + after) {
                        *short += reference - seen;
                    }
                }
            }
        }
    }

    /// The same with each day's sum drawn from the normal distribution; a customer's later days are put on the first.
    fn at_once(&self, days: &mut [f64], reference: f64, rng: &mut Rng) {
        let g = self.customers.len() as f64;
        let of = |c: &Customer| reference * c.seen.len() as f64 - c.sum;
        let mean = self.customers.iter().map(of).sum::<f64>() / g;
        let centred = |c: &Customer| self.mean * c.seen.len() as f64 - c.sum;
        let spread = (self.customers.iter().map(|c| centred(c).powi(2)).sum::<f64>() / g).sqrt();
        for short in days {
            *short = self.a_day * mean + self.a_day.sqrt() * spread * normal(rng);
        }
    }
}

fn normal(rng: &mut Rng) -> f64 {
    let (u, v) = (1.0 - rng.f64(), rng.f64());
    (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}
