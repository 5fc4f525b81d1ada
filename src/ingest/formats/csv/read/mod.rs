//! From rows to conversations, by a mapping.

mod order;
mod plan;
mod row_error;
mod said;
pub(in crate::ingest::formats::csv) mod table;
pub(in crate::ingest::formats::csv) mod transcript;
mod whole;
