//! How conversations end for their customers, by the live release: read in the background, like predictions.

use crate::domain::{ConversationId, Reporter};
use crate::jobs::JobError;
use crate::learn::sentiment::heard::{FeltEnd, end_of};
use crate::store::{FeltSoFar, Store};
use rayon::prelude::*;

/// What this stage is called.
pub const FEELING: &str = "read how customers feel";

/// Conversations up to which a command that brings them in reads them, too: a second or two.
pub const FELT_AT_ONCE: u64 = 20_000;

/// As [`feel`] where that is soon done; returns how far it is.
///
/// # Errors
/// As [`feel`].
pub fn feel_at_once(store: &mut Store, reporter: &dyn Reporter) -> Result<FeltSoFar, JobError> {
    if (1..=FELT_AT_ONCE).contains(&store.left_to_feel()?) {
        feel(store, reporter)?;
    }
    Ok(store.felt_so_far()?)
}

/// Reads what the live release has not read, the newest first, in short transactions; may be stopped at any time and goes on where it
/// stopped. Where the live release has no such section, what others said goes. Returns how many were read.
///
/// # Errors
/// Cancelled; the store cannot be written.
pub fn feel(store: &mut Store, reporter: &dyn Reporter) -> Result<u64, JobError> {
    let (mut done, total) = (0, store.unfelt()?);
    loop {
        if total > 0 {
            reporter.step(FEELING, done, total.max(done))?;
        }
        let reading = store.live_reading()?;
        let batch = store.unfelt_batch()?;
        if batch.is_empty() {
            return Ok(done);
        }
        let felt: Vec<(ConversationId, Option<FeltEnd>)> = match &reading {
            Some((_, model)) => {
                let said =
                    batch.iter().map(|&id| Ok((id, store.conversation(id)?))).collect::<Result<Vec<_>, JobError>>()?;
                said.par_iter().map(|(id, c)| (*id, end_of(c, model))).collect()
            }
            None => batch.into_iter().map(|id| (id, None)).collect(),
        };
        done += felt.len() as u64;
        store.keep_felt(reading.map(|r| r.0), &felt)?;
        // A reviewer's write goes in between.
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
}
