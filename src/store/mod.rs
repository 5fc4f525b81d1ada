//! All the SQL. One SQLite file holds everything; see ARCHITECTURE.md for the schema and its reasons.
//!
//! A [`Store`] is one connection. Each thread opens its own; SQLite's WAL keeps readers and the one writer apart.

mod answers;
mod base;
mod codes;
mod conversations;
mod decisions;
mod doctor;
mod figures;
mod gold;
mod intents;
mod patterns;
mod queue;
mod releases;
mod review;
mod views;

pub use answers::accepting::SettledCorrection;
pub use answers::answered::AnsweredRow;
pub use answers::book::{AnswerBook, BookedAnswer};
pub use answers::corrections::{CorrectionRow, CorrectionState};
pub use answers::judged::AnswersNote;
pub use answers::known::KnownAnswer;
pub use answers::pairs::Judgements;
pub use answers::spoken::SpokenTurn;
pub use answers::stage::{AnswerStage, ChosenAnswer};
pub use base::backup::CopyContent;
pub use base::clock::{SetBack, lies_ahead};
pub use base::connection::{Access, Founding, Store};
pub use base::demo::DemoState;
pub use base::error::{LongError, MachineShortage, Result, StoreError, StoreGone};
pub use conversations::arriving::{
    ArrivalNotes, ArrivalResult, ArrivalRules, ArrivingConversation, ConversationEnds, NamedCount, OnDuplicate,
    RatedConversation,
};
pub use conversations::derived::{DerivedFields, Deriver};
pub use conversations::first_load::NextIndex;
pub use conversations::write::ConversationWriter;
pub use decisions::naming::NamedAttempt;
pub use decisions::overtaken::{Attempt, DecidedStep, OthersWord};
pub use decisions::reviewers::{Person, TeamRole};
pub use decisions::told::ToldStep;
pub use decisions::undo::UndoneStep;
pub use doctor::{CheckState, Diagnosis, DoctorCheck, StoredSize};
pub use figures::StoreFigures;
pub use figures::answers::figure::{
    AnswerFigures, AnswerPage, EverSaid, Prior, Strata, UnansweredIntent, Unranked, WeighedOutcomes,
};
pub use figures::answers::line::{AnswerLine, AnswersTold};
pub use figures::audited::{AuditedFigures, CauseRate, PeopleRate};
pub use figures::ended::{EndedRow, StratumKey};
pub use figures::let_down::{KnownEnds, LetDown};
pub use figures::offers::against::MoreOften;
pub use figures::offers::{OfferLine, OtherOffers};
pub use figures::page::{
    Accuracies, DefinitionMark, FailingIntent, InLanguage, MovedTo, OverviewPage, Period, PeriodBasis, Promotion,
    RepairableFailures, ReviewedCauses, SegmentKind, SegmentLine, SegmentPage, SignalRate, SignalRates, StoreHoldings,
    WeekPoint,
};
pub use figures::patterns::modes::{InCycle, ModeLine, ModesPage, ProposedMode, UnseenModes};
pub use figures::patterns::types::{
    ActionEffect, ConfusedBy, ConfusedPair, EffectSide, OthersEffect, PatternLine, PatternPage, Segmented,
};
pub use figures::segments::{ExcludedCounts, Outcomes, Segment, SegmentBy};
pub use figures::signals::{FeltChange, FeltWeek, KnownOf, SignalsPage, SurveyChange};
pub use figures::stats::{AccuracyPoint, AllTraffic, CountedWeek, DurableFigures, StoreStats};
pub use figures::traffic::TakenWeek;
pub use gold::versions::{GoldHalf, GoldItem, GoldRow, GoldVersionRow};
pub use intents::edits::{AdditionOrigin, Split};
pub use intents::examples::{AddedExamples, Contradiction};
pub use intents::names::IntentNames;
pub use intents::served::ServedNames;
pub use patterns::actions::{ActionRow, HandedOut};
pub use patterns::judged::{AuditedCase, AuditedMode, KeptDetection, ModeCase};
pub use patterns::modes::{ModeRow, Modes};
pub use patterns::topics::{AcceptedTopics, NewTopic, TopicGroup, TopicList};
pub use patterns::{FailedRow, FoundPattern, PatternRow};
pub use queue::columns::Changes;
pub use queue::filter::default_query;
pub use queue::search_index::{FoldedText, SearchState, Unsearched};
pub use queue::vocabulary::{StoreVocabulary, Unanswerable};
pub use releases::as_of::{Inputs, LabelFact, NotedOrigin, ReadMoment, ReleaseOrigin};
pub use releases::comparisons::ComparisonRow;
pub use releases::external_answers::{KeptAnswer, KeptGuess, MadeOutside};
pub use releases::felt::{FeltSoFar, KnownOffers, LiveLearned, OfferChances, Reading};
pub use releases::learned::{AddedRelease, HowLearned, LearnedNote, LearnedRelease, LearnedRow};
pub use releases::lessons::{DrawnLessons, LearnedCut, LearnerKind, LessonRow, LessonsOf};
pub use releases::live::{ANSWERS, BY_ITSELF, LiveOrigin, LiveSpan, ShownRollback, TakenBack, in_use_as};
pub use releases::registry::Registry;
pub use releases::replay::FailedTurn;
pub use releases::rows::NewRelease;
pub use releases::training::{FailureRow, TrainingExample};
pub use review::beside::{AlikeRow, BesideConversation, EarlierRow};
pub use review::cycle_story::{CountedLine, CycleBefore, CycleRun, CycleStory, ThenNow};
pub use review::cycles::{DueCycle, NewCycle};
pub use review::item::ReviewScope;
pub use review::label_errors::{DisputeRow, NewDispute, StandingDispute};
pub use review::lint::LintFinding;
pub use review::review_speed::{AuditedItems, ReviewPace};
pub use review::summary::CycleSummary;
pub use views::*;

use base::error::DoingWhat;
use base::turn_ids::{MOST_TURNS, turn_range};
pub(crate) use base::turn_ids::{split_turn, turn_id};

#[cfg(test)]
mod tests;
#[cfg(test)]
mod trust_tests;
