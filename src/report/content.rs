//! What a report says. All words are cleaned, and masked unless they were to be shown, where this is made.

use crate::base::counted::count;
use crate::domain::{Rate, StayedPoint};
use crate::jobs::ChangeReport;
use serde::Serialize;
use serde_json::Value;

/// What a report bears near its beginning: a file without it is not replaced.
pub(super) const MARK: &str = "appraise-report";

/// A report.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// What made it: this program and its version. Marks a file as ours.
    pub made_by: String,
    /// When, in the store's zone.
    pub made_at: String,
    /// The store's name.
    pub store: String,
    /// The zone of days and weeks.
    pub zone: String,
    /// Whether addresses and numbers of people are masked in what customers and reviewers wrote.
    pub masked: bool,
    /// The finding, in a sentence or two.
    pub headline: Headline,
    /// Of whom shares are told, `customers` or `conversations`: only words are laid out by it.
    #[serde(skip)]
    pub whom: &'static str,
    /// Day one, where there is one apart from now.
    pub day_one: Option<ReportPeriod>,
    /// The seven days before.
    pub before: Option<ReportPeriod>,
    /// The last seven days; everything where the log has no times.
    pub now: ReportPeriod,
    /// The same days exactly as `stats --since 7d --json` tells them.
    pub stats: Value,
    /// Rates of these days as they are read: key, name, rate; no rate where something is missing.
    pub rates: Vec<NamedRate>,
    /// How many of those helped in eight weeks stayed helped for some days; empty where the log names no customers.
    pub stayed: Vec<StayedPoint>,
    /// Weeks, oldest first.
    pub weeks: Vec<ReportWeek>,
    /// What failed in four weeks.
    pub failures: Failures,
    /// What went live, oldest first.
    pub releases: Vec<ReportRelease>,
    /// What got better or worse, by intent, language, channel.
    pub changes: Vec<ChangeReport>,
    /// What fine-tuning can repair.
    pub ceiling: Option<Ceiling>,
    /// What review has cost.
    pub cost: Option<Cost>,
    /// What to do next.
    pub steps: Vec<Step>,
    /// What cannot be told, and what would make it so.
    pub missing: Vec<String>,
    /// What one must know to read it rightly.
    pub notes: Vec<String>,
}

/// The finding.
#[derive(Clone, Debug, Serialize)]
pub struct Headline {
    /// `up`, `down`, or `cannot_tell`; `None` where there is nothing to compare with.
    pub moved: Option<crate::domain::RateMovement>,
    /// The finding, in a sentence.
    pub says: String,
    /// How sure that is, and what the week before was like.
    pub sure: String,
}

/// Counts of some days.
#[derive(Clone, Debug, Serialize)]
pub struct ReportPeriod {
    /// What people call it.
    pub name: String,
    /// The first day; `None`: all of the log.
    pub first: Option<String>,
    /// The last day.
    pub last: Option<String>,
    /// N.
    pub n: u64,
    /// Solved by the AI.
    pub resolved: u64,
    /// Of these, those of which the customer said so.
    pub confirmed: u64,
    /// Handed to a person.
    pub escalated: u64,
    /// Not solved.
    pub failed: u64,
    /// The customer left.
    pub abandoned: u64,
    /// Nobody knows how these ended; not part of N.
    pub unknown: u64,
    /// Resolved of N.
    pub resolution: Rate,
}

impl ReportPeriod {
    /// The four ends in their order.
    pub const fn ends(&self) -> [u64; 4] {
        [self.resolved, self.escalated, self.failed, self.abandoned]
    }
}

impl Report {
    /// Whether there are too few conversations for numbers of 100, as on the Overview.
    pub fn is_too_few(&self) -> bool {
        self.day_one.is_none() && self.now.n < Rate::ENOUGH
    }
}

/// A rate with its name.
#[derive(Clone, Debug, Serialize)]
pub struct NamedRate {
    /// The key in `stats`.
    pub key: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// What it is of.
    pub of: &'static str,
    /// The rate.
    pub rate: Option<Rate>,
    /// Why there is none.
    pub needs: Option<&'static str>,
}

