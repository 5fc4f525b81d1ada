//! Row numbers of the store, each its own type so that one cannot be passed for another.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);
    };
}

id!(
    /// A conversation; people see it as `#n` or `source:id`.
    ConversationId
);
id!(
    /// An intent. It survives renames.
    IntentId
);
id!(
    /// One row of the append-only decision log.
    DecisionId
);
id!(
    /// A group of decisions made by one act: what one undo takes back.
    StepId
);
id!(
    /// A release: intent model, response table and thresholds under one version.
    ReleaseId
);
id!(
    /// A review cycle.
    CycleId
);
id!(
    /// Something that was handed out to somebody.
    ActionId
);
id!(
    /// A failure mode: the team's own name for what went wrong first.
    ModeId
);
id!(
    /// A frozen version of the gold set, counted from 1.
    GoldVersion
);

/// A turn within its conversation, for as long as the store lives: its number when it was first stored. Decisions are on
/// turns by their keys. Where a turn stands now, and the number that people see, is its place
/// ([`super::Conversation::place_of`]): a log that comes again may have put others before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TurnKey(pub u32);
