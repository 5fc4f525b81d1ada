//! Who asks for a run.

use crate::domain::{CycleId, Timestamp};

/// Who asks, when, and for which cycle.
pub(super) struct ReleaseRequest<'a> {
    pub reviewer: &'a str,
    pub now: Timestamp,
    /// For which cycle: its failures are scored, and the release names it.
    pub cycle: Option<CycleId>,
}
