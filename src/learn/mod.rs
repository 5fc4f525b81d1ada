//! What learns, and how well: features, intent model, responses, scores, comparison. Data in, models and numbers out;
//! no SQL, no clock, no screen. Same inputs and seed: same bytes, whatever the number of threads.

pub mod cluster;
pub mod contract;
pub mod intent;
pub mod judge;
pub mod offers;
pub mod release;
pub mod responses;
pub mod sentiment;
pub mod signals;
pub mod solver;
pub mod vectors;
