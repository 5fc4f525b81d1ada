//! The parts of what customers show by themselves.

/// A part of the Signals screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SignalView {
    /// How customers feel.
    #[default]
    Feel,
    /// What they are offered.
    Offers,
}

impl SignalView {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Feel, Self::Offers];

    /// What people read on the screen.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Feel => "how customers feel",
            Self::Offers => "offers",
        }
    }
}

/// By what offers are told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OffersBy {
    /// By nothing more.
    #[default]
    Offer,
    /// By channel.
    Channel,
    /// By language.
    Language,
    /// By what the customer came for.
    Intent,
}

impl OffersBy {
    /// The next one.
    pub const fn next(self) -> Self {
        match self {
            Self::Offer => Self::Channel,
            Self::Channel => Self::Language,
            Self::Language => Self::Intent,
            Self::Intent => Self::Offer,
        }
    }

    /// How offers are told apart then, in two words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Offer => "by offer",
            Self::Channel => "by channel",
            Self::Language => "by language",
            Self::Intent => "by intent",
        }
    }

    /// The filter that picks one of them.
    pub const fn key(self) -> Option<&'static str> {
        match self {
            Self::Offer => None,
            Self::Channel => Some("channel"),
            Self::Language => Some("lang"),
            Self::Intent => Some("intent"),
        }
    }
}
