//! From labels to a candidate: training inputs, the methods (built in, a trainer outside, asking an AI), what labels are worth,
//! verification.

pub(in crate::jobs) mod answer_table;
pub(in crate::jobs) mod built_in;
pub mod by_asking;
pub(in crate::jobs) mod by_trainer;
pub(in crate::jobs) mod candidate;
pub mod economics;
pub(in crate::jobs) mod guard;
pub(in crate::jobs) mod inputs;
pub(in crate::jobs) mod label_errors;
pub mod learning_curve;
pub(in crate::jobs) mod method;
pub mod plan;
pub(in crate::jobs) mod verify;
