//! The signs there are.

/// One sign. Codes are bits in what the store keeps: never reused, never renumbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Signal {
    /// The customer said that an answer was wrong or not what was asked.
    SaidWrong = 1,
    /// The customer gave an answer a thumb down.
    ThumbsDown = 2,
    /// The customer asked for a person after an answer.
    AskedForPerson = 4,
    /// The customer said the same again after an answer.
    SaidAgain = 8,
    /// The customer asked again in other words after an answer.
    Rephrased = 16,
    /// The customer insulted the AI or shouted after an answer.
    Angry = 32,
    /// The AI gave one answer twice in a row.
    AiRepeated = 64,
    /// The live model reads the customer's last turn as let down or angry.
    SeemsLetDown = 128,
}

impl Signal {
    /// All of them, the strongest first.
    pub const ALL: [Self; 8] = [
        Self::SaidWrong,
        Self::ThumbsDown,
        Self::AskedForPerson,
        Self::SaidAgain,
        Self::Rephrased,
        Self::Angry,
        Self::AiRepeated,
        Self::SeemsLetDown,
    ];

    /// What it says, for a person.
    pub const fn words(self) -> &'static str {
        match self {
            Self::SaidWrong => "said the answer was wrong",
            Self::ThumbsDown => "thumbs down",
            Self::AskedForPerson => "asked for a person",
            Self::SaidAgain => "said the same again",
            Self::Rephrased => "asked again in other words",
            Self::Angry => "got angry",
            Self::AiRepeated => "the AI repeated itself",
            Self::SeemsLetDown => "seems let down at the end",
        }
    }

    /// The same in at most 15 letters, for a narrow column.
    pub const fn few_words(self) -> &'static str {
        match self {
            Self::SaidWrong => "said wrong",
            Self::ThumbsDown => "thumbs down",
            Self::AskedForPerson => "wants a person",
            Self::SaidAgain => "said it again",
            Self::Rephrased => "asked again",
            Self::Angry => "got angry",
            Self::AiRepeated => "AI repeated",
            Self::SeemsLetDown => "seems let down",
        }
    }

    /// Whether it is too common among good conversations to count alone.
    pub(super) const fn is_weak(self) -> bool {
        matches!(self, Self::Angry | Self::AiRepeated | Self::SeemsLetDown)
    }
}
