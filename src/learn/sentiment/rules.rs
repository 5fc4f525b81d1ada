//! How turns have been read, since a model is asked, and made again, by the rules that it was trained by (rule 49).

use crate::learn::vectors::grams::GramRules;

/// Which turns are read, and what is seen in them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SentimentRules {
    /// Greek in Latin letters by a list of spellings; the newest rated turns alone. Format 1.
    AsSpelt = 1,
    /// Greek words by their sound, so that any spelling in either script is one word; a draw from all rated turns; each turn for as many as
    /// it stands for. Format 2.
    BySound = 2,
    /// The same, and probabilities are brought to what labels said where the model had not seen them. Format 3.
    Calibrated = 3,
    /// The same, and of customers as many are told to be let down as labels say where the model had not seen them: what gives the best macro
    /// F1 tells too many or too few. Training goes on after a step that gains little: where it ended hung on every single turn. Format 4.
    #[default]
    Counted = 4,
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
            3 => Some(Self::Calibrated),
            4 => Some(Self::Counted),
            _ => None,
        }
    }

    /// How texts become n-grams.
    pub(super) const fn grams(self) -> GramRules {
        match self {
            Self::AsSpelt => GramRules::GreekBySound,
            Self::BySound | Self::Calibrated | Self::Counted => GramRules::GreekCloser,
        }
    }

    /// Whether probabilities are brought to what labels said.
    pub(super) const fn is_calibrated(self) -> bool {
        matches!(self, Self::Calibrated | Self::Counted)
    }

    /// Steps in a row that gain little, after which training ends.
    pub(super) const fn patience(self) -> usize {
        match self {
            Self::AsSpelt | Self::BySound | Self::Calibrated => 1,
            Self::Counted => 3,
        }
    }

    /// Whether as many are told to be let down as labels say.
    pub(super) const fn is_counted(self) -> bool {
        matches!(self, Self::Counted)
    }
}
