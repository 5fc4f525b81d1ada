//! What [`crate::tui::update`] wants done. The loop does it; nothing else does.

use crate::domain::{ConversationId, CycleId, ReleaseId, Timestamp, TurnKey};
use crate::ingest::formats::csv::Mapping;
use crate::jobs::Drop;
use crate::tui::state::request::Request;
use std::path::PathBuf;

/// Something to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Ask the store thread.
    Ask(Request),
    /// Start the work of Fine-tune on a thread of its own.
    Tune(TuneJob),
    /// Draw the learning curve on a thread of its own.
    DrawCurve,
    /// Tell the drawing of the curve that nobody wants it any more.
    CancelCurve,
    /// Renew the predictions of the live release on a thread of its own.
    Renew,
    /// Tell the renewal that nobody wants its work any more.
    CancelRenewal,
    /// Make all that is stored findable by its words, on a thread of its own.
    Index,
    /// Fill the store on a thread of its own.
    Load(LoadJob),
    /// Tell that work that nobody wants it any more.
    CancelLoad,
    /// Leave this store and open another.
    Switch(PathBuf),
    /// Open again what lies under the store's name.
    Reopen,
    /// Put text on the terminal's clipboard.
    Copy(String),
    /// Ring the bell and name in the terminal's title what has ended.
    Notify(String),
    /// Give the terminal its title back.
    Title,
    /// Tell the work of Fine-tune that nobody wants it any more.
    CancelJob,
    /// Send `Msg::Expire` with this number after so many milliseconds.
    ExpireAfter(u64, u64),
    /// Draw everything anew: what the terminal shows may not be ours.
    Redraw,
    /// Give the terminal back and stop, until the shell continues us.
    Suspend,
    /// Leave.
    Quit,
}

/// How to fill a store.
#[derive(Clone, Debug, PartialEq)]
pub enum LoadJob {
    /// From a log; a CSV file by this mapping.
    Import(PathBuf, Option<Box<Mapping>>),
    /// With a made-up company, in the demo's own file.
    Demo,
}

/// What Fine-tune does on a thread of its own, one at a time.
#[derive(Clone, Debug, PartialEq)]
pub enum TuneJob {
    /// Make a candidate and compare it with what is live, up to the end of a cycle.
    Train(How, Option<CycleId>),
    /// Compare two releases; before may be the log's own predictions (`None`).
    Compare(Option<ReleaseId>, ReleaseId),
    /// Train a release again without some of its labels and compare that with what is live.
    Without(ReleaseId, Vec<Drop>, GoldTurn),
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
pub enum How {
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
