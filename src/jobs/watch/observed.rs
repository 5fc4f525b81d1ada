//! What was seen of customers since a check began, and what may be said of it.

use super::found::{Breach, CheckOptions, Checked};
use crate::base::counted::count;
use crate::domain::measure::cusum::ENOUGH;
use crate::domain::zone::shifted;
use crate::domain::{CustomerDays, Fallen, Outcome, Rate, Timestamp, Usual, Zone, betting};
use crate::jobs::JobError;
use crate::store::{EndedRow, Store};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Days before the beginning that tell what is usual.
const BASELINE: i64 = 56;

/// A day as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct Day(NaiveDate);

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.0.to_string()
    }
}

impl TryFrom<String> for Day {
    type Error = chrono::ParseError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self)
    }
}

/// What a check began with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct State {
    /// The first day; `None`: the log had no times.
    since: Option<Day>,
    /// How many limits shared the chance of a false alarm.
    limits: usize,
    /// What is usual, for a drop.
    pub usual: Option<KeptUsual>,
}

/// What was usual when the check began, for which drop and chance, and from which day on it is watched.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct KeptUsual {
    drop: f64,
    alpha: f64,
    from: Day,
    usual: Usual,
}

/// One customer's conversations of a day.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    n: f64,
    resolved: f64,
    escalated: f64,
}

/// What was seen of customers, by day and customer: an order that outcomes have no part in.
type ByDay = BTreeMap<(NaiveDate, u64), Seen>;

/// Everything that was seen, and since when it counts.
pub(super) struct Watch {
    pub state: State,
    zone: Zone,
    days: ByDay,
    /// The state is that of an earlier run.
    pub kept: bool,
    pub notes: Vec<String>,
}

impl Watch {
    pub fn begin(store: &Store, options: &CheckOptions) -> Result<Self, JobError> {
        let zone = store.zone()?;
        let mut notes = Vec::new();
        let earlier = match store.figures().check_state()? {
            Some(text) if !options.restart => serde_json::from_str::<State>(&text).ok(),
            _ => None,
        };
        let newest = store.newest(options.now)?;
        let limits = options.limits.count();
        let kept = earlier.is_some();
        let state = match earlier {
            Some(state) => state,
            None => State { since: newest.map(|t| Day(zone.day(zone.days_after(t, -6)))), limits, usual: None },
        };
        if kept && state.limits != limits {
            notes.push(format!(
                "this check began with {} limits and has {limits} now: each has its share of the chance of a false alarm; --restart begins anew",
                state.limits
            ));
        }
        let from = state.since.map_or(Timestamp(i64::MIN), |day| zone.midnight(shifted(day.0, -BASELINE)));
        let to = Timestamp(options.now.0.saturating_add(1));
        let mut watch = Self { state, zone, days: ByDay::new(), kept, notes };
        let mut after = 0;
        loop {
            let rows = store.figures().ended((from, to), None, after)?;
            let Some(last) = rows.last() else { break };
            after = last.row;
            rows.iter().for_each(|row| watch.add(row));
        }
        Ok(watch)
    }

    fn add(&mut self, row: &EndedRow) {
        // Without times every customer counts once.
        let day = self.state.since.map_or(NaiveDate::MIN, |_| self.zone.day(row.at));
        let seen = self.days.entry((day, row.group)).or_default();
        seen.n += 1.0;
        seen.resolved += f64::from(u8::from(row.outcome == Outcome::Resolved));
        seen.escalated += f64::from(u8::from(row.outcome == Outcome::Escalated));
    }

    pub fn since(&self) -> Option<String> {
        self.state.since.map(|day| day.0.to_string())
    }

    fn first(&self) -> NaiveDate {
        self.state.since.map_or(NaiveDate::MIN, |day| day.0)
    }

    /// The means of customers' days since the beginning.
    fn means(&self, of: fn(&Seen) -> f64) -> Vec<f64> {
        self.days.range((self.first(), 0)..).map(|(_, seen)| of(seen) / seen.n).collect()
    }

    pub fn at_least(&self, limit: f64, alpha: f64) -> Checked {
        self.sequence("resolution", "Resolution", limit, alpha, |s| s.resolved, true)
    }

    pub fn at_most(&self, limit: f64, alpha: f64) -> Checked {
        self.sequence("escalation", "Hand-over", limit, alpha, |s| s.escalated, false)
    }

    fn sequence(
        &self,
        rate: &'static str,
        name: &str,
        limit: f64,
        alpha: f64,
        of: fn(&Seen) -> f64,
        least: bool,
    ) -> Checked {
        let found = betting(&self.means(of), alpha);
        let breached = found.n > 0 && if least { found.hi < limit } else { found.lo > limit };
        let (is, should) = if least { ("below", "at least") } else { ("above", "at most") };
        let percent = |x: f64| format!("{:.1} %", 100.0 * x);
        let seen = format!(
            "{} over {} {}{}, {} to {} at every look",
            percent(found.mean),
            count(found.n as u64),
            if self.state.since.is_some() { "customer-days" } else { "customers" },
            self.since().map(|day| format!(" since {day}")).unwrap_or_default(),
            percent(found.lo),
            percent(found.hi)
        );
        let says = match () {
            () if found.n == 0 => format!("{name}: nothing has been seen yet."),
            () if breached => format!("{name} is {is} its limit of {}: {seen}.", percent(limit)),
            () => format!("{name} may be {should} {}: {seen}.", percent(limit)),
        };
        let n = found.n as u64;
        let found = Breach { rate, limit, value: found.mean, lo: found.lo, hi: found.hi, n, since: self.since(), says };
        Checked { found, breached }
    }

