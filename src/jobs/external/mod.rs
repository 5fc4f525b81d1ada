//! What is outside: trainers that learn from the same labels, and AIs that answer elsewhere; both are judged by the same comparison
//! and gate.

mod asking;
mod guard;
mod lines;
mod program;
mod protocol;
mod serving;
#[cfg(test)]
mod tests;

pub(super) use asking::{ASKING, ExternalAsker, TokenUse};
pub(super) use lines::{line_of, spoken};
pub(super) use protocol::{RunInputs, TrainerLesson, train};
pub(super) use serving::{ServedAnswer, Serving, why_not};
