//! How long work tells where it is and learns that nobody wants it any more.

/// The work was cancelled by the person who started it; nothing was left half-done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cancelled")]
pub struct Cancelled;

/// Receives progress. A screen feeds a gauge from it, the command line a bar, a test a list.
pub trait Reporter: Sync {
    /// Says that `done` of `total` steps of `stage` are done (`total` 0: not known). Callers may call often;
    /// implementations throttle.
    ///
    /// # Errors
    /// [`Cancelled`] when the work should stop now and leave everything as it was.
    fn step(&self, stage: &str, done: u64, total: u64) -> Result<(), Cancelled>;

    /// Says how well training does so far: the mean log loss, in nats an example, of predictions for held-out examples
    /// (ln of the number of intents for a model that knows nothing, 0 for a perfect one). Comes between steps; a later
    /// value replaces an earlier one. Nobody has to show it.
    fn loss(&self, _mean: f64) {}
}

/// Reports to nobody and never cancels.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Reporter for Silent {
    fn step(&self, _: &str, _: u64, _: u64) -> Result<(), Cancelled> {
        Ok(())
    }
}
