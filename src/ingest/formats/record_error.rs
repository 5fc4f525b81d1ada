//! Why a record is no conversation.

use crate::ingest::times::TimeError;

/// Why a record is no conversation. Its words are a reject's reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::ingest) enum RecordError {
    /// Something is of another kind than it must be.
    #[error("{what} must be {wanted}, and is {found} here")]
    Kind {
        /// What, such as `turn 3` or a key.
        what: String,
        /// What it must be.
        wanted: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// Something without which there is no conversation.
    #[error("no {0}")]
    Missing(&'static str),
    /// Nothing says who speaks.
    #[error("no `role`: it says user, bot, agent, tool or system (so do `sender`, `speaker`, `author` and `from`){0}")]
    NoSpeaker(String),
    /// There is more of something than any log needs.
    #[error("{what}: at most {most} are read")]
    TooMany {
        /// What, and how many.
        what: String,
        /// How many are read.
        most: usize,
    },
    /// An id that no log needs.
    #[error("its id is longer than {0} bytes")]
    LongId(usize),
    /// A name out of a closed set is none of them.
    #[error("no {what} called {given}: {hint}")]
    Unknown {
        /// Of what.
        what: &'static str,
        /// What was given.
        given: String,
        /// What may have been meant, or what there is.
        hint: String,
    },
    /// A speaker of whom nobody says who that is.
    #[error("`{key}` is {given}, and nobody says who that is: `role` says user, bot, agent, tool or system")]
    Stranger {
        /// The key.
        key: String,
        /// What stands there.
        given: String,
    },
    /// What was answered stands under a key of its own, and nobody says who answered. The key.
    #[error("`{0}` holds an answer, and nobody says who gave it: --speakers {0}=bot where the AI did")]
    Unplaced(String),
    /// It is written in a later version of the format.
    #[error("version {0} of the format: this program reads version 1")]
    Version(String),
    /// A time cannot be read.
    #[error(transparent)]
    Time(#[from] TimeError),
    /// Something in it is wrong.
    #[error("{place}: {error}")]
    In {
        /// Where in the record.
        place: String,
        /// What.
        error: Box<Self>,
    },
}

impl RecordError {
    /// The speaker that nobody knows, where that is what is wrong.
    pub fn stranger(&self) -> Option<String> {
        match self {
            Self::Stranger { given, .. } | Self::Unknown { what: "role", given, .. } => {
                Some(serde_json::from_str(given).unwrap_or_else(|_| given.clone()))
            }
            Self::Unplaced(key) => Some(key.clone()),
            Self::In { error, .. } => error.stranger(),
            _ => None,
        }
    }

    /// The same, said of a place in the record.
    pub fn at(self, place: impl Into<String>) -> Self {
        Self::In { place: place.into(), error: Box::new(self) }
    }
}
