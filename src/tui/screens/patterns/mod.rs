//! Patterns: what fails alike and where. Every line is a query, and opens exactly what it counts.

mod answers;
mod detail;
mod ended;
mod lists;
mod matrix;
mod rows;
mod screen;
pub mod state;
mod view;

pub use state::PatternsScreen;
