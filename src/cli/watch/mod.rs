//! What an owner asks: `change`, `check` and `report`. Arguments beside the code; no SQL.

pub(in crate::cli) mod change;
pub(in crate::cli) mod check;
pub(in crate::cli) mod report;
