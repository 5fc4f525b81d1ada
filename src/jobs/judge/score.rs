//! Every release on the same test turns, whatever it was compared with at the time.

use crate::domain::Reporter;
use crate::jobs::JobError;
use crate::store::Store;

/// Scores the releases on the sealed half of the newest gold version; what is scored is kept. Sums only, as the trend shows
/// them: no look is counted (rule 12). Gives how many releases have an accuracy there.
///
/// # Errors
/// Cancelled (what was scored stays); the store cannot be read or written.
pub fn score(store: &Store, reporter: &dyn Reporter) -> Result<u64, JobError> {
    let releases = store.releases()?;
    let mut scored = 0;
    for (done, row) in releases.iter().enumerate() {
        reporter.step("score", done as u64, releases.len() as u64)?;
        scored += u64::from(store.sealed_accuracy(row.release)?.is_some());
    }
    Ok(scored)
}
