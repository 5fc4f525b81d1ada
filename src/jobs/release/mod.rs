//! What is done with a release once it was judged: promoting, taking back, exporting.

pub(in crate::jobs) mod export;
pub mod promote;
