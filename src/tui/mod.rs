//! The terminal program. `App` is the state, `update` takes a message and says what is to be done, `view` draws;
//! neither does I/O. `run` is the only loop.

pub mod app;
pub mod ask;
pub mod effect;
pub mod enabled;
pub mod files;
pub mod hints;
pub mod msg;
pub mod overlays;
pub mod screens;
pub mod tour;
pub mod update;
pub mod view;
pub mod widgets;

mod job;
mod run;
mod terminal;
mod triage;
mod worker;

pub use run::{Around, Clock, Options, TuiError, run};

use crate::domain::{Query, QueryError};

/// Reads the text of the query bar.
///
/// # Errors
/// What is wrong with it, and where.
pub fn parse_query(text: &str) -> Result<Query, QueryError> {
    Query::parse(text)
}

#[cfg(test)]
mod tests;
