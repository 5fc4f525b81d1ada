//! The store as of a date (rule 51): a copy beside it, taken back to that moment, with what is worked out of it made anew, so that every
//! screen and every command reads it as they read any store. It is gone with its owner.

use crate::disk::{self, Temporary};
use crate::domain::{QueryMoment, Reporter, Timestamp};
use crate::jobs::encoders::{InstalledEncoders, Vectors};
use crate::jobs::{JobError, count_answers, find_patterns, renew};
use crate::store::{Access, Founding, LongError, Store};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How the directory of a copy begins its name.
const PREFIX: &str = ".appraise-as-of-";

/// What a store is taken back with.
pub struct AsOfOptions<'a> {
    /// The first moment that is left out; a day is one of the store's zone.
    pub moment: QueryMoment,
    /// Now: what is still to come is refused.
    pub now: Timestamp,
    /// Seed of what is looked for.
    pub seed: u64,
    /// For opening the copy.
    pub founding: Founding,
    /// The installed encoders.
    pub encoders: &'a Arc<InstalledEncoders>,
}

/// A store as it was, for as long as this lives.
pub struct StoreAsOf {
    path: PathBuf,
    moment: Timestamp,
    words: String,
    _dir: Temporary,
}

impl StoreAsOf {
    /// The file. It is the store's own name, in a directory of its own.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The first moment that is left out.
    pub fn moment(&self) -> Timestamp {
        self.moment
    }

    /// The same in the words of the store's zone: the day where it is the beginning of one.
    pub fn words(&self) -> &str {
        &self.words
    }
}

impl PartialEq for StoreAsOf {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path
    }
}

impl Eq for StoreAsOf {}

impl std::fmt::Debug for StoreAsOf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoreAsOf").field("path", &self.path).field("moment", &self.moment).finish_non_exhaustive()
    }
}

/// Makes a copy of the store as it was at a moment. Costs the copy, and what is predicted and counted anew.
///
/// # Errors
/// The moment is still to come, or nothing was there yet; there is no room for the copy; cancelled.
pub fn as_of(path: &Path, options: &AsOfOptions<'_>, reporter: &dyn Reporter) -> Result<StoreAsOf, JobError> {
    let dir = place(path)?;
    let copy = dir.path().join(path.file_name().unwrap_or("store.db".as_ref()));
    Store::working_copy(path, &copy, reporter).map_err(|e| match e {
        LongError::Store(e) => JobError::Store(e),
        LongError::Cancelled(_) => JobError::Cancelled,
    })?;
    let mut store =
        Store::open(&copy, Access::Bulk, options.founding)?.with_encoders(Arc::clone(options.encoders) as _);
    let moment = store.when(options.moment, options.now)?;
    if moment > options.now {
        return Err(JobError::Usage("that day is still to come; name one that has been".to_owned()));
    }
    reporter.step("take the copy back", 0, 0)?;
    let first = store.first_activity()?;
    store.rewind(moment)?;
    if let (None, Some(first)) = (store.first_activity()?, first) {
        let day = store.zone()?.date(first);
        return Err(JobError::NotFound(format!("nothing was there yet: the first conversation is of {day}")));
    }
    renew(&mut store, reporter)?;
    let embedder = Vectors::of_store(options.encoders, &store)?.open(options.encoders)?;
    find_patterns(&store, embedder.as_deref(), moment, options.seed, reporter)?;
    count_answers(&store, reporter)?;
    reporter.step("read the figures", 0, 0)?;
    // Accuracies of releases are scored once and kept: whoever only looks cannot keep them.
    store.figures().overview(moment)?;
    if store.wants_packing()? {
        store.pack(|| true)?;
    }
    let zone = store.zone()?;
    let words = if zone.midnight(zone.day(moment)) == moment { zone.date(moment) } else { zone.stamp(moment) };
    Ok(StoreAsOf { path: copy, moment, words, _dir: dir })
}

/// A directory of its owner's alone: beside the store, where there is room for another one, else where the system keeps such things.
fn place(store: &Path) -> Result<Temporary, JobError> {
    let beside = store.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Temporary::within(beside, PREFIX)
        .or_else(|_| Temporary::new())
        .map_err(|source| JobError::NoWorkplace { why: disk::words(&source), source })
}
