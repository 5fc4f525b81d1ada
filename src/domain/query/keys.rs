//! What may stand before a colon. One table serves the parser, completion and help.

use super::{DayOfWeek, Filter, Flag, TestGroups};
use crate::domain::{Cause, OfferStatus, Outcome, Review};

/// What a filter takes.
#[derive(Clone, Copy, Debug)]
pub enum KeyKind {
    /// A comma list of free names.
    Names(fn(Vec<String>) -> Filter),
    /// A comma list out of a closed set.
    Closed,
    /// A comparison with a number.
    Number,
    /// A moment or an age.
    Moment,
}

/// A filter's name and what it is for.
#[derive(Clone, Copy, Debug)]
pub struct FilterKey {
    /// What stands before the colon.
    pub name: &'static str,
    /// One line of help, with an example.
    pub help: &'static str,
    /// What it takes.
    pub kind: KeyKind,
}

const fn key(name: &'static str, kind: KeyKind, help: &'static str) -> FilterKey {
    FilterKey { name, help, kind }
}

/// Every filter, in the order in which help lists them.
pub const KEYS: &[FilterKey] = &[
    key("outcome", KeyKind::Closed, "how it ended: outcome:failed,escalated"),
    key(
        "intent",
        KeyKind::Names(Filter::Intent),
        "what the customer came for, a reviewer's word before the log's: intent:refund; intent:fallback where the AI fell back",
    ),
    key("logged", KeyKind::Names(Filter::Logged), "the AI's word on the failing turn: logged:refund, logged:fallback"),
    key("suggested", KeyKind::Names(Filter::Suggested), "the live model's intent: suggested:refund"),
    key("label", KeyKind::Names(Filter::Label), "the reviewer's intent: label:refund"),
    key("cause", KeyKind::Closed, "why it failed: cause:wrong_intent"),
    key("conf", KeyKind::Number, "confidence, 0 to 1: conf<0.6 or conf<60%"),
    key("csat", KeyKind::Number, "the customer's rating, 1 to 5: csat<=2"),
    key("sentiment", KeyKind::Number, "sentiment, -1 to 1: sentiment<0"),
    key("felt", KeyKind::Number, "sentiment by the rating, or as it is read, whatever a reviewer said: felt<0"),
    key(
        "since",
        KeyKind::Moment,
        "last activity at or after: since:7d (the last seven calendar days), since:12h or since:2026-03-01",
    ),
    key("before", KeyKind::Moment, "last activity before: before:2026-03-01"),
    key("hour", KeyKind::Closed, "hour of the day of the last activity, in the store's zone: hour:9, hour:18-23"),
    key("day", KeyKind::Closed, "day of the week of the last activity, in the store's zone: day:sat,sun"),
    key("turns", KeyKind::Number, "how many turns it has: turns>=8"),
    key("channel", KeyKind::Names(Filter::Channel), "channel: channel:web,whatsapp"),
    key(
        "lang",
        KeyKind::Names(Filter::Lang),
        "language, by what is written: lang:el, or lang:el-Latn for Greek in Latin letters",
    ),
    key("customer", KeyKind::Names(Filter::Customer), "customer id: customer:u-9"),
    key("status", KeyKind::Closed, "where its review stands: status:open,later"),
    key("reviewer", KeyKind::Names(Filter::Reviewer), "who decided on it: reviewer:maria"),
    key("cycle", KeyKind::Names(Filter::Cycle), "in the scope of a cycle: cycle:3"),
    key("cluster", KeyKind::Names(Filter::Cluster), "in a pattern of failures: cluster:12"),
    key(
        "mode",
        KeyKind::Names(Filter::Mode),
        "in a failure mode, the team's own word for what went wrong first: mode:\"wrong port\"",
    ),
    key(
        "topic",
        KeyKind::Names(Filter::Topic),
        "on a topic of the accepted list (else of the proposed one), on all before a slash, or on none: topic:booking, topic:none",
    ),
    key(
        "answer",
        KeyKind::Names(Filter::Answer),
        "the AI gave this answer, an action's name or the digits that the Responses screen gives: answer:utter_refund, answer:utter_refund/opening",
    ),
    key(
        "offered",
        KeyKind::Names(|n| Filter::Offer(None, n)),
        "something was offered: offered:\"Sea view cabin\", or offered:* whatever it was",
    ),
    key(
        "accepted",
        KeyKind::Names(|n| Filter::Offer(Some(OfferStatus::Accepted), n)),
        "an offer was accepted: accepted:\"Sea view cabin\"",
    ),
    key(
        "declined",
        KeyKind::Names(|n| Filter::Offer(Some(OfferStatus::Declined), n)),
        "...declined, and never accepted",
    ),
    key("ignored", KeyKind::Names(|n| Filter::Offer(Some(OfferStatus::Ignored), n)), "...left without an answer"),
    key(
        "open_offer",
        KeyKind::Names(|n| Filter::Offer(Some(OfferStatus::Shown), n)),
        "...shown, and the log says no end",
    ),
    key("test", KeyKind::Closed, "test groups, which the AI never learns from: test:hidden, test:shown, test:only"),
    key(
        "is",
        KeyKind::Closed,
        "is:mismatch, is:disputed, is:pinned, is:gold, is:zombie, is:fixed, is:broken, is:changed, is:orphaned, is:reworded, is:counted, is:again, is:sentiment_labelled",
    ),
];

impl FilterKey {
    /// The key of a name, without regard to case.
    pub fn find(name: &str) -> Option<&'static Self> {
        KEYS.iter().find(|k| k.name.eq_ignore_ascii_case(name))
    }

    /// The words that a closed filter takes; none for the others.
    pub fn values(&self) -> Vec<&'static str> {
        match self.name {
            "outcome" => Outcome::ALL.iter().map(|v| v.name()).collect(),
            "cause" => Cause::ALL.iter().map(|v| v.name()).collect(),
            "status" => Review::ALL.iter().map(|v| v.name()).collect(),
            "day" => DayOfWeek::ALL.iter().map(|v| v.name()).collect(),
            "test" => TestGroups::ALL.iter().map(|v| v.name()).collect(),
            "is" => Flag::ALL.iter().map(|v| v.name()).collect(),
            _ => Vec::new(),
        }
    }
}
