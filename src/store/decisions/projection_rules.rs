//! Where a conversation stands: outcome, cause, label, review state and place in the queue, derived from what the log
//! said, what the live model says and what people decided. One pure function, used at import and after each decision.

use crate::domain::review::decision::split_ids;
use crate::domain::{Cause, IntentId, Outcome, OutcomeSource, Review};
use crate::learn::intent::sampling::{QueueClass, priority};
use crate::learn::signals::Signals;
use crate::store::intents::names::IntentNames;

/// What the log and the live model say.
#[derive(Clone, Debug, Default)]
pub(in crate::store) struct LogFacts {
    pub outcome: i64,
    pub outcome_source: i64,
    pub fallback: bool,
    pub intent: Option<i64>,
    pub confidence: Option<f64>,
    pub suggested: Option<i64>,
    pub suggested_confidence: Option<f64>,
    pub margin: Option<f64>,
    pub repeats: i64,
    pub signals: Signals,
    pub has_failing_turn: bool,
}

/// What people decided, latest word of each kind. Labels are those on the failing turn.
#[derive(Clone, Debug, Default)]
pub(in crate::store) struct PeoplesWord {
    pub label: Option<String>,
    pub label_by_person: bool,
    /// What people gave the customer's other turns.
    pub elsewhere: Vec<String>,
    pub cause: Option<String>,
    pub outcome: Option<String>,
    pub status: Option<String>,
    pub not_traffic: bool,
    /// Somebody has asked something that nobody has answered.
    pub asked: bool,
    pub reviewer: Option<i64>,
}

/// The projected columns.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::store) struct ProjectedColumns {
    pub outcome: i64,
    pub outcome_source: i64,
    pub cause: Option<i64>,
    pub label: Option<i64>,
    pub judged: bool,
    pub traffic: bool,
    pub review: i64,
    pub reviewer: Option<i64>,
    pub mismatch: bool,
    pub priority: i64,
    pub doubt: i64,
}

/// Where a conversation stands in the queue: what a prediction can change of a [`ProjectedColumns`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::store) struct QueuePlace {
    pub mismatch: bool,
    pub priority: i64,
    pub doubt: i64,
}

/// `doubt` where nobody said how sure they were: after all others.
const NO_DOUBT: i64 = 2_000_000;

/// Whether an outcome asks for a root cause before a review is done.
pub(in crate::store) fn needs_cause(outcome: Outcome, traffic: bool) -> bool {
    traffic && matches!(outcome, Outcome::Failed | Outcome::Escalated | Outcome::Abandoned)
}

/// Derives the projection.
pub(in crate::store) fn standing(facts: &LogFacts, decided: &PeoplesWord, names: &IntentNames) -> ProjectedColumns {
    let by_reviewer = decided.outcome.as_deref().and_then(Outcome::from_name);
    let outcome = by_reviewer.or(Outcome::from_code(facts.outcome)).unwrap_or(Outcome::Unknown);
    let outcome_source = if by_reviewer.is_some() { OutcomeSource::Reviewer.code() } else { facts.outcome_source };
    let cause = decided.cause.as_deref().and_then(Cause::from_name);
    let label = decided.label.as_deref().and_then(|v| split_ids(v).first().map(|&i| names.today(i)));
    // A label with a retired intent (a split, say) is no verdict any more.
    let judged = decided.label_by_person && label.is_some_and(|l| names.is_active(l));
    let in_use = |v: &String| split_ids(v).first().is_some_and(|&i| names.is_active(names.today(i)));
    let verdict = judged || decided.elsewhere.iter().any(in_use) || !names.has_intents();
    let traffic = !decided.not_traffic;
    let done = verdict || !facts.has_failing_turn;
    let review = if decided.asked {
        Review::Flagged
    } else if !traffic || (done && (cause.is_some() || !needs_cause(outcome, traffic))) && decided.reviewer.is_some() {
        Review::Done
    } else {
        decided.status.as_deref().and_then(Review::from_name).unwrap_or(Review::Open)
    };
    let QueuePlace { mismatch, priority, doubt } = place(facts, outcome, label, names);
    ProjectedColumns {
        outcome: outcome.code(),
        outcome_source,
        cause: cause.map(Cause::code),
        label: label.map(|l| l.0),
        judged,
        traffic,
        review: review.code(),
        reviewer: decided.reviewer,
        mismatch,
        priority,
        doubt,
    }
}

