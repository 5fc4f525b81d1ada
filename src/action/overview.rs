//! What one can ask for within the Overview: its trend, its segments, its cycles.

use super::row::{Action as A, ActionRow, ActionScope, row};

/// The trend of the Overview, and its other views.
pub(super) const VIEWS: &[ActionRow] = &[
    row(
        ActionScope::Overview,
        A::ShowSegments,
        "segments",
        &["t"],
        "by language …",
        4,
        "the last seven days by language, channel and intent",
    ),
    row(
        ActionScope::Overview,
        A::ShowCycles,
        "cycles",
        &["c"],
        "cycles",
        5,
        "the review cycles: what each found, cost and led to",
    ),
    row(
        ActionScope::Overview,
        A::EarlierWeek,
        "earlier-week",
        &["left", "["],
        "week",
        6,
        "select a week of the trend; enter opens its conversations",
    ),
    row(ActionScope::Overview, A::LaterWeek, "later-week", &["right", "]"], "later week", 0, "the week after it"),
    row(ActionScope::Overview, A::ZoomIn, "zoom-in", &["+", "="], "zoom", 0, "half as many weeks of the trend"),
    row(ActionScope::Overview, A::ZoomOut, "zoom-out", &["-"], "zoom out", 0, "twice as many weeks of the trend"),
    row(
        ActionScope::Segments,
        A::OpenLine,
        "open-segment",
        &["enter"],
        "its conversations",
        1,
        "the conversations that the selected line counts",
    ),
    row(ActionScope::Segments, A::Leave, "leave-segments", &["esc", "t"], "back", 2, "back to the figures"),
    row(
        ActionScope::Cycles,
        A::OpenLine,
        "cycle-conversations",
        &["enter"],
        "its conversations",
        1,
        "the conversations of the cycle, or those that the selected line counts",
    ),
    row(
        ActionScope::Cycles,
        A::NextPane,
        "into-cycle",
        &["right", "tab"],
        "what it found",
        3,
        "from the list of cycles to what the selected one found",
    ),
    row(ActionScope::Cycles, A::PreviousPane, "out-of-cycle", &["left"], "the list", 0, "back to the list of cycles"),
    row(ActionScope::Cycles, A::Leave, "leave-cycles", &["esc", "c"], "back", 2, "back to the figures"),
];
