//! What the Patterns screen asks.

use super::queue::DecidedMany;
use crate::domain::{ActionId, ActionTerms, Cause, ConversationId, DecisionId, IntentId, Judgement, PatternView};
use crate::store::{OthersWord, PatternPage};

/// Conversations of a line that can be labelled at once.
pub const MOST_LABELLED: usize = 2_000;

/// Examples that a new intent gets from a line.
pub const FIRST_EXAMPLES: usize = 20;

/// A question or an order of the Patterns screen.
#[derive(Clone, Debug, PartialEq)]
pub enum PatternsRequest {
    /// A list, over so many calendar days.
    Page(PatternView, i64),
    /// What labelling all of a line would be about.
    Preview(String),
    /// One judgement on many conversations, as one step, by somebody who knows the log up to a decision; `None`: whatever others said.
    Label(Vec<ConversationId>, Judgement, Option<DecisionId>),
    /// An intent of this name, with the first of what a query finds as its examples.
    MakeIntent(String, String),
    /// A failure mode of this name under a cause, and all that a query finds in it.
    MakeMode(String, String, Cause),
    /// A failure mode of this name under a cause, with nothing in it yet.
    AddMode(String, Cause),
    /// Says what an intent means; `None` leaves that to its name.
    Define(IntentId, Option<String>),
    /// Hands what a query is about out.
    HandOut(String, ActionTerms),
    /// Says that an action is done, or not.
    Finish(ActionId, bool),
    /// Another name for a topic.
    RenameTopic(String, String),
    /// One topic stands for another from now on.
    MergeTopic(String, String),
    /// Another name for a failure mode.
    RenameMode(String, String),
    /// One failure mode stands for another from now on.
    MergeMode(String, String),
    /// A failure mode is out of use for finer ones.
    SplitMode(String, Vec<String>),
    /// A failure mode is out of use.
    RetireMode(String),
}

impl PatternsRequest {
    /// Whether a newer one of the same kind makes it pointless.
    pub(super) const fn is_superseded(&self) -> bool {
        match self {
            Self::Page(..) | Self::Preview(_) => true,
            Self::Label(..)
            | Self::MakeIntent(..)
            | Self::MakeMode(..)
            | Self::AddMode(..)
            | Self::Define(..)
            | Self::HandOut(..)
            | Self::Finish(..)
            | Self::RenameTopic(..)
            | Self::MergeTopic(..)
            | Self::RenameMode(..)
            | Self::MergeMode(..)
            | Self::SplitMode(..)
            | Self::RetireMode(_) => false,
        }
    }

    /// Whether it would change the store.
    pub(super) const fn decides(&self) -> bool {
        !self.is_superseded()
    }
}

/// What labelling all of a line would be about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelPreview {
    /// The line's query.
    pub query: String,
    /// Those of training groups that nobody has judged, at most [`MOST_LABELLED`].
    pub ids: Vec<ConversationId>,
    /// How many of these failed, were handed over or abandoned: a reason why is said of no others.
    pub failing: u64,
    /// There are more of them.
    pub more: bool,
    /// Those that somebody has judged, or asks about: they stay as they are.
    pub judged: u64,
    /// Those of test groups: they stay out (rule 47).
    pub in_test_groups: u64,
    /// What a few of the customers said. Hostile.
    pub samples: Vec<String>,
    /// Up to which decision the log was known.
    pub seen: Option<DecisionId>,
}

/// An answer to a [`PatternsRequest`].
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each answers the request of the same name")]
pub enum PatternsAnswer {
    Page(PatternView, Result<Box<PatternPage>, String>),
    Preview(Result<Box<LabelPreview>, String>),
    Labelled(Result<DecidedMany, String>),
    /// Not saved: others judged some of them meanwhile.
    Overtaken(Vec<OthersWord>, Vec<ConversationId>, Judgement, DecisionId),
    /// What was decided, in words, and whether the list of intents or modes has changed.
    Decided(Result<String, String>, bool),
}