/// Derives the place in the queue. `outcome` and `label` are what holds today, decisions included.
pub(in crate::store) fn place(
    facts: &LogFacts,
    outcome: Outcome,
    label: Option<IntentId>,
    names: &IntentNames,
) -> QueuePlace {
    let today = |i: Option<i64>| i.map(|i| names.today(IntentId(i)));
    let (logged, live) = (today(facts.intent), today(facts.suggested));
    let differs = [live, label].iter().any(|other| logged.is_some() && other.is_some() && *other != logged);
    let mismatch = differs || facts.signals.is_mismatch();
    let sure = facts.suggested_confidence.or(if facts.fallback { Some(0.0) } else { facts.confidence });
    // Without a model the AI's own confidence is the best word on how close the call was.
    let margin = facts.margin.or(sure).unwrap_or(0.0);
    let class = match outcome {
        Outcome::Failed => QueueClass::Failed,
        Outcome::Escalated => QueueClass::Escalated,
        _ if mismatch => QueueClass::Mismatch,
        _ => QueueClass::Rest,
    };
    QueuePlace {
        mismatch,
        priority: priority(class, facts.repeats, margin),
        doubt: sure.map_or(NO_DOUBT, |c| (c.clamp(0.0, 1.0) * 1e6) as i64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::intent::sampling::value;

    fn failed() -> LogFacts {
        LogFacts { outcome: Outcome::Failed.code(), has_failing_turn: true, ..LogFacts::default() }
    }

    #[test]
    fn failures_come_first_then_the_closest_calls_then_repeats() {
        let names = IntentNames::default();
        let at = |f: &LogFacts| standing(f, &PeoplesWord::default(), &names).priority;
        let close = LogFacts { margin: Some(0.1), ..failed() };
        let sure = LogFacts { margin: Some(0.9), ..failed() };
        let repeated = LogFacts { repeats: 2, ..close.clone() };
        let escalated = LogFacts { outcome: Outcome::Escalated.code(), ..close.clone() };
        assert!(at(&close) > at(&sure));
        assert!(at(&sure) > at(&repeated));
        assert!(at(&repeated) > at(&escalated));
        assert!((value(at(&close)) - 3.9).abs() < 1e-5);
    }

    #[test]
    fn an_item_is_done_with_a_verdict_and_a_cause() {
        let names = IntentNames::with_active(&[IntentId(2)]);
        let mut d =
            PeoplesWord { label: Some("2".into()), label_by_person: true, reviewer: Some(1), ..PeoplesWord::default() };
        assert_eq!(standing(&failed(), &d, &names).review, Review::Open.code());
        d.cause = Some("policy".into());
        assert_eq!(standing(&failed(), &d, &names).review, Review::Done.code());
        d.label_by_person = false;
        assert_eq!(standing(&failed(), &d, &names).review, Review::Open.code(), "an import closes nothing (rule 6)");
        d.not_traffic = true;
        assert_eq!(standing(&failed(), &d, &names).review, Review::Done.code());
    }

    #[test]
    fn what_is_asked_stays_flagged_whatever_is_judged() {
        let label =
            PeoplesWord { label: Some("2".into()), label_by_person: true, reviewer: Some(1), ..PeoplesWord::default() };
        let asked = PeoplesWord { cause: Some("policy".into()), asked: true, ..label };
        let names = IntentNames::with_active(&[IntentId(2)]);
        assert_eq!(standing(&failed(), &asked, &names).review, Review::Flagged.code());
        let answered = PeoplesWord { asked: false, ..asked };
        assert_eq!(standing(&failed(), &answered, &names).review, Review::Done.code());
    }

    #[test]
    fn a_label_with_a_retired_intent_asks_again() {
        let d = PeoplesWord {
            label: Some("7".into()),
            label_by_person: true,
            cause: Some("policy".into()),
            reviewer: Some(1),
            ..PeoplesWord::default()
        };
        assert_eq!(standing(&failed(), &d, &IntentNames::with_active(&[IntentId(2)])).review, Review::Open.code());
    }

    #[test]
    fn any_of_the_customers_turns_will_do_and_none_where_there_are_no_intents() {
        let cause = PeoplesWord { cause: Some("policy".into()), reviewer: Some(1), ..PeoplesWord::default() };
        let names = IntentNames::with_active(&[IntentId(2)]);
        assert_eq!(standing(&failed(), &cause, &names).review, Review::Open.code());
        let elsewhere = PeoplesWord { elsewhere: vec!["2".into()], ..cause.clone() };
        assert_eq!(standing(&failed(), &elsewhere, &names).review, Review::Done.code());
        let retired = PeoplesWord { elsewhere: vec!["7".into()], ..cause.clone() };
        assert_eq!(standing(&failed(), &retired, &names).review, Review::Open.code());
        assert_eq!(standing(&failed(), &cause, &IntentNames::default()).review, Review::Done.code());
    }
}
