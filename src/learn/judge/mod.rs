//! How well something was learned: scores, paired tests, leakage, label errors, forecasts. Knows no learner.

pub mod binary;
pub mod certain;
pub mod forecast;
pub mod label_errors;
pub mod leakage;
pub mod off_policy;
pub mod paired;
pub mod scores;
pub mod shrunk;
pub mod stats;

#[cfg(test)]
mod promise_tests;
