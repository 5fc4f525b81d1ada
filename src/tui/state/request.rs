//! What the screens ask of the store thread, and what it answers. Reads carry the generation of the state that asked;
//! an answer to an older generation is dropped, and a read that a newer one supersedes is never made.

use crate::domain::{
    Change, Comparison, ConversationId, CycleId, DecisionId, GoldVersion, IntentId, Judgement, Pair, Preference, Query,
    ReleaseId, Role, Sort, TurnKey, When,
};
use crate::ingest::formats::csv::Mapping;
use crate::jobs::Back;
use crate::store::{
    Cursor, CycleRow, GoldRow, IntentRow, Judgements, OthersWord, Overview, OverviewPage, Page, Place, Registry,
    ReleaseRow, ReviewItem, Unanswerable, Vocabulary,
};

use super::effect::GoldTurn;
use crate::tui::runtime::files::{Listing, Look};
use std::path::PathBuf;

pub use crate::store::Scope;

/// A question or an order.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Counts for the frame and the first-run screens.
    Overview,
    /// The overview's figures.
    OverviewPage,
    /// A page of the queue.
    Page(PageRequest),
    /// How many conversations match.
    Count(Query, u64),
    /// How many conversations each of some queries finds.
    Counts(Vec<Query>, u64),
    /// What a query can name.
    Vocabulary,
    /// Where something stands in the queue.
    Jump(JumpRequest),
    /// The first rows of a queue, to mark them all.
    MarkAll(Query, Sort, u64),
    /// One judgement on many conversations, as one step, by somebody who knows the log up to a decision; `None`: whatever others said.
    DecideMany(Vec<ConversationId>, Judgement, Option<DecisionId>),
    /// One conversation for the preview.
    Preview(ConversationId, u64),
    /// One conversation, or the next open one, for Review.
    Open(Open, u64),
    /// How far a scope is done. Asked beside everything else: counting must not hold a decision up.
    Progress(Scope),
    /// Decisions of one act by somebody who knows the log up to a decision (`None`: whatever others said), and what to show afterwards.
    Decide(Vec<Change>, Then, Option<DecisionId>, u64),
    /// The conversation under review as it is now, others having changed something.
    Reread(ConversationId),
    /// Which conversation is open in Review, for others to leave it alone.
    Claim(Option<ConversationId>),
    /// Takes the last act back.
    Undo,
    /// Makes it again.
    Redo,
    /// The intent list.
    Intents,
    /// A new intent for a conversation that is under review.
    AddIntent(String, u64),
    /// The releases, and the newest comparison.
    Releases,
    /// All releases, what was live when, the gold versions.
    Registry,
    /// The open half of the newest gold version.
    OpenHalf,
    /// Pins a gold turn, or unpins it.
    Pin(GoldTurn, bool),
    /// Which gold turns are pinned.
    Pins,
    /// What people have labelled some turns.
    Labels(Vec<GoldTurn>),
    /// Makes the release live again that was live before, for this reason.
    RollBack(Back, String),
    /// A comparison.
    Comparison(Which, u64),
    /// What people said of the answers of two releases.
    Judgements(Option<ReleaseId>, ReleaseId),
    /// Keeps which of two answers is better.
    Prefer(Pair, Preference),
    /// What was said in a conversation before a turn.
    SaidBefore(ConversationId, TurnKey),
    /// Opens a cycle over the conversations that a query finds now.
    OpenCycle {
        /// Its name; the ISO week when `None`.
        name: Option<String>,
        /// The query, as written.
        scope: String,
        /// How many conversations.
        goal: u64,
    },
    /// Closes a cycle.
    CloseCycle(CycleId),
    /// Promotes a release.
    Promote {
        /// Which.
        release: ReleaseId,
        /// Why.
        reason: String,
        /// Past a refusing gate.
        over: bool,
    },
    /// Rejects a release.
    Reject(ReleaseId, String),
    /// Freezes a new gold version.
    FreezeGold,
    /// Keeps where this person stopped.
    Remember(&'static str, String),
    /// Asks where this person stopped.
    Recall(&'static str),
    /// Keeps what was begun for an AI's turn and not saved; `None` throws it away.
    Draft(ConversationId, TurnKey, Option<String>),
    /// Lists a directory.
    List(PathBuf),
    /// Looks at a log; at a CSV file by this mapping.
    Look(PathBuf, Option<Box<Mapping>>),
    /// Keeps a mapping of CSV columns under a name.
    SaveProfile(String, Box<Mapping>),
}

/// Which comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The newest one of a release.
    Of(ReleaseId),
    /// The one with this row.
    Row(i64),
}

/// Which page of the queue.
#[derive(Clone, Debug, PartialEq)]
pub struct PageRequest {
    /// What must hold.
    pub query: Query,
    /// In which order.
    pub sort: Sort,
    /// From where.
    pub place: Place,
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
pub enum Goal {
    /// A conversation by `source:id`, `#n` or `n`.
    Conversation(String),
    /// A day or an age: the first row in list order that is no further back.
    Moment(When),
}

/// Which place of which queue.
#[derive(Clone, Debug, PartialEq)]
pub struct JumpRequest {
    /// What to look for.
    pub goal: Goal,
    /// What the queue shows.
    pub query: Query,
    /// In which order.
    pub sort: Sort,
    /// Of which state of the queue.
    pub generation: u64,
}

/// Where a jump lands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Landing {
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
    /// What was said.
    pub judgement: Judgement,
    /// Of how many conversations.
    pub done: usize,
    /// How many it could not be said of: the customer said nothing there.
    pub left_out: usize,
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

/// What undo or redo did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenBack {
    /// What was taken back or made again, in words.
    pub words: String,
    /// The conversation that it was about.
    pub conversation: Option<ConversationId>,
}

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

