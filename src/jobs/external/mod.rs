//! What is outside: trainers that learn from the same labels, and AIs that answer elsewhere; both are judged by the same comparison
//! and gate.

mod asking;
mod guard;
mod lines;
pub mod measure;
mod program;
mod serving;
#[cfg(test)]
mod tests;
mod training;

pub(super) use asking::{ASKING, Asker, Tokens};
pub(super) use lines::{line_of, spoken};
pub(super) use serving::{Said, Serving, why_not};
pub(super) use training::{Given, Lesson, train};
