//! The learner on files, without a store: evaluation, suspicious labels, simulated weeks of review.

pub mod disputed;
pub mod evaluate;
pub mod simulate;
pub mod tasks;
