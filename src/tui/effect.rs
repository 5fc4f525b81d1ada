//! What [`super::update`] wants done. The loop does it; nothing else does.

use super::ask::Request;
use crate::domain::CycleId;
use crate::ingest::csv::Mapping;
use std::path::PathBuf;

/// Something to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Ask the store thread.
    Ask(Request),
    /// Start fine-tuning on a thread of its own.
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
    /// Put text on the terminal's clipboard.
    Copy(String),
    /// Ring the bell and name in the terminal's title what has ended.
    Notify(String),
    /// Give the terminal its title back.
    Title,
    /// Tell fine-tuning that nobody wants its work any more.
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

/// How to fine-tune.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TuneJob {
    /// From scratch, not from the live release.
    pub scratch: bool,
    /// Up to the end of this cycle.
    pub cycle: Option<CycleId>,
}
