//! Commands that change nothing in a store: the learner on files, simulated review, what labels cost and bring.

pub(in crate::cli) mod cluster;
pub(in crate::cli) mod economics;
pub(in crate::cli) mod evaluate;
pub(in crate::cli) mod simulate;
