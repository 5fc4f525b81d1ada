//! What one can ask for on the Patterns screen.

use super::row::{Action as A, ActionRow, ActionScope, row};
use crate::domain::PatternView;

const fn list(view: PatternView, name: &'static str, keys: &'static [&'static str], help: &'static str) -> ActionRow {
    row(ActionScope::Patterns, A::PatternView(view), name, keys, view.title(), 0, help)
}

/// The Patterns screen.
pub(super) const PATTERNS: &[ActionRow] = &[
    row(
        ActionScope::Patterns,
        A::OpenPattern,
        "open-pattern",
        &["enter"],
        "open",
        1,
        "the conversations that the selected line counts",
    ),
    row(
        ActionScope::Patterns,
        A::StartReview,
        "review-pattern",
        &["r"],
        "review them",
        2,
        "review the open ones among them",
    ),
    row(
        ActionScope::Patterns,
        A::LabelAll,
        "label-pattern",
        &["b"],
        "label all",
        4,
        "label all of it at once, after a preview; test groups and what is judged stay out",
    )
    .writing(),
    row(
        ActionScope::Patterns,
        A::MakeIntent,
        "pattern-to-intent",
        &["n"],
        "make an intent",
        5,
        "an intent with its first examples; of notes a failure mode",
    )
    .writing(),
    row(
        ActionScope::Patterns,
        A::HandOut,
        "hand-out",
        &["a"],
        "hand out",
        6,
        "hand it to somebody, by a day: assign it",
    )
    .writing(),
    row(
        ActionScope::Patterns,
        A::FinishAction,
        "action-done",
        &["x"],
        "done",
        0,
        "what was handed out is done, or is not after all",
    )
    .writing(),
    row(
        ActionScope::Patterns,
        A::AcceptTopics,
        "accept-topics",
        &["A"],
        "accept",
        2,
        "accept the proposed list of topics",
    )
    .writing(),
    row(
        ActionScope::Patterns,
        A::RenameTopic,
        "rename-topic",
        &["R"],
        "rename",
        3,
        "give a topic or a failure mode another name",
    )
    .writing(),
    row(
        ActionScope::Patterns,
        A::MergeTopic,
        "merge-topic",
        &["M"],
        "merge",
        3,
        "make a topic, or a failure mode of the same cause, stand for another",
    )
    .writing(),
    row(
        ActionScope::Patterns,
        A::SplitMode,
        "split-mode",
        &["S"],
        "split",
        4,
        "take a failure mode out of use for finer ones",
    )
    .writing(),
    row(
        ActionScope::Patterns,
        A::RetireMode,
        "retire-mode",
        &["X"],
        "retire",
        5,
        "take a failure mode out of use; what is in it stays in it",
    )
    .writing(),
    row(
        ActionScope::Patterns,
        A::DetectMode,
        "detect-mode",
        &["p"],
        "how much",
        3,
        "how much of the traffic a failure mode holds, by a detector and audit items; again: stop",
    ),
    row(
        ActionScope::Patterns,
        A::FindPatterns,
        "find-patterns",
        &["t"],
        "look again",
        3,
        "look for patterns in the failures of half a year anew",
    )
    .writing(),
    list(PatternView::Failed, "patterns-failed", &["c"], "failures that have something in common"),
    list(PatternView::Intents, "patterns-intents", &["i"], "each intent with how its conversations ended"),
    list(PatternView::Confused, "patterns-confused", &["m"], "which intents are taken for which"),
    row(
        ActionScope::Patterns,
        A::ConfusionMatrix,
        "confusion-matrix",
        &["tab"],
        "matrix",
        2,
        "who is taken for whom as a matrix: as reviewers say, as the live release says, the list again",
    ),
    row(ActionScope::Patterns, A::CellLeft, "cell-left", &["left"], "left", 0, "one cell to the left in the matrix"),
    row(
        ActionScope::Patterns,
        A::CellRight,
        "cell-right",
        &["right"],
        "right",
        0,
        "one cell to the right in the matrix",
    ),
    list(
        PatternView::Causes,
        "patterns-causes",
        &["w"],
        "why conversations failed, as reviewers say, and who can repair it",
    ),
    list(
        PatternView::Segments,
        "patterns-segments",
        &["s"],
        "languages and channels in which more fails than elsewhere",
    ),
    list(PatternView::Handovers, "patterns-handovers", &["h"], "what was handed to people: rightly, or not"),
    list(PatternView::Returned, "patterns-returned", &["z"], "resolved, and the customer came back within seven days"),
    list(
        PatternView::Topics,
        "patterns-topics",
        &["o"],
        "what customers came for, by a list that you accept; for logs without intents",
    ),
    list(
        PatternView::Actions,
        "patterns-actions",
        &["d"],
        "what was handed out: to whom, by when, and whether it fell",
    ),
    row(
        ActionScope::Patterns,
        A::OtherTime,
        "other-period",
        &["v"],
        "other time",
        8,
        "four weeks, a quarter of a year, or a week",
    ),
];
