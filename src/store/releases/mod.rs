//! Releases, comparisons, what is live, what training saw at a moment, predictions and vectors that are kept.

pub(in crate::store) mod as_of;
pub(in crate::store) mod comparisons;
pub(in crate::store) mod embeddings;
pub(in crate::store) mod external_answers;
pub(in crate::store) mod felt;
pub(in crate::store) mod learned;
pub(in crate::store) mod lessons;
#[cfg(test)]
mod lessons_tests;
pub(in crate::store) mod live;
pub(in crate::store) mod predictions;
pub(in crate::store) mod registry;
pub(in crate::store) mod replay;
pub(in crate::store) mod rows;
pub(in crate::store) mod training;
