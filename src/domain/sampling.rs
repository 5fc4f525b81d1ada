//! Logs of which only a part was taken, and the true counts that stand beside them (rule 52).

use super::zone::{Zone, shifted};
use super::{Outcome, Resolution, Timestamp};
use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How a conversation came into a sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sampling {
    /// Which part of the log it was drawn from: `failure`, `audit`, … .
    pub stratum: String,
    /// The probability with which it was taken, above 0, at most 1. It stands for 1 / probability conversations.
    pub probability: f64,
}

impl Sampling {
    /// A way into a sample; `None` for a probability that is none.
    pub fn new(stratum: impl Into<String>, probability: f64) -> Option<Self> {
        (probability > 0.0 && probability <= 1.0).then(|| Self { stratum: stratum.into(), probability })
    }
}

/// What a job needs to draw audits in a store's test groups (rule 11): the first of the bytes of SHA-256(salt, key) tell which
/// group is one, as `assets/sampling` does it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AuditSplit {
    /// Eight bytes that stand before the key, in hexadecimal.
    pub salt: String,
    /// The share of groups that are test groups, 0 to 1.
    pub share: f64,
    /// The zone of the store's weeks.
    pub zone: String,
}

/// An ISO week, as in `2026-W20`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IsoWeek {
    monday: NaiveDate,
}

impl IsoWeek {
    /// Its first moment and the first after it, on the clocks of a zone.
    pub fn span(self, zone: Zone) -> (Timestamp, Timestamp) {
        (zone.midnight(self.monday), zone.midnight(shifted(self.monday, 7)))
    }
}

impl FromStr for IsoWeek {
    type Err = NoWeek;

    fn from_str(text: &str) -> Result<Self, NoWeek> {
        let none = || NoWeek(text.to_owned());
        let (year, week) = text.trim().split_once("-W").ok_or_else(none)?;
        let (year, week) = (year.parse().map_err(|_| none())?, week.parse().map_err(|_| none())?);
        let monday = NaiveDate::from_isoywd_opt(year, week, Weekday::Mon).ok_or_else(none)?;
        Ok(Self { monday })
    }
}

impl fmt::Display for IsoWeek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let week = self.monday.iso_week();
        write!(f, "{}-W{:02}", week.year(), week.week())
    }
}

/// What names no ISO week.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no ISO week: write it as 2026-W20")]
pub struct NoWeek(pub String);

/// How many conversations of a source and a week, taken together with what else is told of them, there were. Of real traffic in
/// which the AI took part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrafficRow {
    /// The source.
    pub source: String,
    /// The week of their last activity, in the store's zone.
    pub week: IsoWeek,
    /// The conversation's intent (rule 2), by the log.
    pub intent: Option<String>,
    /// The channel.
    pub channel: Option<String>,
    /// The language.
    pub language: Option<String>,
    /// How they ended.
    pub outcome: Outcome,
    /// How sure a resolution is.
    pub resolution: Option<Resolution>,
    /// Conversations.
    pub n: u64,
    /// Of these, rated.
    pub csat_n: u64,
    /// Of these, rated 4 or 5 (of 5).
    pub csat_good: u64,
    /// Turns of customers, buttons left out.
    pub user_turns: u64,
    /// Of these, turns that the AI did not understand.
    pub fallback_turns: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_are_read_as_they_are_written() {
        for (text, monday) in [("2026-W20", "2026-05-11"), ("2026-W53", "2026-12-28"), ("2027-W01", "2027-01-04")] {
            let week: IsoWeek = text.parse().unwrap();
            assert_eq!((week.to_string().as_str(), week.monday.to_string().as_str()), (text, monday));
        }
        let (from, to) = "2026-W13".parse::<IsoWeek>().unwrap().span("Europe/Nicosia".parse().unwrap());
        // The week in which clocks go forward.
        assert_eq!((to.0 - from.0) / 3_600_000, 167);
        for none in ["", "2026", "2025-W53", "2026-W00", "W20", "2026-05-11"] {
            assert!(none.parse::<IsoWeek>().is_err(), "{none}");
        }
    }

    #[test]
    fn probabilities_are_shares() {
        assert!(Sampling::new("audit", 0.02).is_some() && Sampling::new("all", 1.0).is_some());
        assert!([0.0, -0.5, 1.5, f64::NAN].into_iter().all(|p| Sampling::new("x", p).is_none()));
    }
}
