//! From bytes to records: files and streams, compression, encodings, cutting, repair. Knows no format.

#[cfg(feature = "parquet")]
pub(in crate::ingest) mod columns;
mod container;
mod counting;
pub(in crate::ingest) mod database;
pub(in crate::ingest) mod frames;
pub(in crate::ingest) mod lists;
pub(in crate::ingest) mod odd_encodings;
pub(in crate::ingest) mod record;
pub(in crate::ingest) mod repair;
mod scan;
pub(in crate::ingest) mod source;
mod under;
pub(in crate::ingest) mod zipped;
