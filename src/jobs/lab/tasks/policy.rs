//! What a uniform policy would have brought, from a log with propensities.

use super::records::{fail, number, read};
use crate::jobs::JobError;
use crate::learn::judge::off_policy::{Estimators, LoggedChoice, uniform};
use serde::Serialize;
use std::path::Path;

/// What `evaluate --task policy` prints.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PolicyReport {
    /// Inverse propensity scores: mean reward a row.
    pub ips: f64,
    /// The same, self-normalised.
    pub snips: f64,
    /// Direct method.
    pub dm: f64,
    /// Doubly robust.
    pub dr: f64,
    /// Standard errors.
    pub se: PolicyErrors,
    /// Effective sample size.
    pub ess: f64,
    /// The largest weight.
    pub max_weight: f64,
    /// Whether the effective sample suffices.
    pub identifiable: bool,
    /// Rows.
    pub n: u64,
    /// Arms.
    pub arms: u64,
}

/// Standard errors of the estimators.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PolicyErrors {
    /// Of inverse propensity scores.
    pub ips: f64,
    /// Of the self-normalised ones.
    pub snips: f64,
    /// Of the direct method.
    pub dm: f64,
    /// Of the doubly robust one.
    pub dr: f64,
}

/// Reads a log (`item_id`, `click`, `propensity_score`) and estimates the uniform policy over its arms.
///
/// # Errors
/// The file cannot be read, or a row has no arm, reward or usable propensity.
pub fn evaluate_policy(log: &Path) -> Result<PolicyReport, JobError> {
    let mut rows = Vec::new();
    for (at, row) in read(log, &["item_id", "click", "propensity_score"])? {
        let get = |name: &str| {
            number(&row[name]).ok_or_else(|| fail(log, format!("row {at}: `{name}` is no number: {}", row[name])))
        };
        let (arm, reward, propensity) = (get("item_id")?, get("click")?, get("propensity_score")?);
        if !(propensity > 0.0 && propensity <= 1.0) {
            return Err(fail(log, format!("row {at}: a propensity is above 0 and at most 1, not {propensity}")));
        }
        rows.push(LoggedChoice { arm: arm as i64, reward, propensity, weight: 1.0 });
    }
    let found = uniform(&rows).ok_or_else(|| fail(log, "holds no row".to_owned()))?;
    let Estimators { ips, snips, dm, dr } = found.value;
    let se = PolicyErrors { ips: found.se.ips, snips: found.se.snips, dm: found.se.dm, dr: found.se.dr };
    let identifiable = found.is_identifiable();
    let (ess, max_weight, n, arms) = (found.ess, found.max_weight, found.n, found.arms);
    Ok(PolicyReport { ips, snips, dm, dr, se, ess, max_weight, identifiable, n, arms })
}
