//! Plain types and their arithmetic: what a conversation, a decision, a score and a verdict are. No I/O, no clock.

pub mod conversation;
pub mod external;
pub mod ids;
pub mod join;
pub mod measure;
pub mod outcome;
pub mod pattern;
pub mod period;
pub mod query;
mod response_view;
pub mod review;
pub mod sampling;
pub mod signal;
pub mod survival;
pub mod time;
pub mod zone;

pub use crate::base::progress::{Cancelled, ProgressPace, Reporter, SilentReporter, stage_words};
pub use conversation::{Bot, Conversation, Csat, Feedback, Offer, OfferStatus, Ranked, Role, Turn};
pub use external::{Ai, AskingWay, ExternalAis, Price, SecretKey, SpokenIntent, Trainer};
pub use ids::{
    ActionId, ConversationId, CycleId, DecisionId, GoldVersion, IntentId, ModeId, ReleaseId, StepId, TurnKey,
};
pub use measure::comparison::{Comparison, FailureScore, Findings, LeftOut};
pub use measure::coverage::{AtThreshold, BestThreshold, Coverage, CoverageCurve, ErrorCosts};
pub use measure::cusum::{CustomerDays, Fallen, Usual};
pub use measure::halves::{
    Calibration, CalibrationBin, Confused, Flip, FlipKind, HalfScores, IntentIntervals, IntentScore, MistakenIntent,
    OpenHalf, SealedHalf,
};
pub use measure::languages::LanguageScore;
pub use measure::learned::answers::{AnswerScore, LearnedAnswers, OpenAnswers};
pub use measure::learned::misread::{ChancesGiven, EndsRead, ShareRange};
pub use measure::learned::{ExpectedYes, LearnedFigures, LearnedReport, ReadPart, p_of_look};
pub use measure::learning_curve::{CurveHits, CurvePoint, LearningCurve};
pub use measure::prediction_powered::{
    AuditRate, Audited, MeanPrediction, PoweredRate, Predicted, Sure, audit_rate, powered_rate,
};
pub use measure::rate::{Difference, Rate, RateMovement};
pub use measure::rate_change::{ChangePart, Effect, RateChange, StratumCount, take_apart};
pub use measure::responses::{
    AnswerFaults, AnswerLosses, AnsweredTurn, ChangeFaults, CorrectedScore, CorrectedTurn, FaultyTurns, JudgementTally,
    Pair, Preference, RecentAnswers, ResponseChange, Responses,
};
pub use measure::sequence::{Sequence, betting};
pub use measure::stratified::{Stratum, within_strata};
pub use measure::verdict::{BeforeIs, Gate, Verdict};
pub use measure::weighted::{GroupedCount, WeighedCount};
pub use outcome::{Cause, OneKindOfEnd, Outcome, OutcomeSource, Repair, Resolution, Review};
pub use pattern::{AskedDetector, Detection, FailureEvidence, PatternKind, PatternView, is_repairer};
pub use period::{NoPeriod, PeriodName};
pub use query::sort::{QueueOrder, SortKey};
pub use query::{Cmp, DayOfWeek, Filter, Flag, Query, QueryError, QueryMoment, QueryTerm, TestGroups};
pub use response_view::ResponseView;
pub use review::decision::{DecisionChange, DecisionTarget, Kind};
pub use review::handed_out::ActionTerms;
pub use review::judgement::{JudgedCase, Judgement};
pub use review::rhythm::Rhythm;
pub use sampling::{AuditSplit, IsoWeek, NoWeek, Sampling, TrafficRow};
pub use signal::{OffersBy, SignalView};
pub use survival::{StayedPoint, stayed};
pub use time::Timestamp;
pub use zone::Zone;

/// The reserved intent for what the AI should not handle; scored like the others (rule 3).
pub const OUT_OF_SCOPE: &str = "out_of_scope";
/// Its row in every store.
pub const OUT_OF_SCOPE_ID: IntentId = IntentId(1);
