//! What one can ask for within the Overview: its trend, its segments, its cycles.

use super::row::{Action as A, Row, Scope, row};

/// The trend of the Overview, and its other views.
pub(super) const VIEWS: &[Row] = &[
    row(
        Scope::Overview,
        A::ShowSegments,
        "segments",
        &["t"],
        "by language …",
        4,
        "the last seven days by language, channel and intent",
    ),
    row(
        Scope::Overview,
        A::ShowCycles,
        "cycles",
        &["c"],
        "cycles",
        5,
        "the review cycles: what each found, cost and led to",
    ),
    row(
        Scope::Overview,
        A::EarlierWeek,
        "earlier-week",
        &["left", "["],
        "week",
        6,
        "select a week of the trend; enter opens its conversations",
    ),
    row(Scope::Overview, A::LaterWeek, "later-week", &["right", "]"], "later week", 0, "the week after it"),
    row(Scope::Overview, A::ZoomIn, "zoom-in", &["+", "="], "zoom", 0, "half as many weeks of the trend"),
    row(Scope::Overview, A::ZoomOut, "zoom-out", &["-"], "zoom out", 0, "twice as many weeks of the trend"),
    row(
        Scope::Segments,
        A::OpenLine,
        "open-segment",
        &["enter"],
        "its conversations",
        1,
        "the conversations that the selected line counts",
    ),
    row(Scope::Segments, A::Leave, "leave-segments", &["esc", "t"], "back", 2, "back to the figures"),
    row(
        Scope::Cycles,
        A::OpenLine,
        "cycle-conversations",
        &["enter"],
        "its conversations",
        1,
        "the conversations of the cycle, or those that the selected line counts",
    ),
    row(
        Scope::Cycles,
        A::NextPane,
        "into-cycle",
        &["right", "tab"],
        "what it found",
        3,
        "from the list of cycles to what the selected one found",
    ),
    row(Scope::Cycles, A::PreviousPane, "out-of-cycle", &["left"], "the list", 0, "back to the list of cycles"),
    row(Scope::Cycles, A::Leave, "leave-cycles", &["esc", "c"], "back", 2, "back to the figures"),
];
