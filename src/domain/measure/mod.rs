//! Figures and what may be said about them: rates with intervals, a comparison of two releases, coverage, the learning curve.
//! Arithmetic on plain numbers; nothing is counted here.

pub mod comparison;
pub mod coverage;
pub mod cusum;
pub mod halves;
pub mod languages;
pub mod learned;
pub mod learning_curve;
pub mod prediction_powered;
#[cfg(test)]
mod prediction_powered_tests;
pub mod rate;
pub mod rate_change;
pub mod responses;
pub mod sequence;
pub mod stratified;
pub mod verdict;
#[cfg(test)]
mod watch_tests;
pub mod weighted;
