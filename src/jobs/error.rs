//! Why a job did not do what it was asked for: one kind for each answer that a caller may want to give.

use crate::domain::{Cancelled, ReleaseId};
use crate::ingest::IngestError;
use crate::learn::contract::FitError;
use crate::learn::vectors::encoder::EncoderError;
use crate::store::{MachineShortage, StoreError};
use std::io;
use std::net::SocketAddr;

/// What went wrong underneath, of whatever kind.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// An error of a job. Its words say what happened and what to do next, those of its cause included.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Stopped by the person who started it; what was finished before stays.
    #[error("stopped; nothing was left half-done")]
    Cancelled,
    /// It was asked for in a way that cannot be meant, whatever the store holds: a name that is none, a reason that is missing.
    #[error("{0}")]
    Usage(String),
    /// Something that is there already is in the way: a name is taken, a file holds something else.
    #[error("{0}")]
    InTheWay(String),
    /// The configuration or the environment does not say what is needed, or what cannot be used.
    #[error("{0}")]
    Configuration(String),
    /// There is nothing to learn from or to compare on yet.
    #[error("{0}")]
    NothingToLearn(String),
    /// There is no such thing: no encoder of that name, no gold turn there, no live release.
    #[error("{0}")]
    NotFound(String),
    /// The release is not of the kind that can do this: it was made elsewhere, has no model, or learned nothing of the sort.
    #[error("{0}")]
    NotThisRelease(String),
    /// A program or a server outside refused, failed or fell silent.
    #[error("{words}")]
    Outside {
        /// What happened, and what to do next.
        words: String,
        /// What the system says, where it does.
        source: Option<Cause>,
    },
    /// A gate or a rule says no; an override may be possible.
    #[error("{0}")]
    Gate(String),
    /// A release would not answer, so it was not made live.
    #[error("v{} cannot go live: {source}; {stays}", release.0)]
    CannotGoLive {
        /// Which.
        release: ReleaseId,
        /// What is live instead, in words.
        stays: String,
        /// Why it would not answer.
        source: Box<JobError>,
    },
    /// An import failed in the middle; what was stored before stays.
    #[error("{source}; {stored} of it, and importing it again goes on from there", stored = stored_words(*stored))]
    Unfinished {
        /// Conversations of it that are in the store.
        stored: u64,
        /// What went wrong.
        source: Box<JobError>,
    },
    /// An AI stopped answering in the middle; its answers so far stay.
    #[error("{source}. {kept} of {of} answers are kept; run it again to go on from there")]
    HalfAsked {
        /// Answers that are kept.
        kept: usize,
        /// Questions.
        of: usize,
        /// What went wrong.
        source: Box<JobError>,
    },
    /// A log cannot be read at all.
    #[error(transparent)]
    Log(#[from] IngestError),
    /// A file cannot be read or written.
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
    /// An address cannot be listened on.
    #[error("cannot listen on {addr}: {source}; another program may hold it, --addr takes another")]
    CannotListen {
        /// Which.
        addr: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// No directory can be made for a program outside to work in.
    #[error("no temporary directory can be made: {why} (TMPDIR names another place)")]
    NoWorkplace {
        /// What the system says, in words that say what to do.
        why: String,
        /// The same as it says it.
        source: io::Error,
    },
    /// Memory for a release's bytes ran out.
    #[error("the release cannot be packed: {0}")]
    CannotPack(#[source] io::Error),
}

impl JobError {
    /// No thread could be started for something.
    pub(in crate::jobs) fn no_thread(doing: &str) -> Self {
        StoreError::Short { doing: doing.to_owned(), want: MachineShortage::Threads }.into()
    }

    /// Something outside refused in its own words; no error of the system lies under it.
    pub(in crate::jobs) fn outside(words: String) -> Self {
        Self::Outside { words, source: None }
    }

    /// A release has nothing that tells intents.
    pub(in crate::jobs) fn no_model(release: ReleaseId) -> Self {
        Self::NotThisRelease(format!("v{} has no intent model", release.0))
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

impl From<FitError> for JobError {
    fn from(e: FitError) -> Self {
        match e {
            FitError::Cancelled(_) => Self::Cancelled,
            FitError::NothingToLearn => Self::NothingToLearn(
                "there is nothing to learn from yet: label some failures, or `appraise intents import FILE` (text,intent)".to_owned(),
            ),
        }
    }
}
