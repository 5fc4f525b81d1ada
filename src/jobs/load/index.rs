//! Building full-text search behind an import, newest conversations first, while people browse.
//!
//! May be stopped or killed at any time: the store knows which rows are still to come.

use super::folding::FoldingThread;
use crate::domain::Reporter;
use crate::jobs::JobError;
use crate::store::{FoldedText, NextIndex, Store};
use std::path::Path;
use std::time::{Duration, Instant};

/// The stage's name.
pub const INDEXING: &str = "search";

/// How long a transaction may hold the store's lock while people work: a decision waits a frame or two.
const SHORT: Duration = Duration::from_millis(15);
/// While an index is built for the first time and nobody writes: fewer and larger parts, less to merge.
const LONG: Duration = Duration::from_millis(800);
/// Lets a waiting writer in between two transactions.
const GAP: Duration = Duration::from_millis(2);
/// An import that stores nothing for so long was killed, or has time.
const SILENCE: Duration = Duration::from_secs(1);
/// Between two looks whether it does.
const LOOK: Duration = Duration::from_millis(20);
/// For so long after somebody else has written, short transactions.
const IN_USE: Duration = Duration::from_secs(10);
/// Conversations of the first transaction while people work, and of a first index; of the smallest and the largest.
const FEW: u32 = 100;
const MORE: u32 = 6_400;
const LEAST: u32 = 20;
const MOST: u32 = 40_000;
/// Merged pages (4 KB) of the first step of merging, the fewest and the most.
const PAGES: i64 = 64;
const LEAST_PAGES: i64 = 16;
const MOST_PAGES: i64 = 4_096;
/// So many parts are searched as quickly as one.
const FEW_PARTS: u32 = 8;
/// Transactions after which the parts that they left are merged, where many of them are to come.
const PARTS: u32 = 128;

/// Makes everything that is stored findable by its words; returns how many conversations were put in.
///
/// # Errors
/// Cancelled (what was done stays, and the next call goes on); the store cannot be written.
pub fn index(store: &mut Store, reporter: &dyn Reporter) -> Result<u64, JobError> {
    let first = store.search_is_blank()?;
    let size = if first { MORE } else { FEW };
    let mut work = IndexWork { store, reporter, first, size, pages: PAGES, done: 0, others: None, is_alone: false };
    let built = work.build();
    let IndexWork { store, done, is_alone, .. } = work;
    if is_alone {
        store.fold_seldom(false)?;
    }
    built?;
    // The next start then reads the columns of the queue instead of every row.
    if store.wants_packing()? {
        store.pack(|| reporter.step(INDEXING, done, done).is_ok())?;
    }
    store.trim_changes()?;
    Ok(done)
}

/// Builds the indexes that a first import put off; those of one that is under way are left to it. Of one that was killed the store says
/// that it is under way, too, but nothing more comes.
fn build_indexes(store: &Store, reporter: &dyn Reporter) -> Result<(), JobError> {
    let (began, first) = (Instant::now(), store.search_state()?.total);
    loop {
        let state = store.search_state()?;
        let silent = state.total == first && began.elapsed() >= SILENCE;
        let pause = match store.build_next_index(silent)? {
            NextIndex::None => return Ok(()),
            NextIndex::LeftToImport if state.total > first => return Ok(()),
            NextIndex::LeftToImport => LOOK,
            NextIndex::Built => GAP,
        };
        reporter.step(INDEXING, state.indexed, state.total)?;
        std::thread::sleep(pause);
    }
}

struct IndexWork<'a> {
    store: &'a mut Store,
    reporter: &'a dyn Reporter,
    /// Nothing could be found before.
    first: bool,
    /// Conversations of the next transaction.
    size: u32,
    /// Pages of the next step of merging.
    pages: i64,
    done: u64,
    /// When somebody else was last seen to have written.
    others: Option<Instant>,
    /// Whether a first index is built and nobody else writes.
    is_alone: bool,
}

