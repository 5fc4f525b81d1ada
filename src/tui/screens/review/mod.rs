//! Review: one conversation after another, opened at the turn that failed (rules 25-30).

mod answers;
pub mod decide;
pub mod lists;
pub mod meanwhile;
mod panel;
mod screen;
pub mod state;
mod view;

pub use state::{ReviewScreen, ReviewStage};
