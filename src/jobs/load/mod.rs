//! Logs into the store, and the search index behind them.

mod folding;
pub mod import;
pub mod index;
pub mod report;

#[cfg(test)]
mod tests;
