//! Who comes, when, and with what: the weeks, the customers, their visits.

use super::company::Company;
use super::dice::Dice;
use super::words::Style;
use crate::base::rng::mix;
use crate::domain::Timestamp;
use crate::domain::time::{DAY, HOUR};
use crate::store::Store;

/// A customer of the company.
#[derive(Clone, Debug)]
pub(super) struct Customer {
    pub id: String,
    /// In a test group, by the store's own hash.
    pub test: bool,
    pub style: Style,
    pub channel: String,
}

impl Customer {
    pub(super) fn draw(number: usize, prefix: &str, company: &Company, store: &Store, seed: u64) -> Self {
        let id = format!("{prefix}-{number:05}");
        let mut dice = Dice::part(mix(seed ^ 0xC057), number as u64);
        let channel = company.channels[dice.skewed(company.channels.len(), 1.0)].clone();
        Self { test: store.is_test_customer(&id), style: Style::draw(&mut dice, company.only), channel, id }
    }
}

/// One contact.
#[derive(Clone, Debug)]
pub(super) struct CustomerVisit {
    /// The conversation's id in the log.
    pub id: String,
    pub customer: usize,
    pub at: Timestamp,
    pub week: u32,
    pub matter: usize,
    pub seed: u64,
    /// The customer came with the same before, and was not helped.
    pub unsolved: bool,
    /// The customer was here before.
    pub returning: bool,
    /// The booking system is having a bad day.
    pub outage: bool,
}

/// One week of the demo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DemoWeek {
    /// Counted from 1.
    pub number: u32,
    pub start: Timestamp,
    pub end: Timestamp,
}

/// A last week of fewer days than this is joined to the one before.
const SHORTEST: i64 = 5 * DAY;

/// Monday to Sunday, but for the last, which ends at `until` and has 5 to 11 days.
pub(super) fn weeks(n: u32, until: Timestamp) -> Vec<DemoWeek> {
    let day = until.0.div_euclid(DAY);
    // The epoch was a Thursday.
    let monday = (day - (day + 3).rem_euclid(7)) * DAY;
    let last = if until.0 - monday < SHORTEST { monday - 7 * DAY } else { monday };
    let week = |number: u32| {
        let start = Timestamp(last).plus(-7 * DAY * i64::from(n - number));
        DemoWeek { number, start, end: if number == n { until } else { start.plus(7 * DAY) } }
    };
    (1..=n).map(week).collect()
}

/// Nobody is answered before this hour of a week's first day: that is when the new release goes live.
const OPENS: i64 = 7 * HOUR;
/// A conversation starts at least this long before its week ends.
const CLOSES: i64 = HOUR;
/// Weight of each weekday, from Monday.
const DAYS: [f64; 7] = [1.15, 1.1, 1.0, 1.0, 1.2, 0.85, 0.7];
/// Weight of each hour of the day, UTC.
const HOURS: [f64; 24] = [
    0.1, 0.05, 0.05, 0.05, 0.2, 0.6, 1.4, 2.4, 3.0, 3.1, 2.8, 2.4, 2.0, 1.9, 2.1, 2.4, 2.6, 2.7, 2.4, 1.8, 1.2, 0.8,
    0.5, 0.2,
];

impl DemoWeek {
    fn moment(&self, dice: &mut Dice) -> Timestamp {
        let days = (self.end.0 - self.start.0).div_euclid(DAY) + 1;
        let weights: Vec<f64> = (0..days).map(|d| DAYS[(d % 7) as usize]).collect();
        loop {
            let at = dice.weighted(&weights) as i64 * DAY
                + dice.weighted(&HOURS) as i64 * HOUR
                + 1_000 * dice.between(0, 3_600);
            if at >= OPENS && self.start.0 + at < self.end.0 - CLOSES {
                return self.start.plus(at);
            }
        }
    }
}

/// Somebody who will come again with the same.
struct DueReturn {
    customer: usize,
    matter: usize,
    at: Timestamp,
}

/// All customers so far, and who will be back.
pub(super) struct CustomerCrowd {
    pub customers: Vec<Customer>,
    due: Vec<DueReturn>,
    visits: u64,
}

/// Share of visits by somebody who was here before, with something else.
const KNOWN: f64 = 0.22;
/// Those who come again are among this many of the newest customers.
const RECENT: usize = 900;
/// Which week the booking system has its bad days in.
const OUTAGE: u32 = 11;

impl CustomerCrowd {
    pub(super) fn new() -> Self {
        Self { customers: Vec::new(), due: Vec::new(), visits: 0 }
    }

    /// The visits of a week, in the order of time.
    pub(super) fn visits(
        &mut self,
        week: DemoWeek,
        n: u32,
        company: &Company,
        store: &Store,
        seed: u64,
    ) -> Vec<CustomerVisit> {
        let mut dice = Dice::part(mix(seed ^ 0x715175), u64::from(week.number));
        let mut planned: Vec<(Timestamp, usize, usize, bool, bool)> = Vec::new();
        let (now, later) = std::mem::take(&mut self.due).into_iter().partition(|d| d.at < week.end);
        self.due = later;
        let now: Vec<DueReturn> = now;
        planned.extend(now.into_iter().take(n as usize / 4).map(|d| (d.at, d.customer, d.matter, true, true)));
        while planned.len() < n as usize {
            let known = !self.customers.is_empty() && dice.chance(KNOWN);
            let customer = if known {
                let newest = self.customers.len();
                dice.between(newest.saturating_sub(RECENT) as i64, newest as i64) as usize
            } else {
                self.customers.push(Customer::draw(self.customers.len(), "c", company, store, seed));
                self.customers.len() - 1
            };
            let at = week.moment(&mut dice);
            planned.push((at, customer, matter_of(week.number, company, &mut dice), false, known));
        }
        planned.sort_by_key(|p| (p.0, p.1));
        let visits = planned.into_iter().map(|(at, customer, matter, unsolved, returning)| {
            self.visits += 1;
            let day = (at.0 - week.start.0) / DAY;
            CustomerVisit {
                id: format!("{:05}", 10_000 + self.visits),
                customer,
                at,
                week: week.number,
                matter,
                seed: mix(seed ^ mix(self.visits)),
                unsolved,
                returning,
                outage: week.number == OUTAGE && (2..=4).contains(&day),
            }
        });
        visits.collect()
    }

    /// Says how a visit went: who was not helped may come again within a week, and so may a few who seemed to be.
    pub(super) fn went(&mut self, visit: &CustomerVisit, week: DemoWeek, solved: bool) {
        let mut dice = Dice::part(visit.seed, 2);
        if dice.chance(if solved { 0.09 } else { 0.28 }) {
            let again = visit.at.plus(60_000 * dice.between(12 * 60, 6 * 24 * 60));
            let at = again.max(week.end.plus(OPENS + 60_000 * dice.between(0, 240)));
            self.due.push(DueReturn { customer: visit.customer, matter: visit.matter, at });
        }
    }
}

/// What somebody comes with in a week: products that are on sale, more often in their season.
fn matter_of(week: u32, company: &Company, dice: &mut Dice) -> usize {
    let weights: Vec<f64> = company
        .matters
        .iter()
        .map(|m| match m.peak {
            _ if m.from_week > week => 0.0,
            Some(peak) => m.weight * (1.0 + 0.8 * (-((f64::from(week) - f64::from(peak)) / 4.0).powi(2)).exp()),
            None => m.weight,
        })
        .collect();
    dice.weighted(&weights)
}
