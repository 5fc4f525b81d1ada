//! Logs into the store, and the search index behind them.

pub mod import;
pub mod index;

#[cfg(test)]
mod tests;
