//! Plain types and their arithmetic: what a conversation, a decision, a score and a verdict are. No I/O, no clock.

pub mod address;
pub mod comparison;
pub mod conversation;
pub mod coverage;
pub mod curve;
pub mod decision;
pub mod ids;
pub mod join;
pub mod judge;
pub mod nearest;
pub mod outcome;
pub mod outside;
pub mod progress;
pub mod query;
pub mod rate;
pub mod responses;
pub mod sort;
pub mod time;
pub mod views;
pub mod zone;

pub use comparison::{
    BeforeIs, Calibration, CalibrationBin, Comparison, Confused, FailureScore, Flip, FlipKind, Gate, IntentIntervals,
    IntentScore, LeftOut, Mistaken, OpenHalf, Scores, Verdict,
};
pub use conversation::{Bot, Conversation, Csat, Feedback, Offer, OfferStatus, Ranked, Role, Turn};
pub use coverage::{AtThreshold, BestThreshold, Costs, Coverage, CoverageCurve};
pub use curve::{CurveHits, CurvePoint, LearningCurve};
pub use decision::{Change, Kind, Target};
pub use ids::{ConversationId, CycleId, DecisionId, GoldVersion, IntentId, ReleaseId, StepId, TurnKey};
pub use judge::{Case, Judgement};
pub use outcome::{Cause, Outcome, OutcomeSource, Resolution, Review};
pub use outside::{Ai, Ask, Outside, Price, Secret, Spoken, Trainer};
pub use progress::{Cancelled, Pace, Reporter, Silent, stage_words};
pub use query::{Cmp, Filter, Flag, Query, QueryError, Term, TestGroups, When};
pub use rate::{Difference, Moved, Rate};
pub use responses::{
    AnswerFaults, AnsweredTurn, CorrectedScore, CorrectedTurn, Faulty, Pair, Preference, ResponseChange, Responses,
    Tally,
};
pub use sort::{Sort, SortKey};
pub use time::Timestamp;
pub use zone::Zone;

/// The reserved intent for what the AI should not handle; scored like the others (rule 3).
pub const OUT_OF_SCOPE: &str = "out_of_scope";
