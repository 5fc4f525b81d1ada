//! What Fine-tune has in front.

use crate::action::ActionScope;

/// What the screen shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TuneFront {
    /// A comparison.
    #[default]
    Result,
    /// The learning curve.
    Curve,
    /// All releases.
    Registry,
    /// Failures put to a release.
    Replay,
    /// The labels behind an answer.
    Blame,
}

impl TuneFront {
    /// Where keys are looked up.
    pub const fn scope(self) -> ActionScope {
        match self {
            Self::Result | Self::Curve => ActionScope::FineTune,
            Self::Registry => ActionScope::Registry,
            Self::Replay => ActionScope::Replay,
            Self::Blame => ActionScope::Blame,
        }
    }
}
