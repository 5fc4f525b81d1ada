//! From labels to a candidate: training inputs, the built-in method or a trainer outside, what labels are worth, verification.

pub mod economics;
pub(in crate::jobs) mod external_training;
pub mod finetune;
pub mod learning_curve;
pub(in crate::jobs) mod training_inputs;
pub(in crate::jobs) mod verify;
