//! What takes long: store and learners brought together, with progress and cancel.

pub mod demo;
pub mod encoders;
mod external;
pub mod judge;
pub mod lab;
pub mod load;
mod net;
pub mod release;
pub mod serve;
pub mod train;

pub use judge::blame::{Batch, Blame, BlameOptions, Drop, METHOD, Pull, blame, retrain_without};
pub use judge::compare::compare;
pub use judge::held_out::{HeldOut, held_out};
pub use lab::disputed::{DisputedText, FlipReport, disputed_texts};
pub use lab::evaluate::{EvaluateReport, LabelledFile, LabelledText, evaluate, read_labelled};
pub use load::import::{ImportOptions, ImportReport, import};
pub use load::index::index;
pub use release::export::{Exported, export_model};
pub use serve::responder::{Reply, Responder};
pub use train::economics::{Advice, Economics, economics};
pub use train::finetune::{FinetuneOptions, Start, finetune, finetune_with};
pub use train::learning_curve::curve;

pub use external::measure::{Bill, MeasureOptions, measure};
pub use judge::predictor::cannot_answer;
pub use judge::replay::{Change, Replay, ReplayOptions, WasIs, replay};
pub use judge::score::score;
pub use lab::simulate::{SimulateOptions, SimulatedWeek, simulate};
pub use release::promote::{Back, promote, renew, rollback};
pub use train::verify::{Verification, verify};

use crate::domain::Cancelled;
use crate::learn::intent::TrainError;
use crate::learn::vectors::encoder::EncoderError;
use crate::store::{StoreError, Want};

/// Why a job did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Stopped by the person who started it; what was finished before stays.
    #[error("stopped; nothing was left half-done")]
    Cancelled,
    /// An import failed in the middle; what was stored before stays.
    #[error("{why}; {stored} of it, and importing it again goes on from there", stored = stored_words(*stored))]
    Unfinished {
        /// Conversations of it that are in the store.
        stored: u64,
        /// What went wrong.
        why: Box<JobError>,
    },
    /// A gate or a rule says no; an override may be possible.
    #[error("{0}")]
    Gate(String),
    /// A file cannot be read.
    #[error("{path}: {what}")]
    File {
        /// Which.
        path: String,
        /// Why.
        what: String,
    },
    /// An encoder cannot be read.
    #[error(transparent)]
    Encoder(#[from] EncoderError),
    /// There is nothing to do it with.
    #[error("{0}")]
    NothingToDo(String),
}

impl JobError {
    /// No thread could be started for something.
    fn no_thread(doing: &str) -> Self {
        StoreError::Short { doing: doing.to_owned(), want: Want::Threads }.into()
    }
}

fn stored_words(n: u64) -> String {
    match n {
        0 => "nothing was stored".to_owned(),
        1 => "1 conversation is stored".to_owned(),
        n => format!("{n} conversations are stored"),
    }
}

impl From<crate::disk::CannotWrite> for JobError {
    fn from(e: crate::disk::CannotWrite) -> Self {
        Self::File { path: e.path, what: e.what }
    }
}

impl From<Cancelled> for JobError {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

impl From<TrainError> for JobError {
    fn from(e: TrainError) -> Self {
        match e {
            TrainError::Cancelled(_) => Self::Cancelled,
            TrainError::NothingToLearn => Self::NothingToDo(
                "there is nothing to learn from yet: label some failures, or `appraise intents import FILE` (text,intent)".to_owned(),
            ),
        }
    }
}

#[cfg(test)]
mod tests;
