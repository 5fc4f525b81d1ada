//! How commands print: JSON, tables, CSV, numbers, a comparison, progress. Nothing prints but through here.

pub(in crate::cli) mod answers;
pub(in crate::cli) mod comparison;
pub(in crate::cli) mod csv;
pub(in crate::cli) mod figures;
pub(in crate::cli) mod json;
pub(in crate::cli) mod progress;
pub(in crate::cli) mod table;
