//! What can happen to the program from outside. Everything reaches [`crate::tui::update`] as one of these.

use crate::domain::{Comparison, ReleaseId, Timestamp};
use crate::jobs::demo::DemoReport;
use crate::jobs::{Blame, Economics, Exported, HeldOut, ImportReport, Replay, Verification};
use crate::tui::state::request::Answer;
use crossterm::event::Event;
use std::path::PathBuf;

/// Something happened.
#[derive(Debug)]
pub enum Msg {
    /// A key, a mouse act, a paste, a resize, a change of focus.
    Input(Event),
    /// What time it is; sent before anything else is handled.
    Now(Timestamp),
    /// The store thread answered.
    Answer(Box<Answer>),
    /// The job thread reports.
    Job(JobMsg),
    /// The time of a message at the foot of the screen is over.
    Expire(u64),
    /// SIGTERM, SIGHUP or SIGINT: leave at once.
    Terminate,
    /// The program runs again after it was stopped; what the terminal shows is not ours.
    Resumed,
    /// A background thread panicked.
    Panicked(String),
}

/// What long work says.
#[derive(Debug)]
pub enum JobMsg {
    /// Where the work of Fine-tune is.
    Tuning(Progress),
    /// Where the drawing of the learning curve is.
    Drawing(Progress),
    /// The learning curve is drawn, or not.
    Drawn(Result<Box<Economics>, JobEnd>),
    /// Where the renewal of predictions is.
    Renewing(Progress),
    /// Where the building of the search is.
    Indexing(Progress),
    /// Everything can be found by its words, or not.
    Indexed(Result<(), JobEnd>),
    /// Where the filling of the store is.
    Loading(Progress),
    /// The filling of the store ended.
    Loaded(Result<Box<Loaded>, JobEnd>),
    /// The work of Fine-tune ended.
    Tuned(Result<Done, JobEnd>),
    /// Predictions of the live release were renewed, or not.
    Renewed(Result<(), JobEnd>),
}

/// What the work of Fine-tune came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Done {
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
    Exported(Exported),
}

/// What has filled the store.
#[derive(Clone, Debug, PartialEq)]
pub enum Loaded {
    /// A log: what was imported, and the first records that could not be read.
    Import(Box<ImportReport>, Vec<String>),
    /// The demo is built, in this file.
    Demo(PathBuf, DemoReport),
}

impl Loaded {
    /// What the demo is called while it is built.
    pub const DEMO: &'static str = "the demo";
}

/// Why work ended without a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobEnd {
    /// Somebody cancelled it; nothing was left half-done.
    Cancelled,
    /// It failed, for this reason.
    Failed(String),
}

/// Where long work is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
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

impl Progress {
    /// Steps a second in this stage, once there is something to divide.
    pub fn per_second(&self) -> Option<f64> {
        (self.done > 0 && self.stage_ms >= 200).then(|| self.done as f64 * 1000.0 / self.stage_ms as f64)
    }

    /// Done, as a fraction; `None` while the total is unknown.
    pub fn fraction(&self) -> Option<f64> {
        (self.total > 0).then(|| (self.done as f64 / self.total as f64).clamp(0.0, 1.0))
    }
}
