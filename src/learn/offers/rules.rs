//! Which answers have been read, what each weighed, in which order they were heard and what is told of a chance, since a model is made again by the rules that it was trained by (rule 49).

/// How a store's answers are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OfferRules {
    /// Those of the newest conversations, each for itself. Format 1.
    Newest = 1,
    /// A draw from all conversations with an offer; each answer for as many as it stands for. Format 2.
    Drawn = 2,
    /// The same draw. What is kept has heard the answers in an order that has nothing to do with time: else what was offered last overwrites
    /// what was learnt of what was offered before. Format 3.
    Mixed = 3,
    /// Learnt as those, and told as it came true: a chance is the middle of its own interval, by what came true of the later half of the
    /// answers alone, since what was said while little had been heard is said no more. Before, what the model said stood beside the interval
    /// of what came true of such words, outside of it for two in five. One lesson of four tells of the offer alone, as a question may.
    /// Format 5: no program that was handed out wrote the fourth.
    InPart = 5,
    /// The same lessons, and a third expert (`ridge`): pairs held down so little that what was seen often is told as it was. How far it is
    /// believed, what is told and what that gains follow from what such models say of conversations that they have not heard, not from
    /// what a model said while it was still learning. Before, chances were drawn to each other: of 20,000 answers .035 off on average, where
    /// a plain logistic regression was .009 off. What was bet last moves no chance: the constant of the bets is balanced. What a question leaves
    /// out is as in lessons that are kept for that. Format 6.
    #[default]
    Crossed = 6,
}

impl OfferRules {
    /// The format of a model's bytes.
    pub(super) const fn version(self) -> u16 {
        self as u16
    }

    /// Those of a format.
    pub(super) const fn of_version(version: u16) -> Option<Self> {
        match version {
            1 => Some(Self::Newest),
            2 => Some(Self::Drawn),
            3 => Some(Self::Mixed),
            5 => Some(Self::InPart),
            6 => Some(Self::Crossed),
            _ => None,
        }
    }

    /// Whether one lesson of four tells of the offer alone, so that a question may leave out what it does not know.
    pub const fn teaches_in_part(self) -> bool {
        match self {
            Self::Newest | Self::Drawn | Self::Mixed => false,
            Self::InPart | Self::Crossed => true,
        }
    }
}
