//! What the screens ask of the store thread, and what it answers, by area. Reads carry the generation of the state that
//! asked; an answer to an older generation is dropped, and a read that a newer one supersedes is never made.

pub mod common;
pub mod import;
pub mod judging;
pub mod overview;
pub mod patterns;
pub mod queue;
pub mod responses;
pub mod review;
pub mod signals;
pub mod tune;

use common::{CommonAnswer, CommonRequest};
use import::{ImportAnswer, ImportRequest};
use judging::{JudgingAnswer, JudgingRequest};
use overview::{OverviewAnswer, OverviewRequest};
use patterns::{PatternsAnswer, PatternsRequest};
use queue::{QueueAnswer, QueueRequest};
use responses::{ResponsesAnswer, ResponsesRequest};
use review::{ReviewAnswer, ReviewRequest};
use signals::{SignalsAnswer, SignalsRequest};
use std::mem::{Discriminant, discriminant};
use tune::{TuneAnswer, TuneRequest};

/// A question or an order to the store thread.
#[derive(Clone, Debug, PartialEq)]
pub enum StoreRequest {
    /// Concerns every screen.
    Common(CommonRequest),
    /// The Overview screen.
    Overview(OverviewRequest),
    /// The Patterns screen.
    Patterns(PatternsRequest),
    /// The Responses screen.
    Responses(ResponsesRequest),
    /// The Queue screen.
    Queue(QueueRequest),
    /// The Review screen.
    Review(ReviewRequest),
    /// The Fine-tune screen.
    Tune(TuneRequest),
    /// The Signals screen.
    Signals(SignalsRequest),
    /// Judging two answers.
    Judging(JudgingRequest),
    /// Choosing what to import.
    Import(ImportRequest),
}

/// Which read a request is, whatever it carries. Two reads of one kind: the newer supersedes the older.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadKind {
    /// Concerns every screen.
    Common(Discriminant<CommonRequest>),
    /// The Overview screen.
    Overview(Discriminant<OverviewRequest>),
    /// The Patterns screen.
    Patterns(Discriminant<PatternsRequest>),
    /// The Responses screen.
    Responses(Discriminant<ResponsesRequest>),
    /// The Queue screen.
    Queue(Discriminant<QueueRequest>),
    /// The Review screen.
    Review(Discriminant<ReviewRequest>),
    /// The Fine-tune screen.
    Tune(Discriminant<TuneRequest>),
    /// The Signals screen.
    Signals(Discriminant<SignalsRequest>),
    /// Choosing what to import.
    Import(Discriminant<ImportRequest>),
}

impl StoreRequest {
    /// The kind of read that a newer one of the same kind makes pointless; `None` for orders and for reads that are all wanted.
    pub fn read_kind(&self) -> Option<ReadKind> {
        match self {
            Self::Common(r) => r.is_superseded().then(|| ReadKind::Common(discriminant(r))),
            Self::Overview(r) => Some(ReadKind::Overview(discriminant(r))),
            Self::Patterns(r) => r.is_superseded().then(|| ReadKind::Patterns(discriminant(r))),
            Self::Responses(r) => r.is_superseded().then(|| ReadKind::Responses(discriminant(r))),
            Self::Queue(r) => r.is_superseded().then(|| ReadKind::Queue(discriminant(r))),
            Self::Review(r) => r.is_superseded().then(|| ReadKind::Review(discriminant(r))),
            Self::Tune(r) => r.is_superseded().then(|| ReadKind::Tune(discriminant(r))),
            Self::Signals(r) => Some(ReadKind::Signals(discriminant(r))),
            Self::Import(r) => r.is_superseded().then(|| ReadKind::Import(discriminant(r))),
            // Each is about another turn or an order.
            Self::Judging(_) => None,
        }
    }

    /// Whether somebody waits for it before the next key: what they decide, and the item that comes then.
    pub fn is_waited_for(&self) -> bool {
        self.decides() || matches!(self, Self::Review(ReviewRequest::Open(..)))
    }

    /// Whether it would change the store.
    pub fn decides(&self) -> bool {
        match self {
            Self::Common(r) => r.decides(),
            Self::Queue(r) => r.decides(),
            Self::Responses(r) => r.decides(),
            Self::Review(r) => r.decides(),
            Self::Tune(r) => r.decides(),
            Self::Judging(r) => r.decides(),
            Self::Patterns(r) => r.decides(),
            Self::Overview(_) | Self::Signals(_) | Self::Import(_) => false,
        }
    }
}

/// An answer of the store thread. Errors are words for a person.
#[derive(Clone, Debug, PartialEq)]
pub enum StoreAnswer {
    /// Concerns every screen.
    Common(CommonAnswer),
    /// The Overview screen.
    Overview(OverviewAnswer),
    /// The Patterns screen.
    Patterns(PatternsAnswer),
    /// The Responses screen.
    Responses(ResponsesAnswer),
    /// The Queue screen.
    Queue(QueueAnswer),
    /// The Review screen.
    Review(ReviewAnswer),
    /// The Fine-tune screen.
    Tune(TuneAnswer),
    /// The Signals screen.
    Signals(SignalsAnswer),
    /// Judging two answers.
    Judging(JudgingAnswer),
    /// Choosing what to import.
    Import(ImportAnswer),
}

/// Puts the requests and answers of an area into the common enums.
macro_rules! areas {
    ($($area:ident: $request:ty, $answer:ty;)+) => {$(
        impl From<$request> for StoreRequest {
            fn from(request: $request) -> Self {
                Self::$area(request)
            }
        }

        impl From<$answer> for StoreAnswer {
            fn from(answer: $answer) -> Self {
                Self::$area(answer)
            }
        }
    )+};
}

areas! {
    Common: CommonRequest, CommonAnswer;
    Overview: OverviewRequest, OverviewAnswer;
    Patterns: PatternsRequest, PatternsAnswer;
    Responses: ResponsesRequest, ResponsesAnswer;
    Queue: QueueRequest, QueueAnswer;
    Review: ReviewRequest, ReviewAnswer;
    Tune: TuneRequest, TuneAnswer;
    Signals: SignalsRequest, SignalsAnswer;
    Judging: JudgingRequest, JudgingAnswer;
    Import: ImportRequest, ImportAnswer;
}
