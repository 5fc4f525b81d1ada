//! What tests stand on: a program without threads, states made by hand, frames as facts.

pub mod comparison_fixtures;
pub mod fixtures;
pub mod frame;
pub mod harness;
pub mod import_fixtures;
pub mod prelude;
pub mod tune_fixtures;
