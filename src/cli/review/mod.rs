//! Commands about people's decisions: labels, answers, intents, cycles, gold, reviewers, undo, lint.

pub(in crate::cli) mod action;
pub(in crate::cli) mod cycle;
pub(in crate::cli) mod detect;
pub(in crate::cli) mod disputed;
pub(in crate::cli) mod gold;
pub(in crate::cli) mod intents;
pub(in crate::cli) mod label;
pub(in crate::cli) mod lint;
pub(in crate::cli) mod modes;
pub(in crate::cli) mod responses;
pub(in crate::cli) mod reviewers;
mod turns;
pub(in crate::cli) mod undo;
