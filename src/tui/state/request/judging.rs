//! What is asked while two answers are judged.

use crate::domain::{ConversationId, Pair, Preference, ReleaseId, Role, TurnKey};
use crate::store::Judgements;

/// A question or an order of whoever judges answers.
#[derive(Clone, Debug, PartialEq)]
pub enum JudgingRequest {
    /// What people said of the answers of two releases.
    Judgements(Option<ReleaseId>, ReleaseId),
    /// Keeps which of two answers is better.
    Prefer(Pair, Preference),
    /// What was said in a conversation before a turn.
    SaidBefore(ConversationId, TurnKey),
}

impl JudgingRequest {
    /// Whether it would change the store.
    pub(super) fn decides(&self) -> bool {
        match self {
            Self::Prefer(..) => true,
            Self::Judgements(..) | Self::SaidBefore(..) => false,
        }
    }
}

/// An answer to a [`JudgingRequest`].
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each answers the request of the same name")]
pub enum JudgingAnswer {
    /// Of the comparison with this candidate.
    Judgements(ReleaseId, Result<Judgements, String>),
    Preferred(ReleaseId, Result<Judgements, String>),
    SaidBefore(ConversationId, TurnKey, Result<Vec<(Role, String)>, String>),
}
