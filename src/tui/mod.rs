//! The terminal program. `App` is the state, `update` takes a message and says what is to be done, `view` draws;
//! neither does I/O. `run` is the only loop.

pub mod guide;
pub mod overlays;
pub mod runtime;
pub mod screens;
pub mod state;
pub mod update;
pub mod view;
pub mod widgets;

pub use runtime::run::{Around, Clock, Options, TuiError, run};

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
