//! What a person can decide, and what follows from a word on a conversation.

pub mod decision;
pub mod handed_out;
pub mod judgement;
