//! From rows to conversations, by a mapping.

pub(in crate::ingest::formats::csv) mod kinds;
mod layout;
mod offsets;
mod order;
pub(in crate::ingest::formats::csv) mod plan;
pub(in crate::ingest::formats::csv) mod rating_rows;
mod repeated;
mod row_error;
mod said;
pub(in crate::ingest::formats::csv) mod table;
mod tags;
pub(in crate::ingest::formats::csv) mod transcript;
mod whole;
pub(in crate::ingest::formats::csv) mod width;