/// One week of the trend.
#[derive(Clone, Debug, Serialize)]
pub struct ReportWeek {
    /// The ISO week.
    pub week: String,
    /// Its Monday.
    pub monday: String,
    /// The first moment of its Monday, in milliseconds.
    #[serde(skip)]
    pub at: i64,
    /// Resolved of N.
    pub resolution: Rate,
}

/// What failed.
#[derive(Clone, Debug, Serialize)]
pub struct Failures {
    /// When, in words.
    pub times: String,
    /// Failed or handed over, those rightly so left out.
    pub failed: u64,
    /// Of so many.
    pub of: u64,
    /// What they have in common, the most frequent first.
    pub patterns: Vec<ReportPattern>,
    /// Why, as reviewers say.
    pub causes: Vec<ReportCause>,
    /// Reviewed failures: what the causes are counted of.
    pub reviewed: u64,
    /// The intents that failed most.
    pub intents: Vec<FailingIntent>,
}

impl Failures {
    /// Why patterns are of more conversations than failed, where they are.
    pub(super) fn more_in_patterns(&self) -> Option<String> {
        let of = self.patterns.first().map(|p| p.of).filter(|&of| of > self.failed)?;
        let more = of - self.failed;
        Some(format!("The list is of {}: {} more were rightly handed over.", count(of), count(more)))
    }
}

/// Failures that have something in common.
#[derive(Clone, Debug, Serialize)]
pub struct ReportPattern {
    /// What.
    pub name: String,
    /// Conversations.
    pub n: u64,
    /// Of so many.
    pub of: u64,
    /// Each of the last thirteen fortnights.
    pub trend: Vec<Option<u64>>,
    /// In the period before.
    pub before: Option<u64>,
    /// Nothing of it is older.
    pub new: bool,
    /// What a customer said.
    pub example: Option<String>,
    /// Who can repair it.
    pub repaired_by: Option<String>,
    /// Finds them.
    pub query: String,
}

/// A cause.
#[derive(Clone, Debug, Serialize)]
pub struct ReportCause {
    /// Its label.
    pub name: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// How often.
    pub n: u64,
    /// Who can repair it.
    pub repaired_by: &'static str,
}

/// An intent that fails.
#[derive(Clone, Debug, Serialize)]
pub struct FailingIntent {
    /// Its name.
    pub name: String,
    /// Failed or handed over.
    pub failures: u64,
    /// Of so many; `None`: no success can be told, so it is a share of nothing.
    pub n: Option<u64>,
}

/// A release that went live.
#[derive(Clone, Debug, Serialize)]
pub struct ReportRelease {
    /// `v3`.
    pub release: String,
    /// The day.
    pub day: String,
    /// When, in milliseconds.
    #[serde(skip)]
    pub at: i64,
    /// Whether customers were answered otherwise from then on: then it stands below the trend.
    #[serde(skip)]
    pub answered: bool,
    /// Whether it came back because a later one was taken back.
    pub rolled_back: bool,
    /// By whom.
    pub by: String,
    /// Why.
    pub reason: Option<String>,
    /// The verdict of its comparison.
    pub verdict: Option<crate::domain::Verdict>,
    /// Accuracy on sealed gold, and on how many turns.
    pub accuracy: Option<(f64, u64)>,
}

/// What fine-tuning can repair at most (rule 36).
#[derive(Clone, Debug, Serialize)]
pub struct Ceiling {
    /// Of the reviewed failures of four weeks; `None`: fewer than 30.
    pub now: Option<Rate>,
    /// Reviewed failures.
    pub reviewed: u64,
    /// The oldest four weeks that say enough: their last day, and their ceiling.
    pub before: Option<(String, Rate)>,
}

/// What review has cost.
#[derive(Clone, Debug, Serialize)]
pub struct Cost {
    /// Decisions by people.
    pub decisions: u64,
    /// Seconds each takes, the median.
    pub seconds: Option<f64>,
    /// Hours of all.
    pub hours: Option<f64>,
    /// The same in money, where the configuration has an hour's cost.
    pub money: Option<f64>,
}

/// What to do next.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// What.
    pub what: String,
    /// Who.
    pub owner: String,
    /// How many conversations it is about, of so many.
    pub n: Option<(u64, u64)>,
    /// More about it, such as when it is due.
    pub note: Option<String>,
}
