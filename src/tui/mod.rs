//! The terminal program. `App` is the state, `update` takes a message and says what is to be done, `view` draws;
//! neither does I/O. `run` is the only loop.

mod foot;
pub mod guide;
pub mod overlays;
pub mod runtime;
pub mod screens;
pub mod state;
pub mod update;
pub mod view;
pub mod widgets;

pub use runtime::desk::{Clock, TuiError};
pub use runtime::run::{RunContext, RunOptions, run};

#[cfg(test)]
mod tests;
