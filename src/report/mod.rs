//! The owner's report: the store's figures as one page for people who do not open the program. No SQL; every number comes from
//! [`crate::store::StoreFigures`].
//!
//! `gather` makes a [`Report`] of cleaned and masked words and numbers; `html`, `markdown` and JSON only lay it out.

mod chart;
mod content;
mod file;
mod gather;
mod html;
mod markdown;
mod numbers;
mod sections;
mod stats;
#[cfg(test)]
mod tests;
mod words;

pub use content::Report;
pub use file::{Written, write};
pub use gather::{ReportOptions, gather};
pub use stats::stats_value;
