//! The names of what SQL compares with. Statements are written with these, so that no number or word in them means something that
//! only the schema's comments explain; `tests/it/rooms.rs` holds them to it. A flag (`traffic = 1`) is no code.

use crate::domain::{Kind, OfferStatus, Outcome, OutcomeSource, Review, Role};

/// Kinds of decisions.
pub(in crate::store) const LABEL: i64 = Kind::Intent.code();
pub(in crate::store) const ANSWER_TEXT: i64 = Kind::Response.code();
pub(in crate::store) const ROOT_CAUSE: i64 = Kind::Cause.code();
pub(in crate::store) const PUT_OFF: i64 = Kind::Status.code();
pub(in crate::store) const REAL_TRAFFIC: i64 = Kind::Traffic.code();
pub(in crate::store) const MOOD: i64 = Kind::Sentiment.code();
pub(in crate::store) const MODE: i64 = Kind::Mode.code();
pub(in crate::store) const MEANING: i64 = Kind::IntentMeaning.code();
pub(in crate::store) const TOPICS: i64 = Kind::Topics.code();
pub(in crate::store) const PIN: i64 = Kind::Pin.code();
pub(in crate::store) const ANSWER_STATE: i64 = Kind::ResponseState.code();
/// Kinds below this one are decided on conversations and their turns.
pub(in crate::store) const BEYOND_CONVERSATIONS: i64 = Kind::IntentName.code();

/// Outcomes.
pub(in crate::store) const RESOLVED: i64 = Outcome::Resolved.code();
pub(in crate::store) const ESCALATED: i64 = Outcome::Escalated.code();
pub(in crate::store) const FAILED: i64 = Outcome::Failed.code();
pub(in crate::store) const ABANDONED: i64 = Outcome::Abandoned.code();
pub(in crate::store) const PENDING: i64 = Outcome::Pending.code();
pub(in crate::store) const UNKNOWN: i64 = Outcome::Unknown.code();

/// `BETWEEN RESOLVED AND ABANDONED` finds what counts: nothing else may lie between.
const _: () = assert!(RESOLVED < ESCALATED && ESCALATED < FAILED && FAILED < ABANDONED && ABANDONED - RESOLVED == 3);

/// Who says how a conversation ended.
pub(in crate::store) const DERIVED: i64 = OutcomeSource::Derived.code();
pub(in crate::store) const SAID_BY_PEOPLE: i64 = OutcomeSource::Reviewer.code();

/// What became of an offer.
pub(in crate::store) const SHOWN: i64 = OfferStatus::Shown.code();
pub(in crate::store) const ACCEPTED: i64 = OfferStatus::Accepted.code();
pub(in crate::store) const DECLINED: i64 = OfferStatus::Declined.code();
pub(in crate::store) const IGNORED: i64 = OfferStatus::Ignored.code();

/// States of a review.
pub(in crate::store) const REVIEWED: i64 = Review::Done.code();
pub(in crate::store) const LATER: i64 = Review::Later.code();
pub(in crate::store) const SKIPPED: i64 = Review::Skipped.code();
pub(in crate::store) const FLAGGED: i64 = Review::Flagged.code();

/// Who speaks in a turn.
pub(in crate::store) const CUSTOMER: i64 = Role::User.code();
pub(in crate::store) const AI: i64 = Role::Bot.code();
pub(in crate::store) const AGENT: i64 = Role::Agent.code();

/// Parts of the split. The test halves have the same codes in the gold set.
pub(in crate::store) const TRAINING: i64 = 0;
pub(in crate::store) const OPEN_HALF: i64 = 1;
pub(in crate::store) const SEALED_HALF: i64 = 2;

/// What a term is the name of.
pub(in crate::store) const SOURCE: i64 = 1;
pub(in crate::store) const CHANNEL: i64 = 2;
pub(in crate::store) const LANGUAGE: i64 = 3;

/// States of a step.
pub(in crate::store) const DONE: i64 = 0;
pub(in crate::store) const UNDONE: i64 = 1;
pub(in crate::store) const OVERTAKEN: i64 = 2;

/// State of an import or a run that nobody has ended.
pub(in crate::store) const RUNNING: &str = "running";
