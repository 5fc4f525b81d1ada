//! Which column holds what: fields, the mapping of columns to them, its flags and profiles.

pub(in crate::ingest::formats) mod answers;
pub(in crate::ingest::formats) mod field;
pub(in crate::ingest::formats::csv) mod flags;
pub(in crate::ingest::formats::csv) mod mapping;
mod profile;
