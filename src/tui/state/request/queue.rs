//! What the Queue screen asks.

use crate::domain::{ConversationId, CycleId, DecisionId, Judgement, Query, QueryMoment, QueueOrder};
use crate::store::{Cursor, CycleRow, OthersWord, Page, PageStart, ReviewItem, Unanswerable};

/// Conversations that can be marked at once.
pub const MOST_MARKED: usize = 1_000;

/// A question or an order of the Queue screen.
#[derive(Clone, Debug, PartialEq)]
pub enum QueueRequest {
    /// A page of the queue.
    Page(PageRequest),
    /// How many conversations match.
    Count(Query, u64),
    /// How many conversations each of some queries finds.
    Counts(Vec<Query>, u64),
    /// The same for filters of the list, a few at a time.
    FilterCounts(Vec<Query>, u64),
    /// Where something stands in the queue.
    Jump(JumpRequest),
    /// The first rows of a queue, to mark them all.
    MarkAll(Query, QueueOrder, u64),
    /// One judgement on many conversations, as one step, by somebody who knows the log up to a decision; `None`: whatever others said.
    DecideMany(Vec<ConversationId>, Judgement, Option<DecisionId>),
    /// One conversation for the preview.
    Preview(ConversationId, u64),
    /// How many conversations match of those that a cycle is proposed over.
    FoundForCycle(Query),
    /// Opens a cycle over the conversations that a query finds now.
    OpenCycle(CycleTerms),
    /// Closes a cycle, with what is to be done next.
    CloseCycle(CycleId, String),
}

/// What a cycle is opened with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CycleTerms {
    /// Which conversations, in the query language.
    pub scope: String,
    /// How many.
    pub goal: u64,
    /// What is to be found out, in words.
    pub aim: Option<String>,
    /// Who is to review it.
    pub reviewers: Vec<String>,
}

impl QueueRequest {
    /// Whether a newer one of the same kind makes it pointless.
    pub(super) fn is_superseded(&self) -> bool {
        match self {
            Self::Page(_)
            | Self::Count(..)
            | Self::Counts(..)
            | Self::FilterCounts(..)
            | Self::FoundForCycle(_)
            | Self::Jump(_)
            | Self::MarkAll(..)
            | Self::Preview(..) => true,
            Self::DecideMany(..) | Self::OpenCycle(_) | Self::CloseCycle(..) => false,
        }
    }

    /// Whether it would change the store.
    pub(super) fn decides(&self) -> bool {
        match self {
            Self::DecideMany(..) | Self::OpenCycle(_) | Self::CloseCycle(..) => true,
            Self::Page(_)
            | Self::Count(..)
            | Self::Counts(..)
            | Self::FilterCounts(..)
            | Self::FoundForCycle(_)
            | Self::Jump(_)
            | Self::MarkAll(..)
            | Self::Preview(..) => false,
        }
    }
}

/// Which page of the queue.
#[derive(Clone, Debug, PartialEq)]
pub struct PageRequest {
    /// What must hold.
    pub query: Query,
    /// In which order.
    pub sort: QueueOrder,
    /// From where.
    pub place: PageStart,
    /// At most so many rows.
    pub limit: usize,
    /// Of which state of the queue.
    pub generation: u64,
}

/// Why there are no rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoRows {
    /// In words.
    pub why: String,
    /// The part of the query that is to blame, if one is.
    pub part: Option<Unanswerable>,
}

/// What one wants to jump to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JumpGoal {
    /// A conversation by `source:id`, `#n` or `n`.
    Conversation(String),
    /// A day or an age: the first row in list order that is no further back.
    Moment(QueryMoment),
}

/// Which place of which queue.
#[derive(Clone, Debug, PartialEq)]
pub struct JumpRequest {
    /// What to look for.
    pub goal: JumpGoal,
    /// What the queue shows.
    pub query: Query,
    /// In which order.
    pub sort: QueueOrder,
    /// Of which state of the queue.
    pub generation: u64,
}

/// Where a jump lands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JumpLanding {
    /// At this row.
    Row(Cursor),
    /// Nothing comes so late in the order: the last row is the nearest.
    End,
    /// The conversation exists, but the queue does not show it.
    Hidden(ConversationId),
}

/// What one judgement on many conversations did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecidedMany {
    /// What was said of how many, in words.
    pub told: String,
    /// How many of them still wait for an intent.
    pub open: usize,
    /// Of how many nothing says that they failed: a reason why is not said of them.
    pub unfailed: usize,
    /// How many it could not be said of: the customer said nothing there.
    pub left_out: usize,
}

/// How many conversations a query finds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueCount {
    /// All that match.
    pub found: u64,
    /// How many more match in test groups that are hidden.
    pub hidden: u64,
    /// How many of those that match a review of them goes through.
    pub to_review: u64,
}

/// An answer to a [`QueueRequest`].
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each answers the request of the same name")]
pub enum QueueAnswer {
    Page(PageRequest, Result<Page, NoRows>),
    Count(Result<QueueCount, String>, u64),
    Counts(Vec<Result<u64, String>>, u64),
    FilterCounts(Vec<Result<u64, String>>, u64),
    Jumped(JumpRequest, Result<JumpLanding, String>),
    MarkAll(Result<Page, String>, u64),
    DecidedMany(Result<DecidedMany, String>),
    /// Not saved: others judged some of them meanwhile.
    ManyOvertaken(Vec<OthersWord>, Vec<ConversationId>, Judgement, DecisionId),
    Preview(Result<Box<ReviewItem>, String>),
    FoundForCycle(Result<u64, String>),
    CycleOpened(Result<(CycleRow, u64), String>),
    CycleClosed(Result<CycleRow, String>),
}
