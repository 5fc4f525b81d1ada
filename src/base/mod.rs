//! What every room may use and that knows nothing of conversations: byte codecs, random numbers, spelling help, escape sequences, progress and
//! cancel.
//! Imports no other room.

pub mod address;
pub mod bytes;
pub mod counted;
pub mod did_you_mean;
pub mod escape;
pub mod files;
pub mod npy;
pub mod progress;
pub mod quiet;
pub mod rng;
