//! What every command stands in: the global flags, the opened store, bounds of numbers, threads, queries as arguments, exit codes.

pub(in crate::cli) mod bounds;
pub(in crate::cli) mod context;
pub(in crate::cli) mod exit;
pub(in crate::cli) mod global;
pub(in crate::cli) mod journal;
pub(in crate::cli) mod labelled;
pub(in crate::cli) mod moment;
pub(in crate::cli) mod query;
pub(in crate::cli) mod threads;
