//! Logs into the store, and the search index behind them.

pub mod folder;
mod folding;
pub mod import;
pub mod index;
pub mod report;

#[cfg(test)]
mod tests;
