//! The screens: each its state, what actions do to it, and how it is drawn.

pub mod contract;
pub mod overview;
pub mod patterns;
pub mod queue;
pub mod responses;
pub mod review;
pub mod sample;
pub mod signals;
pub mod tune;
