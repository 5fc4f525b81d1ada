//! A check that may be looked at every day (rule 41): limits by a confidence sequence, a drop by a cumulative sum.

use super::found::{CheckOptions, CheckReport, Limits};
use super::needed::needs_rates;
use super::observed::Watch;
use crate::jobs::JobError;
use crate::store::Store;

/// The chance of a false alarm within a year of daily looks, shared among the limits.
const ALPHA: f64 = 0.05;

/// Checks the limits. The beginning of the first check is kept in the store, where that may be written.
///
/// # Errors
/// No limit is given; the store holds only a part of its log, or tells of one kind of end alone; it cannot be read.
pub fn check(store: &Store, options: &CheckOptions) -> Result<CheckReport, JobError> {
    let limits = options.limits.count();
    if limits == 0 {
        let words = "no limit is given: name --min-resolution, --max-escalation or --max-drop";
        return Err(JobError::Usage(words.to_owned()));
    }
    if store.figures().is_part_of_a_log()? {
        return Err(JobError::NotFound(
            "a check counts customers one by one, and this store holds only a part of its log (a sample, or weeks of --traffic); \
             `appraise stats` has its rates"
                .to_owned(),
        ));
    }
    needs_rates(store)?;
    let watch = Watch::begin(store, options)?;
    let alpha = ALPHA / limits as f64;
    let mut found =
        CheckReport { kept: watch.kept, since: watch.since(), notes: watch.notes.clone(), ..CheckReport::default() };
    let Limits { min_resolution, max_escalation, max_drop } = options.limits;
    if let Some(limit) = min_resolution {
        found.checked.push(watch.at_least(limit, alpha));
    }
    if let Some(limit) = max_escalation {
        found.checked.push(watch.at_most(limit, alpha));
    }
    if let Some(limit) = max_drop {
        let (checked, usual) = watch.drop(limit, alpha, options.seed, &mut found.notes);
        found.checked.push(checked);
        found.kept = watch.keep(store, usual, limits, &mut found.notes)?;
    } else {
        found.kept = watch.keep(store, watch.state.usual, limits, &mut found.notes)?;
    }
    found.breaches = found.checked.iter().filter(|c| c.breached).map(|c| c.found.clone()).collect();
    found.ok = found.breaches.is_empty();
    Ok(found)
}
