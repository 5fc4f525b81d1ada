//! How a conversation ended by the word of its log.

use crate::domain::join::LOG_SAYS;
use crate::domain::{Conversation, Outcome, OutcomeSource, Resolution, Role, Turn};
use crate::ingest::context::Context;
use crate::ingest::derive::outcome::means_handoff;
use crate::ingest::formats::canonical::conversation;
use crate::ingest::formats::record_error::RecordError;

/// What is known of the end beside what every conversation tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownEnding {
    outcome: Outcome,
    reason: String,
    resolution: Option<Resolution>,
    weight: Weight,
}

/// How much a word on the outcome weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    /// The log says so.
    Explicit,
    /// It follows from what this format alone tells.
    Derived,
    /// As that, where nothing else tells.
    Last,
}

impl KnownEnding {
    /// An outcome in the log's words.
    pub fn new(outcome: Outcome, reason: impl Into<String>) -> Self {
        let resolution = (outcome == Outcome::Resolved).then_some(Resolution::Confirmed);
        Self { outcome, reason: reason.into(), resolution, weight: Weight::Explicit }
    }

    /// Resolved for want of another word, such as silence.
    pub fn assumed(reason: impl Into<String>) -> Self {
        Self { resolution: Some(Resolution::Assumed), ..Self::new(Outcome::Resolved, reason) }
    }

    /// An outcome that follows from what happened.
    pub fn derived(outcome: Outcome, reason: impl Into<String>) -> Self {
        Self { weight: Weight::Derived, ..Self::new(outcome, reason) }
    }

    /// Whether it says anything of this conversation. Where the customer never wrote, neither silence nor what a person did with the
    /// conversation tells how they were served.
    fn holds_for(&self, c: &Conversation) -> bool {
        let wrote = c.turns.iter().any(|t| t.role == Role::User || t.feedback.is_some()) || c.csat.is_some();
        let by_people = c.turns.iter().any(|t| t.role == Role::Agent);
        let is_said = self.weight == Weight::Explicit && self.resolution != Some(Resolution::Assumed);
        wrote || matches!(self.outcome, Outcome::Pending | Outcome::Escalated) || (is_said && !by_people)
    }

    /// An outcome that holds where nothing else tells how it ended.
    pub fn at_last(outcome: Outcome, reason: impl Into<String>) -> Self {
        Self { weight: Weight::Last, ..Self::new(outcome, reason) }
    }
}

/// Completes a conversation and settles its outcome: a handoff, or a person's turn after the AI's, beats what the log says,
/// which then stands in the reason (rule 4); else the log's word holds; without one it is derived.
///
/// # Errors
/// Nobody says anything in it.
pub fn finish(mut c: Conversation, said: Option<KnownEnding>, cx: &Context) -> Result<Conversation, RecordError> {
    if c.turns.is_empty() {
        return Err(RecordError::Missing("turn in it: nobody says anything"));
    }
    conversation::complete(&mut c, cx);
    // An AI that hands over at once has answered with that.
    let called = |t: &Turn| t.name.as_deref().is_some_and(|name| means_handoff(name, &cx.handoff_names));
    let handed_over = c.turns.iter().find(|t| match t.role {
        Role::System => t.is_human_or_handoff(),
        Role::Tool => called(t),
        Role::User | Role::Bot | Role::Agent => false,
    });
    if let Some(turn) = handed_over.filter(|_| c.outcome != Some(Outcome::Escalated)) {
        c.outcome_reason = Some(format!(
            "handoff: {}",
            turn.event.as_ref().or(turn.name.as_ref()).map_or("event", |name| name.as_str())
        ));
        (c.outcome, c.outcome_source, c.resolution) = (Some(Outcome::Escalated), Some(OutcomeSource::Derived), None);
    }
    let Some(said) = said.filter(|s| s.holds_for(&c)) else { return Ok(c) };
    if c.outcome == Some(Outcome::Escalated) && said.weight != Weight::Last {
        let derived = c.outcome_reason.take().unwrap_or_default();
        c.outcome_reason = Some(format!("{derived}{LOG_SAYS}{}", said.reason));
        if said.outcome == Outcome::Escalated && said.weight == Weight::Explicit {
            c.outcome_source = Some(OutcomeSource::Explicit);
        }
    } else if said.weight != Weight::Last || c.outcome == Some(Outcome::Unknown) {
        let explicit = said.weight == Weight::Explicit;
        c.outcome_source = Some(if explicit { OutcomeSource::Explicit } else { OutcomeSource::Derived });
        (c.outcome, c.resolution, c.outcome_reason) = (Some(said.outcome), said.resolution, Some(said.reason));
    }
    Ok(c)
}

/// An event of the log, such as `handoff`, `note` or `close`, with its words.
pub fn event(name: &str, text: impl Into<String>) -> Turn {
    let mut turn = Turn::new(Role::System, text);
    turn.event = Some(name.to_owned());
    turn
}
