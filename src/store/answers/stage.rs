//! Where in a conversation answers are given.

/// Where in a conversation an answer was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerStage {
    /// The first answer to what the customer came for, or before it: everybody gets one.
    Opening,
    /// After it, and before the last two turns.
    Middle,
    /// In the last two turns: only who stays so long sees it.
    Closing,
}

impl AnswerStage {
    /// All of them, in order.
    pub const ALL: [Self; 3] = [Self::Opening, Self::Middle, Self::Closing];

    /// The name in queries and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Middle => "middle",
            Self::Closing => "closing",
        }
    }
}

/// An answer that was drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChosenAnswer {
    /// The conversation.
    pub row: u32,
    /// Where in it.
    pub stage: AnswerStage,
    /// How probable it was.
    pub propensity: f32,
}
