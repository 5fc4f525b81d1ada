//! Where in a conversation answers are given.

use super::spoken::SpokenTurn;
use crate::domain::Role;
use crate::text::is_opening;

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

    /// In a word, for people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Opening => "first",
            Self::Middle => "middle",
            Self::Closing => "at end",
        }
    }

    /// In a sentence, for people.
    pub const fn said(self) -> &'static str {
        match self {
            Self::Opening => "said first",
            Self::Middle => "said in the middle",
            Self::Closing => "said at the end",
        }
    }

    /// Tells by its place in a talk where an answer of the AI is given. What is said before anything was asked answers nothing (`None`): a
    /// greeting; nor does what is offered after the answer, which only those hear who were answered.
    pub fn within(talk: &[SpokenTurn]) -> impl Fn(usize) -> Option<Self> {
        let last = talk.len().saturating_sub(2);
        // The first thing that is asked, and the first answer after it.
        let asked = talk.iter().position(|t| t.role == Role::User && !is_opening(&t.text));
        let first = asked.and_then(|a| (a..talk.len()).find(|&i| talk[i].role == Role::Bot));
        let is_answered =
            |at: usize| talk[..at].iter().rev().take_while(|t| t.role != Role::User).any(|t| t.role == Role::Bot);
        move |at| match first {
            _ if talk.get(at).is_some_and(|turn| turn.offers) && is_answered(at) => None,
            _ if asked.is_none_or(|asked| at < asked) => None,
            Some(first) if at <= first => Some(Self::Opening),
            _ if at >= last => Some(Self::Closing),
            _ => Some(Self::Middle),
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
