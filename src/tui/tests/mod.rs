//! Tests of the terminal program: keys typed against a store in memory, and snapshots of every screen.

mod fixtures;
mod harness;
mod import;
mod mouse;
mod newcomer;
mod overview;
mod people;
mod prelude;
mod queue;
mod review;
mod snapshots;
mod triage;
mod triage_snapshots;
mod tune;
mod tune_fixtures;
mod tune_views;
mod work;