/// An answer. Errors are words for a person.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each answers the request of the same name")]
pub enum Answer {
    Overview(Result<Box<Overview>, String>),
    OverviewPage(Result<Box<OverviewPage>, String>),
    Page(PageRequest, Result<Page, NoRows>),
    Count(Result<u64, String>, u64),
    Counts(Vec<Result<u64, String>>, u64),
    Vocabulary(Result<Box<Vocabulary>, String>),
    Jumped(JumpRequest, Result<Landing, String>),
    MarkAll(Result<Page, String>, u64),
    DecidedMany(Result<DecidedMany, String>),
    /// Not saved: others judged some of them meanwhile.
    ManyOvertaken(Vec<OthersWord>, Vec<ConversationId>, Judgement, DecisionId),
    Preview(Result<Box<ReviewItem>, String>, u64),
    Opened(Result<Shown, String>, u64),
    /// Done and all, of this scope.
    Progress(Scope, Result<(u64, u64), String>),
    /// Saved; what to show may still have failed.
    Decided(Result<Result<Shown, String>, String>, u64),
    /// Not saved: others judged it meanwhile. What was to be saved, and shown.
    Overtaken(Vec<OthersWord>, Vec<Change>, Then, u64),
    Reread(Result<Box<ReviewItem>, String>),
    Undone(Result<TakenBack, String>),
    Redone(Result<TakenBack, String>),
    Intents(Result<Vec<IntentRow>, String>),
    IntentAdded(Result<NamedIntent, String>, u64),
    Releases(Result<(Vec<ReleaseRow>, Option<Box<Comparison>>), String>),
    Comparison(Result<Option<Box<Comparison>>, String>, u64),
    Registry(Result<Box<Registry>, String>),
    OpenHalf(Result<Vec<GoldRow>, String>),
    /// Whether it is pinned now.
    Pinned(Result<bool, String>),
    Pins(Result<Vec<GoldTurn>, String>),
    /// In the order of the question.
    Labels(Vec<GoldTurn>, Result<Vec<Option<String>>, String>),
    RolledBack(Result<ReleaseId, String>),
    /// Of the comparison with this candidate.
    Judgements(ReleaseId, Result<Judgements, String>),
    Preferred(ReleaseId, Result<Judgements, String>),
    SaidBefore(ConversationId, TurnKey, Result<Vec<(Role, String)>, String>),
    CycleOpened(Result<CycleRow, String>),
    CycleClosed(Result<CycleRow, String>),
    Promoted(Result<ReleaseId, String>),
    Rejected(Result<ReleaseId, String>),
    GoldFrozen(Result<GoldVersion, String>),
    /// The key, and what was kept under it.
    Recalled(&'static str, Option<String>),
    Listed(Result<Listing, String>),
    Looked(PathBuf, Result<Box<Look>, String>),
    /// The name, and whether the mapping is kept.
    ProfileSaved(String, Result<(), String>),
    /// Somebody else has changed the store: an import, a colleague, a run in the background.
    Changed,
    /// What nobody waits for: something failed, the clock is behind the newest decision; and more of it.
    Told(&'static str, String),
    /// The store is not the file under its name any more: decisions are refused.
    Gone(String),
}

impl Request {
    /// Whether it would change the store.
    pub fn decides(&self) -> bool {
        matches!(
            self,
            Self::Decide(..)
                | Self::DecideMany(..)
                | Self::Undo
                | Self::Redo
                | Self::AddIntent(..)
                | Self::OpenCycle { .. }
                | Self::CloseCycle(_)
                | Self::RollBack(..)
                | Self::Pin(..)
                | Self::Promote { .. }
                | Self::FreezeGold
                | Self::Reject(..)
                | Self::Prefer(..)
        )
    }

    /// The kind of read that a newer one of the same kind makes pointless. Orders have none.
    pub fn supersedes(&self) -> Option<u8> {
        match self {
            Self::Page(_) => Some(1),
            Self::Count(..) => Some(2),
            Self::Preview(..) => Some(3),
            Self::Overview => Some(4),
            Self::Comparison(..) => Some(5),
            Self::Progress(_) => Some(6),
            Self::OverviewPage => Some(7),
            Self::List(_) => Some(8),
            Self::Look(..) => Some(9),
            Self::Counts(..) => Some(10),
            Self::Jump(_) => Some(11),
            Self::MarkAll(..) => Some(12),
            Self::Vocabulary => Some(13),
            Self::Intents => Some(14),
            Self::Releases => Some(15),
            Self::Registry => Some(16),
            Self::OpenHalf => Some(17),
            Self::Pins => Some(18),
            Self::Labels(_) => Some(19),
            Self::Reread(_) => Some(20),
            _ => None,
        }
    }
}
