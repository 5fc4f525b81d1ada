//! What is needed before a rate can be watched.

use crate::jobs::JobError;
use crate::store::Store;

/// # Errors
/// Only one kind of end is told, so that there is no rate; the store cannot be read.
pub(super) fn needs_rates(store: &Store) -> Result<(), JobError> {
    match store.figures().one_kind_of_end()? {
        None => Ok(()),
        Some(kind) => {
            Err(JobError::NotFound(format!("there is no rate to watch: it {}. {}", kind.needs(), kind.missing())))
        }
    }
}
