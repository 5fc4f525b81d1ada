//! Rows of cells: delimited text in any usual dialect and encoding. Knows no format; what reads labels and examples
//! uses it as the CSV format does.

pub(in crate::ingest) mod cut;
pub(in crate::ingest) mod dialect;
pub(in crate::ingest) mod encoding;
mod letters;
pub(in crate::ingest) mod named;
mod plausible;
pub(in crate::ingest) mod records;
pub(in crate::ingest) mod text;
