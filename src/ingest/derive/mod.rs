//! What follows from a conversation alone: its outcome where the log says none, what notices tell, hashes that the store
//! keeps for ever.

pub(in crate::ingest) mod events;
pub(in crate::ingest) mod hash;
pub(in crate::ingest) mod outcome;
pub(in crate::ingest) mod speakers;
pub(in crate::ingest) mod strangers;

#[cfg(test)]
mod peers_tests;
#[cfg(test)]
mod words_tests;
