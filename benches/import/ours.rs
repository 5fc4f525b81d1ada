//! The program's own import.

use crate::support::measure::{Clock, Mark};
use appraise::domain::{SilentReporter, Timestamp};
use appraise::ingest::{Input, ReadOptions, Rejects};
use appraise::jobs::{self, ImportOptions};
use appraise::store::{Access, Founding, OnDuplicate, Store};
use std::io::Write;
use std::path::Path;

/// 2026-11-01.
pub const NOW: Timestamp = Timestamp(1_793_491_200_000);

/// Opens a store for bulk work or people's.
pub fn open(path: &Path, access: Access) -> Store {
    Store::open(path, access, Founding { seed: 1, test_share: 0.2, now: NOW }).expect("a store")
}

/// Imports a log; gives how many conversations were new.
pub fn import(store: &mut Store, log: &Path) -> u64 {
    let options = ImportOptions {
        read: ReadOptions::new(NOW),
        on_duplicate: OnDuplicate::Update,
        take_older: false,
        dry_run: false,
        now: NOW,
    };
    let mut rejects = Rejects::new(Box::new(std::io::sink()) as Box<dyn Write>);
    let report = jobs::import(store, "bench", Input::File(log.to_owned()), &options, &mut rejects, &SilentReporter);
    report.expect("an import").new
}

/// Loads a log; tells when it could be browsed and searched.
pub fn load(log: &Path, path: &Path) -> [Mark; 2] {
    let clock = Clock::start();
    let mut store = open(path, Access::Bulk);
    import(&mut store, log);
    let browsable = clock.mark();
    jobs::index(&mut store, &SilentReporter).expect("an index");
    [browsable, clock.mark()]
}
