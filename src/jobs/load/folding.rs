//! A thread that reads and folds what comes into the search next, on a connection of its own, while the one before is written.

use crate::jobs::JobError;
use crate::store::{FoldedText, Store, StoreError};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{Builder, Scope};

/// What is to be folded: up to so many conversations, of those before a row.
type Wanted = (u32, Option<i64>);

/// The thread, which ends when this is dropped.
pub(super) struct FoldingThread {
    wanted: SyncSender<Wanted>,
    folded: Receiver<Result<FoldedText, StoreError>>,
}

impl FoldingThread {
    /// Starts it for a store. The store is opened when something is wanted.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start<'s>(scope: &'s Scope<'s, '_>, path: &Path) -> Result<Self, JobError> {
        let (wanted, asked) = sync_channel(1);
        let (given, folded) = sync_channel(1);
        let path = path.to_owned();
        Builder::new()
            .spawn_scoped(scope, move || fold(&path, &asked, &given))
            .map_err(|_| JobError::no_thread(DOING))?;
        Ok(Self { wanted, folded })
    }

    /// Asks for up to `n` conversations of those before a row.
    ///
    /// # Errors
    /// The thread has ended.
    pub fn ask(&self, n: u32, before: Option<i64>) -> Result<(), JobError> {
        self.wanted.send((n, before)).map_err(|_| JobError::no_thread(DOING))
    }

    /// Waits for what was asked for.
    ///
    /// # Errors
    /// The store cannot be read; the thread has ended.
    pub fn take(&self) -> Result<FoldedText, JobError> {
        Ok(self.folded.recv().map_err(|_| JobError::no_thread(DOING))??)
    }
}

const DOING: &str = "building the search";

fn fold(path: &Path, asked: &Receiver<Wanted>, given: &SyncSender<Result<FoldedText, StoreError>>) {
    let mut opened = None;
    for (n, before) in asked {
        let read = |store: &Store| store.unsearched(n, before).map(|found| found.fold());
        let folded = match &opened {
            Some(store) => read(store),
            None => Store::reader(path).and_then(|store| read(opened.insert(store))),
        };
        if given.send(folded).is_err() {
            return;
        }
    }
}
