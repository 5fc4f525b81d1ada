//! How a conversation ended, where the log does not say: the rules of formats, section 4, in their order.

use crate::domain::join::LOG_SAYS;
use crate::domain::{Conversation, Outcome, OutcomeSource, Resolution, Role, Timestamp, Turn};
use crate::text::{fold, is_thanks_or_bye};

/// Events, actions and tools that mean that a person takes over. `*` at the end stands for anything.
pub const HANDOFF_NAMES: &[&str] = &[
    "handoff",
    "handover",
    "human_handoff",
    "agent_joined",
    "escalated",
    "action_handoff*",
    "action_human_handoff*",
    "utter_handoff*",
    "transfer_to_human*",
];

/// Silence after which a question that the customer did not answer counts as left, in milliseconds: 30 minutes.
const SILENCE: i64 = 30 * 60_000;

/// An outcome that follows from how a conversation went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DerivedOutcome {
    /// The outcome.
    pub outcome: Outcome,
    /// The rule that gave it, in a few words.
    pub reason: String,
    /// How sure a resolution is.
    pub resolution: Option<Resolution>,
}

impl DerivedOutcome {
    fn new(outcome: Outcome, reason: impl Into<String>) -> Self {
        let resolution = (outcome == Outcome::Resolved).then_some(Resolution::Confirmed);
        Self { outcome, reason: reason.into(), resolution }
    }
}

/// Keeps an outcome that the log gives, and derives one where it gives none. An outcome that the log itself calls
/// derived or a reviewer's (an export of ours) stays that.
pub fn settle(c: &mut Conversation, now: Timestamp, handoff_names: &[String]) {
    if c.outcome.is_some() {
        c.outcome_source = c.outcome_source.or(Some(OutcomeSource::Explicit));
        return;
    }
    let derived = derive(c, now, handoff_names);
    c.outcome = Some(derived.outcome);
    c.outcome_source = Some(OutcomeSource::Derived);
    c.resolution = derived.resolution;
    c.outcome_reason = Some(match c.outcome_reason.take() {
        Some(log) => format!("{}{LOG_SAYS}{log}", derived.reason),
        None => derived.reason,
    });
}

/// The outcome by the first rule that fits:
///
/// 1. no AI turn: unknown. Where the customer never spoke, as after a message that the business began with, only a handoff and a rating
///    tell anything: nobody was failed who asked for nothing;
/// 2. a handoff (`handoff_names` are known beside [`HANDOFF_NAMES`]), or a person after the AI and after the customer's first word: escalated.
///    Whom people of the business wrote before the customer wrote anything, they took nobody over from the AI;
/// 3. a rating in the best quarter of its scale: resolved; in the worst: failed; else thumbs on the last rated answer;
/// 4. thanks, goodbye or "that worked" after an answer that was no fallback: resolved;
/// 5. the last answer a fallback or an error, or two fallbacks in the last three user turns: failed;
/// 6. a question of the AI that was not answered, by a timeout event or for 30 minutes before `now`: abandoned. Without
///    times nobody knows how long it was, and "anything else?" is no question that needs an answer;
/// 7. else unknown.
///
/// Never pending: only a log can know that.
pub fn derive(c: &Conversation, now: Timestamp, handoff_names: &[String]) -> DerivedOutcome {
    let Some(first_bot) = c.turns.iter().position(|t| t.role == Role::Bot) else {
        return DerivedOutcome::new(Outcome::Unknown, "no AI turn");
    };
    let first_word = c.turns.iter().position(|t| t.role == Role::User);
    let told = named_handoff(c, handoff_names)
        .or_else(|| first_word.and_then(|word| taken_over(c, word.max(first_bot))))
        .or_else(|| rated(c));
    if first_word.is_none() {
        return told.unwrap_or_else(|| DerivedOutcome::new(Outcome::Unknown, UNANSWERED));
    }
    told.or_else(|| ended_well(c))
        .or_else(|| misunderstood(c))
        .or_else(|| left(c, now))
        .unwrap_or_else(|| DerivedOutcome::new(Outcome::Unknown, "nothing tells how it ended"))
}

/// What is said of a conversation in which the customer never spoke.
pub(in crate::ingest) const UNANSWERED: &str = "the customer never wrote";

fn named_handoff(c: &Conversation, own_names: &[String]) -> Option<DerivedOutcome> {
    let is_named = |t: &Turn| {
        let usual = [&t.event, &t.action, &t.name].into_iter().flatten().any(|n| matches_any(n, HANDOFF_NAMES.iter()));
        // The intent only by names that somebody chose: asking for a person is not yet getting one.
        usual
            || [&t.event, &t.action, &t.name, &t.intent].into_iter().flatten().any(|n| matches_any(n, own_names.iter()))
    };
    let turn = c.turns.iter().find(|t| t.role != Role::Agent && (t.is_human_or_handoff() || is_named(t)))?;
    let name = [&turn.event, &turn.action, &turn.name, &turn.intent].into_iter().flatten().next();
    Some(DerivedOutcome::new(Outcome::Escalated, format!("handoff: {}", name.map_or("event", |n| n.as_str()))))
}

/// Whether a person writes behind the turn from which on the AI has somebody to serve.
fn taken_over(c: &Conversation, from: usize) -> Option<DerivedOutcome> {
    let human = c.turns[from..].iter().any(|t| t.role == Role::Agent);
    human.then(|| DerivedOutcome::new(Outcome::Escalated, "a person answered after the AI"))
}

/// Whether an event, action or tool of this name means that a person takes over; `own_names` are known beside
/// [`HANDOFF_NAMES`].
pub(in crate::ingest) fn means_handoff(name: &str, own_names: &[String]) -> bool {
    matches_any(name, HANDOFF_NAMES.iter()) || matches_any(name, own_names.iter())
}

