//! Two releases side by side: what answers, on which turns, how it is scored, which label broke what. Changes no label.

pub(in crate::jobs) mod answer_gate;
pub(in crate::jobs) mod answers;
pub(in crate::jobs) mod blame;
pub(in crate::jobs) mod failures;
pub(in crate::jobs) mod findings;
pub(in crate::jobs) mod held_out;
pub(in crate::jobs) mod replay;
pub(in crate::jobs) mod response_source;
pub(in crate::jobs) mod score;
pub(in crate::jobs) mod sides;
