//! Small things that several screens draw with, and lists that several of them open.

pub mod area;
pub mod canvas;
pub mod chart;
pub mod field;
pub mod gauge;
pub mod listed;
pub mod lists;
pub mod numbers;
pub mod others;
pub mod outcomes;
pub mod query;
pub mod tally;
pub mod transcript;
pub mod words;

pub use canvas::Canvas;
pub use field::TextField;
