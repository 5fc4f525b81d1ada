//! Fine-tune: start a run, watch it, see before and after side by side, promote or reject (rules 11-18).

mod answers;
mod blame;
pub mod curve;
mod disputes;
mod enabled;
mod ended;
mod how;
pub mod judging;
pub mod lists;
mod panes;
pub mod registry;
mod replay;
mod result;
mod screen;
pub mod state;
pub mod view;

pub use state::ways::CandidateWays;
pub use state::{TuneScreen, TuneViews};
