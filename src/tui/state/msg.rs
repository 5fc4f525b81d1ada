//! What can happen to the program from outside. Everything reaches [`crate::tui::update`] as one of these.

use super::request::StoreAnswer;
use super::shared::MomentShown;
use super::work::{FilledBy, JobEnd, JobProgress, LearntWords, TuneResult};
use crate::domain::{Detection, Timestamp};
use crate::jobs::{Economics, StoreAsOf};
use crate::theme::Palette;
use crossterm::event::Event;
use std::path::PathBuf;
use std::sync::Arc;

/// Something happened.
#[derive(Debug)]
pub enum Msg {
    /// A key, a mouse act, a paste, a resize, a change of focus.
    Input(Event),
    /// The terminal's background is dark or light.
    Background(Palette),
    /// What time it is; sent before anything else is handled.
    Now(Timestamp),
    /// The store thread answered.
    Answer(Box<StoreAnswer>),
    /// A job thread reports.
    Job(JobMsg),
    /// The store is shown as of this moment from now on; `None`: today's.
    MomentShown(Option<MomentShown>),
    /// The time of a message at the foot of the screen is over.
    Expire(u64),
    /// SIGTERM, SIGHUP or SIGINT: leave at once.
    Terminate,
    /// The program runs again after it was stopped; what the terminal shows is not ours.
    Resumed,
    /// A background thread panicked.
    Panicked(String),
}

impl Msg {
    /// An answer as a message.
    pub fn answer(answer: impl Into<StoreAnswer>) -> Self {
        Self::Answer(Box::new(answer.into()))
    }
}

/// What long work says.
#[derive(Debug)]
pub enum JobMsg {
    /// Where the work of Fine-tune is.
    Tuning(JobProgress),
    /// The work of Fine-tune ended.
    Tuned(Result<TuneResult, JobEnd>),
    /// Where the drawing of the learning curve is.
    Drawing(JobProgress),
    /// The learning curve is drawn, or not.
    Drawn(Result<Box<Economics>, JobEnd>),
    /// Where the renewal of predictions is.
    Renewing(JobProgress),
    /// Predictions of the live release were renewed, or not.
    Renewed(Result<(), JobEnd>),
    /// Where the building of the search is.
    Indexing(JobProgress),
    /// Everything can be found by its words, or not.
    Indexed(Result<(), JobEnd>),
    /// Where the search for patterns is.
    Finding(JobProgress),
    /// Patterns were looked for, or not.
    Found(Result<(), JobEnd>),
    /// A list of topics was proposed or accepted, or not.
    ListedTopics(Result<(), JobEnd>),
    /// Where the look for a failure mode is.
    Detecting(JobProgress),
    /// How much of the traffic it holds, or why that is not known.
    Detected(Result<Box<Detection>, JobEnd>),
    /// Where the writing of the report is.
    Reporting(JobProgress),
    /// The report is written, in this file, or not.
    Reported(Result<PathBuf, JobEnd>),
    /// Where the reading of the store as of a date is.
    LookingBack(JobProgress),
    /// The store was read as of a date, or not.
    LookedBack(Result<Arc<StoreAsOf>, JobEnd>),
    /// Where the counting of answers is.
    Counting(JobProgress),
    /// Answers were counted, or not.
    Counted(Result<(), JobEnd>),
    /// Where the learning from what customers show is.
    Learning(JobProgress),
    /// It ended: what came of it, and whether anybody asked.
    Learnt(Result<Vec<LearntWords>, JobEnd>),
    /// Where the filling of the store is.
    Loading(JobProgress),
    /// The filling of the store ended.
    Loaded(Result<Box<FilledBy>, JobEnd>),
}
