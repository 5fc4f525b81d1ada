//! What lies ahead of now, and clocks that were set back (rule 9).

use crate::domain::time::DAY;
use crate::domain::{Timestamp, Zone};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Clocks differ by so much; what is further ahead of now has a wrong time.
const SKEW: i64 = DAY;

/// The first moment that lies ahead of now (rule 9).
pub(in crate::store) const fn ahead_of(now: Timestamp) -> i64 {
    now.0.saturating_add(SKEW + 1)
}

/// Whether a moment lies so far ahead of now that no clock skew explains it: it counts in no period (rule 9).
pub const fn lies_ahead(at: Timestamp, now: Timestamp) -> bool {
    at.0 >= ahead_of(now)
}

/// How far back a clock was found to be set; shared by all who want to tell of it.
#[derive(Clone, Debug, Default)]
pub struct SetBack(Arc<AtomicI64>);

impl SetBack {
    /// Notes the moment that is written in place of an earlier now.
    pub(in crate::store) fn note(&self, at: Timestamp) {
        self.0.store(at.0, Ordering::Relaxed);
    }

    /// The moment that was written in place of now, where now was earlier than the newest decision. Told once.
    pub fn take(&self) -> Option<Timestamp> {
        Some(self.0.swap(0, Ordering::Relaxed)).filter(|&at| at != 0).map(Timestamp)
    }

    /// The same as words for a person.
    pub fn words(&self, zone: Zone) -> Option<String> {
        self.take().map(|at| {
            format!(
                "the clock is behind: the newest decision is of {}; what is decided now gets that time, until the clock has passed it",
                zone.stamp(at)
            )
        })
    }
}
