//! What an overlay makes of a key.

use crate::tui::state::choice::{ListChoice, TextQuestion};
use crate::tui::state::effect::Effect;

/// What an overlay makes of a key. Whoever opened it gets the choice.
#[derive(Debug)]
pub enum OverlayReply {
    /// It stays, and asks for this.
    Stay(Vec<Effect>),
    /// It closes.
    Close,
    /// It closes with a choice.
    Chosen(ListChoice),
    /// It gives a choice and stays.
    Kept(ListChoice),
    /// A line was written; it closes once that is an answer to the question.
    Written(TextQuestion, String),
}

impl OverlayReply {
    /// It stays and wants nothing.
    pub const fn nothing() -> Self {
        Self::Stay(Vec::new())
    }
}
