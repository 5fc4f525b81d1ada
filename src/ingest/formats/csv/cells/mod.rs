//! What single cells mean: who speaks, numbers, times, outcomes.

pub(in crate::ingest::formats::csv) mod senders;
pub(in crate::ingest::formats::csv) mod values;
