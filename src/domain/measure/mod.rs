//! Figures and what may be said about them: rates with intervals, a comparison of two releases, coverage, the learning curve.
//! Arithmetic on plain numbers; nothing is counted here.

pub mod comparison;
pub mod coverage;
pub mod halves;
pub mod languages;
pub mod learning_curve;
pub mod rate;
pub mod responses;
pub mod verdict;
pub mod weighted;
