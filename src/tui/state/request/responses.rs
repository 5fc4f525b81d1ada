//! What the Responses screen asks.

use crate::domain::{ConversationId, LearnedAnswers, ReleaseId, TurnKey};
use crate::jobs::TestTurn;
use crate::store::{AnswerPage, CorrectionRow, Judgements};

/// Stands for the release of corrections that none has yet, where two answers are judged blind.
pub const UNRELEASED: ReleaseId = ReleaseId(0);

/// A question or an order of the Responses screen.
#[derive(Clone, Debug, PartialEq)]
pub enum ResponsesRequest {
    /// Answers and what followed them, over so many calendar days, or ever.
    Answers(Option<i64>),
    /// What people wrote in place of answers.
    Corrections,
    /// What the live release makes of the test turns.
    TestTurns,
    /// Accepts a correction.
    Accept(ConversationId, TurnKey),
    /// Sends a correction back, for a reason.
    Return(ConversationId, TurnKey, String),
    /// Writes a correction otherwise.
    Write(ConversationId, TurnKey, String),
    /// What people said of corrections beside what the AI had said.
    Judgements,
}

impl ResponsesRequest {
    /// Whether a newer one of the same kind makes it pointless.
    pub(super) fn is_superseded(&self) -> bool {
        !self.decides()
    }

    /// Whether it would change the store.
    pub(super) fn decides(&self) -> bool {
        match self {
            Self::Accept(..) | Self::Return(..) | Self::Write(..) => true,
            Self::Answers(_) | Self::Corrections | Self::TestTurns | Self::Judgements => false,
        }
    }
}

/// A correction as the screen shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct CorrectionLine {
    /// The correction.
    pub row: CorrectionRow,
    /// What the AI said.
    pub said: String,
    /// What the customer had said before it, and where.
    pub asked: Option<(TurnKey, String)>,
    /// The number of the AI's turn.
    pub place: u32,
    /// Its words are those of an answer that is none (rule 39): said to many already, of help to few.
    pub helps_few: bool,
}

/// Corrections, those that wait first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CorrectionPage {
    /// The corrections.
    pub lines: Vec<CorrectionLine>,
    /// The number that the next release will have.
    pub next: i64,
    /// Whoever looks may accept and return them.
    pub settles: bool,
    /// The release that was learnt last for its answers, and what was found of them.
    pub learned: Option<(ReleaseId, LearnedAnswers)>,
}

/// What the live release makes of the open half of the test turns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TestTurns {
    /// The release; `None` where none is live.
    pub release: Option<ReleaseId>,
    /// The turns.
    pub turns: Vec<TestTurn>,
}

/// An answer to a [`ResponsesRequest`].
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each answers the request of the same name")]
pub enum ResponsesAnswer {
    /// `None`: answers were not counted yet.
    Answers(Option<i64>, Result<Option<Box<AnswerPage>>, String>),
    Corrections(Result<Box<CorrectionPage>, String>),
    TestTurns(Result<Box<TestTurns>, String>),
    /// What was decided, in words.
    Settled(Result<String, String>),
    Judgements(Result<Judgements, String>),
}
