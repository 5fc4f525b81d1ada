//! How turns have been read, since a model is asked, and made again, by the rules that it was trained by (rule 49).

use crate::learn::vectors::grams::GramRules;

/// Which turns are read, and what is seen in them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SentimentRules {
    /// Greek in Latin letters by a list of spellings; the newest rated turns alone. Format 1.
    AsSpelt = 1,
    /// Greek words by their sound, so that any spelling in either script is one word; a draw from all rated turns; each turn for as many as
    /// it stands for. Format 2.
    #[default]
    BySound = 2,
}

impl SentimentRules {
    /// The format of a model's bytes.
    pub(super) const fn version(self) -> u16 {
        self as u16
    }

    /// Those of a format.
    pub(super) const fn of_version(version: u16) -> Option<Self> {
        match version {
            1 => Some(Self::AsSpelt),
            2 => Some(Self::BySound),
            _ => None,
        }
    }

    /// How texts become n-grams.
    pub(super) const fn grams(self) -> GramRules {
        match self {
            Self::AsSpelt => GramRules::GreekBySound,
            Self::BySound => GramRules::GreekCloser,
        }
    }
}
