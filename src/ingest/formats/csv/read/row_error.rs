//! Why a row, or the rows of a conversation, cannot be read.

use crate::ingest::formats::record_error::RecordError;
use crate::ingest::times::TimeError;

/// Why a row, or the rows of a conversation, cannot be read. Its words are a reject's reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    /// What it says is no turn or no conversation.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The time in a column cannot be read.
    #[error("`{column}`: {error}")]
    Time {
        /// The column.
        column: String,
        /// Why not.
        error: TimeError,
    },
    /// A probability that is none: every figure would hang on it.
    #[error("`{0}` is no probability: a number above 0, at most 1")]
    NoProbability(String),
    /// A row without text.
    #[error("no text in this row")]
    NoText,
    /// A row that says nothing where words are read, and something elsewhere.
    #[error(
        "the columns with words are empty here, and `{0}` holds some: where it is what somebody else said, write the table with one \
         column for who speaks and one for the words"
    )]
    SaidElsewhere(String),
    /// A conversation without turns.
    #[error("nobody says anything in it")]
    NoTurns,
    /// A sender of whom nobody says who that is.
    #[error(
        "`{column}` is `{sender}`, and nobody says who that is: --map \"role:{sender}=user\" (or bot, agent, tool, \
         system), or \"role:*=user\" for all others"
    )]
    UnknownSender {
        /// The column.
        column: String,
        /// The beginning of what stands in it.
        sender: String,
    },
    /// A speaker in a transcript of whom nobody says who that is.
    #[error(
        "`{0}` speaks in the transcript, and nobody says who that is: --map \"role:{0}=bot\" (or user, agent, tool, system; none where \
         it is no speaker)"
    )]
    Stranger(String),
    /// Words that stand in a structure which is none of those that are known.
    #[error("`{0}` holds JSON in which no words are found: --map names another column for it")]
    NoWords(String),
    /// A row without a sender.
    #[error("`{0}` is empty: nobody knows who speaks (`--map role:=system` where that is an event)")]
    NoSender(String),
    /// A transcript that begins with something else than a speaker.
    #[error(
        "the transcript starts with `{0}` and not with a speaker such as `User:`; name its speakers with --map \
         role:WORD=user (--map text=COLUMN where the cells hold a customer's words alone)"
    )]
    NoSpeaker(String),
}
