//! Long work, as data: what it is, how far it is, how it ended.

use crate::domain::{Comparison, ConversationId, CycleId, ReleaseId, Timestamp, TurnKey};
use crate::jobs::demo::DemoReport;
use crate::jobs::{Blame, ExportReport, HeldOut, ImportReport, LeftOutLabels, Replay, Verification};
use crate::tui::state::files::LogReading;
use std::path::PathBuf;

/// How to fill a store.
#[derive(Clone, Debug, PartialEq)]
pub enum LoadJob {
    /// From a log, read as it is said to be.
    Import(PathBuf, LogReading),
    /// With a made-up company, in the demo's own file.
    Demo,
}

/// What Fine-tune does on a thread of its own, one at a time.
#[derive(Clone, Debug, PartialEq)]
pub enum TuneJob {
    /// Make a candidate and compare it with what is live, up to the end of a cycle.
    Train(CandidateMethod, Option<CycleId>),
    /// Compare two releases; before may be the log's own predictions (`None`).
    Compare(Option<ReleaseId>, ReleaseId),
    /// Train a release again without some of its labels and compare that with what is live.
    Without(ReleaseId, Vec<LeftOutLabels>, GoldTurn),
    /// Train a release again and compare the bytes.
    Verify(ReleaseId),
    /// Score all releases on the newest gold version.
    Score,
    /// Put the failures since a moment to a release.
    Replay(ReleaseId, Timestamp),
    /// Look for the labels behind a release's answer to a gold turn, beside another release (`None`: its newest comparison's).
    Blame(ReleaseId, Option<ReleaseId>, GoldTurn),
    /// List what a release did not learn from because it repeats gold.
    HeldOut(ReleaseId),
    /// Write a release as files.
    Export(ReleaseId, PathBuf),
}

/// A turn of the open half.
pub type GoldTurn = (ConversationId, TurnKey);

/// How a candidate is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CandidateMethod {
    /// By the built-in classifier, from the live release where there is one.
    #[default]
    Live,
    /// By the built-in classifier, from nothing.
    Scratch,
    /// By the configuration's trainer of this name.
    Trainer(String),
    /// By asking the configuration's AI of this name.
    Ask(String),
}

/// What the work of Fine-tune came to.
#[derive(Clone, Debug, PartialEq)]
pub enum TuneResult {
    /// Two releases stand side by side; with what else is to be said about it.
    Compared(Box<Comparison>, Option<String>),
    /// A release was trained again.
    Verified(Verification),
    /// All releases are scored on the newest gold version; how many could be.
    Scored(u64),
    /// Failures were put to a release.
    Replayed(Box<Replay>),
    /// The labels behind an answer.
    Blamed(Box<Blame>),
    /// What a release did not learn from.
    HeldOut(ReleaseId, Vec<HeldOut>),
    /// A release is written.
    Exported(ExportReport),
}

/// What has filled the store.
#[derive(Clone, Debug, PartialEq)]
pub enum FilledBy {
    /// A log: what was imported, and the first records that could not be read.
    Import(Box<ImportReport>, Vec<String>),
    /// The demo is built, in this file.
    Demo(PathBuf, DemoReport),
}

/// What came of learning, for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LearntWords {
    /// In a sentence.
    pub says: String,
    /// Something went live.
    pub promoted: bool,
}

/// The store is being filled in the background.
#[derive(Clone, Debug, PartialEq)]
pub struct FillingWork {
    /// With what: a file's name, or the demo.
    pub what: String,
    /// How far it is.
    pub run: JobRun,
}

impl FillingWork {
    /// What the demo is called while it is built.
    pub const DEMO: &'static str = "the demo";

    /// Whether it is the demo that is built.
    pub fn is_demo(&self) -> bool {
        self.what == Self::DEMO
    }
}

/// Why work ended without a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobEnd {
    /// Somebody cancelled it; nothing was left half-done.
    Cancelled,
    /// It failed, for this reason.
    Failed(String),
}

/// How far a job is that a person started.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JobRun {
    /// Where it is.
    pub progress: JobProgress,
    /// Somebody asked it to stop.
    pub cancelling: bool,
}

/// Work that begins by itself: the renewal of predictions, the building of the search.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Background {
    /// Nothing goes on.
    #[default]
    Idle,
    /// It goes on.
    Running(JobProgress),
    /// It failed, and is not tried again before the next start.
    Broken,
}

impl Background {
    /// Where it is.
    pub fn progress(&self) -> Option<&JobProgress> {
        match self {
            Self::Running(p) => Some(p),
            Self::Idle | Self::Broken => None,
        }
    }
}

/// Where long work is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JobProgress {
    /// What it does now.
    pub stage: String,
    /// Steps done of this stage.
    pub done: u64,
    /// Steps of this stage; 0: not known.
    pub total: u64,
    /// Milliseconds since this stage began.
    pub stage_ms: u64,
    /// Milliseconds since the work began.
    pub total_ms: u64,
    /// Seconds that these steps will still take, once it can be told.
    pub left: Option<u64>,
    /// How surprised the model is by labels that it has not seen, once training tells: mean log loss, in nats.
    pub loss: Option<f64>,
}

impl JobProgress {
    /// Steps a second in this stage, once there is something to divide.
    pub fn per_second(&self) -> Option<f64> {
        (self.done > 0 && self.stage_ms >= 200).then(|| self.done as f64 * 1000.0 / self.stage_ms as f64)
    }

    /// Done, as a fraction; `None` while the total is unknown.
    pub fn fraction(&self) -> Option<f64> {
        (self.total > 0).then(|| (self.done as f64 / self.total as f64).clamp(0.0, 1.0))
    }
}
