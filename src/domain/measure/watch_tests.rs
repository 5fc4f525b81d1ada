//! How often a check that is looked at every day for a year gives a false alarm (rule 41). Customers come three times, and their
//! conversations end alike more often than chance: correlation .3.

use super::cusum::{CustomerDays, Usual};
use super::sequence::{Capital, bets};
use crate::base::rng::Rng;

const DAYS: usize = 365;

/// What each day brings: the customers with what was seen of them.
struct Year {
    days: Vec<Vec<f64>>,
    customers: Vec<CustomerDays>,
}

/// `a_day` conversations a day at a rate; each customer's three lie within `within` days of each other.
fn year(days: usize, rate: impl Fn(usize) -> f64, a_day: usize, within: usize, rng: &mut Rng) -> Year {
    let mut seen: Vec<CustomerDays> = Vec::new();
    let customers = days * a_day / 3;
    for _ in 0..customers {
        // With probability sqrt(.3) a conversation ends as the customer's own coin says: correlation .3.
        let coin = rng.f64();
        let first = rng.below(days);
        let mut of_day: std::collections::BTreeMap<usize, (f64, f64)> = Default::default();
        for _ in 0..3 {
            let day = (first + rng.below(within)) % days;
            let u = if rng.f64() < 0.3f64.sqrt() { coin } else { rng.f64() };
            let sums = of_day.entry(day).or_default();
            *sums = (sums.0 + f64::from(u8::from(u < rate(day))), sums.1 + 1.0);
        }
        seen.push(of_day.into_iter().map(|(day, (sum, n))| (day, sum / n)).collect());
    }
    let mut by_day = vec![Vec::new(); days];
    for (day, x) in seen.iter().flatten() {
        by_day[*day].push(*x);
    }
    Year { days: by_day, customers: seen }
}

/// Whether the sequence is wholly below a limit on any day of a year in which the rate is just at the limit.
fn sequence_alarms(rate: f64, a_day: usize, within: usize, alpha: f64, rng: &mut Rng) -> bool {
    let year = year(DAYS, |_| rate, a_day, within, rng);
    let seen: Vec<f64> = year.days.iter().flatten().copied().collect();
    let mut capital = Capital::against(rate);
    let mut bets = bets(&seen, alpha).into_iter();
    let mut sum = (0.0, 0.0);
    year.days.iter().any(|today| {
        for x in today {
            capital.play(*x, bets.next().unwrap());
            sum = (sum.0 + x, sum.1 + 1.0);
        }
        capital.log() >= (1.0 / alpha).ln() && sum.0 / sum.1 < rate
    })
}

fn drop_alarms(fall: f64, after: usize, a_day: usize, within: usize, alpha: f64, rng: &mut Rng) -> Option<usize> {
    let before = 56;
    let year = year(before + DAYS, |day| if day < before + after { 0.8 } else { 0.8 - fall }, a_day, within, rng);
    let baseline: Vec<CustomerDays> =
        year.customers.iter().map(|c| c.iter().filter(|s| s.0 < before).copied().collect()).collect();
    let usual = Usual::of(&baseline, before, 0.08, alpha, rng.next_u64()).unwrap();
    let days: Vec<(usize, f64)> = year.days[before..].iter().map(|d| (d.len(), d.iter().sum())).collect();
    (0..days.len()).find(|&d| usual.watch(&days[..=d]).alarm)
}

/// In how many of `runs` years there was an alarm, of 100.
fn of_100(runs: u64, alarm: impl Fn(&mut Rng) -> bool) -> f64 {
    let alarms = (0..runs).filter(|&run| alarm(&mut Rng::part(9, run))).count();
    100.0 * alarms as f64 / runs as f64
}

/// Days from the fall to the alarm in the middle year.
fn median_delay(runs: u64, fall: f64, a_day: usize, within: usize) -> usize {
    let days = |run| drop_alarms(fall, 60, a_day, within, 0.05, &mut Rng::part(11, run)).map_or(DAYS, |d| d + 1);
    let mut delays: Vec<usize> = (0..runs).map(days).collect();
    delays.sort_unstable();
    delays[delays.len() / 2].saturating_sub(60)
}

#[test]
fn a_year_of_daily_looks_gives_few_false_alarms() {
    let sequence = of_100(100, |rng| sequence_alarms(0.8, 20, 3, 0.05, rng));
    assert!(sequence <= 5.0, "{sequence}");
    let drop = of_100(12, |rng| drop_alarms(0.0, 0, 10, 14, 0.05, rng).is_some());
    assert!(drop <= 20.0, "{drop}");
    let noticed = drop_alarms(0.25, 60, 20, 14, 0.05, &mut Rng::new(4));
    assert!(noticed.is_some_and(|day| (60..80).contains(&day)), "{noticed:?}");
}

/// `cargo test --lib measure::watch_tests -- --ignored --nocapture`: two minutes.
#[test]
#[ignore = "two minutes"]
fn false_alarms_and_delays_in_full() {
    for within in [1, 3, 14, 365] {
        for (rate, a_day) in [(0.8, 20), (0.95, 20), (0.5, 50)] {
            let share = of_100(1_000, |rng| sequence_alarms(rate, a_day, within, 0.05, rng));
            println!(
                "limit: rate {rate}, {a_day} a day, a customer's three within {within} days: {share} of 100 years"
            );
            assert!(share <= 5.0);
        }
    }
    for within in [1, 14, 365] {
        for a_day in [20, 50] {
            let share = of_100(200, |rng| drop_alarms(0.0, 0, a_day, within, 0.05, rng).is_some());
            let delay = median_delay(41, 0.08, a_day, within);
            println!(
                "drop: {a_day} a day, within {within} days: {share} of 100 years, .80 to .72 noticed after {delay} days"
            );
            assert!(share <= 7.0);
        }
    }
}
