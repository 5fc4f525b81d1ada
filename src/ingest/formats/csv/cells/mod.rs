//! What single cells mean: who speaks, numbers, times, outcomes, structures.

mod marked_up;
pub(in crate::ingest::formats) mod outcomes;
pub(in crate::ingest::formats) mod rated;
pub(in crate::ingest::formats::csv) mod ratings;
pub(in crate::ingest::formats) mod structures;
pub(in crate::ingest::formats::csv) mod turn_lists;
pub(in crate::ingest::formats) mod values;
