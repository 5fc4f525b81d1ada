//! Flags that every command takes.

use super::query;
use crate::config::{Color, Flags, MAX_SEED};
use crate::domain::{QueryMoment, Timestamp};
use std::path::PathBuf;

pub(in crate::cli) const HELP: &str = "\
Without a command the screen opens.

Conversations are named source:id, or #n by row. With --json exactly one JSON value goes to standard output \
(predict: one a line); rates and accuracies are fractions from 0 to 1, control characters are escaped. \
Text from customers is shown with escapes made visible and invisible characters taken out.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 a gate or check refused, 130 interrupted (TERM 143, HUP 129).
Configuration: config.toml in the platform's configuration directory (Linux: ~/.config/appraise/), or --config PATH; \
keys store, as, seed, color, theme, test_share, bell, [costs], [keys]. Flags go before the environment, that before the file.";

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Global options")]
pub(in crate::cli) struct GlobalFlags {
    /// The store: one file that holds everything [default: in the platform's data directory, or APPRAISE_STORE]
    #[arg(long, global = true, value_name = "PATH")]
    store: Option<PathBuf>,
    /// Who you are in the decision log [default: the login name]
    #[arg(long = "as", global = true, value_name = "NAME")]
    reviewer: Option<String>,
    /// What time it is: 2026-03-01T08:00:00Z or 2026-03-01 [default: the clock]
    #[arg(long, global = true, value_name = "TIME", value_parser = query::moment)]
    now: Option<Timestamp>,
    /// Read the store as it was before a day or moment, in present words; nothing can be changed then
    #[arg(long, global = true, value_name = "DATE", value_parser = query::when, conflicts_with = "no_backup")]
    pub(in crate::cli) as_of: Option<QueryMoment>,
    /// Seed of what is drawn and trained [default: 1]
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u64).range(..=MAX_SEED))]
    seed: Option<u64>,
    /// Change nothing in the store
    #[arg(long, global = true)]
    pub(in crate::cli) read_only: bool,
    /// Bring an older store up to date without keeping a copy of it (STORE.vN.bak)
    #[arg(long, global = true, conflicts_with = "read_only")]
    pub(in crate::cli) no_backup: bool,
    /// Another configuration file
    #[arg(long, global = true, value_name = "PATH")]
    config: Option<PathBuf>,
    /// When to colour
    #[arg(long, global = true, value_name = "WHEN")]
    color: Option<Color>,
    /// Print one JSON value on standard output
    #[arg(long, global = true)]
    pub(in crate::cli) json: bool,
    /// Say only what was asked for, and errors
    #[arg(short, long, global = true)]
    pub(in crate::cli) quiet: bool,
    /// Say which store, name and time are used
    #[arg(short, long, global = true)]
    pub(in crate::cli) verbose: bool,
}

impl GlobalFlags {
    pub(in crate::cli) fn flags(&self) -> Flags {
        Flags {
            config: self.config.clone(),
            store: self.store.clone(),
            reviewer: self.reviewer.clone(),
            seed: self.seed,
            color: self.color,
        }
    }

    pub(in crate::cli) fn now(&self, clock: Timestamp) -> Timestamp {
        self.now.unwrap_or(clock)
    }

    pub(in crate::cli) fn fixed_now(&self) -> Option<Timestamp> {
        self.now
    }
}
