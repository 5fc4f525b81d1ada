//! What [`super::update`] wants done. The loop does it; nothing else does.

use super::ask::Request;
use crate::domain::CycleId;

/// Something to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Ask the store thread.
    Ask(Request),
    /// Start fine-tuning on a thread of its own.
    Tune(TuneJob),
    /// Renew the predictions of the live release on a thread of its own.
    Renew,
    /// Tell the renewal that nobody wants its work any more.
    CancelRenewal,
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

/// How to fine-tune.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TuneJob {
    /// From scratch, not from the live release.
    pub scratch: bool,
    /// Up to the end of this cycle.
    pub cycle: Option<CycleId>,
}
