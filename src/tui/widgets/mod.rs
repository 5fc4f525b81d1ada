//! Small things that several screens draw with.

pub mod canvas;
pub mod chart;
pub mod field;
pub mod gauge;
pub mod listed;
pub mod numbers;
pub mod words;

pub use canvas::{Canvas, Hit, Seen};
pub use field::Field;
