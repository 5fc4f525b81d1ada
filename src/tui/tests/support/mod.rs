//! What tests stand on: a program without threads, states made by hand, frames as facts.

pub mod fixtures;
pub mod frame;
pub mod harness;
pub mod prelude;
pub mod tune_fixtures;
