//! What learns, and how well: features, intent model, responses, scores, comparison. Data in, models and numbers out;
//! no SQL, no clock, no screen. Same inputs and seed: same bytes, whatever the number of threads.

pub mod artefact;
pub mod bytes;
pub mod compare;
mod dense;
pub mod dispute;
pub mod embed;
pub mod encoder;
pub mod evaluate;
pub mod features;
pub mod files;
pub mod forecast;
pub mod guard;
pub mod intent;
pub mod npy;
pub mod pick;
pub mod plain;
pub mod responses;
pub mod rng;
pub mod selftrain;
pub mod signals;
mod softmax;
pub mod stats;
pub mod svm;
pub mod table;

#[cfg(test)]
mod promise_tests;
