//! Tests of the terminal program: keys typed against a store in memory, and snapshots of every screen.

mod fixtures;
mod harness;
mod mouse;
mod queue;
mod review;
mod snapshots;
mod tune;
