//! Commands about conversations: `import`, `queue`, `show`, `stats`, `patterns`, views and the time zone. Arguments beside the code; no SQL.

pub(in crate::cli) mod import;
pub(in crate::cli) mod patterns;
pub(in crate::cli) mod queue;
pub(in crate::cli) mod show;
pub(in crate::cli) mod stats;
mod topics;
pub(in crate::cli) mod views;
pub(in crate::cli) mod zone;