impl IndexWork<'_> {
    fn build(&mut self) -> Result<(), JobError> {
        let parts = self.cover()?;
        match parts {
            0 => Ok(()),
            1..=FEW_PARTS if self.first => Ok(()),
            // A large first index becomes one part, as quick to search as it can be; later ones only join parts of one size.
            _ => self.merge(self.first),
        }
    }

    /// Indexes until nothing is left, having built what a first import put off; returns how many transactions it took.
    fn cover(&mut self) -> Result<u32, JobError> {
        let path = self.store.file().map(Path::to_owned);
        std::thread::scope(|scope| {
            let ahead = path.map(|path| FoldingThread::start(scope, &path)).transpose()?;
            ahead.as_ref().map(|ahead| ahead.ask(self.size, None)).transpose()?;
            build_indexes(self.store, self.reporter)?;
            self.store.others_committed()?;
            self.allowed()?;
            let mut parts = 0;
            let mut next = self.folded(ahead.as_ref(), self.size, None)?;
            loop {
                let state = self.store.search_state()?;
                self.reporter.step(INDEXING, state.indexed, state.total)?;
                if next.is_empty() {
                    // Somebody may have stored more meanwhile.
                    next = self.store.unsearched(self.size, None)?.fold();
                    if next.is_empty() {
                        return Ok(parts);
                    }
                }
                next = self.write_and_fold(&next, ahead.as_ref())?;
                parts += 1;
                if parts % PARTS == 0 {
                    self.merge(false)?;
                }
            }
        })
    }

    /// Writes what is folded while another thread folds what comes next; a store in memory has one connection, hence one after the other.
    fn write_and_fold(&mut self, folded: &FoldedText, ahead: Option<&FoldingThread>) -> Result<FoldedText, JobError> {
        let (n, before) = (self.size, folded.first_row());
        ahead.map(|ahead| ahead.ask(n, before)).transpose()?;
        let began = Instant::now();
        self.done += self.store.index(folded)?;
        self.size = scaled(self.size.into(), began.elapsed(), self.allowed()?).clamp(LEAST.into(), MOST.into()) as u32;
        std::thread::sleep(GAP);
        self.folded(ahead, n, before)
    }

    /// What the other thread was asked for; where there is none, this one folds.
    fn folded(&self, ahead: Option<&FoldingThread>, n: u32, before: Option<i64>) -> Result<FoldedText, JobError> {
        match ahead {
            Some(ahead) => ahead.take(),
            None => Ok(self.store.unsearched(n, before)?.fold()),
        }
    }

    /// How long a transaction may take now.
    fn allowed(&mut self) -> Result<Duration, JobError> {
        if self.store.others_committed()? {
            self.others = Some(Instant::now());
        }
        let in_use = self.others.is_some_and(|at| at.elapsed() < IN_USE);
        let is_alone = self.first && !in_use;
        if is_alone != self.is_alone {
            self.is_alone = is_alone;
            self.store.fold_seldom(is_alone)?;
        }
        Ok(if is_alone { LONG } else { SHORT })
    }

    /// Merges parts of the index in short steps.
    fn merge(&mut self, whole: bool) -> Result<(), JobError> {
        let mut starting = whole;
        loop {
            let state = self.store.search_state()?;
            self.reporter.step(INDEXING, state.indexed, state.total)?;
            let began = Instant::now();
            let more = self.store.merge_search(self.pages, starting)?;
            starting = false;
            if !more {
                return Ok(());
            }
            self.pages = scaled(self.pages, began.elapsed(), self.allowed()?).clamp(LEAST_PAGES, MOST_PAGES);
            std::thread::sleep(GAP);
        }
    }
}

/// A size that should take as long as is allowed, after one that took so long; at most twice as large.
fn scaled(size: i64, took: Duration, allowed: Duration) -> i64 {
    let share = allowed.as_secs_f64() / took.as_secs_f64().max(1e-6);
    (size as f64 * share.min(2.0)) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_follow_the_time_that_is_allowed() {
        let ms = Duration::from_millis;
        assert_eq!(scaled(100, ms(30), ms(15)), 50);
        assert_eq!(scaled(100, ms(1), ms(15)), 200, "one quick transaction says little");
    }
}