/// Whether a name is one of the patterns, without regard to case.
fn matches_any(name: &str, patterns: impl Iterator<Item = impl AsRef<str>>) -> bool {
    let name = name.to_ascii_lowercase();
    patterns.into_iter().any(|pattern| {
        let pattern = pattern.as_ref().to_ascii_lowercase();
        pattern.strip_suffix('*').map_or(name == pattern, |start| name.starts_with(start))
    })
}

fn rated(c: &Conversation) -> Option<DerivedOutcome> {
    if let Some(csat) = &c.csat {
        // A scale starts at 1, unless a 0 was given on it or it is a thumb.
        let least = if csat.max <= 1.0 || csat.score < 1.0 { 0.0 } else { 1.0 };
        let share = (csat.score - least) / (csat.max - least);
        let reason = format!("rated {} of {}", csat.score, csat.max);
        if share >= 0.75 {
            return Some(DerivedOutcome::new(Outcome::Resolved, reason));
        }
        if share <= 0.25 {
            return Some(DerivedOutcome::new(Outcome::Failed, reason));
        }
    }
    let thumbs = c.turns.iter().rev().filter_map(|t| t.feedback.as_ref()).map(|f| f.score);
    match thumbs.into_iter().find(|s| *s != 0) {
        Some(1..) => Some(DerivedOutcome::new(Outcome::Resolved, "thumbs up on the last rated answer")),
        Some(_) => Some(DerivedOutcome::new(Outcome::Failed, "thumbs down on the last rated answer")),
        None => None,
    }
}

fn ended_well(c: &Conversation) -> Option<DerivedOutcome> {
    let last_user = c.turns.iter().rposition(|t| t.role == Role::User)?;
    let answer = c.turns[..last_user].iter().rfind(|t| matches!(t.role, Role::Bot | Role::User))?;
    let question = c.turns[..last_user].iter().rfind(|t| t.role == Role::User)?;
    let answered = answer.role == Role::Bot && !answer.fallback && !question.fallback;
    (answered && is_thanks_or_bye(&c.turns[last_user].text))
        .then(|| DerivedOutcome::new(Outcome::Resolved, "thanks or goodbye after an answer"))
}

fn misunderstood(c: &Conversation) -> Option<DerivedOutcome> {
    let exchanges = exchanges(&c.turns);
    let (last_user, last_bot) = (exchanges.last(), c.turns.iter().rfind(|t| t.role == Role::Bot));
    if last_user.is_some_and(|e| *e) || last_bot.is_some_and(|t| t.fallback) {
        return Some(DerivedOutcome::new(Outcome::Failed, "the last answer is a fallback"));
    }
    let spoken = c.turns.iter().rposition(|t| matches!(t.role, Role::User | Role::Bot)).unwrap_or(0);
    if c.turns[spoken..].iter().any(|t| t.role == Role::System && t.event.as_deref() == Some("error")) {
        return Some(DerivedOutcome::new(Outcome::Failed, "it ended in an error"));
    }
    let fallbacks = exchanges.iter().rev().take(3).filter(|e| **e).count();
    (fallbacks >= 2)
        .then(|| DerivedOutcome::new(Outcome::Failed, format!("{fallbacks} fallbacks in the last 3 user turns")))
}

/// For every user turn whether it, or an answer before the next one, is a fallback.
fn exchanges(turns: &[Turn]) -> Vec<bool> {
    let mut out: Vec<bool> = Vec::new();
    for turn in turns {
        match (turn.role, out.last_mut()) {
            (Role::User, _) => out.push(turn.fallback),
            (Role::Bot, Some(last)) => *last |= turn.fallback,
            _ => {}
        }
    }
    out
}

fn left(c: &Conversation, now: Timestamp) -> Option<DerivedOutcome> {
    let last = c.turns.iter().rposition(|t| matches!(t.role, Role::User | Role::Bot))?;
    let question = &c.turns[last];
    if question.role != Role::Bot || !asks(&question.text) || !c.turns[..last].iter().any(|t| t.role == Role::User) {
        return None;
    }
    if c.turns[last..].iter().any(|t| t.event.as_deref() == Some("timeout")) {
        return Some(DerivedOutcome::new(Outcome::Abandoned, "a question without an answer until the timeout"));
    }
    let silent_since = question.at.max(c.ended_at)?;
    (now.0.saturating_sub(silent_since.0) >= SILENCE)
        .then(|| DerivedOutcome::new(Outcome::Abandoned, "a question without an answer for 30 minutes"))
}

/// What asks whether there is anything else, folded: no answer is needed.
pub(in crate::ingest) const CLOSINGS: &[&str] = &[
    "anything else",
    "something else",
    "any other question",
    "further assistance",
    "more help",
    "κατι αλλο",
    "κατι ακομα",
];

/// Whether a text ends in a question that needs an answer; `;` asks in Greek.
fn asks(text: &str) -> bool {
    let mark = |c: char| matches!(c, '?' | ';' | '\u{37e}' | '؟' | '？');
    let said = text.trim_end_matches(|c: char| !c.is_alphanumeric() && !mark(c) && !matches!(c, '.' | '!'));
    let greek = || text.chars().any(|c| matches!(c, '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}'));
    let asked = said.chars().next_back().is_some_and(|c| mark(c) && (c != ';' || greek()));
    if !asked {
        return false;
    }
    let sentences = said.trim_end_matches(mark);
    let sentence = sentences.rsplit(|c: char| mark(c) || matches!(c, '.' | '!' | '\n')).next().unwrap_or(sentences);
    let folded = fold(sentence);
    !CLOSINGS.iter().any(|closing| folded.contains(closing))
}

#[cfg(test)]
mod tests;
