//! What the Review screen asks.

use crate::domain::{Change, ConversationId, DecisionId, IntentId, TurnKey};
use crate::store::{OthersWord, ReviewItem, Scope};

/// A question or an order of the Review screen.
#[derive(Clone, Debug, PartialEq)]
pub enum ReviewRequest {
    /// One conversation, or the next open one.
    Open(Open, u64),
    /// How far a scope is done. Asked beside everything else: counting must not hold a decision up.
    Progress(Scope),
    /// Decisions of one act by somebody who knows the log up to a decision (`None`: whatever others said), and what to show afterwards.
    Decide(Vec<Change>, Then, Option<DecisionId>, u64),
    /// The conversation under review as it is now, others having changed something.
    Reread(ConversationId),
    /// Which conversation is open in Review, for others to leave it alone.
    Claim(Option<ConversationId>),
    /// A new intent for a conversation that is under review.
    AddIntent(String, u64),
    /// Keeps what was begun for an AI's turn and not saved; `None` throws it away.
    Draft(ConversationId, TurnKey, Option<String>),
}

impl ReviewRequest {
    /// Whether a newer one of the same kind makes it pointless.
    pub(super) fn is_superseded(&self) -> bool {
        match self {
            Self::Progress(_) | Self::Reread(_) => true,
            Self::Open(..) | Self::Decide(..) | Self::Claim(_) | Self::AddIntent(..) | Self::Draft(..) => false,
        }
    }

    /// Whether it would change the store.
    pub(super) fn decides(&self) -> bool {
        match self {
            Self::Decide(..) | Self::AddIntent(..) => true,
            Self::Open(..) | Self::Progress(_) | Self::Reread(_) | Self::Claim(_) | Self::Draft(..) => false,
        }
    }
}

/// What Review wants to see.
#[derive(Clone, Debug, PartialEq)]
pub enum Open {
    /// This conversation.
    Item(ConversationId),
    /// The next open one of a scope.
    Next(Scope, Option<ConversationId>),
}

/// What to show after a decision.
#[derive(Clone, Debug, PartialEq)]
pub enum Then {
    /// The next open conversation of the scope after this one.
    Next(Scope, ConversationId),
    /// The same conversation again.
    Stay(ConversationId),
}

/// What Review shows next; `None` when nothing in the scope is open.
pub type Shown = Option<Box<ReviewItem>>;

/// The intent that somebody meant by a name.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedIntent {
    /// Which.
    pub id: IntentId,
    /// It is on the list since now.
    pub created: bool,
    /// What to say about it.
    pub said: Option<String>,
}

/// An answer to a [`ReviewRequest`].
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each answers the request of the same name")]
pub enum ReviewAnswer {
    Opened(Result<Shown, String>, u64),
    /// Done and all, of this scope.
    Progress(Scope, Result<(u64, u64), String>),
    /// Saved; what to show may still have failed.
    Decided(Result<Result<Shown, String>, String>, u64),
    /// Not saved: others judged it meanwhile. What was to be saved, and shown.
    Overtaken(Vec<OthersWord>, Vec<Change>, Then, u64),
    Reread(Result<Box<ReviewItem>, String>),
    IntentAdded(Result<NamedIntent, String>, u64),
}
