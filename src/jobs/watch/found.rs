//! What is asked of a check, and what it found.

use crate::domain::Timestamp;
use serde::Serialize;

/// The limits, as fractions.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits {
    /// The least rate of resolutions.
    pub min_resolution: Option<f64>,
    /// The largest rate of hand-overs.
    pub max_escalation: Option<f64>,
    /// The largest drop of the rate of resolutions below what is usual.
    pub max_drop: Option<f64>,
}

impl Limits {
    /// How many are given.
    pub fn count(&self) -> usize {
        [self.min_resolution, self.max_escalation, self.max_drop].iter().flatten().count()
    }
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct CheckOptions {
    /// The limits.
    pub limits: Limits,
    /// Begin anew.
    pub restart: bool,
    /// Now.
    pub now: Timestamp,
    /// Seed of the simulation.
    pub seed: u64,
}

/// A limit that is left.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Breach {
    /// `resolution`, `escalation` or `drop`.
    pub rate: &'static str,
    /// The limit.
    pub limit: f64,
    /// What was seen.
    pub value: f64,
    /// Lower end of the interval that holds at every look; of a drop, of a usual one.
    pub lo: f64,
    /// Its upper end.
    pub hi: f64,
    /// Observations: one a customer and day.
    pub n: u64,
    /// The first day that is counted.
    pub since: Option<String>,
    /// The finding.
    pub says: String,
}

/// A limit and what is known of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Checked {
    /// What was found, whether or not the limit holds; without data the value is null.
    #[serde(flatten)]
    pub found: Breach,
    /// Whether the limit is left.
    pub breached: bool,
}

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CheckReport {
    /// No limit is left.
    pub ok: bool,
    /// Limits that are left.
    pub breaches: Vec<Breach>,
    /// All limits that were given.
    pub checked: Vec<Checked>,
    /// The first day that is counted; `None`: the log has no times.
    pub since: Option<String>,
    /// Whether the beginning is kept in the store.
    pub kept: bool,
    /// What else is to be known of it.
    pub notes: Vec<String>,
}
