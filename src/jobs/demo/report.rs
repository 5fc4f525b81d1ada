//! What a demo came to.

use serde::Serialize;

/// What was built, or was there.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct DemoReport {
    /// Conversations in the store.
    pub conversations: u64,
    /// Weeks.
    pub weeks: u32,
    /// Releases.
    pub releases: u64,
    /// What only the simulation knows; empty where the demo was there before.
    #[serde(skip)]
    pub truth: Vec<TrueWeek>,
    /// What the reviewers did; zero where the demo was there before.
    #[serde(skip)]
    pub labelled: LabelCounts,
}

/// The truth about one week.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrueWeek {
    /// Conversations.
    pub asked: u64,
    /// Whose first request the live release understood.
    pub understood: u64,
    /// That it resolved.
    pub resolved: u64,
}

/// Labels given and labels wrong: what a test checks the 5 % by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LabelCounts {
    /// Intent labels.
    pub given: u64,
    /// Of those, wrong on purpose.
    pub wrong: u64,
}
