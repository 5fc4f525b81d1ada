//! What the AI answers and what it should: corrections and who accepts them, the rows of the response table, pairs to judge.

pub(in crate::store) mod accepting;
pub(in crate::store) mod answered;
mod asked;
pub(in crate::store) mod book;
pub(in crate::store) mod corrections;
pub(in crate::store) mod given;
pub(in crate::store) mod judged;
pub(in crate::store) mod known;
mod packed_rows;
pub(in crate::store) mod pairs;
mod personal;
mod said;
pub(in crate::store) mod spoken;
pub(in crate::store) mod stage;
mod written;
