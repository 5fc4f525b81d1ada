//! What the Fine-tune screen asks.

use crate::domain::{Comparison, DecisionId, GoldVersion, ReleaseId};
use crate::store::{DisputeRow, GoldRow, Registry, ReleaseRow, ShownRollback};
use crate::tui::state::work::GoldTurn;

/// A question or an order of the Fine-tune screen.
#[derive(Clone, Debug, PartialEq)]
pub enum TuneRequest {
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
    /// A comparison.
    Comparison(WhichComparison, u64),
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
    /// Makes live again what was live before, for this reason.
    RollBack(ShownRollback, String),
    /// Freezes a new gold version.
    FreezeGold,
    /// Base examples whose labels look wrong.
    DisputedExamples,
    /// Gives the label of one of them again: as the model says, or as it is.
    Settle(DecisionId, bool),
}

impl TuneRequest {
    /// Whether a newer one of the same kind makes it pointless.
    pub(super) fn is_superseded(&self) -> bool {
        match self {
            Self::Releases
            | Self::Registry
            | Self::OpenHalf
            | Self::Pins
            | Self::Labels(_)
            | Self::Comparison(..)
            | Self::DisputedExamples => true,
            Self::Pin(..)
            | Self::Promote { .. }
            | Self::Reject(..)
            | Self::RollBack(..)
            | Self::FreezeGold
            | Self::Settle(..) => false,
        }
    }

    /// Whether it would change the store.
    pub(super) fn decides(&self) -> bool {
        match self {
            Self::Pin(..)
            | Self::Promote { .. }
            | Self::Reject(..)
            | Self::RollBack(..)
            | Self::FreezeGold
            | Self::Settle(..) => true,
            Self::Releases
            | Self::Registry
            | Self::OpenHalf
            | Self::Pins
            | Self::Labels(_)
            | Self::Comparison(..)
            | Self::DisputedExamples => false,
        }
    }
}

/// Which comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhichComparison {
    /// The newest one of a release.
    Of(ReleaseId),
    /// The one with this row.
    Row(i64),
}

/// An answer to a [`TuneRequest`].
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each answers the request of the same name")]
pub enum TuneAnswer {
    Releases(Result<(Vec<ReleaseRow>, Option<Box<Comparison>>), String>),
    Registry(Result<Box<Registry>, String>),
    OpenHalf(Result<Vec<GoldRow>, String>),
    /// Whether it is pinned now.
    Pinned(Result<bool, String>),
    Pins(Result<Vec<GoldTurn>, String>),
    /// In the order of the question.
    Labels(Vec<GoldTurn>, Result<Vec<Option<String>>, String>),
    Comparison(Result<Option<Box<Comparison>>, String>, u64),
    Promoted(Result<ReleaseId, String>),
    Rejected(Result<ReleaseId, String>),
    RolledBack(Result<Option<ReleaseId>, String>),
    GoldFrozen(Result<GoldVersion, String>),
    DisputedExamples(Result<Vec<DisputeRow>, String>),
    Settled(Result<(), String>),
}
