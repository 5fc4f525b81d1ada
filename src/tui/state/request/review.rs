//! What the Review screen asks.

use crate::domain::{ConversationId, CycleId, DecisionChange, DecisionId, Judgement, TurnKey};
use crate::store::{BesideConversation, CycleSummary, OthersWord, ReviewItem, ReviewScope, TurnRanking};

/// A question or an order of the Review screen.
#[derive(Clone, Debug, PartialEq)]
pub enum ReviewRequest {
    /// One conversation, or the next open one.
    Open(ReviewOpening, u64),
    /// How far a scope is done. Asked beside everything else: counting must not hold a decision up.
    Progress(ReviewScope),
    /// Decisions of one act by somebody who knows the log up to a decision (`None`: whatever others said), and what to show afterwards.
    Decide(Vec<DecisionChange>, AfterDecision, Option<DecisionId>, u64),
    /// The conversation under review as it is now, others having changed something.
    Reread(ConversationId),
    /// Which conversation is open in Review, for others to leave it alone.
    Claim(Option<ConversationId>),
    /// Labels a turn by the name of an intent that may be new, as one step; goes on in a scope when that finishes the conversation.
    LabelNamed(NamedLabel, Option<DecisionId>, u64),
    /// One judgement on the conversation and on all that got the same answer, as one step; then the next of a scope.
    DecideAlike(Vec<ConversationId>, Judgement, AfterDecision, Option<DecisionId>, u64),
    /// What lies beside a conversation, for whoever walks through a scope.
    Beside(ConversationId, Option<ReviewScope>),
    /// What is offered for a turn other than the one to judge.
    Rank(ConversationId, TurnKey),
    /// What a cycle found.
    Summary(CycleId),
    /// Keeps what was begun for an AI's turn and not saved; `None` throws it away.
    Draft(ConversationId, TurnKey, Option<String>),
}

impl ReviewRequest {
    /// Whether a newer one of the same kind makes it pointless.
    pub(super) fn is_superseded(&self) -> bool {
        match self {
            Self::Progress(_) | Self::Reread(_) | Self::Beside(..) | Self::Rank(..) | Self::Summary(_) => true,
            Self::Open(..)
            | Self::Decide(..)
            | Self::Claim(_)
            | Self::LabelNamed(..)
            | Self::DecideAlike(..)
            | Self::Draft(..) => false,
        }
    }

    /// Whether it would change the store.
    pub(super) fn decides(&self) -> bool {
        match self {
            Self::Decide(..) | Self::LabelNamed(..) | Self::DecideAlike(..) => true,
            Self::Open(..)
            | Self::Progress(_)
            | Self::Reread(_)
            | Self::Beside(..)
            | Self::Rank(..)
            | Self::Summary(_)
            | Self::Claim(_)
            | Self::Draft(..) => false,
        }
    }
}

/// What Review wants to see.
#[derive(Clone, Debug, PartialEq)]
pub enum ReviewOpening {
    /// This conversation.
    Item(ConversationId),
    /// The next open one of a scope.
    Next(ReviewScope, Option<ConversationId>),
}

/// What to show after a decision.
#[derive(Clone, Debug, PartialEq)]
pub enum AfterDecision {
    /// The next open conversation of the scope after this one.
    Next(ReviewScope, ConversationId),
    /// The same conversation again.
    Stay(ConversationId),
}

/// What Review shows next; `None` when nothing in the scope is open.
pub type Shown = Option<Box<ReviewItem>>;

/// A decision that was saved.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedAct {
    /// What was said of what, in words.
    pub told: String,
    /// What to show next; it may not be readable.
    pub shown: Result<Shown, String>,
}

/// A label by the name of an intent.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedLabel {
    /// The conversation.
    pub n: ConversationId,
    /// The turn.
    pub turn: TurnKey,
    /// The name.
    pub name: String,
    /// Where to go on when the conversation is done with it.
    pub scope: Option<ReviewScope>,
}

/// How far a scope is done.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ReviewProgress {
    /// Conversations that are decided on or put away.
    pub done: u64,
    /// Conversations in all.
    pub total: u64,
    /// Once all are done: conversations of test groups that match beside them, and are left out.
    pub hidden: u64,
}

/// An answer to a [`ReviewRequest`].
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each answers the request of the same name")]
pub enum ReviewAnswer {
    Opened(Result<Shown, String>, u64),
    Progress(ReviewScope, Result<ReviewProgress, String>),
    /// Saved; what to show may still have failed.
    Decided(Result<SavedAct, String>, u64),
    /// Not saved: others judged it meanwhile. What was to be saved, and shown.
    Overtaken(Vec<OthersWord>, Vec<DecisionChange>, AfterDecision, u64),
    Reread(Result<Box<ReviewItem>, String>),
    /// Whether a new intent came to the list with the label.
    Named(Result<SavedAct, String>, bool, u64),
    Beside(ConversationId, Result<Box<BesideConversation>, String>),
    Ranked(ConversationId, TurnKey, Result<TurnRanking, String>),
    Summary(Result<CycleSummary, String>),
}
