//! From rows to conversations, by a mapping.

mod order;
mod plan;
mod said;
pub(in crate::ingest::formats::csv) mod table;
pub(in crate::ingest::formats::csv) mod transcript;
mod whole;
