//! What one can ask for on the Signals screen.

use super::row::{Action as A, ActionRow, ActionScope, row};
use crate::domain::SignalView;

/// The Signals screen.
pub(super) const SIGNALS: &[ActionRow] = &[
    row(
        ActionScope::Signals,
        A::OpenSignal,
        "open-signal",
        &["enter"],
        "conversations",
        1,
        "the conversations that the selected week or offer counts",
    ),
    row(
        ActionScope::Signals,
        A::EarlierWeek,
        "signals-earlier-week",
        &["left", "["],
        "week",
        4,
        "the week before the selected one, to the left; home: the oldest",
    ),
    row(
        ActionScope::Signals,
        A::LaterWeek,
        "signals-later-week",
        &["right", "]"],
        "later week",
        0,
        "the week after it; end: the newest",
    ),
    row(ActionScope::Signals, A::LearnAgain, "learn-again", &["t"], "learn again", 2, "learn from what has come since")
        .writing(),
    row(
        ActionScope::Signals,
        A::CancelLearning,
        "cancel-learning",
        &["c"],
        "cancel",
        1,
        "stop what is being learnt; nothing is left half-done",
    ),
    row(
        ActionScope::Signals,
        A::PromoteLearned,
        "promote-learned",
        &["p"],
        "promote",
        3,
        "make live what was learnt last",
    )
    .writing(),
    row(
        ActionScope::Signals,
        A::SignalIntervals,
        "signal-intervals",
        &["i"],
        "intervals",
        5,
        "show counts and 95 % intervals",
    ),
    row(
        ActionScope::Signals,
        A::OffersBy,
        "offers-by",
        &["v"],
        "by channel, language, intent",
        4,
        "tell offers apart by channel, language, intent, or not",
    ),
    row(
        ActionScope::Signals,
        A::OpenMoreOften,
        "open-more-often",
        &["m"],
        "who accepts",
        6,
        "those who accept the offer more often",
    ),
    row(
        ActionScope::Signals,
        A::SignalView(SignalView::Feel),
        "signals-feel",
        &["s"],
        SignalView::Feel.title(),
        0,
        "how customers feel, week by week",
    ),
    row(
        ActionScope::Signals,
        A::SignalView(SignalView::Offers),
        "signals-offers",
        &["o"],
        SignalView::Offers.title(),
        0,
        "what was offered, and what became of it",
    ),
];
