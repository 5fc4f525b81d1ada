//! What several benchmarks share: made-up conversations, measured processes, and tables.
#![allow(dead_code)] // Each benchmark uses its part.

pub mod conversations;
pub mod measure;