    /// A drop below what is usual, and what is usual where that is known.
    pub fn drop(&self, limit: f64, alpha: f64, seed: u64, notes: &mut Vec<String>) -> (Checked, Option<KeptUsual>) {
        let same = |k: &KeptUsual| k.drop == limit && k.alpha == alpha;
        let none = |says: String| {
            let found =
                Breach { rate: "drop", limit, value: f64::NAN, lo: -1.0, hi: 1.0, n: 0, since: self.since(), says };
            Checked { found, breached: false }
        };
        if self.state.since.is_none() {
            return (none("Drop: the log has no times, so nothing can be told of a drop.".to_owned()), None);
        }
        let kept = self.state.usual.filter(same);
        let Some(kept) = kept.or_else(|| self.usual(limit, alpha, seed)) else {
            let words = format!(
                "Drop: {ENOUGH} customer-days are needed to know what is usual; there are {}.",
                self.days.len()
            );
            return (none(words), None);
        };
        if 2.5 * kept.usual.error > limit {
            notes.push(format!(
                "what is usual is known to {:.1} points only: a drop of {:.1} will hardly be noticed",
                100.0 * 1.96 * kept.usual.error,
                100.0 * limit
            ));
        }
        let mut days: BTreeMap<NaiveDate, (usize, f64)> = BTreeMap::new();
        for ((day, _), seen) in self.days.range((kept.from.0, 0)..) {
            let (n, sum) = days.entry(*day).or_default();
            (*n, *sum) = (*n + 1, *sum + seen.resolved / seen.n);
        }
        let dates: Vec<NaiveDate> = days.keys().copied().collect();
        let fallen = kept.usual.watch(&days.into_values().collect::<Vec<_>>());
        let since = dates.get(fallen.since).map(NaiveDate::to_string);
        (fell(limit, &kept.usual, &fallen, since), Some(kept))
    }

    /// What is usual: the eight weeks before the beginning, and days after it until there is enough.
    fn usual(&self, drop: f64, alpha: f64, seed: u64) -> Option<KeptUsual> {
        let mut from = self.first();
        let before = self.days.range(..(from, 0)).count();
        if before < ENOUGH {
            let nth = self.days.keys().nth(ENOUGH - 1)?;
            from = shifted(nth.0, 1);
        }
        let first = self.days.keys().next()?.0;
        let mut customers: BTreeMap<u64, CustomerDays> = BTreeMap::new();
        for ((day, group), seen) in self.days.range(..(from, 0)) {
            let since = usize::try_from((*day - first).num_days()).unwrap_or(0);
            customers.entry(*group).or_default().push((since, seen.resolved / seen.n));
        }
        let days = usize::try_from((from - first).num_days()).ok()?;
        let customers: Vec<CustomerDays> = customers.into_values().collect();
        Some(KeptUsual { drop, alpha, from: Day(from), usual: Usual::of(&customers, days, drop, alpha, seed)? })
    }

    /// Keeps the beginning where it is new; whether it is kept.
    pub fn keep(
        &self,
        store: &Store,
        usual: Option<KeptUsual>,
        limits: usize,
        notes: &mut Vec<String>,
    ) -> Result<bool, JobError> {
        let limits = if self.kept { self.state.limits } else { limits };
        let state = State { usual: usual.or(self.state.usual), limits, ..self.state.clone() };
        if self.kept && state == self.state {
            return Ok(true);
        }
        if store.is_read_only() {
            if !self.kept {
                notes.push(
                    "nothing may be written: the beginning of this check is not kept, and the next run begins anew"
                        .to_owned(),
                );
            }
            return Ok(self.kept);
        }
        let text = serde_json::to_string(&state).unwrap_or_default();
        store.keep_check_state(&text)?;
        Ok(true)
    }
}

/// What a cumulative sum says.
fn fell(limit: f64, usual: &Usual, fallen: &Fallen, since: Option<String>) -> Checked {
    let percent = |x: f64| format!("{:.1} %", 100.0 * x);
    let n = fallen.n as u64;
    // Of means of days, at least as sure as so many single conversations.
    let now = Rate::new((fallen.mean * fallen.n as f64).round().max(0.0) as u64, n);
    let value = usual.mean - fallen.mean;
    let off = 1.96 * usual.error;
    let (lo, hi) = (value - (fallen.mean - now.hi).hypot(off), value + (fallen.mean - now.lo).hypot(off));
    let when = since.clone().unwrap_or_else(|| "now".to_owned());
    let says = match () {
        () if fallen.alarm => format!(
            "Resolution has dropped: {} over {} customer-days since {when}, usual are {} (of {}).",
            percent(fallen.mean),
            count(n),
            percent(usual.mean),
            count(usual.n as u64)
        ),
        () if n == 0 => {
            format!(
                "No drop: resolution is at its usual {} (of {}) or above.",
                percent(usual.mean),
                count(usual.n as u64)
            )
        }
        () => format!(
            "No drop: the sum of what falls short of the usual {} is {:.1} of {:.1}, since {when}.",
            percent(usual.mean),
            fallen.sum,
            usual.limit
        ),
    };
    Checked { found: Breach { rate: "drop", limit, value, lo, hi, n, since, says }, breached: fallen.alarm }
}
