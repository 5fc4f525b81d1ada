//! Review: the item on the screen, cycles, disputed labels, speed, what to look at again.

mod audit_draw;
pub(in crate::store) mod audits;
pub(in crate::store) mod beside;
mod blind_digits;
pub(in crate::store) mod cycle_story;
#[cfg(test)]
mod cycle_tests;
pub(in crate::store) mod cycle_words;
pub(in crate::store) mod cycles;
pub(in crate::store) mod item;
pub(in crate::store) mod label_errors;
pub(in crate::store) mod lint;
pub(in crate::store) mod review_speed;
pub(in crate::store) mod summary;
mod verdicts;
