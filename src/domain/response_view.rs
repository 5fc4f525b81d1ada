//! The lists of the Responses screen.

/// A list of the Responses screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ResponseView {
    /// What followed each answer.
    #[default]
    Answers,
    /// What people wrote in place of answers.
    Corrections,
    /// What is said to many intents and helps few.
    NonAnswers,
}

impl ResponseView {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Answers, Self::Corrections, Self::NonAnswers];

    /// What people read on the screen.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Answers => "answers",
            Self::Corrections => "corrections",
            Self::NonAnswers => "non-answers",
        }
    }
}
