//! All the SQL. One SQLite file holds everything; see ARCHITECTURE.md for the schema and its reasons.
pub mod views;
pub use views::*;
