//! What concerns every screen: counts, intents, names for queries, undo, what is remembered, and what the store says unasked.

use crate::domain::{ConversationId, TurnKey};
use crate::store::{IntentRow, Overview, QueueRow, StoreVocabulary};

/// A question or an order that is no single screen's.
#[derive(Clone, Debug, PartialEq)]
pub enum CommonRequest {
    /// Counts for the frame and the first-run screens.
    Counts,
    /// What a query can name.
    Vocabulary,
    /// The intent list.
    Intents,
    /// A few conversations of training groups that a query finds, the newest.
    Sample(String),
    /// Takes the last act back.
    Undo,
    /// Makes it again.
    Redo,
    /// What the next undo would take back.
    NextUndo,
    /// Keeps where this person stopped.
    Remember(&'static str, String),
    /// Keeps what this person has made for themselves.
    Keep(&'static str, String),
    /// Asks where this person stopped.
    Recall(&'static str),
}

impl CommonRequest {
    /// Whether a newer one of the same kind makes it pointless.
    pub(super) fn is_superseded(&self) -> bool {
        match self {
            Self::Counts | Self::Vocabulary | Self::Intents | Self::Sample(_) => true,
            Self::Undo | Self::Redo | Self::NextUndo | Self::Remember(..) | Self::Keep(..) | Self::Recall(_) => false,
        }
    }

    /// Whether it would change the store.
    pub(super) fn decides(&self) -> bool {
        match self {
            Self::Undo | Self::Redo => true,
            Self::Counts
            | Self::Vocabulary
            | Self::Intents
            | Self::Sample(_)
            | Self::NextUndo
            | Self::Remember(..)
            | Self::Keep(..)
            | Self::Recall(_) => false,
        }
    }
}

/// What undo or redo did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenBack {
    /// What was taken back or made again, in words.
    pub words: String,
    /// The conversation that it was about.
    pub conversation: Option<ConversationId>,
    /// The turn of it that was judged.
    pub turn: Option<TurnKey>,
}

/// An answer to a [`CommonRequest`], or what the store says unasked.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each answers the request of the same name")]
pub enum CommonAnswer {
    Counts(Result<Box<Overview>, String>),
    Vocabulary(Result<Box<StoreVocabulary>, String>),
    Intents(Result<Vec<IntentRow>, String>),
    /// The query, and what it finds.
    Sample(String, Result<Vec<QueueRow>, String>),
    Undone(Result<TakenBack, String>),
    Redone(Result<TakenBack, String>),
    /// In words; `None`: there is nothing to take back.
    NextUndo(Result<Option<String>, String>),
    /// The key, and what was kept under it.
    Recalled(&'static str, Option<String>),
    /// Somebody else has changed the store: an import, a colleague, a run in the background.
    Changed,
    /// Unasked: something failed, the clock is behind the newest decision; and more of it.
    Told(&'static str, String),
    /// The store is not the file under its name any more: decisions are refused.
    Gone(String),
}
