//! The tabs of the program.

/// The screens, in the order of their tabs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// The business owner's page.
    #[default]
    Overview,
    /// Triage.
    Queue,
    /// One conversation after another.
    Review,
    /// Before and after.
    FineTune,
}

impl Tab {
    /// All, in tab order.
    pub const ALL: [Self; 4] = [Self::Overview, Self::Queue, Self::Review, Self::FineTune];

    /// The word on it, which is also the name that is stored.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Queue => "Queue",
            Self::Review => "Review",
            Self::FineTune => "Fine-tune",
        }
    }

    /// Its number, counted from 1.
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }

    /// The tab of a title.
    pub fn from_title(title: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.title() == title)
    }
}
