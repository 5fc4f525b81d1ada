//! Two releases side by side: what answers, on which turns, how it is scored, which label broke what. Reads the store, stores
//! comparisons; changes no label.

pub(in crate::jobs) mod answer_gate;
pub(in crate::jobs) mod blame;
pub mod compare;
pub(in crate::jobs) mod held_out;
pub(in crate::jobs) mod predictor;
pub(in crate::jobs) mod replay;
pub(in crate::jobs) mod responses;
pub(in crate::jobs) mod score;
