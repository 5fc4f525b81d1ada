//! What one can ask for on the Responses screen.

use super::row::{Action as A, ActionRow, ActionScope, row};
use crate::domain::ResponseView;

const fn list(view: ResponseView, name: &'static str, keys: &'static [&'static str], help: &'static str) -> ActionRow {
    row(ActionScope::Responses, A::ResponseView(view), name, keys, view.title(), 0, help)
}

/// The Responses screen.
pub(super) const RESPONSES: &[ActionRow] = &[
    row(
        ActionScope::Responses,
        A::OpenAnswer,
        "open-answer",
        &["enter"],
        "its conversations",
        1,
        "the conversations that the selected answer counts, or the one that is corrected",
    ),
    row(
        ActionScope::Responses,
        A::AcceptCorrection,
        "accept-correction",
        &["y"],
        "accept",
        2,
        "make the correction an answer to everybody, from the next release on",
    )
    .writing(),
    row(
        ActionScope::Responses,
        A::ReturnCorrection,
        "return-correction",
        &["x"],
        "send back",
        3,
        "send the correction back to whoever wrote it, and say why",
    )
    .writing(),
    row(
        ActionScope::Responses,
        A::EditCorrection,
        "edit-correction",
        &["e"],
        "edit",
        4,
        "write the correction otherwise",
    )
    .writing(),
    row(
        ActionScope::Responses,
        A::JudgeCorrections,
        "judge-corrections",
        &["b"],
        "judge two blind",
        5,
        "what the AI said and what a person wrote, without names: which is better",
    )
    .writing(),
    row(
        ActionScope::Responses,
        A::CompareAnswers,
        "compare-answers",
        &["d"],
        "compare two",
        6,
        "put two answers side by side: d on one, then d on the other",
    ),
    row(
        ActionScope::Responses,
        A::OtherTime,
        "answers-other-time",
        &["v"],
        "other time",
        7,
        "the last four weeks, or all that is stored",
    ),
    list(ResponseView::Answers, "responses-answers", &["a"], "each answer with how its conversations ended"),
    list(
        ResponseView::Corrections,
        "responses-corrections",
        &["c"],
        "what people wrote in place of answers, and its way",
    ),
    list(ResponseView::NonAnswers, "responses-non-answers", &["n"], "what is said to many intents and helps few"),
];
