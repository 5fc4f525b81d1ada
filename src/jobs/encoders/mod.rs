//! Sentence encoders on this machine: which are installed, which one a store uses, and embedding with what a store has
//! kept.

mod ahead;
mod download;
mod hub;
mod installed;
#[cfg(test)]
mod tests;
mod vectors;

pub use ahead::embed_ahead;
pub(in crate::jobs) use ahead::ready_for;
pub use hub::{HUB, Hub, is_hub_name};
pub use installed::{InstalledEncoder, InstalledEncoders, NONE, NewEncoder, STATIC};
pub use vectors::Vectors;
