//! What follows from a conversation alone: its outcome where the log says none, hashes that the store keeps for ever.

pub(in crate::ingest) mod hash;
pub(in crate::ingest) mod outcome;
