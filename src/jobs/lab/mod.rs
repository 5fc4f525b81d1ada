//! The learner on files, without a store: evaluation, groups, suspicious labels, simulated weeks of review.

pub mod cluster;
pub mod disputed;
pub mod evaluate;
pub mod simulate;
pub mod tasks;
