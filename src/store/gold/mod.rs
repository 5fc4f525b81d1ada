//! The frozen test set: its versions, corrections of it, how right releases are on it.

pub(in crate::store) mod accuracy;
pub(in crate::store) mod corrected;
pub(in crate::store) mod learning_curve;
pub(in crate::store) mod versions;
