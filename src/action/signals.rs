//! What one can ask for on the Signals screen.

use super::row::{Action as A, Row, Scope, row};
use crate::domain::SignalView;

/// The Signals screen.
pub(super) const SIGNALS: &[Row] = &[
    row(
        Scope::Signals,
        A::OpenSignal,
        "open-signal",
        &["enter"],
        "conversations",
        1,
        "the conversations that the selected week or offer counts",
    ),
    row(
        Scope::Signals,
        A::LearnAgain,
        "learn-again",
        &["t"],
        "learn again",
        2,
        "learn from what has come since; again: stop",
    ),
    row(Scope::Signals, A::PromoteLearned, "promote-learned", &["p"], "promote", 3, "make live what was learnt last"),
    row(
        Scope::Signals,
        A::SignalIntervals,
        "signal-intervals",
        &["i"],
        "intervals",
        4,
        "show counts and 95 % intervals",
    ),
    row(
        Scope::Signals,
        A::OffersBy,
        "offers-by",
        &["v"],
        "by channel, language, intent",
        5,
        "tell offers apart by channel, language, intent, or not",
    ),
    row(
        Scope::Signals,
        A::OpenMoreOften,
        "open-more-often",
        &["m"],
        "who accepts",
        6,
        "those who accept the offer more often",
    ),
    row(
        Scope::Signals,
        A::SignalView(SignalView::Feel),
        "signals-feel",
        &["s"],
        SignalView::Feel.title(),
        0,
        "how customers feel, week by week",
    ),
    row(
        Scope::Signals,
        A::SignalView(SignalView::Offers),
        "signals-offers",
        &["o"],
        SignalView::Offers.title(),
        0,
        "what was offered, and what became of it",
    ),
];
