//! What answers for a release: on kept turns in a comparison, on new texts for `predict` and `serve`.

pub mod feeling;
pub mod offered;
pub(in crate::jobs) mod predictor;
pub mod responder;
