//! The append-only log and what follows from it: projections, undo and redo, history, reviewers, who has what open.

pub(in crate::store) mod claims;
pub(in crate::store) mod history;
pub(in crate::store) mod log;
pub(in crate::store) mod naming;
pub(in crate::store) mod overtaken;
pub(in crate::store) mod projection;
pub(in crate::store) mod projection_rules;
pub(in crate::store) mod reviewers;
pub(in crate::store) mod rewind;
pub(in crate::store) mod told;
pub(in crate::store) mod undo;
