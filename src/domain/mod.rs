//! Plain types and their arithmetic: what a conversation, a decision, a score and a verdict are. No I/O, no clock.

pub mod conversation;
pub mod external;
pub mod ids;
pub mod join;
pub mod measure;
pub mod outcome;
pub mod pattern;
pub mod query;
pub mod review;
pub mod sampling;
pub mod time;
pub mod zone;

pub use crate::base::progress::{Cancelled, Pace, Reporter, Silent, stage_words};
pub use conversation::{Bot, Conversation, Csat, Feedback, Offer, OfferStatus, Ranked, Role, Turn};
pub use external::{Ai, Ask, Outside, Price, Secret, Spoken, Trainer};
pub use ids::{ConversationId, CycleId, DecisionId, GoldVersion, IntentId, ReleaseId, StepId, TurnKey};
pub use measure::comparison::{Comparison, FailureScore, Findings, LeftOut};
pub use measure::coverage::{AtThreshold, BestThreshold, Costs, Coverage, CoverageCurve};
pub use measure::halves::{
    Calibration, CalibrationBin, Confused, Flip, FlipKind, IntentIntervals, IntentScore, Mistaken, OpenHalf, Scores,
    SealedHalf,
};
pub use measure::languages::LanguageScore;
pub use measure::learning_curve::{CurveHits, CurvePoint, LearningCurve};
pub use measure::rate::{Difference, Moved, Rate};
pub use measure::responses::{
    AnswerFaults, AnsweredTurn, CorrectedScore, CorrectedTurn, Faulty, Pair, Preference, ResponseChange, Responses,
    Tally,
};
pub use measure::verdict::{BeforeIs, Gate, Verdict};
pub use outcome::{Cause, Outcome, OutcomeSource, Repair, Resolution, Review};
pub use pattern::{PatternKind, PatternView};
pub use query::sort::{Sort, SortKey};
pub use query::{Cmp, Filter, Flag, Query, QueryError, Term, TestGroups, When};
pub use review::decision::{Change, Kind, Target};
pub use review::judgement::{Case, Judgement};
pub use sampling::{AuditSplit, IsoWeek, NoWeek, Sampling, TrafficRow};
pub use time::Timestamp;
pub use zone::Zone;

/// The reserved intent for what the AI should not handle; scored like the others (rule 3).
pub const OUT_OF_SCOPE: &str = "out_of_scope";
/// Its row in every store.
pub const OUT_OF_SCOPE_ID: IntentId = IntentId(1);
