//! A log for whoever looks into a failure (`APPRAISE_LOG`): what was run, how it ended, what was written and how long that took.
//! Customers' words, queries, names and arguments never go into it.

use crate::config::{Environment, LogLevel};
use crate::domain::Timestamp;
use crate::jobs::JobError;
use crate::store::StoreError;
use log::{LevelFilter, Metadata, Record};
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Bytes after which the file begins anew; the one before is kept as `appraise.log.old`.
const MOST: u64 = 4 << 20;

struct Journal {
    file: Mutex<File>,
    clock: super::context::Clock,
}

impl log::Log for Journal {
    fn enabled(&self, metadata: &Metadata) -> bool {
        // Other crates say addresses and texts.
        metadata.target().starts_with("appraise")
    }

    fn log(&self, record: &Record) {
        if self.enabled(record.metadata()) {
            let at: Timestamp = (self.clock)();
            let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
            let process = std::process::id();
            // A log that cannot be written stops nothing.
            let _ = writeln!(file, "{} {process} {} {}", at.rfc3339(), record.level(), record.args());
        }
    }

    fn flush(&self) {}
}

/// Begins the log where the environment asks for one. Says so on standard error when it cannot be written, and goes on.
pub(in crate::cli) fn begin(environment: &Environment, clock: super::context::Clock) {
    let level = match environment.log {
        None => return,
        Some(LogLevel::Brief) => LevelFilter::Info,
        Some(LogLevel::Full) => LevelFilter::Debug,
    };
    let Some(dir) = &environment.state_dir else { return };
    let path = dir.join("appraise.log");
    let opened = crate::disk::make_dirs(dir).and_then(|()| open(&path));
    let file = match opened {
        Ok(file) => file,
        Err(e) => {
            let words = format!("appraise: no log is written: {}: {}", path.display(), crate::disk::words(&e));
            let _ = writeln!(std::io::stderr(), "{}", crate::text::clean_block(&words));
            return;
        }
    };
    if log::set_boxed_logger(Box::new(Journal { file: Mutex::new(file), clock })).is_ok() {
        log::set_max_level(level);
        watch_panics();
    }
}

fn open(path: &Path) -> std::io::Result<File> {
    if std::fs::metadata(path).is_ok_and(|m| m.len() > MOST) {
        crate::disk::rename(path, &path.with_extension("log.old"))?;
    }
    crate::disk::go_on(path)
}

/// Where the program broke, not with which words: these may be a customer's.
fn watch_panics() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let place = info.location().map_or_else(String::new, ToString::to_string);
        log::error!("broke at {place}");
        before(info);
    }));
}

/// Notes what is run: the command's name alone.
pub(in crate::cli) fn began(command: &str) {
    log::info!("appraise {} on {} runs {command}", env!("CARGO_PKG_VERSION"), std::env::consts::OS);
}

/// Notes how it ended, and of a failure its kind: an error of the store in its own words, which are of the store.
pub(in crate::cli) fn ended(code: u8, error: Option<&anyhow::Error>) {
    let Some(error) = error else {
        log::info!("ended with {code}");
        return;
    };
    let of_store = error.chain().find_map(|cause| match cause.downcast_ref::<JobError>() {
        Some(JobError::Store(e)) => Some(e),
        _ => cause.downcast_ref::<StoreError>(),
    });
    match of_store {
        Some(e) => log::error!("ended with {code}: {}", kind(e)),
        None => log::error!("ended with {code}: {} causes", error.chain().count()),
    }
}

/// The name of an error's kind: its fields may hold names and paths.
fn kind(error: &StoreError) -> String {
    let debug = format!("{error:?}");
    debug.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned()
}
