//! Review: one conversation after another, opened at the turn that failed (rules 25-30).

mod answers;
mod beside;
pub mod decide;
mod judging;
pub mod lists;
pub mod meanwhile;
mod panel;
mod proposal;
mod rows;
mod screen;
pub mod state;
mod view;

pub use state::{ReviewScreen, ReviewStage};
