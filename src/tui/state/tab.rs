//! The tabs of the program.

/// The screens, in the order of their tabs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScreenTab {
    /// The business owner's page.
    #[default]
    Overview,
    /// Triage.
    Queue,
    /// What fails alike, and where.
    Patterns,
    /// What followed answers, and what people wrote instead.
    Responses,
    /// Before and after.
    FineTune,
    /// What customers show by themselves.
    Signals,
    /// One conversation after another.
    Review,
}

impl ScreenTab {
    /// All, in tab order.
    pub const ALL: [Self; 7] =
        [Self::Overview, Self::Queue, Self::Patterns, Self::Responses, Self::FineTune, Self::Signals, Self::Review];

    /// The word on it, which is also the name that is stored.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Queue => "Queue",
            Self::Patterns => "Patterns",
            Self::Responses => "Responses",
            Self::FineTune => "Fine-tune",
            Self::Signals => "Signals",
            Self::Review => "Review",
        }
    }

    /// The word on it where the header is narrow.
    pub const fn short(self) -> &'static str {
        match self {
            Self::Overview => "Over",
            Self::Queue => "Queue",
            Self::Patterns => "Patt",
            Self::Responses => "Resp",
            Self::FineTune => "Tune",
            Self::Signals => "Sign",
            Self::Review => "Rev",
        }
    }

    /// The word on it where even the short ones take too much room.
    pub const fn least(self) -> &'static str {
        match self {
            Self::Overview => "Ove",
            Self::Queue => "Que",
            Self::Patterns => "Pat",
            Self::Responses => "Res",
            Self::FineTune => "Tun",
            Self::Signals => "Sig",
            Self::Review => "Rev",
        }
    }

    /// Its number, which is its key.
    pub const fn number(self) -> u8 {
        match self {
            Self::Overview => 1,
            Self::Queue => 2,
            Self::Patterns => 3,
            Self::Responses => 4,
            Self::FineTune => 5,
            Self::Signals => 6,
            Self::Review => 7,
        }
    }

    /// The tab of a number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.number() == number)
    }

    /// The tab of a title.
    pub fn from_title(title: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.title() == title)
    }
}
