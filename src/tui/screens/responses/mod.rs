//! Responses: what followed each answer, what people wrote instead, and what answers nobody.

mod compared;
mod corrections;
mod detail;
mod lines;
mod names;
mod rows;
mod screen;
pub mod state;
mod view;

pub use state::ResponsesScreen;
